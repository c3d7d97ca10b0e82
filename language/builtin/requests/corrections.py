"""Corrections of what the last turn did or proposed: another record, another value, another person ("sorry,
Thursday", "wrong one, the renewal", "it was 25 minutes", 改成周五吧)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline, amounts_in, dates_in
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.builtin.words import top_candidates
from language.dates import DateMention
from language.lexicon import Mention

_OPENING = 2
_LONGEST, _LONGEST_RESTATED = 28, 12
_OTHER_ACTS = ("task_new", "task_again", "log", "create", "convert", "draft", "next_step", "contacted")
_RESTATING = ("restated", "set_word", "task_move", "stage_verb", "amount_change", "move", "it", "new_day")
_NAMES = ("deal", "account", "lead", "ticket", "task")


@request(precedence=45, exclusive=True)
def corrections_of_last_turn(reading: Reading) -> Sequence[Call]:
    """Calls that put right what the last turn did; none when the message does not correct it."""
    outline = reading.outline
    last = reading.dialogue.last
    done = [past for past in last.calls if past.result.get("undo") or past.waits] if last else []
    if not done or _is_something_else(outline):
        return ()
    openly, restated = _is_correction(outline), _restates(outline) or outline.has("besides")
    for past in reversed(done):
        correct = _CORRECT.get(past.call.tool)
        if correct is None or not (openly or past.waits or (restated and past.call.tool not in _BY_FOCUS)):
            continue
        calls = correct(outline, past)
        if calls:
            return calls
    return ()


def _is_something_else(outline: Outline) -> bool:
    asked = any("question" in clause.moods for clause in outline.clauses)
    return asked or outline.has(*_OTHER_ACTS) or _length(outline) > _LONGEST


def _length(outline: Outline) -> int:
    return sum(word.canon[0].isalnum() for word in outline.words)


def _is_correction(outline: Outline) -> bool:
    return any(clause.has("correction") for clause in outline.clauses[:_OPENING])


def _restates(outline: Outline) -> bool:
    """Whether a short message only says a value anew, without naming a record: "make it friday", 改成周五吧."""
    named = any(clause.things(*_NAMES) for clause in outline.clauses)
    return not named and _length(outline) <= _LONGEST_RESTATED and outline.has(*_RESTATING)


def _deal(outline: Outline, past: PastCall) -> list[Call]:
    """Another deal takes the change over and the first gets its old value back; or the same deal another value."""
    old = next((record_id for kind, record_id, _ in past.records if kind == "deal"), "")
    other = _other_deal(outline, old)
    values = _values(outline, past)
    if other:
        moved = Call("update_deal", {**past.call.arguments, **values, "deal": other, "account": ""}, 1)
        return [moved] if past.waits else [Call("undo_change", {"handle": past.result["undo"]}, 0), moved]
    kept: dict[str, Any] = dict(past.call.arguments) if past.waits else {}
    return [Call("update_deal", {**kept, "deal": old, **values})] if values and old else []


def _values(outline: Outline, past: PastCall) -> dict[str, str]:
    """New values for the fields that the corrected call had set."""
    found: dict[str, str] = {}
    for clause in outline.clauses:
        if clause.moods & {"keep", "question"}:
            continue
        amounts = [each for each in amounts_in(clause) if not _is_denied(outline, clause, each)]
        dates = [
            each for each in dates_in(clause) if (each.on or each.shift) and not _is_denied(outline, clause, each)
        ]
        if amounts and "amount" in past.call.arguments:
            found["amount"] = spoken_amount(amounts[-1], 0)
        if dates and "close_date" in past.call.arguments:
            found["close_date"] = spoken_date(dates[-1])
        stages = clause.things("stage")
        if stages and "stage" in past.call.arguments and isinstance(stages[-1].thing, Mention):
            found["stage"] = stages[-1].thing.candidates[0].entry.id
    return found


def _other_deal(outline: Outline, old: str) -> str:
    targets = Targets(outline)
    for clause in outline.clauses:
        for word in clause.things("deal"):
            if (
                isinstance(word.thing, Mention)
                and not _is_denied(outline, clause, word.thing)
                and "keep" not in clause.moods
            ):
                entry = targets.deal_of_mention(word.thing).entry
                if entry is not None and entry.id != old:
                    return entry.id
    return ""


def _is_denied(outline: Outline, clause: Clause, thing: object) -> bool:
    """ "Not Julia", 跟二期没关系."""
    index = next(i for i in range(clause.first, clause.after) if outline.words[i].thing is thing)
    before = {word.canon for word in outline.words[max(clause.first, index - 2) : index]}
    denied_after = (
        any(hit.tag == "negation" and 0 <= hit.first - index <= 2 for hit in clause.hits)
        and not outline.words[index].canon.isascii()
    )
    return bool(before & _NOT) or denied_after


def _task(outline: Outline, past: PastCall) -> list[Call]:
    task = next((record_id for kind, record_id, _ in past.records if kind == "task"), "")
    fields: dict[str, str] = {}
    for clause in outline.clauses:
        days = [each for each in dates_in(clause) if each.on and not _is_denied(outline, clause, each)]
        if days:
            fields["due"] = spoken_date(days[-1])
    fields |= _other_person(outline, past)
    return [Call("update_record", {"kind": "task", "record": task, "fields": fields})] if fields and task else []


def _other_person(outline: Outline, past: PastCall) -> dict[str, str]:
    """The contact that a task is really about, with the title's name changed too."""
    targets = Targets(outline)
    old = targets.get(str(past.call.arguments.get("contact", "")))
    for clause in outline.clauses:
        for word in clause.things("contact"):
            if not isinstance(word.thing, Mention) or _is_denied(outline, clause, word.thing):
                continue
            entries = [item.entry for item in top_candidates(word.thing) if item.entry.kind == "contact"]
            if len(entries) == 1 and (old is None or entries[0].id != old.id):
                title = str(past.call.arguments.get("title", ""))
                renamed = _renamed(title, old.name if old else "", entries[0].name)
                fields = {"contact": entries[0].id, "account": entries[0].account_id or ""}
                return {**fields, "title": renamed} if renamed != title else fields
    return {}


def _renamed(title: str, old: str, new: str) -> str:
    for part in (old, *old.split()):
        if part and part in title:
            return title.replace(part, new, 1)
    return title


def _log(outline: Outline, past: PastCall) -> list[Call]:
    record = next((record_id for kind, record_id, _ in past.records if kind == "interaction"), "")
    fields: dict[str, str] = {}
    deal = _other_deal(outline, str(past.call.arguments.get("deal", "")))
    if deal:
        fields["deal"] = deal
    for clause in outline.clauses:
        fields |= _people_of_log(outline, clause) | _facts_of_log(outline, clause)
    if "contacts" in fields and outline.has("besides"):
        known = [str(each) for each in past.call.arguments.get("contacts", [])]
        fields["contacts"] = "; ".join(dict.fromkeys([*known, *fields["contacts"].split("; ")]))
    if not (fields and record):
        return []
    return [Call("update_record", {"kind": "interaction", "record": record, "fields": fields})]


def _people_of_log(outline: Outline, clause: Clause) -> dict[str, str]:
    people = [
        word.thing
        for word in clause.things("contact")
        if isinstance(word.thing, Mention) and not _is_denied(outline, clause, word.thing)
    ]
    names = [top_candidates(mention)[0].entry.id for mention in people if len(top_candidates(mention)) == 1]
    return {"contacts": "; ".join(names)} if names else {}


def _facts_of_log(outline: Outline, clause: Clause) -> dict[str, str]:
    """When it was, how long, and of what sort: "it was yesterday", "40 minutes", "a visit, not a call"."""
    found: dict[str, str] = {}
    lengths = [word.thing for word in clause.things("duration") if not _is_denied(outline, clause, word.thing)]
    if lengths:
        found["duration_min"] = str(lengths[-1].minutes)  # type: ignore[union-attr]
    days = [each for each in _past_days(outline, clause) if not _is_denied_at(outline, clause, each.span.start)]
    if days and days[-1].on:
        found["occurred_at"] = days[-1].on.isoformat()
    for hit in clause.all("contact_noun", "terse_channel"):
        denied = {word.canon for word in outline.words[max(clause.first, hit.first - 2) : hit.first]} & _NOT
        if "type" in hit.value and not denied:
            found["type"] = hit.value["type"]
    return found


def _past_days(outline: Outline, clause: Clause) -> list[DateMention]:
    """The days of a clause that a contact can have been on: none that is still ahead."""
    today = outline.reading.situation.today
    dates = outline.reading.past_dates
    return [
        each for each in dates if each.on and each.on <= today and clause.start <= each.span.start < clause.end
    ]


def _is_denied_at(outline: Outline, clause: Clause, start: int) -> bool:
    thing = next((word.thing for word in clause.words if word.start == start), None)
    return thing is not None and _is_denied(outline, clause, thing)


# Changes of deals without a word of correction are read by their focus ("make that 45k").
_BY_FOCUS = frozenset({"update_deal"})
_NOT = frozenset({"not", "isn't", "wasn't", "no", "不", "非", "别"})
_CORRECT: Mapping[str, Callable[[Outline, PastCall], list[Call]]] = {
    "update_deal": _deal,
    "create_task": _task,
    "update_task": _task,
    "log_interaction": _log,
}
