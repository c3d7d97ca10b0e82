"""What the network sees of a message: for each word its text, names and values hidden behind their kind, and what the
parsers and phrases say of it.

Nothing here depends on a company: a name is only “an account”, an amount only “money”.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.amounts import AmountMention
from language.builtin.clauses import Outline
from language.builtin.words import Word
from language.dates import DateMention
from language.learned.talk import talked_of

_HIDDEN = frozenset(
    {
        "account",
        "contact",
        "deal",
        "user",
        "lead",
        "stage",
        "product",
        "ticket",
        "task",
        "date",
        "amount",
        "duration",
    }
)


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """One word: the text that is looked up, and names of features that hold."""

    text: str
    marks: tuple[str, ...]


def features_of(outline: Outline, before: Sequence[str] | None = None) -> list[WordFeatures]:
    """The features of all words of a message; `before` is what was talked about, by default in its dialogue."""
    talked = talked_of(outline.reading.dialogue) if before is None else before
    leaning = {f"before:{each}" for each in talked}
    marks: list[set[str]] = [{*_of_word(word), *leaning} for word in outline.words]
    for hit in outline.all_hits:
        for index in range(hit.first, hit.after):
            marks[index].add(f"tag:{hit.tag}")
    for clause in outline.clauses:
        for index in range(clause.first, clause.after):
            marks[index] |= {f"mood:{mood}" for mood in clause.moods}
        marks[clause.first].add("clause")
    return [
        WordFeatures(_shown(word), tuple(sorted(found))) for word, found in zip(outline.words, marks, strict=True)
    ]


def _shown(word: Word) -> str:
    if not word.kinds & _HIDDEN:
        return "0" if word.canon[:1].isdigit() else word.canon
    return "<" + "|".join(sorted(word.kinds & _HIDDEN)) + ">"


def _of_word(word: Word) -> Iterator[str]:
    yield from (f"kind:{kind}" for kind in word.kinds)
    if isinstance(word.thing, DateMention):
        yield f"bound:{word.thing.bound}"
        if word.thing.at is not None:
            yield "date:time"
    if isinstance(word.thing, AmountMention):
        yield f"amount:{word.thing.kind}"
        if word.thing.direction:
            yield f"amount:{word.thing.direction:+d}"
        if word.thing.off:
            yield "amount:off"
    if not word.kinds and not word.canon.isalnum():
        yield "sign"
