"""What phrases decline or draft, though the network surely reads it otherwise: "email Meera the VAT number by Friday"
among other tasks is one, no wish that we send it."""

from collections.abc import Sequence

from language.builtin.reading import Reading
from language.dates import DateMention
from language.learned.acts import Act, Understood, understood
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


def _mean(seen: Understood, places: Sequence[int], kind: str) -> float:
    return sum(seen.chance_of_act(i, i + 1, kind) for i in places) / len(places)


def _is_planned(act: Act) -> bool:
    days = [
        word for part in act.all("due", "due-by") for word in part.words if isinstance(word.thing, DateMention)
    ]
    return bool(days) or any(word.kinds & {"user"} for part in act.all("who") for word in part.words)
