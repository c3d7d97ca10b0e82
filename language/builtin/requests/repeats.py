"""The last change again for another record: "same for the Harbor pilot", "the renewal too", 二期也一样."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.words import Word
from language.dates import DateMention, find_dates
from language.lexicon import Mention

_LONGEST = 14
_ISO = 10
_VALUES = frozenset({"date", "amount", "stage", "duration"})
_BARRED = frozenset({"question", "negation", "condition", "hearsay", "undecided", "hedge"})
_FIELD_OF_TASK = {"close_date": "due"}
_OTHER_ACTS = ("task_new", "log", "create", "convert", "draft", "contacted", "next_step", "task_again")
# The argument that names the record, by tool; where the kind is told by `kind`, None.
_TARGET_OF: Mapping[str, tuple[str, str]] = {
    "update_deal": ("deal", "deal"),
    "update_task": ("task", "task"),
    "update_record": ("record", ""),
    "convert_lead": ("lead", "lead"),
    "delete_record": ("record", ""),
    "create_task": ("assignee", "user"),
}


@request(precedence=48, exclusive=True)
def same_again(reading: Reading) -> Sequence[Call]:
    """The last turn's calls for the records that this message names; none when it says anything of its own."""
    outline = reading.outline
    last = reading.dialogue.last
    changed = [past for past in last.calls if past.result.get("undo") or past.waits] if last else []
    field = next((hit.value["field"] for hit in outline.all_hits if hit.tag == "same_value"), "")
    is_meant = field or outline.has("same") or outline.has("after_that")
    if not changed or not is_meant:
        return ()
    if outline.has("after_that"):
        calls = _shifted(outline, changed)
        days = {str(call.arguments["close_date"]) for call in calls}
        return calls if _says_nothing_new(outline, days) else ()
    if not _says_nothing_new(outline):
        return ()
    found = [call for past in changed for call in _for_others(outline, past)]
    return [each for call in found if (each := _only_value(call, field, changed))] if field else found


def _only_value(call: Call, field: str, changed: Sequence[PastCall]) -> Call | None:
    """The call with that value alone; none where the last change set no such value."""
    name = field if call.tool == "update_deal" else _FIELD_OF_TASK.get(field, "")
    value = call.arguments.get(name)
    if not value:
        return None
    if str(value).startswith("+") or str(value).startswith("-"):
        value = next((day for past in changed if (day := _day_set(past))), "")
    if call.tool == "create_task":
        return None
    record = "deal" if call.tool == "update_deal" else "task"
    return Call(call.tool, {record: call.arguments[record], name: value}) if value else None


def _shifted(outline: Outline, changed: Sequence[PastCall]) -> list[Call]:
    """ "Line 2 a week after that": a day told by the one that was set last."""
    hit = next(hit for hit in outline.all_hits if hit.tag == "after_that")
    shifts = [
        word.thing.shift for word in outline.words[hit.first : hit.after] if isinstance(word.thing, DateMention)
    ]
    day = next((found for past in changed if (found := _close_date(past) or _day_set(past))), "")
    if not day or not shifts or shifts[0] is None:
        return []
    shift = shifts[0] if hit.value["sign"] == "+" else shifts[0].reversed()
    value = shift.apply(date.fromisoformat(day)).isoformat()
    others = [call for past in changed for call in _for_others(outline, past) if call.tool == "update_deal"]
    return [Call("update_deal", {"deal": call.arguments["deal"], "close_date": value}) for call in others]


def _close_date(past: PastCall) -> str:
    value = str(past.call.arguments.get("close_date", ""))
    return value if value[:1].isdigit() and len(value) == _ISO else ""


def _day_set(past: PastCall) -> str:
    """The day that a change by a length of time led to, read from what was said of it."""
    for change in past.result.get("changes", []):
        behind = str(change).rpartition("→")[2]
        days = [each.on for each in find_dates(behind, today=date(2000, 1, 1)) if each.on is not None]
        if days:
            return days[0].isoformat()
    return ""


def _says_nothing_new(outline: Outline, days: Collection[str] = ()) -> bool:
    """Whether no value is told but what is taken over, or the `days` that follow from it ("so the 28th")."""
    asked = any(clause.moods & _BARRED for clause in outline.clauses)
    same = [hit for hit in outline.all_hits if hit.tag in ("same_value", "after_that")]
    within = {i for hit in same for i in range(hit.first, hit.after)}
    values = any(
        word.kinds & _VALUES and not _falls_on(word, days)
        for i, word in enumerate(outline.words)
        if i not in within
    )
    length = sum(word.canon[0].isalnum() for word in outline.words)
    return not (asked or values or length > _LONGEST or outline.has(*_OTHER_ACTS, "reported"))


def _falls_on(word: Word, days: Collection[str]) -> bool:
    """Whether a word tells a day of the month on which one of the days falls."""
    on = word.thing.on if isinstance(word.thing, DateMention) else None
    return on is not None and any(date.fromisoformat(day).day == on.day for day in days)


def _for_others(outline: Outline, past: PastCall) -> list[Call]:
    argument, kind = _TARGET_OF.get(past.call.tool, ("", ""))
    kind = kind or str(past.call.arguments.get("kind", ""))
    if not argument or not kind:
        return []
    old = {record_id for _, record_id, _ in past.records}
    calls = []
    for word in (word for clause in outline.clauses for word in clause.words):
        reference = _reference(outline, word, kind)
        if reference and reference not in old:
            arguments: dict[str, Any] = {**past.call.arguments, argument: reference}
            calls.append(
                Call(past.call.tool, {**arguments, "account": ""} if argument != "assignee" else arguments)
            )
    return calls


def _reference(outline: Outline, word: Word, kind: str) -> str:
    """The record of the kind that a word names; for a deal also its account's only open one."""
    if not isinstance(word.thing, Mention):
        return ""
    targets = Targets(outline)
    if kind == "deal":
        if "deal" in word.kinds:
            return targets.deal_of_mention(word.thing).reference
        return targets.deal_of_account(word.thing).reference if "account" in word.kinds else ""
    if kind not in word.kinds:
        return ""
    if kind == "account":
        return targets.account_of(word.thing).reference
    return targets.person_of(word.thing, kind).reference
