"""What phrases decline, draft or take for a correction of what was said before, though the network surely reads it
otherwise: "email Meera the VAT number by Friday" among other tasks is one, no wish that we send it."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.reading import Reading
from language.dates import DateMention
from language.learned.acts import Act, Understood, understood
from language.learned.calls import LearnedCall, learned_calls
from language.learned.sameness import is_same
from language.learned.trusted import is_read_surely
from language.spans import Span

# From that mean chance on words surely are another act, and below the second one none of them is of a draft.
SURE, NO_DRAFT = 0.85, 0.05
_SEVERAL = 2
_OTHERS = ("log", "relog", "change", "task", "retask", "done", "new-deal", "new-ticket", "edit-ticket")


def is_no_wish(reading: Reading, spans: Sequence[Span]) -> bool:
    """Whether the first of the stretches that phrases decline or draft is surely one of several acts of a message.

    A task has a day or a doer here; alone, "email Meera the contract today" is a wish that we send it.
    """
    outline = reading.outline
    places = [
        i
        for i, word in enumerate(outline.words)
        if word.canon.isalnum() and any(span.start <= word.start < span.end for span in spans[:1])
    ]
    if not places:
        return False
    seen = understood(outline)
    if len(seen.acts) < _SEVERAL or max(seen.chance_of_act(i, i + 1, "draft") for i in places) >= NO_DRAFT:
        return False
    sure = [kind for kind in _OTHERS if _mean(seen, places, kind) >= SURE]
    acts = [act for act in seen.acts if act.kind in sure and any(act.first <= i < act.after for i in places)]
    return any(act.kind != "task" or _is_planned(act) for act in acts)


def is_read_otherwise(reading: Reading, calls: Sequence[Call]) -> bool:
    """Whether a message surely asks for other changes than these; what is taken back, and what becomes of an
    interaction, phrases tell better."""
    outline = reading.outline
    seen = understood(outline)
    learned = learned_calls(outline, seen)
    if any(call.tool == "undo_change" for call in calls):
        return False
    if not is_read_surely(outline, learned, seen) or any(
        each.about.get("kind") == "interaction" for each in learned
    ):
        return False
    return not all(any(_is_like(outline, call, each) for call in calls) for each in learned)


def _is_like(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    given = call.given()
    given |= given.get("fields", {})
    return is_same(outline, call, learned) and all(
        given.get(name) == value.said for name, value in learned.values.items() if name in given
    )


def _mean(seen: Understood, places: Sequence[int], kind: str) -> float:
    return sum(seen.chance_of_act(i, i + 1, kind) for i in places) / len(places)


def _is_planned(act: Act) -> bool:
    days = [
        word for part in act.all("due", "due-by") for word in part.words if isinstance(word.thing, DateMention)
    ]
    return bool(days) or any(word.kinds & {"user"} for part in act.all("who") for word in part.words)
