"""Definitions §1, checked against plain loops over all rows: who reads, who writes, what is hidden."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from crm_store.directory import find_principal
from crm_store.principals import SYSTEM, Role
from crm_store.record_names import names_of_many
from crm_store.schema import NOUNS
from crm_store.unit_of_work import NotPermittedError, UnknownFieldError, count

PEOPLE = {
    Role.REP: "tom@northstar.example",
    Role.MANAGER: "dana@northstar.example",
    Role.SUPPORT: "sam@northstar.example",
    Role.MARKETER: "maya@northstar.example",
    Role.ADMIN: "admin@northstar.example",
}
OTHER_TEAM = "lina@northstar.example"
ALL_KINDS = ("account", "contact", "deal", "interaction", "task", "lead", "ticket", "quota")


class World:
    """All rows, and who is in whose team, read without any filter."""

    def __init__(self, store):
        with store.unit_of_work(SYSTEM, writes=False) as uow:
            self.rows = {
                kind: {row.id: SimpleNamespace(**row.model_dump()) for row in uow.all(kind)} for kind in NOUNS
            }
        self.user = {each.email: each for each in self.rows["user"].values()}

    def colleagues(self, user):
        return {each.id for each in self.rows["user"].values() if each.team_id == user.team_id}

    def below(self, user):
        return {user.id} | {each.id for each in self.rows["user"].values() if each.manager_id == user.id}

    def ids(self, kind, keep):
        return {id_ for id_, row in self.rows[kind].items() if keep(row)}


def readable(world, email, kind):
    """The ids that the table of definitions §1 lets this person read, by loops."""
    user, role = world.user[email], world.user[email].role
    every = set(world.rows[kind])
    people = world.below(user) if role == "manager" else world.colleagues(user)
    command = world.below(user) if role == "manager" else {user.id}
    accounts = world.ids("account", lambda row: row.owner_id in people)
    regions = set(world.rows["team"][user.team_id].regions)
    leads = world.ids("lead", lambda r: r.owner_id in command or (r.owner_id is None and r.region in regions))
    if role == "admin":
        return every
    if kind == "task":
        return world.ids("task", lambda r: r.assignee_id in command or r.created_by_id in command)
    if role == "support":
        return every if kind in ("account", "contact", "deal", "interaction", "ticket") else set()
    if role == "marketer":
        return every if kind in ("account", "contact", "interaction", "lead") else set()
    rules = {
        "account": lambda r: r.id in accounts,
        "contact": lambda r: r.account_id in accounts,
        "deal": lambda r: r.owner_id in people,
        "interaction": lambda r: r.account_id in accounts or r.owner_id == user.id or r.lead_id in leads,
        "lead": lambda r: r.id in leads,
        "ticket": lambda r: r.account_id in accounts,
        "quota": lambda r: r.user_id in command,
    }
    return world.ids(kind, rules[kind])


@pytest.mark.parametrize("role", PEOPLE)
def test_rows_that_each_role_reads(store, role):
    world = World(store)
    with store.unit_of_work(find_principal(store, PEOPLE[role]), writes=False) as uow:
        for kind in ALL_KINDS:
            expected = readable(world, PEOPLE[role], kind)
            assert {each.id for each in uow.all(kind)} == expected, kind
            assert count(uow, kind) == len(expected), kind


def writable(world, email, kind, row):
    user, role = world.user[email], world.user[email].role
    command = world.below(user) if role == "manager" else {user.id}
    accounts = world.ids("account", lambda each: each.owner_id in command)
    if role == "admin":
        return True
    if role == "support":
        return (kind == "interaction" and row.ticket_id is not None) or kind == "ticket" or (
            kind == "task" and user.id in (row.assignee_id, row.created_by_id)
        )  # fmt: skip
    if role == "marketer":
        return kind == "lead"
    rules = {
        "account": lambda: row.id in accounts,
        "contact": lambda: row.account_id in accounts,
        "deal": lambda: row.owner_id in command,
        "interaction": lambda: (
            row.account_id in accounts or (row.deal_id and world.rows["deal"][row.deal_id].owner_id in command)
        ),
        "task": lambda: row.assignee_id in command or row.created_by_id in command,
        "lead": lambda: row.id in readable(world, email, "lead"),
        "ticket": lambda: False,
        "quota": lambda: False,
    }
    return bool(rules[kind]())


CHANGES = {
    "account": {"segment": "Changed"}, "contact": {"title": "Changed"}, "deal": {"next_step": "Changed"},
    "interaction": {"subject": "Changed"}, "task": {"title": "Changed"}, "lead": {"phone": "Changed"},
    "ticket": {"subject": "Changed"}, "quota": {"period": "Changed"},
}  # fmt: skip


@pytest.mark.parametrize("role", PEOPLE)
def test_rows_that_each_role_writes(store, role):
    world = World(store)
    with store.unit_of_work(find_principal(store, PEOPLE[role])) as uow:
        for kind in ALL_KINDS:
            for record in list(uow.all(kind))[::11]:
                if writable(world, PEOPLE[role], kind, record):
                    assert uow.update(kind, record, CHANGES[kind])
                else:
                    with pytest.raises(NotPermittedError):
                        uow.update(kind, record, CHANGES[kind])


@pytest.mark.parametrize("kind", ["stage", "field", "product", "team", "user", "exchange_rate", "company"])
@pytest.mark.parametrize("role", [role for role in PEOPLE if role is not Role.ADMIN])
def test_settings_are_read_by_all_and_written_by_admins(northstar_store, role, kind):
    with northstar_store.unit_of_work(SYSTEM) as uow:
        uow.create("field", {"kind": "deal", "name": "own", "label_en": "own", "type": "text"})
        uow.commit()
    with northstar_store.unit_of_work(find_principal(northstar_store, PEOPLE[role])) as uow:
        record = uow.all(kind)[0]
        name = "rate_on" if kind == "exchange_rate" else "label_en" if kind == "field" else "name"
        value = uow.today if name == "rate_on" else "Changed"
        with pytest.raises(NotPermittedError):
            uow.update(kind, record, {name: value})


@pytest.mark.parametrize("field", ["amount", "discount", "competitor", "lost_reason"])
def test_support_does_not_know_that_money_fields_exist(store, field):
    with store.unit_of_work(find_principal(store, PEOPLE[Role.SUPPORT])) as uow:
        assert field not in {spec.name for spec in uow.fields("deal")}
        with pytest.raises(UnknownFieldError) as error:
            uow.field("deal", field)
        assert f"{field};" not in error.value.message.replace(f"“{field}”", "")
        assert uow.all("deal_product") == []


def test_a_custom_field_hidden_from_a_role_is_absent_for_it(store):
    with store.unit_of_work(SYSTEM) as uow:
        uow.create("field", {"kind": "deal", "name": "margin", "label_en": "margin", "type": "amount",
                             "hidden_from": ["rep"]})  # fmt: skip
        uow.commit()
    with store.unit_of_work(find_principal(store, PEOPLE[Role.REP])) as uow:
        with pytest.raises(UnknownFieldError):
            uow.field("deal", "margin")
        deal = next(each for each in uow.all("deal") if each.owner_id == uow.principal.user_id)
        with pytest.raises(UnknownFieldError):
            uow.update("deal", deal, {"margin": 1})
    with store.unit_of_work(find_principal(store, PEOPLE[Role.MANAGER])) as uow:
        assert uow.field("deal", "margin").label.en == "margin"


@pytest.mark.parametrize("role", PEOPLE)
def test_the_filter_cannot_be_forgotten(northstar_store, role):
    """Selects, counts, sums, joins and lookups through the session give allowed rows only, unasked."""
    principal = find_principal(northstar_store, PEOPLE[role])
    for kind in NOUNS:
        _check_filter(northstar_store, principal, kind)


def _check_filter(northstar_store, principal, kind):
    noun = NOUNS[kind]
    model, table = noun.model, noun.table
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        every = list(uow.session.scalars(select(table.c.id)))
    with northstar_store.unit_of_work(principal, writes=False) as uow:
        session = uow.session
        rule = noun.read(principal, table)
        allowed = set(session.execute(select(table.c.id).where(rule)).scalars())
        assert set(session.scalars(select(model.id))) == allowed
        assert {each.id for each in session.scalars(select(model))} == allowed
        assert session.scalar(select(func.count()).select_from(model)) == len(allowed)
        assert session.scalar(select(func.count(model.id))) == len(allowed)
        assert (session.scalar(select(func.sum(model.version))) or 0) == len(allowed)
        other = NOUNS["user" if kind != "user" else "stage"].model
        joined = session.execute(select(other.id, model.id).select_from(other).join(model, other.id != model.id))
        assert {record_id for _, record_id in joined} <= allowed
        session.expunge_all()
        for record_id in every[:: max(1, len(every) // 40)]:
            assert (session.get(model, record_id) is not None) == (record_id in allowed)


@pytest.mark.parametrize("kind", ["deal", "account", "interaction", "contact"])
def test_another_teams_record_does_not_exist(store, kind):
    lina = find_principal(store, OTHER_TEAM)
    with store.unit_of_work(find_principal(store, PEOPLE[Role.REP]), writes=False) as uow:
        mine = {each.id for each in uow.all(kind)}
    with store.unit_of_work(lina, writes=False) as uow:
        assert all(uow.find(kind, record_id) is None for record_id in mine)
        assert uow.all(kind)


def test_two_of_one_role_ask_the_same_statements_and_get_their_own_rows(store):
    """The rules' parameters are the asker's, though statements are compiled once for all."""
    world = World(store)
    for email in (PEOPLE[Role.REP], OTHER_TEAM, PEOPLE[Role.REP]):
        principal = find_principal(store, email)
        expected = readable(world, email, "deal")
        with store.unit_of_work(principal, writes=False) as uow:
            names = names_of_many(uow, {"deal": set(world.rows["deal"]), "account": set(world.rows["account"])})
            assert {each.id for each in uow.all("deal")} == expected
        assert set(names) == expected | readable(world, email, "account")
