"""How an answer is to be laid out: order, how many, and by what it is broken down."""

from typing import cast

from language.builtin.questions.marks import Mark, table
from language.builtin.questions.slots import Slots


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
    limit = slots.limit or (1 if found and is_superlative(slots) else 0)
    return {**found, "limit": limit} if limit else found


def is_superlative(slots: Slots) -> bool:
    """Whether exactly one record is asked for: "which is the biggest", 哪个最大, "the oldest ticket"."""
    if slots.limit or slots.has("group", "by"):
        return False
    text = slots.reading.text.lower()
    for mark in slots.marks_of("sort"):
        after = text[mark.end : mark.end + 22]
        words = after.replace("?", " ").split()
        if mark.text.isascii():
            if (
                "first" in mark.text.lower().split()
                or mark.text.lower().startswith(("by ", "sorted", "from"))
                or _plural_follows(words)
            ):
                continue
            if slots.has("ask", "which", "what", "who", "when") or words[:1] in (
                ["one"],
                ["deal"],
                ["ticket"],
                ["task"],
                ["lead"],
                ["account"],
            ):
                return True
        elif mark.text.startswith("最") or mark.text.endswith(
            ("最大", "最小", "最高", "最低", "最久", "最长", "最早", "最新")
        ):
            several = slots.has("ask", "show") or any(
                "哪些" in m.text or "哪几" in m.text or "前" in m.text for m in slots.marks
            )
            if not several:
                return True
    return False


def grouping(slots: Slots, kind: str = "deal") -> str:
    """The field that figures are broken down by; empty when they are not."""
    by = [mark for mark in slots.marks if mark.has("group")]
    for start in by:
        following = [mark for mark in slots.marks if mark.start >= start.end and not _is_only_filler(mark)]
        for mark in following[:2]:
            name = dimension_of(mark, kind)
            if name and mark.start - start.end <= 14:
                return name
    if any("breakdown" in mark.values("group") for mark in by):
        return next((name for mark in slots.marks for name in [dimension_of(mark, kind)] if name), "")
    return ""


def dimension_of(mark: Mark, kind: str = "deal") -> str:
    """The field of a kind of record that a word stands for when things are grouped by it."""
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    named = [*mark.values("dimension"), *mark.values("field")]
    fitting = [name for name in named if kind in kinds_of.get(name, [])]
    return next(iter([*fitting, *named]), "")


def _is_only_filler(mark: Mark) -> bool:
    return mark.is_filler or (mark.has("scope") and not mark.has("dimension"))


def _is_dimension_only(mark: Mark) -> bool:
    return mark.has("limit") and mark.text.lower() in ("top", "last", "next")


def _plural_follows(words: list[str]) -> bool:
    return any(word.rstrip(",.").endswith("s") and len(word) > 4 for word in words[:2]) or words[:1] in (
        ["first"],
        ["to"],
    )


def _sort_by_field(slots: Slots) -> dict[str, object]:
    """ "Sorted by close date": a field named after a sort word."""
    openers = [mark for mark in slots.marks_of("follow") if "sort" in mark.values("follow")]
    for opener in openers:
        for mark in slots.marks:
            names = [*mark.values("field"), *mark.values("dimension")]
            if mark.start >= opener.end and names:
                return {"sort": names[0], "descending": names[0] in ("amount", "last_activity", "created_at")}
    return {}
