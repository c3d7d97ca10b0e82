"""How an answer is to be laid out: order, how many, and by what it is broken down."""

import re
from itertools import pairwise
from typing import cast

from language.builtin.questions.marks import Mark, table
from language.builtin.questions.slots import Slots

_IN_ORDER = re.compile(r"从[早晚大小高低新旧近远].{0,4}到|由[早晚大小高低].{0,4}到|排")
# "Biggest of the sterling lot", "largest open one".
_OF_THEM = re.compile(r"\s+(?:of\b|(?:\w+\s+){0,2}one\b)", re.IGNORECASE)
_SEVERAL = ("哪些", "哪几", "前", "排")


def sorting(slots: Slots, kind: str) -> dict[str, object]:
    """`sort`, `descending` and `limit` of a list; a lone superlative ("the oldest one") asks for one record."""
    sorts = cast(dict[str, dict[str, list[object]]], table("shape", "sorts"))
    found: dict[str, object] = {}
    for mark in slots.marks_of("sort"):
        meaning = next((sorts[value][kind] for value in mark.values("sort") if kind in sorts[value]), None)
        if meaning and not _is_dimension_only(mark):
            found = {"sort": meaning[0], "descending": meaning[1]}
            break
    if not found:
        found = _sort_by_field(slots)
    if slots.limit and not found and kind == "deal":
        found = {"sort": "amount", "descending": True}
    limit = slots.limit or (1 if found and is_superlative(slots) else 0)
    return {**found, "limit": limit} if limit else found


def is_superlative(slots: Slots, *, strictly: bool = False) -> bool:
    """Whether exactly one record is asked for: "which is the biggest", 哪个最大, "the oldest ticket"; `strictly` by the
    word itself: "the latest one"."""
    if strictly:
        return any(_OF_THEM.match(slots.reading.text, mark.end) for mark in slots.marks_of("sort"))
    if slots.limit or slots.has("group", "by"):
        return False
    return any(_asks_for_one(slots, mark) for mark in slots.marks_of("sort"))


def _asks_for_one(slots: Slots, mark: Mark) -> bool:
    words = mark.text.lower()
    if not words.isascii():
        several = slots.has("ask", "show") or any(sign in m.text for m in slots.marks for sign in _SEVERAL)
        return "最" in words and not several
    if words.startswith(("by ", "sorted", "from ")) or (
        words.endswith((" first", " top", "ending")) and not words.startswith(("due", "clos"))
    ):
        return False
    if _OF_THEM.match(slots.reading.text, mark.end):
        return True
    kinds = [m for m in slots.marks_of("kind") if m.start >= mark.end]
    if kinds:
        return not kinds[0].text.lower().endswith("s")
    return slots.has("ask", "which", "what", "who", "when")


def grouping(slots: Slots, kind: str = "deal") -> str:
    """The field that figures are broken down by; empty when they are not."""
    by = [mark for mark in slots.marks if mark.has("group")]
    for start in by:
        if start.text in ("按", "按照") and _IN_ORDER.search(slots.reading.text, start.end):
            continue
        following = [mark for mark in slots.marks if mark.start >= start.end and not _is_only_filler(mark)]
        for mark in following[:2]:
            name = "" if mark.has("metric") and ranked_dimension(slots, kind) else dimension_of(mark, kind)
            if name and mark.start - start.end <= 14 and "," not in slots.reading.text[start.end : mark.start]:
                return name
    if any("breakdown" in mark.values("group") for mark in by):
        return next((name for mark in slots.marks for name in [dimension_of(mark, kind)] if name), "")
    return ranked_dimension(slots, kind) or next(iter(slots.values("each")), "")


def ranked_dimension(slots: Slots, kind: str = "deal") -> str:
    """ "Top 3 accounts by pipeline", "best reps by win rate": what is ranked by a figure."""
    by = next((mark for mark in slots.marks if mark.has("group") and mark.text.lower() in ("by", "按")), None)
    figures = [mark for mark in slots.marks if mark.has("metric") and by is not None and mark.start >= by.end]
    ranks = [mark for mark in slots.marks if mark.has("limit") or mark.has("rank")]
    if by is None or not figures or not ranks:
        return ""
    between = [mark for mark in slots.marks if ranks[0].end <= mark.start < by.start]
    return next(
        (name for mark in between if not mark.has("metric") for name in [dimension_of(mark, kind)] if name), ""
    )


def ranking(slots: Slots, kind: str = "deal") -> str:
    """What is ranked in "who has the biggest pipeline", "which source brings most leads"; else empty."""
    sorts = "sort" in slots.values("follow")
    if slots.named("user") or not (sorts or slots.has("ask", "who", "which", "what", "show")):
        return ""
    ranked = slots.has("rank") or slots.has("sort") or "sort" in slots.values("follow")
    asked = asked_dimension(slots, kind)
    if asked or not (ranked or slots.has("ask", "who")):
        return asked
    for mark in slots.marks:
        if mark.has("rank") or mark.has("metric") or (mark.has("kind") and "user" not in mark.values("kind")):
            continue
        which = "which" in mark.values("ask") and mark.has("field")
        name = dimension_of(mark, kind) if which or mark.has("dimension") or "user" in mark.values("kind") else ""
        if name:
            return name
    # "Who are my top five deals" lists deals: one's own have one owner.
    return "owner" if slots.has("ask", "who") and not slots.has("scope", "me") else ""


def asked_dimension(slots: Slots, kind: str = "deal") -> str:
    """What is asked for by "which reps", "which of my teams", 哪些销售: the field that tells them apart."""
    marks = [mark for mark in slots.marks if not (mark.is_filler and not mark.has("ask")) or mark.has("dimension")]
    for before, mark in pairwise(mark for mark in marks if mark.has("dimension") or not mark.has("scope")):
        if "which" in before.values("ask") and (mark.has("dimension") or "user" in mark.values("kind")):
            return dimension_of(mark, kind)
    return ""


def dimension_of(mark: Mark, kind: str = "deal") -> str:
    """The field of a kind of record that a word stands for when things are grouped by it."""
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    people = ["owner"] if "user" in mark.values("kind") else []
    named = [*mark.values("dimension"), *people, *mark.values("field")]
    fitting = [name for name in named if kind in kinds_of.get(name, [])]
    return next(iter([*fitting, *named]), "")


def _is_only_filler(mark: Mark) -> bool:
    return mark.is_filler or (mark.has("scope") and not mark.has("dimension"))


def _is_dimension_only(mark: Mark) -> bool:
    return mark.has("limit") and mark.text.lower() in ("top", "last", "next")


def _sort_by_field(slots: Slots) -> dict[str, object]:
    """ "Sorted by close date": a field named after a sort word."""
    openers = [mark for mark in slots.marks_of("follow") if "sort" in mark.values("follow")]
    for opener in openers:
        for mark in slots.marks:
            names = [*mark.values("field"), *mark.values("dimension")]
            if mark.start >= opener.end and names:
                return {"sort": names[0], "descending": names[0] in ("amount", "last_activity", "created_at")}
    return {}
