"""Conditions that are turned around: "not in commit", "the lost ones excluded", 除了."""

from language.builtin.questions.marks import Mark
from language.builtin.questions.slots import Slots
from language.builtin.vocabulary import patterns

_NEAR = 12


def negated(slots: Slots, mark: Mark) -> bool:
    """Whether a condition is turned around: "not in commit", "the lost ones excluded", "leave the lost ones out"."""
    for other in slots.marks_of("negation"):
        is_behind = "after" in other.values("negation")
        first, second = (mark, other) if is_behind else (other, mark)
        between = [m for m in slots.marks if first.end <= m.start and m.end <= second.start]
        near = 0 <= second.start - first.end < _NEAR
        if near and all(m.is_filler or (is_behind and m.has("kind")) for m in between):
            return True
    text = slots.reading.text
    left = [
        each.search(text, slots.clause.start, slots.clause.end)
        for each in patterns("question_patterns", "left_out")
    ]
    return any(each and each.start("what") <= mark.start and mark.end <= each.end("what") for each in left)
