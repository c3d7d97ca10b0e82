"""Where the network is so sure of what it reads that phrases have no say (decision 17)."""

from collections.abc import Mapping, Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.learned.acts import Understood
from language.learned.calls import LearnedCall
from language.learned.doubts import acts_of, is_ordered
from language.learned.sameness import is_same
from language.learned.thresholds import BELIEVED_OF, certainty, is_barred

# The least mean chance of an act and of what it says, and the least chance of the act and of each value.
TRUSTED, ACT, PART = 0.8, 0.7, 0.5
# The least mean chance of the likeliest act of each word for a whole message to be read surely, and for one that surely
# asks for nothing.
WORDS, NO_WORDS = 0.82, 0.95
# What the network reads; of these a call needs a value, or the record that it changes.
_NEEDED: Mapping[str, str] = {
    "create_task": "title",
    "create_deal": "account",
    "create_contact": "name",
    "create_lead": "name",
    "create_account": "name",
    "create_ticket": "subject",
    "log_interaction": "type",
}
_CHANGING = ("update_deal", "update_task", "update_record", "update_records", "delete_record", "convert_lead")
# Below that chance at every word phrases found what is not there.
UNLIKELY = 0.3


def is_trusted(outline: Outline, learned: LearnedCall) -> bool:
    """Whether an act is made whatever phrases say, but for conditions, hearsay, doubt and denials."""
    if learned.tool == "update_deal" and (not learned.about.get("deal") or outline.has("correction", "retake")):
        return False  # Which of two values or deals holds, phrases tell better.
    if (needed := _NEEDED.get(learned.tool)) is not None and needed not in learned.values:
        return False
    parts = [value.part.sure for value in learned.values.values()]
    names = learned.values if learned.tool == "update_deal" else ("",)
    return (
        certainty(learned) >= max(TRUSTED, BELIEVED_OF.get(learned.tool, 0))
        and learned.act.sure >= ACT
        and all(sure >= PART for sure in parts)
        and not any(is_barred(outline, learned, name) for name in names)
    )


def is_read_surely(outline: Outline, learned: Sequence[LearnedCall], seen: Understood) -> bool:
    """Whether a whole message is read surely: every act and every word."""
    return (
        bool(learned) and all(is_trusted(outline, each) for each in learned) and _certainty_of_words(seen) >= WORDS
    )


def is_surely_nothing(outline: Outline, seen: Understood) -> bool:
    """Whether a message surely asks for nothing."""
    return bool(outline.words) and not seen.acts and _certainty_of_words(seen) >= NO_WORDS


def confirmed(
    outline: Outline, calls: Sequence[Call], learned: Sequence[LearnedCall], seen: Understood
) -> list[Call]:
    """The calls of phrases without the changes of which the network sees hardly anything in a message that it reads
    surely; interactions, and what is ordered by its name, stay."""
    if not is_surely_nothing(outline, seen) and not is_read_surely(outline, learned, seen):
        return list(calls)
    return [
        call
        for call in calls
        if not _changes(call)
        or is_ordered(outline, call)
        or _is_likely(outline, call, seen)
        or any(is_same(outline, call, each) for each in learned)
    ]


def _changes(call: Call) -> bool:
    return call.tool != "log_interaction" and (call.tool in _NEEDED or call.tool in _CHANGING)


def _is_likely(outline: Outline, call: Call, seen: Understood) -> bool:
    """Whether some word may be of an act that a call answers."""
    kinds = acts_of(call.tool)
    return bool(kinds) and any(seen.chance_of_act(i, i + 1, *kinds) >= UNLIKELY for i in range(len(outline.words)))


def _certainty_of_words(seen: Understood) -> float:
    return float(seen.chances.acts.max(1).mean())
