"""Where sentences end: not within amounts, versions, addresses and abbreviations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Renewal approved at 18.5k. They like it.", ["Renewal approved at 18.5k.", "They like it."]),
        ("Write to a.b@c.example. Done!", ["Write to a.b@c.example.", "Done!"]),
        ("Dr. Chen wants v2.3, e.g. for line 4. OK?", ["Dr. Chen wants v2.3, e.g. for line 4.", "OK?"]),
        ("价格是3.5万。太贵了！再议", ["价格是3.5万。", "太贵了！", "再议"]),
        ("已发v2.客户满意。", ["已发v2.", "客户满意。"]),
        ("- one\n- two\n\nthree", ["- one", "- two", "three"]),
        ("She said “No.” Then she left...", ["She said “No.”", "Then she left..."]),
        ("", []),
    ],
)
def test_sentences(text, wanted):
    assert sentences(text) == wanted


@given(st.text(alphabet="ab .!?。；\n”)1E", max_size=60))
def test_the_spans_are_the_whole_text(text):
    spans = list(sentence_spans(text))
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
