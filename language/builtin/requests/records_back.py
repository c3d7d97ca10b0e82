"""One record of a change of many taken back: "oops, not the call", "leave the pilot as it was", 续约那单别改."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import dates_in
from language.builtin.dialogue import PastCall
from language.builtin.picking import by_words
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.requests.before_change import EMPTY, replaced_in
from language.builtin.vocabulary import patterns
from language.dates import UnreadableDateError, parse_date

_LONGEST = 26
_BARRED = frozenset({"question", "condition", "hearsay", "undecided"})


@request(precedence=9, exclusive=True)
def records_back(reading: Reading) -> Sequence[Call]:
    """The old value for the one record that the message leaves out of the last change; none where more is said."""
    last = reading.dialogue.last
    changed = [past for past in last.calls if past.result.get("undo")] if last else []
    if len(changed) != 1 or changed[0].call.tool != "update_records" or _says_more(reading):
        return ()
    past = changed[0]
    fields, lines = past.call.arguments.get("fields"), past.result.get("changes", [])
    if not isinstance(fields, dict) or len(fields) != 1 or len(lines) != len(past.records):
        return ()
    place = _left_out(reading, past)
    before = next((old for _, old in replaced_in(str(lines[place]))), "") if place >= 0 else ""
    if before in EMPTY or not _fits(reading, before):
        return ()
    kind, record, _ = past.records[place]
    values = {next(iter(fields)): before}
    if kind in ("deal", "task"):
        return [Call(f"update_{kind}", {kind: record, **values})]
    return [Call("update_record", {"kind": kind, "record": record, "fields": values})]


def _left_out(reading: Reading, past: PastCall) -> int:
    """The place of the one changed record that is not meant; -1 where it is none or several."""
    rows = [{"id": record, "kind": kind, "name": name} for kind, record, name in past.records]
    for pattern in patterns("corrections", "record_back"):
        found = pattern.match(reading.text.strip())
        record = by_words(found["what"], rows) if found else ""
        if record:
            return next(i for i, row in enumerate(rows) if row["id"] == record)
    return -1


def _fits(reading: Reading, before: str) -> bool:
    """Whether no other day is named than the one that stood there before."""
    days = {date.on for clause in reading.outline.clauses for date in dates_in(clause) if date.on}
    if not days:
        return True
    try:
        return days == {parse_date(before, today=reading.situation.today)}
    except UnreadableDateError:
        return False


def _says_more(reading: Reading) -> bool:
    outline = reading.outline
    asked = any(clause.moods & _BARRED for clause in outline.clauses)
    amounts = any(word.kinds & {"amount", "money"} for word in outline.words)
    return asked or amounts or sum(word.canon[0].isalnum() for word in outline.words) > _LONGEST
