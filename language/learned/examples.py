"""The marked messages of the corpus as training examples: features of each word, and the labels that it should get."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml

from language.builtin.clauses import Outline
from language.builtin.dialogue import Dialogue
from language.builtin.reading import Reading
from language.builtin.words import Word
from language.learned.acts import NOTHING
from language.learned.cast import situation_of
from language.learned.features import WordFeatures, features_of
from language.learned.markup import Mark, Marked, read_marked


@dataclass(frozen=True, slots=True)
class Example:
    """One message; `acts`, `begins` and `roles` have a value for each word."""

    text: str
    features: Sequence[WordFeatures]
    acts: Sequence[str]
    begins: Sequence[bool]
    roles: Sequence[str]


def corpus_files() -> list[Path]:
    """The files of marked messages, in order."""
    return sorted(Path(str(files("language.learned") / "corpus")).glob("*.txt"))


def examples_in(file: Path) -> Iterator[Example]:
    """The examples of one file; lines that are marked wrongly raise `ValueError`."""
    for marked, outline in marked_outlines(file):
        yield _example(marked, outline.words, features_of(outline))


def marked_outlines(file: Path) -> Iterator[tuple[Marked, Outline]]:
    """The marked messages of one file that hold words, as they are read."""
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    situation = situation_of(yaml.safe_load(head))
    for line in body.splitlines():
        if line.strip() and not line.startswith("#"):
            marked = read_marked(line)
            outline = Reading(marked.text, situation, Dialogue()).own_words().outline
            if outline.words:
                yield marked, outline


def _example(marked: Marked, words: Sequence[Word], features: Sequence[WordFeatures]) -> Example:
    starts = {next((i for i, word in enumerate(words) if _meet(word, act)), -1) for act in marked.acts}
    return Example(
        marked.text,
        features,
        [_label(word, marked.acts) for word in words],
        [i in starts for i in range(len(words))],
        [_label(word, marked.roles) for word in words],
    )


def _label(word: Word, marks: Sequence[Mark]) -> str:
    return next((mark.label for mark in reversed(marks) if _meet(word, mark)), NOTHING)


def _meet(word: Word, mark: Mark) -> bool:
    return word.start < mark.end and mark.start < word.end
