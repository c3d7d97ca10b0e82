"""The marked messages of the corpus as training examples: features of each word, and the labels that it should get."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from random import Random

import yaml

from language.builtin.clauses import Outline
from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.builtin.situation import Situation
from language.builtin.words import Word
from language.learned.acts import NOTHING
from language.learned.cast import situation_of
from language.learned.features import WordFeatures, features_of
from language.learned.markup import Mark, Marked, read_marked
from language.script import is_cjk

# Files that training leaves out: what is measured on them was not learnt from them.
MEASURED = ("en_formal", "en_mixed", "en_sundry", "zh_mixed")
# How many words a meaningless message has.
_LENGTHS = (3, 14)
_CHANGING = ("log_", "create_", "update_", "delete_", "convert_")


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


def examples_in(file: Path, every: int = 1) -> Iterator[Example]:
    """The examples of one file, or of each so-manieth line; lines that are marked wrongly raise `ValueError`."""
    for marked, outline in marked_outlines(file, every):
        yield _example(marked, outline.words, features_of(outline, marked.before))


def meaningless(file: Path) -> Iterator[Example]:
    """Words of one file's messages in no order, a tenth as many as there are messages: they ask for nothing.

    What phrases take for a change is left out, as chance may have written a request.
    """
    chance, situation = Random(file.stem), _situation(file)
    said = [
        [outline.reading.text[word.start : word.end] for word in outline.words]
        for _, outline in marked_outlines(file)
    ]
    often = [word for words in said for word in words]
    known = sorted(set(often))
    for _ in range(len(said) // 10):
        count = chance.randint(*_LENGTHS)
        words = [chance.choice(chance.choice((often, known))) for _ in range(count)]
        joint = chance.choice((" ", "")) if any(map(is_cjk, "".join(words))) else " "
        reading = Reading(joint.join(words), situation, Dialogue())
        outline = reading.own_words().outline
        calls = plan(reading, lambda _, calls: calls).calls
        if outline.words and not any(call.tool.startswith(_CHANGING) for call in calls):
            nothing = [NOTHING] * len(outline.words)
            yield Example(reading.text, features_of(outline), nothing, [False] * len(nothing), nothing)


def marked_outlines(file: Path, every: int = 1) -> Iterator[tuple[Marked, Outline]]:
    """The marked messages of one file that hold words, as they are read."""
    situation = _situation(file)
    for line in file.read_text(encoding="utf-8").split("---\n", 2)[2].splitlines()[::every]:
        if line.strip() and not line.startswith("#"):
            marked = read_marked(line)
            outline = Reading(marked.text, situation, Dialogue()).own_words().outline
            if outline.words:
                yield marked, outline


def _situation(file: Path) -> Situation:
    return situation_of(yaml.safe_load(file.read_text(encoding="utf-8").split("---\n", 2)[1]))


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
