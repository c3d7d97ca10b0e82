"""Corrections of what the last turn did: another record, another value, another person ("sorry, Thursday",
"wrong one, the renewal")."""

from collections.abc import Callable, Mapping, Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline, amounts_in, dates_in
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.builtin.words import top_candidates
from language.lexicon import Mention

_OPENING = 2
_LONGEST = 28
_OTHER_ACTS = ("task_new", "log", "create", "convert", "draft", "to_stage", "next_step", "contacted")


@request(precedence=45, exclusive=True)
def corrections_of_last_turn(reading: Reading) -> Sequence[Call]:
    """Calls that put right what the last turn did; none when the message does not correct it."""
    outline = reading.outline
    last = reading.dialogue.last
    done = [past for past in last.calls if past.result.get("undo")] if last else []
    if not done or not _is_correction(outline):
        return ()
    for past in reversed(done):
        correct = _CORRECT.get(past.call.tool)
        calls = correct(outline, past) if correct else []
        if calls:
            return calls
    return ()


def _is_correction(outline: Outline) -> bool:
    opening = outline.clauses[:_OPENING]
    words = [word for word in outline.words if word.canon[0].isalnum()]
    asked = any("question" in clause.moods for clause in outline.clauses)
    return (
        any(clause.has("correction") for clause in opening)
        and len(words) <= _LONGEST
        and not asked
        and not outline.has(*_OTHER_ACTS)
    )


def _deal(outline: Outline, past: PastCall) -> list[Call]:
    """Another deal takes the change over and the first gets its old value back; or the same deal another value."""
    old = next((record_id for kind, record_id, _ in past.records if kind == "deal"), "")
    other = _other_deal(outline, old)
    if other:
        undo = Call("undo_change", {"handle": past.result["undo"]}, 0)
        return [undo, Call("update_deal", {**past.call.arguments, "deal": other, "account": ""}, 1)]
    values = _values(outline, past)
    return [Call("update_deal", {"deal": old, **values})] if values and old else []


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
    return bool(before & {"not", "isn't", "不", "非"}) or denied_after


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
        people = [
            word.thing
            for word in clause.things("contact")
            if isinstance(word.thing, Mention) and not _is_denied(outline, clause, word.thing)
        ]
        names = [top_candidates(mention)[0].entry.id for mention in people if len(top_candidates(mention)) == 1]
        if names:
            fields["contacts"] = "; ".join(names)
    return (
        [Call("update_record", {"kind": "interaction", "record": record, "fields": fields})]
        if fields and record
        else []
    )


_CORRECT: Mapping[str, Callable[[Outline, PastCall], list[Call]]] = {
    "update_deal": _deal,
    "create_task": _task,
    "update_task": _task,
    "log_interaction": _log,
}
