"""New tickets, only when the person plainly asks for one; what tells of them is no business of other kinds."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.new_ticket import read_ticket
from language.builtin.patterns import Hit
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.todo import find_todos
from language.builtin.vocabulary import load_words
from language.learned.acts import understood

# The least chance, at one word, that a clause is about a ticket.
SEEN = 0.3
_ACTS = ("new-ticket", "edit-ticket")
_CASE = "case"
_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay", "keep"})


@request(precedence=345)
def create_tickets(reading: Reading) -> Sequence[Call] | Intent:
    """A call for each ticket that a message asks to open."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft:
        return ()
    taken = {clause.index for todo in find_todos(outline) for clause in todo.clauses}
    asked = [
        (clause, hit)
        for clause in outline.clauses
        for hit in clause.all("create")
        if hit.value.get("kind") == "ticket" and clause.index not in taken and not clause.moods & _BARRED
        if _is_order(outline, clause, hit)
    ]
    read = [(clause, read_ticket(outline, clause, hit)) for clause, hit in asked]
    found = [(clause, ticket) for clause, ticket in read if ticket is not None]
    calls = [Call("create_ticket", ticket.arguments(), clause.start) for clause, ticket in found]
    return (
        Intent(tuple(calls), consumed=tuple(span for _, ticket in found for span in ticket.spans)) if calls else ()
    )


def _is_for(outline: Outline, clause: Clause, person: int) -> bool:
    """Whether it is for a person that something is to be done: 替区伟杰, 帮禾香的区伟杰, "for Ben"."""
    before = outline.words[clause.first : person]
    behind = [i for i, word in enumerate(before) if word.canon in load_words("tickets")["for_whom"]]
    return bool(behind) and all(word.kinds or word.canon == "的" for word in before[behind[-1] + 1 :])


def _is_order(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """Whether words ask us for a ticket, unlike "make it a best case" and "Ben to open the job ticket", and the network
    sees one there."""
    said = [word.canon for word in outline.words[hit.first : hit.after]]
    people = [i for i in range(clause.first, hit.first) if outline.words[i].kinds & {"person", "user"}]
    if people and not _is_for(outline, clause, people[0]):
        return False
    if _CASE in said and not set(said) & set(load_words("tickets")["before_case"]):
        return False
    seen = understood(outline)
    return any(seen.chance_of_act(i, i + 1, *_ACTS) >= SEEN for i in range(clause.first, clause.after))
