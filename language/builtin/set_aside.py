"""Names in a message that it is not about: what "has nothing to do with it", and asides about what stays."""

from collections.abc import Iterator
from functools import lru_cache

from language.builtin.clauses import Outline

_BRACKETS = ("(", "（")


@lru_cache(maxsize=16)
def set_aside(outline: Outline) -> frozenset[int]:
    """The words that name what a message is not about: "it has nothing to do with the expansion", and "(the renewal's
    task stays open)" behind another deal."""
    denied = {i for hit in outline.all_hits if hit.tag == "not_about" for i in range(hit.first, hit.after)}
    return frozenset(denied | set(_in_kept_asides(outline)))


def _in_kept_asides(outline: Outline) -> Iterator[int]:
    """The words of clauses in brackets that say that something stays, when a deal was named before them."""
    for clause in outline.clauses:
        is_aside = outline.text[: clause.start].rstrip().endswith(_BRACKETS) or clause.text.startswith(_BRACKETS)
        named = any("deal" in word.kinds for word in outline.words[: clause.first])
        if is_aside and named and clause.moods & {"keep", "negation"}:
            yield from range(clause.first, clause.after)
