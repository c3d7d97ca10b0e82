"""Words around a figure that tell which one is meant, or that there is none: how a rate is counted, what is left."""

from collections.abc import Sequence

from language.builtin.questions.marks import Mark
from language.builtin.questions.slots import Slots
from language.builtin.vocabulary import patterns


def after_commit(slots: Slots) -> bool:
    """ "What is left to quota if every commit lands": the gap less what is in commit."""
    return says(slots, "after_commit") and says(slots, "still_left")


def says(slots: Slots, key: str) -> bool:
    """Whether the clause is worded as one of the patterns of a key."""
    said = slots.reading.text[slots.clause.start : slots.clause.end]
    return any(each.search(said) for each in patterns("question_patterns", key))


def weighs(slots: Slots, named: Sequence[str]) -> bool:
    """ "Win rate, by number of deals": how the rate is counted, no number of its own."""
    counts = [mark for mark in slots.marks_of("measure") if "count" in mark.values("measure")]
    before = [slots.reading.text[: mark.start].casefold().rstrip() for mark in counts]
    return "win_rate" in named and bool(before) and all(each.endswith((" by", "按")) for each in before)


def averages_other(slots: Slots) -> bool:
    """ "Average discount of our won deals": the mean of another field than the amount, which is no figure of ours."""
    averages = [mark for mark in slots.marks_of("measure") if "average" in mark.values("measure")]
    behind = [mark for mark in slots.marks if averages and mark.start >= averages[0].end and not mark.is_filler]
    return bool(behind) and behind[0].has("field") and "amount" not in behind[0].values("field")


def is_phone(slots: Slots, mark: Mark) -> bool:
    """ "Who reported it, and what's their number": somebody's phone, no quota."""
    earlier = slots.earlier
    return "phone" in mark.values("field") and earlier is not None and earlier.tool == "get_record"
