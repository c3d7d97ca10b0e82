"""What one clause says of a task: its title, nothing but a day, or something of its own."""

from functools import cache

from language.builtin.clauses import Clause, Outline
from language.builtin.todo_days import day_of, mentions_of
from language.builtin.todo_titles import trimmed
from language.builtin.todo_triggers import is_beside
from language.builtin.vocabulary import load_words


def told_before(outline: Outline, clause: Clause) -> Clause | None:
    """The clause before that says something by itself: "so", 你 and fillers are passed over."""
    for before in reversed(outline.clauses[: clause.index]):
        empty = {i for hit in before.all("joint", "filler", "polite") for i in range(hit.first, hit.after)}
        rest = [w for i, w in enumerate(before.words, before.first) if i not in empty and w.canon[0].isalnum()]
        if rest and [word.canon for word in rest] != ["你"]:
            return before
    return None


def is_detail(clause: Clause) -> bool:
    """Whether a clause only gives a day or a priority."""
    covered = {i for hit in clause.all("priority", "filler") for i in range(hit.first, hit.after)}
    rest = [
        word
        for i, word in enumerate(clause.words, clause.first)
        if i not in covered and not word.kinds & {"date"} and word.canon not in loose_words()
    ]
    return not rest


def title_in(outline: Outline, clause: Clause, first: int, after: int | None = None) -> str:
    """The clause's words from `first` on (up to `after`), without days, priorities and the small words around them."""
    new = clause.hit("task_new")
    without = [hit for hit in clause.all("per_record") if new is not None and is_beside(new, hit)]
    without += clause.all("priority", "filler", "polite")
    dropped = {i for hit in without for i in range(hit.first, hit.after)}
    day = day_of(clause)
    runs: list[tuple[int, int]] = []
    for i, word in enumerate(clause.words, clause.first):
        if (
            i < first
            or (after is not None and i >= after)
            or i in dropped
            or (day is not None and "date" in word.kinds and word.thing in (day, *mentions_of(clause, day)))
        ):
            continue
        if runs and not outline.own_text(runs[-1][1], word.start).strip():
            runs[-1] = (runs[-1][0], word.end)
        else:
            runs.append((word.start, word.end))
    return trimmed(" ".join(outline.own_text(start, end) for start, end in runs))


@cache
def loose_words() -> frozenset[str]:
    """Small words beside a day that tell nothing of what is to be done."""
    return frozenset(load_words("titles")["loose"])
