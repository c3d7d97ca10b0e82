"""Whether a clause speaks of a deal: by its name, by a pronoun, or by the label in front of it; and places in it."""

from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.patterns import Hit


def is_labelled(before: Clause | None, clause: Clause) -> bool:
    """Whether the clause before names a deal as its label: "the line 2 deal: 11,500 instead of 9,800"."""
    if (
        before is None
        or before.sentence != clause.sentence
        or before.words[-1].canon not in (":", "：", "-", "–", "—")
    ):
        return False
    return bool(before.things("deal")) and not before.has("contacted", "task_new")


def is_about_deal(clause: Clause) -> bool:
    """Whether the clause names a deal, or says "it", "the deal", 这个单子."""
    return bool(clause.things("deal")) or clause.has("it", "deal_word")


def last_before(hits: Sequence[Hit], at: int) -> Hit | None:
    """The last phrase that begins before a word."""
    before = [hit for hit in hits if hit.first < at]
    return before[-1] if before else None


def index_of(outline: Outline, clause: Clause, thing: object) -> int:
    """The place of a recognised thing of the clause among the words of the message."""
    return next(i for i in range(clause.first, clause.after) if outline.words[i].thing is thing)
