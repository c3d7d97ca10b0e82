"""Questions about one record of a list that was shown: "second one - due when?", "whose is the Vantage one?"."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.dialogue import PastTurn
from language.builtin.listed import shown_in
from language.builtin.picking import Candidate, first_by, places_in
from language.builtin.questions.facts import fields_asked, fields_of, supports
from language.builtin.questions.marks import Mark
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Subject
from language.builtin.vocabulary import patterns

LISTED_KINDS = ("deal", "task", "ticket", "lead", "account", "contact")
_LAST_TURNS = 3


def picked_calls(slots: Slots) -> list[Call]:
    """A field of the listed record that is meant, or the same as was asked of another one; none without a pick."""
    turn = _turn_with_list(slots)
    if turn is None or slots.named("deal", "ticket", "task") or slots.dates:
        return []
    fields = fields_asked(slots)
    for kind in LISTED_KINDS:
        rows = shown_in(turn, kind)
        if len(rows) < 2 or (fields and not any(supports(kind, name) for name in fields)):
            continue
        if subject := _picked(slots, kind, rows):
            return _about(slots, subject, fields)
    return []


def _about(slots: Slots, subject: Subject, fields: Sequence[str]) -> list[Call]:
    wanted = fields_of(subject.kind, slots) if fields else _asked_last(slots)
    arguments: dict[str, object] = {"record": subject.reference, "kind": subject.kind}
    if not wanted and not (slots.is_fragment or slots.has("brief")):
        return []
    return [Call("get_record", arguments | ({"fields": wanted} if wanted else {"detail": "card"}), slots.at)]


def _asked_last(slots: Slots) -> list[str]:
    """The fields that the last turn asked of another record: "and the third?"."""
    last = slots.reading.dialogue.last
    calls = [past.call for past in last.calls] if last is not None else []
    return list(calls[-1].arguments.get("fields", [])) if calls and calls[-1].tool == "get_record" else []


def _turn_with_list(slots: Slots) -> PastTurn | None:
    """The latest turn that listed records, with nothing but questions about single ones after it."""
    for turn in reversed(slots.reading.dialogue.turns[-_LAST_TURNS:]):
        if any(past.call.tool == "list_records" and len(past.records) > 1 for past in turn.calls):
            return turn
        if any(past.call.tool != "get_record" for past in turn.calls):
            return None
    return None


def _picked(slots: Slots, kind: str, rows: Sequence[Candidate]) -> Subject | None:
    record = _by_place(slots, rows) or _by_order(slots, kind, rows) or _by_account(slots, rows)
    return Subject(kind, record) if record else None


def _by_place(slots: Slots, rows: Sequence[Candidate]) -> str:
    said = slots.reading.text[slots.clause.start : slots.clause.end]
    for pattern in patterns("question_patterns", "place"):
        for found in pattern.finditer(said):
            places = places_in(found["place"].strip(), len(rows))
            if len(places) == 1:
                return str(rows[places[0]]["id"])
    return ""


def _by_order(slots: Slots, kind: str, rows: Sequence[Candidate]) -> str:
    """ "The smaller one", "the biggest": what a sort puts first among those shown."""
    for mark in slots.marks_of("sort"):
        behind = slots.reading.text[mark.end : slots.clause.end]
        if not any(pattern.match(behind) for pattern in patterns("question_patterns", "the_one")):
            continue
        alike = [{**row, "kind": kind} for row in rows]
        found = [first_by(sort, alike) for sort in mark.values("sort")]
        if any(found):
            return next(each for each in found if each)
    return ""


def _by_account(slots: Slots, rows: Sequence[Candidate]) -> str:
    """ "The Vantage one": the only one of an account, a company or a person."""
    for thing in slots.things:
        names = _names(thing.mark)
        behind = slots.reading.text[thing.mark.end : slots.clause.end]
        if names and any(pattern.match(behind) for pattern in patterns("question_patterns", "the_one")):
            fitting = [
                row for row in rows if names & {row.get(name, "") for name in ("account", "company", "contact")}
            ]
            if len(fitting) == 1:
                return str(fitting[0]["id"])
    return ""


def _names(mark: Mark) -> set[str]:
    candidates = mark.mention.candidates if mark.mention else ()
    best = max((each.score for each in candidates), default=0.0)
    return {each.entry.name for each in candidates if each.score == best and each.entry.kind != "user"}
