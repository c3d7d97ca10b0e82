"""Everything can be taken back: any run of changes, newest first, leaves the store as it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_support import deal_named

from core.errors import MissingDetailError, PersonFixableError
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from crm_store.references import ReferencedError
from crm_store.transfer import import_folder, snapshot_rows
from crm_store.undo import NothingToUndoError, UndoRefusedError, find_last_effect, undo
from crm_store.unit_of_work import Cause

ADMIN = "admin@northstar.example"
KINDS = ("account", "contact", "deal", "interaction", "task", "lead", "ticket", "tag", "draft")
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
operation = st.tuples(
    st.sampled_from(("create", "update", "delete")), st.sampled_from(KINDS), st.integers(0, 10**6), words
)


def new_values(uow, kind, pick, word):
    """Values of a new record of the kind, with references to records that exist."""
    account, contact, deal, user = (
        (found := uow.all(each))[pick % len(found)] for each in ("account", "contact", "deal", "user")
    )
    return {
        "account": {"name": word, "owner": user.id, "aliases": [word], "own": word},
        "contact": {"name": word, "account": account.id},
        "deal": {"name": word, "account": account.id, "owner": user.id, "amount": Decimal(pick) / 100},
        "interaction": {"type": "call", "occurred_at": uow.now, "account": account.id, "body": word,
                        "contacts": (contact.id,), "deal": deal.id},
        "task": {"title": word, "assignee": user.id, "deal": deal.id, "due": date(2026, 4, 1)},
        "lead": {"name": word, "region": "West"},
        "ticket": {"subject": word, "account": account.id},
        "tag": {"name": word, "record_kind": "deal", "record_id": deal.id, "owner": user.id},
        "draft": {"subject": word, "body": word, "owner": user.id, "to": (contact.id,), "account": account.id},
    }[kind]  # fmt: skip


def changed_values(uow, kind, pick, word):
    """A change of a record of the kind."""
    stages = [stage for stage in uow.all("stage")]
    return {
        "account": {"industry": word, "own": word},
        "contact": {"title": word, "opted_out": bool(pick % 2)},
        "deal": {"stage": stages[pick % len(stages)].id, "lost_reason": "price", "amount": Decimal(pick)},
        "interaction": {"body": word, "contacts": tuple(c.id for c in uow.all("contact")[pick % 80 :][:2])},
        "task": {"status": ("open", "done")[pick % 2], "title": word},
        "lead": {"status": "working", "phone": word},
        "ticket": {"status": ("open", "resolved")[pick % 2], "description": word},
        "tag": {"name": word},
        "draft": {"body": word, "status": "sent"},
    }[kind]


def run(store, principal, step):
    """Does one step in a unit of work of its own; gives its effect, or None when it was refused."""
    what, kind, pick, word = step
    with store.unit_of_work(principal) as uow:
        records = uow.all(kind)
        try:
            if what == "create":
                uow.create(kind, new_values(uow, kind, pick, word))
            elif records and what == "update":
                uow.update(kind, records[pick % len(records)], changed_values(uow, kind, pick, word))
            elif records:
                uow.delete(kind, records[pick % len(records)])
        except (PersonFixableError, MissingDetailError):
            return None
        uow.commit()
        return uow.effect_id if uow.changes else None


def undo_and_commit(store, principal, handle):
    with store.unit_of_work(principal) as uow:
        undo(uow, handle)
        uow.commit()


@settings(max_examples=12)
@given(steps=st.lists(operation, min_size=1, max_size=8))
def test_undoing_everything_in_reverse_restores_the_store(northstar_store, northstar_url, clock, steps):
    with northstar_store.unit_of_work(SYSTEM) as uow:
        if not uow.all("field"):
            uow.create("field", {"kind": "account", "name": "own", "label_en": "own", "type": "text"})
            uow.commit()
    admin = find_principal(northstar_store, ADMIN)
    before = snapshot_rows(northstar_url)
    effects = []
    for step in steps:
        clock.advance(timedelta(minutes=1))
        effect = run(northstar_store, admin, step)
        effects += [effect] if effect else []
    for effect in reversed(effects):
        undo_and_commit(northstar_store, admin, effect)
    after = snapshot_rows(northstar_url)
    assert {kind: after[kind] for kind in after} == {kind: before[kind] for kind in before}


def test_a_change_is_taken_back_and_brought_back(store, store_url):
    priya = find_principal(store, "priya@northstar.example")
    with store.unit_of_work(priya, Cause(turn_id="turn_1", conversation_id="c1")) as uow:
        deal = deal_named(uow, "Kestrel renewal")
        uow.update("deal", deal, {"amount": Decimal(1), "next_step": "x"})
        uow.create("task", {"title": "t", "assignee": priya.user_id})
        uow.commit()
    changed = snapshot_rows(store_url)
    with store.unit_of_work(priya) as uow:
        assert find_last_effect(uow, "c1") is not None
        undo(uow, "turn_1")
        uow.commit()
        second = uow.effect_id
    assert snapshot_rows(store_url) != changed
    with store.unit_of_work(priya) as uow:
        assert find_last_effect(uow, "c1") is None
    undo_and_commit(store, priya, second)
    rows = snapshot_rows(store_url)
    assert rows["deal"] == changed["deal"]
    assert len(rows["task"]) == len(changed["task"])


def test_undo_is_refused_after_someone_elses_change(store, store_url):
    priya, dana = (find_principal(store, f"{name}@northstar.example") for name in ("priya", "dana"))
    with store.unit_of_work(priya) as uow:
        uow.update("deal", deal_named(uow, "Kestrel renewal"), {"amount": Decimal(1)})
        uow.commit()
        handle = uow.effect_id
    with store.unit_of_work(dana) as uow:
        uow.update("deal", deal_named(uow, "Kestrel renewal"), {"next_step": "call the CFO"})
        uow.commit()
    before = snapshot_rows(store_url)
    with store.unit_of_work(priya) as uow, pytest.raises(UndoRefusedError) as error:
        undo(uow, handle)
    assert "Dana Whitfield" in error.value.message
    assert snapshot_rows(store_url) == before


def test_nobody_undoes_a_colleagues_change(store):
    priya, tom = (find_principal(store, f"{name}@northstar.example") for name in ("priya", "tom"))
    with store.unit_of_work(priya) as uow:
        uow.update("deal", deal_named(uow, "Kestrel renewal"), {"amount": Decimal(1)})
        uow.commit()
        handle = uow.effect_id
    with store.unit_of_work(tom) as uow, pytest.raises(NothingToUndoError):
        undo(uow, handle)


def test_a_change_is_undone_once(store):
    priya = find_principal(store, "priya@northstar.example")
    with store.unit_of_work(priya) as uow:
        uow.update("deal", deal_named(uow, "Kestrel renewal"), {"amount": Decimal(1)})
        uow.commit()
        handle = uow.effect_id
    undo_and_commit(store, priya, handle)
    with pytest.raises(NothingToUndoError):
        undo_and_commit(store, priya, handle)


def test_a_deleted_deal_comes_back_with_its_parts(store, store_url):
    admin = find_principal(store, ADMIN)
    before = snapshot_rows(store_url)
    with store.unit_of_work(admin) as uow:
        uow.delete("deal", deal_named(uow, "Kestrel renewal"))
        uow.commit()
        handle = uow.effect_id
    gone = snapshot_rows(store_url)
    assert len(gone["deal"]) == len(before["deal"]) - 1
    assert len(gone["stage_change"]) < len(before["stage_change"])
    undo_and_commit(store, admin, handle)
    assert snapshot_rows(store_url) == before


def test_an_account_with_contacts_is_not_deleted(store, store_url):
    before = snapshot_rows(store_url)
    with store.unit_of_work(find_principal(store, ADMIN)) as uow, pytest.raises(ReferencedError):
        uow.delete("account", uow.all("account")[0])
    assert snapshot_rows(store_url) == before


def test_an_import_is_taken_back_as_one(store, store_url, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "accounts.csv").write_text("name,aliases\nNew One,NO\nNew Two,\n", encoding="utf-8")
    (tmp_path / "files" / "contacts.csv").write_text("name,account\nAnn,New One\nBob,New Two\n", encoding="utf-8")
    before = snapshot_rows(store_url)
    admin = find_principal(store, ADMIN)
    report = import_folder(store, admin, tmp_path / "files")
    assert report.created == 4
    undo_and_commit(store, admin, report.effect_id)
    assert snapshot_rows(store_url) == before
