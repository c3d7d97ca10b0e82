"""Forgetting a contact: no byte of them in any store afterwards, everyone else's words untouched, a tombstone."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import RecordNotFoundError
from crm_store.conversations import Approval, Conversation, MessageRow, TurnRow
from crm_store.deliveries import Delivery
from crm_store.directory import find_principal
from crm_store.job_rows import JobRow
from crm_store.journal import AuditEntry
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.suggestion_log import Shown, record_shown
from crm_store.unit_of_work import Cause, NotPermittedError
from jobs.inbox import Inbox
from jobs.job import Job
from memory import feeding, index, leftovers
from memory.forgetting import forget
from memory.mentions import ERASED, Marks, without_sentences
from memory.search import search
from memory.syncing import sync

NAME, EMAIL, PHONE = "Quintilla Abernathy-Vogel", "q.abernathy@vogelwerk.example", "+49 171 555 0199"
SECRET = "She told us that the xenolith project pays for everything"
TRACES = ("quintilla", "abernathy", "q.abernathy@", "5550199", "555 0199", "xenolith")


@pytest.fixture
def told(store, chroma_memory):
    """A store in which a contact left traces everywhere, with its index and Chroma."""
    chroma_memory.home = chroma_memory.chroma.folder.parent
    chroma_memory.home.mkdir(parents=True, exist_ok=True)
    (chroma_memory.home / "chat_history").write_text(f"\n# 2026\n+call {NAME}\n\n# 2026\n+show my deals\n")
    made = _make_traces(store)
    _make_bookkeeping(store, made)
    _make_files(chroma_memory.home)
    feeding.feed(store, chroma_memory)
    sync(store, chroma_memory)
    return store, chroma_memory, made


def _make_traces(store):
    marcus = find_principal(store, "marcus@northstar.example")
    with store.unit_of_work(SYSTEM, Cause(channel="test")) as uow:
        account = next(each for each in uow.all("account") if each.owner_id)
        colleague = uow.pointing_to("contact", "account", account.id)[0]
        contact = uow.create("contact", {"name": NAME, "account": account.id, "email": EMAIL, "phone": PHONE})
        alone = uow.create(
            "interaction",
            {
                "type": "call",
                "occurred_at": uow.now,
                "body": f"{SECRET}.",
                "account": account.id,
                "contacts": (contact.id,),
            },
        )
        together = uow.create(
            "interaction",
            {
                "type": "meeting", "occurred_at": uow.now, "account": account.id,
                "contacts": (contact.id, colleague.id),
                "body": f"Budget is fixed. Quintilla insists on xenolith. {colleague.name} agrees with us.",
            },
        )  # fmt: skip
        hearsay = uow.create(
            "interaction", {"type": "note", "occurred_at": uow.now, "body": f"Rang {PHONE} in vain. Try again."}
        )
        task = uow.create("task", {"title": f"Call {NAME}", "contact": contact.id, "assignee": marcus.user_id})
        draft = uow.create(
            "draft",
            {
                "subject": "Hello",
                "body": f"Dear {NAME}, xenolith it is.",
                "owner": marcus.user_id,
                "to": (contact.id,),
            },
        )
        uow.update("contact", contact, {"title": "Head of xenolith"})
        uow.commit()
        contact_id = contact.id
    _make_turn(
        store, marcus, "turn_1", f"log a call with {NAME}: {SECRET}", {"text": "Logged.", "records": [contact_id]}
    )
    _make_turn(store, marcus, "turn_2", "show my deals", {"text": "Here they are."})
    ids = {
        "contact": contact,
        "alone": alone,
        "together": together,
        "hearsay": hearsay,
        "task": task,
        "draft": draft,
    }
    return {name: each.id for name, each in ids.items()} | {"colleague": colleague.name}


def _make_bookkeeping(store, made):
    """What the product itself notes: a job that is over and one that waits, a briefing, a suggestion, a ticket."""
    now, said = store.clock.now(), f"log a call with {NAME}. {SECRET}."
    with Session(store.engine) as session:
        for status in ("done", "waiting"):
            words = said if status == "done" else f"log a call with {NAME}. The weather was fine."
            session.add(
                JobRow(
                    key=status, id=f"job_{status}", queue="messages", handler="message", payload={"text": words},
                    status=status, reason=f"Error: {NAME}", created_at=now,
                )
            )  # fmt: skip
        session.add(
            Delivery(
                key="brief", user_id="", kind="brief", channel="file", status="sent", created_at=now,
                due_at=now, next_try_at=now, content={"lines": [f"Call {NAME} today."]},
            )
        )  # fmt: skip
        session.commit()
    with store.unit_of_work(SYSTEM) as uow:
        account = uow.find("interaction", made["alone"]).account_id
        deal = uow.find("deal", uow.pointing_to("deal", "account", account)[0].id)
        uow.create(
            "ticket",
            {
                "number": "T-77",
                "subject": f"{NAME} cannot sign in",
                "account": account,
                "description": "Quintilla says the xenolith is down.",
            },
        )
        uow.update("deal", deal, {"next_step": f"Send {EMAIL} the plan"})
        uow.commit()
        deal_id = deal.id
    shown = Shown("call", deal_id, f"{NAME} was worried.", "silent", 0.5, 1.0, detail={"title": f"Call {NAME}"})
    record_shown(store, "", [shown], now)


def _make_files(home):
    """Words in files: the log, a briefing that was sent, the inbox of jobs with one that it no longer holds."""
    (home / "dealhand.log").write_text(f"a line\nsaid: {NAME}\n")
    sent = home / "deliveries" / "marcus" / "brief.txt"
    sent.parent.mkdir(parents=True)
    sent.write_text(f"Today\nCall {NAME}\n")
    inbox = Inbox(home / "inbox.sqlite3")
    for number in (1, 2):
        inbox.put(Job(f"job_{number}", f"key_{number}", "messages", "message", {"text": f"{SECRET} with {NAME}"}))
    inbox.remove(inbox.list_waiting()[0])
    inbox.close()


def _make_turn(store, user, turn_id, said, reply):
    """A turn of one conversation with a message, a reply and a call that waits for a yes."""
    now = store.clock.now()
    with Session(store.engine) as session:
        if session.get(Conversation, "conv_1") is None:
            session.add(
                Conversation(id="conv_1", user_id=user.user_id, channel="cli", created_at=now, updated_at=now)
            )
            session.flush()
        own = {
            "id": turn_id,
            "conversation_id": "conv_1",
            "key": turn_id,
            "user_id": user.user_id,
            "status": "done",
        }
        session.add(TurnRow(**own, started_at=now, lease_until=now, reply=reply))
        session.flush()
        session.add(
            MessageRow(conversation_id="conv_1", turn_id=turn_id, payload={"type": "human", "content": said})
        )
        session.add(
            Approval(
                id=f"appr_{turn_id}", conversation_id="conv_1", turn_id=turn_id, user_id=user.user_id,
                effect_key="k", tool="log", arguments={"said": said}, effect_hash="h",
                created_at=now, expires_at=now,
            )
        )  # fmt: skip
        session.commit()


def some_contact(store) -> str:
    """The id of a contact."""
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        return uow.all("contact")[0].id


def everything(store) -> str:
    """All rows of all tables as text, the index's included."""
    from sqlalchemy import MetaData

    found = MetaData()
    found.reflect(store.engine, resolve_fks=False)
    with store.engine.connect() as connection:
        return "\n".join(
            str(row) for table in found.tables.values() for row in connection.execute(select(table))
        ).casefold()


def bytes_of(file: Path) -> bytes:
    """What a file holds, with the log that a database keeps beside it."""
    log = file.with_name(f"{file.name}-wal")
    return (file.read_bytes() + (log.read_bytes() if log.exists() else b"")).lower()


def bytes_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_no_trace_is_left_in_any_store(told, tmp_path):
    store, memory, made = told
    before = everything(store)
    assert all(trace.casefold() in before for trace in TRACES if trace != "5550199")
    for name in ("chat_history", "dealhand.log", "deliveries/marcus/brief.txt", "inbox.sqlite3"):
        assert b"quintilla" in bytes_of(memory.home / name)
    stored = index.pack(memory.embedder.embed([f"{SECRET}."])[0])
    in_chroma = index.unpack([stored], memory.embedder.dimension)[0].tobytes()
    memory.close()
    assert in_chroma in bytes_under(memory.chroma.folder)
    erased = forget(store, memory, find_principal(store, "admin@northstar.example"), made["contact"])
    after = everything(store)
    assert [trace for trace in TRACES if trace in after] == []
    assert not erased.name_shared
    assert erased.log_emptied
    # The databases are still open, so their logs lie beside them.
    for _ in range(2):
        files = bytes_under(tmp_path)
        assert [trace for trace in TRACES if trace.encode() in files.lower()] == []
        assert stored not in files
        assert in_chroma not in files
        memory.close()
        store.close()


def test_a_job_that_waits_keeps_what_else_it_says(told):
    store, memory, made = told
    forget(store, memory, find_principal(store, "admin@northstar.example"), made["contact"])
    with Session(store.engine) as session:
        assert session.get(JobRow, "waiting").payload == {"text": f"{ERASED} The weather was fine."}
        assert session.get(JobRow, "done").payload == {}
    inbox = Inbox(memory.home / "inbox.sqlite3")
    assert [job.payload for job in inbox.list_waiting()] == [{"text": ERASED}]
    inbox.close()
    assert (memory.home / "deliveries" / "marcus" / "brief.txt").read_text() == f"Today\n{ERASED}\n"


def test_a_reader_who_holds_the_log_is_told_of(told, monkeypatch):
    store, memory, made = told
    if store.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one log for all")
    monkeypatch.setattr(leftovers, "_LONGEST_WAIT_S", 0.2)
    reader = sqlite3.connect(store.engine.url.database)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM contact").fetchone()
    erased = forget(store, memory, SYSTEM, made["contact"])
    assert not erased.log_emptied
    reader.close()


def test_what_others_said_stays_and_a_tombstone_tells_of_it(told):
    store, memory, made = told
    admin = find_principal(store, "admin@northstar.example")
    forget(store, memory, admin, made["contact"])
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        together = uow.find("interaction", made["together"])
        assert together.body == f"Budget is fixed. {ERASED} {made['colleague']} agrees with us."
        assert uow.find("interaction", made["alone"]).body == ERASED
        assert uow.find("interaction", made["hearsay"]).body == f"{ERASED} Try again."
        assert uow.find("contact", made["contact"]) is None
        assert uow.find("draft", made["draft"]) is None
        assert uow.find("task", made["task"]).title == ERASED
        stone = uow.session.scalars(select(AuditEntry).where(AuditEntry.record_id == made["contact"])).one()
        assert (stone.action, stone.kind, stone.actor_id, stone.before) == ("erased", "contact", admin.user_id, {})
        assert search(uow, memory, "budget is fixed").hits[0].interaction_id == made["together"]
        assert search(uow, memory, "xenolith").hits == ()
    with Session(store.engine) as session:
        assert session.get(TurnRow, "turn_1").reply == {}
        assert session.get(TurnRow, "turn_2").reply == {"text": "Here they are."}
        assert [row.turn_id for row in session.scalars(select(MessageRow))] == ["turn_2"]
    assert "show my deals" in (memory.home / "chat_history").read_text()
    assert feeding.status(store, memory).waiting == 0


def test_only_an_administrator_may_and_a_missing_contact_is_said(northstar_store, memory):
    contact = some_contact(northstar_store)
    for who in ("marcus", "dana", "sam"):
        with pytest.raises(NotPermittedError):
            forget(northstar_store, memory, find_principal(northstar_store, f"{who}@northstar.example"), contact)
    with pytest.raises(RecordNotFoundError):
        forget(northstar_store, memory, SYSTEM, "contact_nobody")
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert uow.find("contact", contact).name


def test_a_namesake_at_another_account_keeps_their_words(northstar_store, memory):
    store = northstar_store
    with store.unit_of_work(SYSTEM) as uow:
        first, second = uow.all("account")[:2]
        gone = uow.create("contact", {"name": "Zora Quimby", "account": first.id, "email": "zora@one.example"})
        uow.create("contact", {"name": "Zora Quimby", "account": second.id, "email": "zora@two.example"})
        notes = [
            uow.create(
                "interaction",
                {"type": "note", "occurred_at": uow.now, "account": each.id, "body": "Zora Quimby rang."},
            )
            for each in (first, second)
        ]
        uow.commit()
    assert forget(store, memory, SYSTEM, gone.id).name_shared
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        assert [uow.find("interaction", each.id).body for each in notes] == [ERASED, "Zora Quimby rang."]


def test_nothing_is_erased_while_another_process_holds_chroma(northstar_store, chroma_memory, monkeypatch):
    from memory.chroma import ChromaBusyError

    feeding.feed(northstar_store, chroma_memory)
    contact = some_contact(northstar_store)

    def busy():
        raise ChromaBusyError("busy")

    monkeypatch.setattr(chroma_memory.chroma, "_own", busy)
    with pytest.raises(ChromaBusyError):
        forget(northstar_store, chroma_memory, SYSTEM, contact)
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert uow.find("contact", contact).name


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Sara Brandt called. All fine.", f"{ERASED} All fine."),
        ("Sara Brandt wants 2.5% off. All fine.", f"{ERASED} All fine."),
        ("Nice. BRANDT, SARA called! All fine.", f"Nice. {ERASED} All fine."),
        ("Sarah Brandtner called.", "Sarah Brandtner called."),
        ("Ring +1 (555) 010-7788 now.\nThen lunch.", f"{ERASED}\nThen lunch."),
        ("Ring 15550107788999.", "Ring 15550107788999."),
        ("Mail sara.b@x.example today", ERASED),
        ("Sara is nice. Brandt is nice.", "Sara is nice. Brandt is nice."),
    ],
)
def test_sentences_that_mention_someone_go(text, left):
    marks = Marks("contact_1", "Sara Brandt", "sara.b@x.example", "+1 555 010 7788")
    assert without_sentences(text, marks.pattern()) == left


def test_parts_of_a_name_go_unless_they_are_someone_elses():
    near = Marks("contact_1", "Sara Brandt").pattern({"Sara Lind"})
    assert without_sentences("Sara came. Brandt left.", near) == f"Sara came. {ERASED}"
    near = Marks("contact_2", "周娜").pattern({"王强"})
    assert without_sentences("周总同意了。王强没来。", near) == f"{ERASED} 王强没来。"


def test_the_store_opens_and_works_after_forgetting(northstar_url, clock, memory, tmp_path):
    store = open_store(northstar_url, clock)
    contact = some_contact(store)
    forget(store, memory, SYSTEM, contact)
    store.close()
    shutil.copyfile(northstar_url.removeprefix("sqlite:///"), tmp_path / "copy.sqlite3")
    again = open_store(f"sqlite:///{tmp_path / 'copy.sqlite3'}", clock)
    with again.unit_of_work(SYSTEM, writes=False) as uow:
        assert len(uow.all("contact")) == 91 - 1
    again.close()
