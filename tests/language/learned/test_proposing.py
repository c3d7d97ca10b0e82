"""What is likely and changes one known record is proposed; less than that is not."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.reading import Reading
from language.learned import proposing
from language.learned.acts import Act, Part, Understood, understood
from tests.language.builtin.action_world import SITUATION


def proposed(monkeypatch, text, act_sure, part_sure, *, kind="change", roles=("on", "stage")):
    """What is proposed where the network sees one act over all words: the first and the last one with these roles."""
    outline = Reading(text, SITUATION, Dialogue()).outline
    last = len(outline.words) - 1
    parts = tuple(
        Part(role, at, at + 1, text[word.start : word.end], part_sure, (word,))
        for role, at, word in zip(roles, (0, last), (outline.words[0], outline.words[last]), strict=True)
    )
    seen = Understood((Act(kind, 0, last + 1, act_sure, parts),), (), understood(outline).chances)
    monkeypatch.setattr(proposing, "understood", lambda outline: seen)
    return [(call.tool, call.given()) for call in proposing.likely_changes(outline)]


def test_a_likely_change_of_a_known_record_is_proposed(monkeypatch):
    found = proposed(monkeypatch, "Harbor Mills retrofit nearer to Offer", 0.55, 0.6)
    assert [(tool, given["deal"]) for tool, given in found] == [("update_deal", "deal_mills")]
    assert set(found[0][1]) == {"deal", "stage"}


@pytest.mark.parametrize(
    ("text", "act_sure", "part_sure"),
    [
        ("Harbor Mills retrofit nearer to Offer", 0.45, 0.9),
        ("Harbor Mills retrofit nearer to Offer", 0.9, 0.5),
        ("Harbor Mills retrofit nearer to Offer, if Ivy signs", 0.6, 0.9),
        ("Zorblax retrofit nearer to Offer", 0.6, 0.9),
    ],
)
def test_what_is_less_likely_moody_or_strange_is_not(monkeypatch, text, act_sure, part_sure):
    assert proposed(monkeypatch, text, act_sure, part_sure) == []


def test_nothing_new_is_proposed(monkeypatch):
    assert (
        proposed(monkeypatch, "Harbor Mills sometime soon Friday", 0.6, 0.9, kind="task", roles=("which", "due"))
        == []
    )
