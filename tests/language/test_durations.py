"""Lengths of time: the table `data/durations.yaml`, spans, refusals."""

import pytest

from evals.parsing.items import Item, read_tables
from evals.parsing.readers import read_ours
from language.durations import UnreadableDurationError, find_durations, parse_minutes

ITEMS = [item for item in read_tables() if item.table == "durations"]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.text)
def test_table(item: Item):
    assert read_ours(item) == item.meaning


def test_span_is_of_the_original_text():
    text = "聊了四十分鐘，挺好"
    (mention,) = find_durations(text)
    assert (mention.span.text, mention.minutes) == ("四十分鐘", 40)
    assert text[mention.span.start : mention.span.end] == mention.span.text


def test_a_bare_number_is_minutes():
    assert parse_minutes(" 45 ") == 45


@pytest.mark.parametrize("text", ["", "long", "20 min or 30 min", "in an hour"])
def test_parse_minutes_refuses(text: str):
    with pytest.raises(UnreadableDurationError):
        parse_minutes(text)
