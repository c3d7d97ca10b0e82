"""Messages that are nothing but a value: "20 minutes btw", 昨天的, "high priority please"."""

from collections.abc import Mapping

from language.builtin.clauses import Outline
from language.builtin.vocabulary import load_words

_KINDS: Mapping[str, frozenset[str]] = {"log": frozenset({"duration", "day"}), "task": frozenset({"day"})}
_TAGS: Mapping[str, tuple[str, ...]] = {"log": ("filler",), "task": ("priority", "filler", "polite")}


def says_only(outline: Outline, what: str) -> bool:
    """Whether a message says only values of a log or a task, and small words around them."""
    if any(clause.moods for clause in outline.clauses):
        return False
    small = {str(each) for each in load_words("corrections")["beside_values"]}
    covered = {i for hit in outline.all_hits if hit.tag in _TAGS[what] for i in range(hit.first, hit.after)}
    values = any(word.kinds & _KINDS[what] for word in outline.words) or (
        what == "task" and outline.has("priority")
    )
    return values and all(
        i in covered or word.kinds & _KINDS[what] or word.canon in small or not word.canon[0].isalnum()
        for i, word in enumerate(outline.words)
    )
