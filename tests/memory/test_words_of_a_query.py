"""What a query looks for: its words, other words of its topics, and words that are spelt nearly like it."""

import pytest

from crm_store.principals import SYSTEM
from memory import feeding
from memory.search import search
from memory.spelling import read_as, replaced
from memory.topics import document, sought, stored_terms, topics_in

NOTES = (
    "The sealing pressure drops overnight.",
    "They find us expensive and hope for a rebate.",
    "价格比去年高，财务不满意。",
    "Warehouse roof leaks. Second shift starts in June. The fire marshal visited.",
)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("What about pricing?", {"price"}),
        ("他们嫌贵", {"price"}),
        ("They had a pen test and ISO 27001", {"security"}),
        ("The weather was fine", set()),
    ],
)
def test_topics_show_in_both_languages(text, topics):
    assert topics_in(text) == topics


def test_another_word_of_the_topic_counts_half():
    weights = {each.term: each.weight for each in sought("pricing of the widget")}
    assert weights == {"price": 0.5, "widget": 1.0, "#price": 0.5}


def test_what_stands_around_is_kept_apart_and_counts_half():
    stored = document(stored_terms("They asked for references.", "Reference call"), ["brandt"])
    assert stored.count("refer") == 1.5
    assert stored.count("brandt") == 0.5
    assert len(stored) == 7
    assert "only" in document("only said")
    assert "brandt" not in document("only said")


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("secuirty", "security"),  # a word of a topic, two letters swapped
        ("pressrue", "pressure"),  # a word of the notes
        ("abot", ""),  # a stop word: nothing is looked for
        ("waht", ""),
        ("zeppelin", None),
        ("rool", None),  # too short to be taken for “roof”
        ("marshall", "marshal"),
    ],
)
def test_a_word_that_stands_nowhere_is_read_as_a_near_one(word, read):
    assert read_as([word], NOTES).get(word) == read


def test_only_the_misspelt_words_change():
    assert (
        replaced("what abot Secuirty at 长风?", {"abot": "", "secuirty": "security"}) == "what security at 长风?"
    )


@pytest.fixture(params=["index", "no index"])
def noted(request, northstar_store, memory):
    """The demo world with some notes, searched with and without an index."""
    with northstar_store.unit_of_work(SYSTEM) as uow:
        ids = [
            uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": text}).id for text in NOTES
        ]
        uow.commit()
    feeding.feed(northstar_store, memory)
    return northstar_store, memory if request.param == "index" else None, ids


def found(noted, query):
    store, memory, ids = noted
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        result = search(uow, memory, query, limit=400)
    return result, {ids.index(hit.interaction_id): hit for hit in result.hits if hit.interaction_id in ids}


def test_a_misspelt_question_finds_the_note_and_says_how_it_was_read(noted):
    result, hits = found(noted, "abot the sealng pressrue")
    assert result.read_as == {"sealng": "sealing", "pressrue": "pressure"}
    assert result.hits[0] == hits[0]


def test_a_topic_is_found_by_its_other_words_in_both_languages(noted):
    _, hits = found(noted, "pricing")
    assert {1, 2} <= set(hits)


def test_the_sentence_that_answers_is_quoted_and_not_the_whole(noted):
    _, hits = found(noted, "second shift")
    assert hits[3].quote == "Second shift starts in June."
    assert not hits[3].by_subject


def test_a_word_of_a_hidden_note_corrects_nothing(northstar_store, memory):
    """How a word is spelt is read from notes that the asker may read."""
    from crm_store.directory import find_principal

    with northstar_store.unit_of_work(SYSTEM) as uow:
        uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": "Quetzal feathers arrived."})
        uow.commit()
    feeding.feed(northstar_store, memory)

    def read(who):
        with northstar_store.unit_of_work(find_principal(northstar_store, who), writes=False) as uow:
            return search(uow, memory, "quetzel").read_as

    assert read("admin@northstar.example") == {"quetzel": "quetzal"}
    assert read("tom@northstar.example") == {}
