"""Parts of name reading: folding, sound keys, company forms, people's names, decisions, and the measured table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.lexicon import Entry, Scored
from language.names.companies import company_forms
from language.names.decide import decide
from language.names.normalise import fold, pinyin, sound_key, split_person_name, tokenise
from language.names.patterns import same_title
from language.script import language_of
from tests.language.names_table import measure, measure_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＣＭＥ  Foods", "acme foods"),
        ("Müller", "muller"),
        ("遠航電機", "远航电机"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("copperline", "coppaline"), ("kestrel", "kestral"), ("carl", "karl"), ("leigh", "lee"), ("sara", "sarah")],
)
def test_equal_sound(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


def test_different_sound() -> None:
    assert sound_key("kessler") != sound_key("kestrel")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Leah Kowalski", ("Leah", "Kowalski")),
        ("Lee, Anna", ("Anna", "Lee")),
        ("Jan van den Berg", ("Jan", "van den Berg")),
        ("杨明", ("明", "杨")),
        ("欧阳倩", ("倩", "欧阳")),
        ("Cher", ("Cher", "")),
        ("Mary Jane Watson", ("Mary Jane", "Watson")),
        ("", ("", "")),
    ],
)
def test_split_person_name(name: str, parts: tuple[str, str]) -> None:
    assert split_person_name(name) == parts


def test_pinyin_reads_surnames_as_surnames() -> None:
    assert pinyin("单伟", is_person=True) == ["shan", "wei"]
    assert pinyin("单位") == ["dan", "wei"]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("宁波远航电机有限公司", {"远航电机", "远航", "宁波远航电机"}),
        ("上海市浦东澄海食品集团", {"浦东澄海", "浦东澄海食品"}),
        ("深圳蓝海智能科技有限公司", {"蓝海智能科技", "蓝海"}),
        ("Quarry & Sons", {"quarry", "quarry and sons"}),
        ("Blue Heron Pharma Inc.", {"blue heron", "blue heron pharma", "heron"}),
        ("The Dutton Company", {"dutton"}),
        ("Meridian Health Systems", {"meridian", "meridian health", "mhs"}),
    ],
)
def test_company_forms(name: str, forms: set[str]) -> None:
    assert forms <= {form for form, _ in company_forms(name)}


@pytest.mark.parametrize(
    ("said", "recorded", "expected"),
    [
        ("厂长", "Plant Manager", True),
        ("总监", "财务总监", True),
        ("经理", "Plant Manager", True),
        ("厂长", "CFO", False),
        ("厂长", "", False),
    ],
)
def test_same_title(said: str, recorded: str, expected: bool) -> None:
    assert same_title(said, recorded) is expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Move it to Friday", "en"),
        ("远航推到下周五", "zh"),
        ("把 Kestrel renewal 推到 Negotiation", "zh"),
        ("", "en"),
        ("把 next step 改成 call the CFO", "zh"),
        ("远航电机 renewal", "zh"),
        ("远航电机扩容 → Closed Lost，原因：价格", "zh"),
        ("put 云栖智造扩容, 远航电机扩容 into commit", "en"),
        ("how big is 云栖智造扩容 and when does it close", "en"),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text(max_size=200))
def test_tokens_point_into_the_text(text: str) -> None:
    ends = 0
    for token in tokenise(text):
        assert ends <= token.start < token.end <= len(text)
        assert token.text
        ends = token.end


def _scored(*scores: float) -> list[Scored]:
    return [Scored(Entry("deal", str(n), str(n)), score, "") for n, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "outcome", "n"),
    [
        ((), "none", 0),
        ((0.2,), "none", 0),
        ((0.5, 0.45, 0.1), "near", 2),
        ((0.9, 0.5), "one", 2),
        ((0.9, 0.88, 0.5), "several", 2),
        ((1.0,), "one", 1),
    ],
)
def test_decide(scores: tuple[float, ...], outcome: str, n: int) -> None:
    decision = decide(_scored(*scores))
    assert (decision.outcome, len(decision.candidates)) == (outcome, n)
    assert (decision.chosen is not None) is (outcome == "one")


def test_thresholds_can_be_given() -> None:
    assert decide(_scored(0.6), certain=0.5).outcome == "one"
    assert decide(_scored(0.9, 0.8), margin=0.2).outcome == "several"


def _shares(measured: object) -> dict[str, float]:
    counts, _ = measured  # type: ignore[misc]
    total = sum(counts.values())
    return {
        kind: sum(n for (_, outcome), n in counts.items() if outcome == kind) / total
        for kind in ("right", "asked", "missed", "wrong")
    }


@pytest.mark.slow
def test_names_of_three_companies_are_found_and_hardly_ever_confused() -> None:
    for measured in (measure(seed=23), measure_text(seed=23)):
        shares = _shares(measured)
        assert shares["wrong"] <= 0.004
        assert shares["right"] >= 0.86
        assert shares["missed"] <= 0.02
