"""Hygiene rules H11 to H14, over lost deals, leads, likely duplicates and interactions without deal."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from analytics.hygiene.rule import Finding, rule, threshold, wording
from analytics.view import View
from analytics.wording import as_language, load_table, moment_text
from core.clock import local_date
from core.parts import RecordRef
from crm_store.accounts import Account
from crm_store.contacts import Contact
from crm_store.deals import Deal
from crm_store.interactions import Interaction
from crm_store.leads import Lead
from crm_store.nouns import Noun
from crm_store.query import names_of, readable
from crm_store.schema import NOUNS
from crm_store.stages import Stage

_ACCOUNT: Any = Account
_CONTACT: Any = Contact
_DEAL: Any = Deal
_INTERACTION: Any = Interaction
_LEAD: Any = Lead
_STAGE: Any = Stage
OPEN_LEADS = ("new", "working", "qualified")


@rule("H11", "lost deal")
def lost_without_reason(view: View, where: Any) -> Iterable[Finding]:
    """Lost deals without a lost reason."""
    if "lost_reason" not in {spec.name for spec in view.uow.fields("deal")}:
        return
    lost = select(_STAGE.id).where(_STAGE.status == "lost")
    for deal in view.uow.all("deal", *where, _DEAL.stage_id.in_(lost), func.coalesce(_DEAL.lost_reason, "") == ""):
        yield Finding("H11", _ref("deal", deal), wording(view.language, "H11", "evidence"))


@rule("H12", "lead")
def lead_waiting(view: View, where: Any) -> Iterable[Finding]:
    """Open leads without owner for 24 hours, or untouched for 7 days."""
    touched = select(func.max(_INTERACTION.occurred_at)).where(_INTERACTION.lead_id == _LEAD.id).scalar_subquery()
    statement = select(Lead, touched).where(*where, _LEAD.status.in_(OPEN_LEADS)).order_by(_LEAD.created_at)
    for lead, last in view.uow.session.execute(statement):
        hours = int((view.uow.now - lead.created_at).total_seconds() // 3600)
        if lead.owner_id is None and hours >= threshold(view, "owner_hours"):
            key, number = ("evidence", hours) if hours < 48 else ("for_days", hours // 24)
            evidence = wording(view.language, "H12", key, n=number)
            yield Finding("H12", _ref("lead", lead), evidence, says="say_unowned")
            continue
        since = last or lead.created_at
        days = (view.today - local_date(since, view.timezone)).days
        if days >= threshold(view, "untouched_days"):
            day = moment_text(view.language, since, view.timezone)
            yield Finding("H12", _ref("lead", lead), wording(view.language, "H12", "untouched", n=days, day=day))


@rule("H13", "duplicate")
def likely_duplicate(view: View, where: Any) -> Iterable[Finding]:
    """Accounts with the same name or domain; contacts and leads with the same e-mail address."""
    for kind, column, what in (
        ("account", _ACCOUNT.name, "what_name"),
        ("account", _ACCOUNT.domain, "what_domain"),
        ("contact", _CONTACT.email, "what_email"),
        ("lead", _LEAD.email, "what_email"),
    ):
        if readable(view.uow, kind):
            yield from _same(view, kind, column, what)


@rule("H14", "interaction")
def interaction_without_deal(view: View, where: Any) -> Iterable[Finding]:
    """Interactions without deal whose account has exactly one open deal."""
    if not readable(view.uow, "deal"):
        return
    open_stages = select(_STAGE.id).where(_STAGE.status == "open")
    single = (
        select(_DEAL.account_id, func.max(_DEAL.id))
        .where(_DEAL.stage_id.in_(open_stages), *where)
        .group_by(_DEAL.account_id)
        .having(func.count(_DEAL.id) == 1)
    )
    only = {account_id: deal_id for account_id, deal_id in view.uow.session.execute(single)}
    loose = view.uow.all("interaction", _INTERACTION.deal_id.is_(None), _INTERACTION.account_id.in_(sorted(only)))
    accounts = names_of(view.uow, "account", only)
    deals = names_of(view.uow, "deal", only.values())
    for each in loose:
        deal_id = only[each.account_id]
        account, deal = accounts.get(each.account_id, ""), deals.get(deal_id, "")
        evidence = wording(view.language, "H14", "evidence", account=account, deal=deal)
        yield Finding("H14", _ref("interaction", each), evidence, (RecordRef(kind="deal", id=deal_id, name=deal),))


def _same(view: View, kind: str, column: Any, what: str) -> Iterable[Finding]:
    noun = NOUNS[kind]
    key = func.lower(func.trim(column))
    twice = select(key).where(func.coalesce(column, "") != "").group_by(key).having(func.count() > 1)
    keys = [value for value in view.uow.session.scalars(twice) if value]
    groups: dict[str, list[Any]] = {}
    for record in view.uow.all(kind, key.in_(keys)) if keys else ():
        groups.setdefault(str(getattr(record, column.key)).strip().lower(), []).append(record)
    label = load_table("hygiene")[what][as_language(view.language)]
    for first, *others in groups.values():
        for other in others:
            evidence = wording(view.language, "H13", "evidence", what=label, other=_name(noun, first))
            yield Finding("H13", _ref(kind, other), evidence, (_ref(kind, first),))


def _ref(kind: str, record: Any) -> RecordRef:
    return RecordRef(kind=kind, id=record.id, name=_name(NOUNS[kind], record))


def _name(noun: Noun, record: Any) -> str:
    return str(getattr(record, noun.field(noun.name_field).column) or record.id)
