"""A person's lexicon follows every change, whoever made it, and holds exactly the records that they may see."""

import pytest

from crm_store.directory import find_principal
from crm_store.journal import AuditEntry
from crm_store.journal_marks import entries_after, is_at_end, mark_journal
from crm_store.names import NAME_FIELDS, NameIndex, read_entries
from crm_store.principals import SYSTEM
from crm_store.undo import undo
from crm_store.unit_of_work import Cause

PEOPLE = (
    "marcus@northstar.example",
    "lina@northstar.example",
    "dana@northstar.example",
    "sam@northstar.example",
    "maya@northstar.example",
)


def named(uow, kind, name):
    """The record of that name."""
    return next(each for each in uow.all(kind) if uow.name_of(kind, each) == name)


def give_away_an_account(uow):
    account = named(uow, "account", "Acme Robotics")
    other = next(each for each in uow.all("user") if each.email == "lina@northstar.example")
    uow.update("account", account, {"owner": other.id})


def rename_an_account(uow):
    uow.update("account", named(uow, "account", "Acme Robotics"), {"name": "Apex Robotics", "aliases": ["Apex"]})


def assign_tasks(uow):
    marcus, lina = (
        next(each.id for each in uow.all("user") if each.email == email)
        for email in ("marcus@northstar.example", "lina@northstar.example")
    )
    uow.create("task", {"title": "Send the list to Karl", "assignee": marcus, "created_by": marcus})
    uow.create("task", {"title": "给周娜发清单", "assignee": lina, "created_by": lina})


def move_a_contact(uow):
    contact = named(uow, "contact", "Karl Haddad")
    elsewhere = next(each for each in uow.all("account") if each.id != contact.account_id)
    uow.update("contact", contact, {"account": elsewhere.id})


def move_unassigned_leads(uow):
    for lead in [each for each in uow.all("lead") if each.owner_id is None]:
        uow.update("lead", lead, {"region": "华东"})


def close_stages(uow):
    for stage in [each for each in uow.all("stage") if each.status == "open"]:
        uow.update("stage", stage, {"name": f"{stage.name} (old)", "aliases": []})


def delete_tasks(uow):
    for task in list(uow.all("task"))[::2]:
        uow.delete("task", task)


def change_a_subject(uow):
    for ticket in uow.all("ticket"):
        uow.update("ticket", ticket, {"subject": f"{ticket.subject} again", "status": "solved"})


def change_everything(uow):
    for contact in uow.all("contact"):
        uow.update("contact", contact, {"title": "Director"})
    for task in uow.all("task"):
        uow.update("task", task, {"title": f"{task.title} now"})


CHANGES = (
    give_away_an_account,
    rename_an_account,
    assign_tasks,
    move_a_contact,
    move_unassigned_leads,
    close_stages,
    delete_tasks,
    change_a_subject,
    change_everything,
)


def write(store, change):
    with store.unit_of_work(SYSTEM, Cause("test")) as uow:
        change(uow)
        uow.commit()
        return uow.effect_id


def entries(lexicon):
    return {each.id: each for kind in NAME_FIELDS for each in lexicon.of_kind(kind)}


def check(store, names):
    """Each person's lexicon holds what the store would give them now."""
    for email in PEOPLE:
        with store.unit_of_work(find_principal(store, email), writes=False) as uow:
            assert entries(names.lexicon(uow)) == {each.id: each for each in read_entries(uow)}, email


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_and_taking_it_back_are_seen_at_once_by_those_who_may(store, change):
    names = NameIndex()
    check(store, names)
    effect = write(store, change)
    check(store, names)
    write(store, lambda uow: undo(uow, effect))
    check(store, names)


def test_many_changes_one_after_the_other(store):
    names = NameIndex()
    check(store, names)
    for change in CHANGES:
        write(store, change)
    check(store, names)


def test_what_was_not_committed_is_not_remembered(store):
    names = NameIndex()
    check(store, names)
    with store.unit_of_work(find_principal(store, PEOPLE[0])) as uow:
        uow.create("task", {"title": "Never kept", "assignee": uow.principal.user_id})
        assert "Never kept" in {each.name for each in names.lexicon(uow).of_kind("task")}
    check(store, names)
    write(store, move_a_contact)
    check(store, names)


def test_a_change_that_names_nothing_keeps_the_lexicon(store):
    names, marcus = NameIndex(), find_principal(store, PEOPLE[0])
    with store.unit_of_work(marcus, writes=False) as uow:
        before = names.lexicon(uow)
    write(store, lambda uow: uow.update("deal", uow.all("deal")[0], {"next_step": "call them"}))
    with store.unit_of_work(marcus, writes=False) as uow:
        assert names.lexicon(uow) is before


def test_an_entry_that_another_process_commits_late_is_found(store):
    def entry(seq):
        return AuditEntry(
            seq=seq, effect_id="eff_1", at=store.clock.now(), action="updated", kind="task", record_id=f"task_{seq}",
            after={"title": "x"}, version=2,
        )  # fmt: skip

    with store.unit_of_work(SYSTEM) as uow:
        last = mark_journal(uow).last
        uow.session.add(entry(last + 2))
        uow.session.flush()
        mark = mark_journal(uow)
        assert is_at_end(uow, mark)
        uow.session.add(entry(last + 1))
        uow.session.flush()
        assert not is_at_end(uow, mark)
        assert [each.record_id for each in entries_after(uow, mark, {"task"})] == [f"task_{last + 1}"]
