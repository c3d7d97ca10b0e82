"""A lexicon that follows changes of single records finds the same as one that is built from the records now."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.lexicon import Entry, Lexicon
from tests.language.test_lexicon import OFFICE

TEXTS = (
    "Called Grace at Summit about the CRM migration, then wrote to gk@summitpartners.com",
    "Ask the CFO of Apex whether the fleet upgrade 2026 is on",
    "小米的王芳说二期下周开始，王总也同意，王方那边没问题",
    "Fang Wang from Xiaomi and Bob Hale want the vibration sensor",
    "Send NDA to Grace, ticket 42, case-0042",
    "Zephyr Dynamics signed the Zephyr rollout with Ingrid Solberg",
    "open table, opentable, Muller and Sohne, Graec Kim",
)
QUERIES = (
    "grace",
    "migration",
    "the CFO",
    "小米二期",
    "Zephyr rollout",
    "solberg",
    "nda",
    "wang",
    "upgrade",
    "42",
)
NEWCOMERS = (
    Entry("account", "zephyr", "Zephyr Dynamics Inc", ("Zephyr",)),
    Entry("contact", "ingrid", "Ingrid Solberg", ("is@zephyr.example",), "zephyr", title="CFO"),
    Entry("contact", "ida", "Ida Solborg", (), "summit"),
    Entry("contact", "wangfang2", "王方", (), "mi", title="总经理"),
    Entry("deal", "rollout", "Zephyr rollout", (), "zephyr"),
    Entry("task", "nda2", "Send NDA to Ingrid", (), "zephyr", "rollout"),
    Entry("ticket", "case43", "CASE-0043", ("Solberg cannot sign in",), "zephyr"),
)
CHANGES = (
    *NEWCOMERS,
    replace(OFFICE[0], name="Zenith Partners", aliases=("Zenith",)),
    replace(OFFICE[5], name="Wilhelmina Young", title="CEO"),
    next(replace(each, is_open=False) for each in OFFICE if each.id == "fleet26"),
    next(replace(each, name="Send the contract to Grace") for each in OFFICE if each.id == "nda"),
)


def found(lexicon: Lexicon) -> object:
    """Everything that texts, references and lists give."""
    mentions = [lexicon.find_mentions(text) for text in TEXTS]
    matches = [lexicon.match(query, kinds={kind}) for query in QUERIES for kind in ("deal", "contact", "task")]
    return mentions, matches, [lexicon.match(query, account_ids=("summit",)) for query in QUERIES]


def now(entries: dict[str, Entry]) -> Lexicon:
    """A lexicon built from the entries in the order in which the store gives them: by kind, new ones last."""
    kinds = dict.fromkeys(each.kind for each in OFFICE)
    return Lexicon(each for kind in kinds for each in entries.values() if each.kind == kind)


changes = st.lists(
    st.one_of(st.sampled_from(CHANGES), st.sampled_from([each.id for each in (*OFFICE, *NEWCOMERS)])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60)
@given(steps=st.lists(changes, min_size=1, max_size=3), used_before=st.booleans())
def test_changes_one_after_the_other_lead_where_building_anew_does(steps, used_before):
    entries = {each.id: each for each in OFFICE}
    lexicon = now(entries)
    for step in steps:
        if used_before:
            found(lexicon)
        ids = [each if isinstance(each, str) else each.id for each in step]
        for each in step:
            if isinstance(each, str):
                entries.pop(each, None)
            else:
                entries[each.id] = each
        lexicon = lexicon.renewed(ids, [entries[id] for id in dict.fromkeys(ids) if id in entries])
    assert found(lexicon) == found(now(entries))
    assert {each.id for each in lexicon.of_kind("task")} == {e.id for e in entries.values() if e.kind == "task"}


def test_the_lexicon_that_was_renewed_stays_as_it_was():
    before = Lexicon(OFFICE)
    was = found(before)
    after = before.renewed(["grace"], NEWCOMERS)
    assert found(before) == was
    assert after.get("grace") is None
    assert before.get("grace") is not None


@pytest.mark.parametrize("ids", [[], ["of_someone_else"]])
def test_without_a_change_it_is_the_same_lexicon(ids):
    lexicon = Lexicon(OFFICE)
    assert lexicon.renewed(ids, []) is lexicon
    assert lexicon.renewed(ids, OFFICE[:2]) is lexicon
