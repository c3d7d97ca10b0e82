"""Changes that the network takes for likely, though it is not sure enough of them to make them unasked.

A message that nobody understood costs its writer another try; a proposal costs a yes or a no, and changes nothing
before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.learned.acts import Act, Part, Understood, understood
from language.learned.merging import merged

# From these chances on an act and its parts are worth a question.
LIKELY, LIKELY_PART = 0.5, 0.55
# What makes a message as a whole too doubtful.
_DOUBTFUL = frozenset({"condition", "undecided", "hearsay", "hedge", "question"})
# What is proposed changes a record that is known for certain; nothing new is.
_RECORDS: Mapping[str, str] = {
    "update_deal": "deal",
    "update_task": "task",
    "update_record": "record",
    "delete_record": "record",
}


def likely_changes(outline: Outline) -> Sequence[Call]:
    """The changes that would be made if everything likely were certain; none where any of them is not worth a question,
    as half of what was understood may turn the other half into something else."""
    if any(clause.moods & _DOUBTFUL for clause in outline.clauses):
        return ()
    calls = merged(outline, (), _taken_for_certain(understood(outline)))
    return calls if all(_is_worth_asking(outline, call) for call in calls) else ()


def _is_worth_asking(outline: Outline, call: Call) -> bool:
    """Whether a call changes a record on record; any words may be its name or next step, any "for 3 days" its close,
    and what is told as done may be another thing than a task."""
    key, given = _RECORDS.get(call.tool), call.given()
    if (
        call.tool == "update_task"
        and "status" in given
        and not outline.has("task_word", "task_done", "thing_done")
    ):
        return False
    if key is None or outline.reading.situation.lexicon.get(str(given.get(key))) is None:
        return False
    is_moved = str(given.get("close_date", ""))[:1] in ("+", "-")
    return not (is_moved or "next_step" in given or "name" in given.get("fields", {}))


def _taken_for_certain(seen: Understood) -> Understood:
    acts = tuple(_certain(act) for act in seen.acts if act.sure >= LIKELY)
    return replace(seen, acts=acts)


def _certain(act: Act) -> Act:
    return replace(act, sure=1.0, parts=tuple(_certain_part(part) for part in act.parts))


def _certain_part(part: Part) -> Part:
    return replace(part, sure=1.0) if part.sure >= LIKELY_PART else part
