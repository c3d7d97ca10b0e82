"""New tickets, only when the person plainly asks for one; what tells of them is no business of other kinds."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.new_ticket import read_ticket
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.todo import find_todos

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
    ]
    read = [(clause, read_ticket(outline, clause, hit)) for clause, hit in asked]
    found = [(clause, ticket) for clause, ticket in read if ticket is not None]
    calls = [Call("create_ticket", ticket.arguments(), clause.start) for clause, ticket in found]
    return (
        Intent(tuple(calls), consumed=tuple(span for _, ticket in found for span in ticket.spans)) if calls else ()
    )
