"""Search: nothing outside the asker's rights or scope, the same by every path, and it finds what was said."""

from datetime import UTC, datetime

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_store.directory import find_principal
from crm_store.interactions import Interaction, InteractionContact
from crm_store.principals import SYSTEM
from language.sentences import sentences
from memory import feeding
from memory import search as searching
from memory.chroma import LOCK_FILE, ChromaIndex
from memory.search import Scope, search
from memory.syncing import sync

PEOPLE = ("tom", "marcus", "dana", "lina", "sam", "maya", "admin")
WORDS = (
    "security",
    "price",
    "信息安全",
    "报价",
    "pilot",
    "discount",
    "Whitman",
    "Halden",
    "上线",
    "reference",
    "not there at all",
)


@pytest.fixture(params=["exact", "candidates", "chroma"])
def path(request, monkeypatch, memory):
    """Each way of finding candidates: all of the scope, the text index with a scan, the text index with Chroma."""
    if request.param != "exact":
        monkeypatch.setattr(searching, "MOST_EXACT", 5)
    if request.param == "chroma":
        return request.getfixturevalue("chroma_memory")
    return memory


def allowed(store, principal, scope):
    """The ids that someone may read in a scope, by the store's own query."""
    with store.unit_of_work(principal, writes=False) as uow:
        links = {
            tuple(row)
            for row in uow.session.execute(
                select(InteractionContact.interaction_id, InteractionContact.contact_id)
            )
        }
        return {
            row.id
            for row in uow.all("interaction")
            if (not scope.account_id or row.account_id == scope.account_id)
            and (not scope.deal_id or row.deal_id == scope.deal_id)
            and (not scope.type or row.type == scope.type)
            and (not scope.contact_id or (row.id, scope.contact_id) in links)
            and (not scope.since or row.occurred_at >= scope.since)
        }


@settings(max_examples=25)
@given(data=st.data())
def test_nothing_outside_rights_and_scope_comes_back(data, northstar_store, path):
    store = northstar_store
    if not feeding.is_current(store, path):
        feeding.rebuild(store, path)
        sync(store, path)
    principal = find_principal(store, f"{data.draw(st.sampled_from(PEOPLE))}@northstar.example")
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        accounts = sorted(each.id for each in uow.all("account"))
        deals = sorted(each.id for each in uow.all("deal"))
        contacts = sorted(each.id for each in uow.all("contact"))
    blank = st.just("")
    scope = Scope(
        account_id=data.draw(blank | st.sampled_from(accounts)),
        deal_id=data.draw(blank | st.sampled_from(deals)),
        contact_id=data.draw(blank | st.sampled_from(contacts)),
        type=data.draw(st.sampled_from(("", "call", "note"))),
        since=data.draw(st.sampled_from((None, datetime(2026, 1, 1, tzinfo=UTC)))),
    )
    query = " ".join(data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    with store.unit_of_work(principal, writes=False) as uow:
        found = search(uow, path, query, scope, limit=50)
    assert {hit.interaction_id for hit in found.hits} <= allowed(store, principal, scope)


def test_every_path_finds_the_note_that_says_it(store, path):
    with store.unit_of_work(SYSTEM) as uow:
        wanted = uow.create(
            "interaction",
            {"type": "note", "occurred_at": uow.now, "body": "Their zeppelin hangar floods in spring."},
        )
        uow.commit()
    feeding.feed(store, path)
    sync(store, path)
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        for query in ("flooded hangars", "zeppelin"):
            assert search(uow, path, query).hits[0].interaction_id == wanted.id


def test_every_path_reads_a_misspelt_word(store, path):
    with store.unit_of_work(SYSTEM) as uow:
        wanted = uow.create(
            "interaction",
            {"type": "note", "occurred_at": uow.now, "body": "Their zeppelin hangar floods in spring."},
        )
        uow.commit()
    feeding.feed(store, path)
    sync(store, path)
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        found = search(uow, path, "flooded zepelin")
        assert found.read_as == {"zepelin": "zeppelin"}
        assert found.hits[0].interaction_id == wanted.id


def test_a_note_that_chroma_lacks_is_found_all_the_same(northstar_store, chroma_memory, monkeypatch):
    monkeypatch.setattr(searching, "MOST_EXACT", 50)
    store = northstar_store
    feeding.rebuild(store, chroma_memory)
    sync(store, chroma_memory)
    with store.unit_of_work(SYSTEM) as uow:
        late = uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": "Zeppelin."})
        uow.commit()
    feeding.feed(store, chroma_memory)
    assert feeding.status(store, chroma_memory).not_in_chroma == 1
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        assert search(uow, chroma_memory, "zeppelin").hits[0].interaction_id == late.id


def test_while_another_process_owns_chroma_the_database_is_searched(northstar_store, chroma_memory, monkeypatch):
    monkeypatch.setattr(searching, "MOST_EXACT", 5)
    store = northstar_store
    with store.unit_of_work(SYSTEM) as uow:
        note = uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": "A zeppelin hangar."})
        uow.commit()
    feeding.rebuild(store, chroma_memory)
    sync(store, chroma_memory)
    chroma_memory.close()
    with FileLock(chroma_memory.chroma.folder / LOCK_FILE), store.unit_of_work(SYSTEM, writes=False) as uow:
        assert search(uow, chroma_memory, "hangars of zeppelins").hits[0].interaction_id == note.id
        assert not chroma_memory.chroma.is_open
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        assert search(uow, chroma_memory, "hangars of zeppelins").hits[0].interaction_id == note.id
        assert chroma_memory.chroma.is_open


def test_a_chroma_server_that_is_down_is_no_reason_to_find_nothing(northstar_store, memory, monkeypatch, tmp_path):
    monkeypatch.setattr(searching, "MOST_EXACT", 5)
    feeding.rebuild(northstar_store, memory)
    memory.chroma = ChromaIndex("http://127.0.0.1:9", tmp_path)
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert search(uow, memory, "security review").hits


def test_what_was_deleted_is_not_found_though_chroma_still_holds_it(northstar_store, chroma_memory, monkeypatch):
    monkeypatch.setattr(searching, "MOST_EXACT", 5)
    store = northstar_store
    feeding.rebuild(store, chroma_memory)
    sync(store, chroma_memory)
    with store.unit_of_work(SYSTEM) as uow:
        gone = uow.session.scalars(select(Interaction).limit(1)).one()
        text = gone.body
        uow.delete("interaction", gone)
        uow.commit()
    feeding.feed(store, chroma_memory)
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        assert gone.id not in {hit.interaction_id for hit in search(uow, chroma_memory, text, limit=50).hits}
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        collection = searching.tables.read_state(uow.session.connection())["collection"]
    before = chroma_memory.chroma.count(collection)
    sync(store, chroma_memory)
    assert before - chroma_memory.chroma.count(collection) == len(sentences(text))


def test_a_deal_whose_name_is_hidden_is_no_search_term(northstar_store, memory):
    """A marketer reads interactions but no deals: the deal's name must not tell which notes belong to it."""
    store = northstar_store
    with store.unit_of_work(SYSTEM) as uow:
        deal = uow.all("deal")[0]
        uow.update("deal", deal, {"name": "Zeppelin rollout"})
        note = uow.create(
            "interaction",
            {
                "type": "note",
                "occurred_at": uow.now,
                "body": "All went well.",
                "deal": deal.id,
                "account": deal.account_id,
            },
        )
        uow.commit()
    feeding.feed(store, memory)

    def found(email):
        with store.unit_of_work(find_principal(store, email), writes=False) as uow:
            return {hit.interaction_id for hit in search(uow, memory, "zeppelin", limit=50).hits}

    assert note.id in found("admin@northstar.example")
    assert found("maya@northstar.example") == set()


def test_nothing_relevant_gives_nothing(northstar_store, memory):
    feeding.feed(northstar_store, memory)
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert search(uow, memory, "qqqq").hits == ()
