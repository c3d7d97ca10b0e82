"""From the outbox to the index: at least once, idempotent, the same as a rebuild; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from crm_store.interactions import Interaction
from crm_store.principals import SYSTEM
from memory import feeding, tables
from memory.embedders.protocol import EmbedderUnavailableError
from memory.opening import Memory
from memory.search import search
from tests.memory.hashed_embedder import HashedEmbedder

QUERIES = (
    "security questionnaire",
    "谁担心信息安全",
    "asked for a discount",
    "推迟上线",
    "reference customer",
    "Priya Whitman",
)


def indexed(store):
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        columns = tables.passages.c
        rows = uow.session.connection().execute(
            select(columns.id, columns.digest, columns.terms).order_by(columns.id)
        )
        return [tuple(row) for row in rows]


def hits(store, memory):
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        return {
            query: [(hit.interaction_id, hit.score) for hit in search(uow, memory, query, limit=10).hits]
            for query in QUERIES
        }


def change(store, action):
    with store.unit_of_work(SYSTEM) as uow:
        action(uow)
        uow.commit()


def some(uow, number):
    return uow.session.scalars(select(Interaction).order_by(Interaction.id).limit(number)).all()


def log(uow, body, **more):
    return uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": body, **more})


def edit_everything(uow):
    first, second, third = some(uow, 3)
    uow.update("interaction", first, {"body": "They insist on a zeppelin hangar."})
    uow.delete("interaction", second)
    uow.update("interaction", third, {"subject": "", "summary": "", "body": ""})
    log(uow, "A brand new note about umbrellas. " * 40)


def test_the_first_feed_indexes_what_the_import_left(store, memory):
    fed = feeding.feed(store, memory)
    assert fed.passages == len(indexed(store)) > 0
    now = feeding.status(store, memory)
    assert (now.exists, now.waiting, now.interactions) == (True, 0, 728)


def test_feeding_after_changes_gives_what_a_rebuild_gives(store, memory):
    feeding.feed(store, memory)
    change(store, edit_everything)
    assert feeding.status(store, memory).waiting == 4
    feeding.feed(store, memory)
    fed_rows, fed_hits = indexed(store), hits(store, memory)
    assert any("zeppelin" in terms for _, _, terms in fed_rows)
    feeding.rebuild(store, memory)
    assert indexed(store) == fed_rows
    assert hits(store, memory) == fed_hits


def test_a_dropped_index_comes_back_with_the_same_ids_and_hits(store, memory):
    feeding.rebuild(store, memory)
    rows, found = indexed(store), hits(store, memory)
    assert sum(map(bool, found.values())) >= 3
    with store.unit_of_work(SYSTEM) as uow:
        tables.drop(uow.session.connection())
        uow.commit()
    assert not feeding.is_current(store, memory)
    feeding.rebuild(store, memory)
    assert (indexed(store), hits(store, memory)) == (rows, found)


def test_feeding_twice_writes_nothing_new(store, memory):
    feeding.feed(store, memory)
    change(store, lambda uow: log(uow, "One note."))
    feeding.feed(store, memory)
    rows, embedded = indexed(store), memory.embedder.texts
    with store.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("UPDATE outbox_entry SET status = 'waiting' WHERE topic LIKE 'interaction.%'"))
        uow.commit()
    assert feeding.feed(store, memory).passages == 0
    assert (indexed(store), memory.embedder.texts) == (rows, embedded)


def test_an_entry_that_a_dead_process_holds_is_taken_up_after_its_lease(store, memory, clock):
    feeding.feed(store, memory)
    change(store, lambda uow: log(uow, "Left behind."))
    assert len(feeding._lease(store, 10)) == 1
    assert feeding.feed(store, memory).entries == 0
    clock.moment += feeding.LEASE + timedelta(seconds=1)
    assert feeding.feed(store, memory).entries == 1
    assert any("left behind" in terms for _, _, terms in indexed(store))


def test_a_failing_embedder_leaves_the_entries_for_the_next_run(store, memory):
    feeding.feed(store, memory)
    change(store, lambda uow: log(uow, "Will come later."))
    working = memory.embedder.embed

    def failing(texts):
        raise EmbedderUnavailableError("down")

    memory.embedder.embed = failing
    with pytest.raises(EmbedderUnavailableError):
        feeding.feed(store, memory)
    assert feeding.status(store, memory).waiting == 1
    memory.embedder.embed = working
    assert feeding.feed(store, memory).entries == 1


def test_another_embedder_makes_the_index_anew(store, memory):
    feeding.rebuild(store, memory)
    other = Memory(HashedEmbedder("other", 32))
    assert not feeding.is_current(store, other)
    feeding.feed(store, other)
    assert feeding.status(store, other).embedder == "test:other"
    assert feeding.is_current(store, other)
    assert not feeding.is_current(store, memory)


def test_a_message_is_read_with_the_one_before_it_however_they_come_in(store, memory, clock):
    feeding.feed(store, memory)
    account = []

    def two_messages(uow):
        account.append(uow.all("account")[0].id)
        log(
            uow,
            "Yes, both of them.",
            type="message",
            account=account[0],
            occurred_at=uow.now + timedelta(minutes=5),
        )

    def the_earlier(uow):
        log(uow, "Shall we ship the xylophones?", type="message", account=account[0])

    change(store, two_messages)
    feeding.feed(store, memory)
    change(store, the_earlier)
    feeding.feed(store, memory)
    rows = indexed(store)
    assert sum("xylophon" in terms for _, _, terms in rows) == 2
    feeding.rebuild(store, memory)
    assert indexed(store) == rows
