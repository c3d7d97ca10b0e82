"""A change of many records that was not wanted for all: "too many. just the pilot and the renewal", 除了二期都改; or,
when it was made, "scratch the renewal, as it was".
"""

from collections.abc import Mapping, Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline, amounts_in, dates_in
from language.builtin.denials import is_denied
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.lexicon import Mention

_BARRED = frozenset({"question", "condition", "hearsay", "undecided", "hedge"})
_OTHER_ACTS = ("task_new", "log", "create", "convert", "draft", "contacted")


@request(precedence=42, exclusive=True)
def narrower_change(reading: Reading) -> Sequence[Call]:
    """The change for those of the proposed records that the message names, or for all but those that it leaves out."""
    outline = reading.outline
    many = [past for past in _last_calls(reading) if past.call.tool == "update_records" and past.waits]
    if not many or outline.has(*_OTHER_ACTS) or any(clause.moods & _BARRED for clause in outline.clauses):
        return ()
    past = many[-1]
    kind = str(past.call.arguments.get("kind", ""))
    wanted, left_out = _named(outline, past, kind)
    if not outline.has("narrow") and not (left_out or _fields(outline, past, kind)):
        return ()
    if not wanted and left_out:
        wanted = [record for each, record, _ in past.records if each == kind and record not in left_out]
    fields = {**_dict(past.call.arguments.get("fields")), **_fields(outline, past, kind)}
    return [_change(kind, record, fields) for record in wanted if record not in left_out]


@request(precedence=43, exclusive=True)
def without_one(reading: Reading) -> Sequence[Call]:
    """A change of many records that was made, without those that the message takes out again: "scratch Halden"."""
    outline = reading.outline
    many = [
        past for past in _last_calls(reading) if past.call.tool == "update_records" and past.result.get("undo")
    ]
    if not many or outline.has(*_OTHER_ACTS) or any(clause.moods & _BARRED for clause in outline.clauses):
        return ()
    past = many[-1]
    kind = str(past.call.arguments.get("kind", ""))
    named, left_out = _named(outline, past, kind)
    back = {*left_out, *(named if outline.has("one_back", "put_back") else ())}
    kept = [record for each, record, _ in past.records if each == kind and record not in back]
    if not back or not kept:
        return ()
    fields = _dict(past.call.arguments.get("fields"))
    undo = Call("undo_change", {"handle": past.result["undo"]}, 0)
    return [undo, *(_change(kind, record, fields) for record in kept)]


def _last_calls(reading: Reading) -> Sequence[PastCall]:
    """The calls of the last turn, or of the one before where the last was a bare no to it."""
    turns = reading.dialogue.turns[-2:]
    return next((turn.calls for turn in reversed(turns) if turn.calls), ())


def _change(kind: str, record: str, fields: Mapping[str, Any]) -> Call:
    if kind in ("deal", "task"):
        return Call(f"update_{kind}", {kind: record, **fields})
    return Call("update_record", {"kind": kind, "record": record, "fields": dict(fields)})


def _dict(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _named(outline: Outline, past: PastCall, kind: str) -> tuple[list[str], set[str]]:
    """The proposed records that the message names: those that are meant, and those that are not."""
    proposed = {record for each, record, _ in past.records if each == kind}
    wanted: list[str] = []
    left_out: set[str] = set()
    for clause in outline.clauses:
        for word in clause.words:
            if not isinstance(word.thing, Mention):
                continue
            for record in _records(outline, word.thing, proposed):
                if _is_left_out(outline, clause, word.thing):
                    left_out.add(record)
                else:
                    wanted.append(record)
    return list(dict.fromkeys(wanted)), left_out


def _records(outline: Outline, mention: Mention, proposed: set[str]) -> list[str]:
    """The proposed records that a name means: their own, or the only one of an account."""
    found = [item.entry.id for item in mention.candidates if item.entry.id in proposed]
    if found:
        return found[:1]
    accounts = {item.entry.id for item in mention.candidates if item.entry.kind == "account"}
    targets = Targets(outline)
    of_account = [record for record in proposed if (entry := targets.get(record)) and entry.account_id in accounts]
    return of_account if len(of_account) == 1 else []


def _is_left_out(outline: Outline, clause: Clause, mention: Mention) -> bool:
    if "keep" in clause.moods or is_denied(outline, clause, mention):
        return True
    index = next(i for i in range(clause.first, clause.after) if outline.words[i].thing is mention)
    return any(hit.tag == "left_out" and hit.first <= index < hit.after for hit in clause.hits)


def _fields(outline: Outline, past: PastCall, kind: str) -> dict[str, str]:
    """A new value for what was proposed: "only by a week"."""
    proposed = _dict(past.call.arguments.get("fields"))
    found: dict[str, str] = {}
    for clause in outline.clauses:
        dates = [each for each in dates_in(clause) if each.on or each.shift]
        amounts = amounts_in(clause)
        day = "due" if kind == "task" else "close_date"
        if dates and day in proposed:
            sign = -1 if str(proposed[day]).startswith("-") else 1
            found[day] = spoken_date(dates[-1], sign=sign)
        if amounts and "amount" in proposed:
            found["amount"] = spoken_amount(amounts[-1], 0)
    return found
