"""Which ticket a clause is about: named, pointed at in the last list, described by its trouble, or talked of last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from language.builtin.clauses import Clause, Outline
from language.builtin.describing import fitting, telling
from language.builtin.listed import shown_in
from language.builtin.picking import Candidate
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words, patterns
from language.builtin.words import accounts_in, top_candidates
from language.lexicon import Entry, Mention

_TURNS_BACK, _NEAR = 4, 4
# So many words have to describe a ticket that was not shown; of one that was, a small share of them is enough.
_LEAST, _SHARE_OF_LISTED = 2, 0.3
_RECORDS = frozenset({"deal", "account", "ticket", "lead", "task"})


@dataclass(frozen=True, slots=True)
class TicketMeant:
    """A ticket: its id, or the words that describe it when that is not certain; `how` it is meant."""

    reference: str
    how: Literal["named", "pointed", "focus"]


def ticket_meant(outline: Outline, clause: Clause) -> TicketMeant | None:
    """The ticket of a clause or of those that lead up to it; words that point at none keep others from being taken."""
    near = [clause, *reversed(_before(outline, clause))]
    for each in near:
        if named := _named(each):
            return TicketMeant(named, "named")
    for each in near:
        if each.sentence == clause.sentence and (pointed := _pointed_at(outline, each)):
            return TicketMeant(pointed, "pointed")
    focus = outline.reading.dialogue.focus("ticket")
    if focus and (clause.has("it") or _is_spoken_of(outline)):
        return TicketMeant(focus[0], "focus")
    return None


def described(outline: Outline, text: str) -> str:
    """The id of the one ticket that words describe by its trouble: of the last list, of the only account named, or of
    all open ones; else empty."""
    said = telling(text)
    rows = _recent_rows(outline)
    accounts = Targets(outline).accounts_said()
    tickets = [each for each in outline.reading.situation.lexicon.of_kind("ticket") if each.is_open]
    theirs = [each for each in tickets if len(accounts) == 1 and each.account_id == accounts[0]]
    found = fitting(said, _of_rows(outline, rows), least=1, share=_SHARE_OF_LISTED)
    found = found or fitting(said, _texts(theirs), least=1) or fitting(said, _texts(tickets), least=_LEAST)
    return found[0] if len(found) == 1 else ""


def _before(outline: Outline, clause: Clause) -> Sequence[Clause]:
    return [
        each
        for each in outline.clauses[max(0, clause.index - _NEAR) : clause.index]
        if each.sentence >= clause.sentence - 1
    ]


def _named(clause: Clause) -> str:
    for word in clause.things("ticket"):
        if isinstance(word.thing, Mention):
            tickets = [item.entry for item in top_candidates(word.thing) if item.entry.kind == "ticket"]
            return tickets[0].id if len(tickets) == 1 else word.canon
    return ""


def _pointed_at(outline: Outline, clause: Clause) -> str:
    rows = _recent_rows(outline)
    place = next((hit.value["place"] for hit in clause.all("pick") if "place" in hit.value), None)
    if place is not None and rows:
        return rows[int(place)]["id"] if -len(rows) <= int(place) < len(rows) else clause.text.strip()
    words = next(_descriptions(clause), "")
    names = _names(clause)
    if names and rows and (fits := [row for row in rows if names & set(row.values())]):
        return _only(outline, fits, words) or clause.text.strip(" ,.;:")
    if not words or not (rows or points_at_ticket(outline, clause)):
        return ""
    if names and (theirs := _of_accounts(outline, clause)):
        return _only(outline, theirs, words) or words
    return described(outline, words) or (words if points_at_ticket(outline, clause) else "")


def _only(outline: Outline, rows: Sequence[Candidate], words: str) -> str:
    """The only one of some tickets, or the only one of them that words describe."""
    found = [row["id"] for row in rows]
    if len(found) > 1:
        found = fitting(telling(words), _of_rows(outline, rows), least=1)
    return found[0] if len(found) == 1 else ""


def _of_accounts(outline: Outline, clause: Clause) -> list[Candidate]:
    """The open tickets of the accounts and people that a clause names."""
    homes = accounts_in(clause.words)
    tickets = outline.reading.situation.lexicon.of_kind("ticket")
    return [{"id": each.id} for each in tickets if each.is_open and each.account_id in homes]


def _descriptions(clause: Clause) -> Iterator[str]:
    """What stands before "one" or "ticket", or heads the clause before a colon."""
    for each in patterns("tickets", "described"):
        for found in each.finditer(clause.text):
            if set(found["what"].casefold().split()) - set(load_words("tickets")["no_trouble"]):
                yield found["what"].strip()


def points_at_ticket(outline: Outline, clause: Clause) -> bool:
    """Whether a clause speaks of "the … ticket", or of "the … one" where tickets are what is talked about."""
    if any(each.search(clause.text) for each in patterns("tickets", "ticket_words")):
        return True
    is_about = bool(_recent_rows(outline)) or outline.reading.situation.role == "support"
    return is_about and any(each.search(clause.text) for each in patterns("tickets", "the_one"))


def _recent_rows(outline: Outline) -> list[dict[str, str]]:
    """The tickets of the last list of several, else those that the last turn showed."""
    turns = outline.reading.dialogue.turns[-_TURNS_BACK:]
    shown = [rows for turn in reversed(turns) if (rows := shown_in(turn, "ticket"))]
    return next((rows for rows in shown if len(rows) > 1), shown[0] if shown else [])


def _names(clause: Clause) -> set[str]:
    """The names of the accounts and people of a clause."""
    mentions = [word.thing for word in clause.things("account", "contact") if isinstance(word.thing, Mention)]
    return {item.entry.name for mention in mentions for item in top_candidates(mention)}


def _of_rows(outline: Outline, rows: Sequence[Candidate]) -> list[tuple[str, str]]:
    entries = [outline.reading.situation.lexicon.get(row["id"]) for row in rows]
    return _texts([each for each in entries if each is not None])


def _texts(tickets: Sequence[Entry]) -> list[tuple[str, str]]:
    return [(each.id, " ".join((each.name, *each.aliases))) for each in tickets]


def _is_spoken_of(outline: Outline) -> bool:
    """Whether the last turn was about one ticket and this message names no record at all."""
    last = outline.reading.dialogue.last
    found = {
        record_id
        for past in (last.calls if last else ())
        for kind, record_id, _ in past.records
        if kind == "ticket"
    }
    return len(found) == 1 and not any(word.kinds & _RECORDS for word in outline.words)
