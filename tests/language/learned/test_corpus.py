"""The corpus is sound, and independent of the cases that measure."""

import re
from pathlib import Path

import pytest

from language.learned.examples import corpus_files, examples_in
from language.learned.markup import read_marked

CASES = Path(__file__).parents[3] / "evals" / "cases"


def _messages(file):
    body = file.read_text(encoding="utf-8").split("---\n", 2)[2]
    return [read_marked(line).text for line in body.splitlines() if line.strip() and not line.startswith("#")]


def _bare(text):
    return re.sub(r"\W+", "", text.casefold())


def test_every_line_is_marked_soundly_and_none_is_a_case():
    said = {
        _bare(text)
        for file in sorted(CASES.glob("*.yaml"))
        for text in re.findall(r'say: "(.+)"', file.read_text())
    }
    messages = [text for file in corpus_files() for text in _messages(file)]
    assert len(messages) > 5_000
    assert not {_bare(text) for text in messages if len(text) > 20} & said


@pytest.mark.parametrize("name", ["en_logs", "zh_edits"])
def test_examples_label_every_word(name):
    file = next(file for file in corpus_files() if file.stem == name)
    for _, example in zip(range(25), examples_in(file), strict=False):
        assert len(example.features) == len(example.acts) == len(example.roles) == len(example.begins) > 0
