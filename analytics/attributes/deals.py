"""Derived attributes of deals: status, ages, silence, the account's fields, products, contacts, mentions."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from analytics.attributes.campaigns import campaign_of
from analytics.attributes.shared import (
    Derived,
    account_attributes,
    activity_attributes,
    age,
    among,
    flag,
    latest_interaction,
    parent_value,
    team_attribute,
    texts_contain,
)
from crm_store.deals import Deal, StageChange
from crm_store.interactions import Interaction, InteractionContact, two_way
from crm_store.leads import Lead
from crm_store.nouns import FieldType, Label
from crm_store.products import DealProduct
from crm_store.query import Attribute
from crm_store.stages import Stage
from crm_store.tasks import Task
from crm_store.unit_of_work import UnitOfWork

_DEAL: Any = Deal
_CHANGE: Any = StageChange
_INTERACTION: Any = Interaction
_LINE: Any = DealProduct
_LINK: Any = InteractionContact
_TASK: Any = Task
_STAGE: Any = Stage
TEXT_COLUMNS = ("subject", "summary", "body")


def derived(uow: UnitOfWork) -> Iterable[Derived]:
    """The derived attributes of deals, dates as of the asker's today."""
    status = parent_value(Stage, "status", _DEAL.stage_id)
    yield Derived(
        Attribute("status", FieldType.CHOICE, Label("status", "状态"), status, choices=("open", "won", "lost"))
    )
    yield Derived(flag("overdue", Label("close date passed", "已过成交日"), _overdue(uow)))
    yield Derived(age("age_days", Label("age in days", "创建天数"), _DEAL.created_at))
    entered = select(func.max(_CHANGE.changed_at)).where(_CHANGE.deal_id == _DEAL.id).scalar_subquery()
    yield Derived(age("days_in_stage", Label("days in stage", "阶段停留天数"), entered))
    here = _INTERACTION.deal_id == _DEAL.id
    heard = latest_interaction(here, two_way(), _INTERACTION.occurred_at <= uow.now)
    yield from activity_attributes(latest_interaction(here), _DEAL.created_at, heard)
    yield from account_attributes(_DEAL.account_id)
    yield team_attribute(_DEAL.owner_id)
    region = select(func.max(Lead.region)).where(Lead.deal_id == _DEAL.id).scalar_subquery()
    yield Derived(Attribute("region", FieldType.TEXT, Label("region", "区域"), region))
    probability = parent_value(Stage, "probability", _DEAL.stage_id)
    yield Derived(Attribute("probability", FieldType.INTEGER, Label("probability", "概率"), probability))
    yield from campaign_of(uow, _DEAL)
    yield from _related()


def _related() -> Iterable[Derived]:
    largest = (
        select(_LINE.product_id)
        .where(_LINE.deal_id == _DEAL.id)
        .order_by((_LINE.quantity * _LINE.unit_price).desc(), _LINE.id)
        .limit(1)
        .scalar_subquery()
    )
    # Filters take any product of a deal; broken down, a deal counts once, under its largest line.
    product = Attribute(
        "product", FieldType.REF, Label("product", "产品"), largest, "product", own_clause=_PRODUCTS
    )
    yield Derived(product, needs=("amount",))
    yield Derived(
        Attribute("contact", FieldType.REF, Label("contact", "联系人"), ref="contact", own_clause=_CONTACTS)
    )
    yield Derived(Attribute("mentions", FieldType.TEXT, Label("mentions", "提到"), own_clause=_MENTIONS))
    yield Derived(Attribute("open_tasks", FieldType.REF, Label("open tasks", "未完成任务"), own_clause=_TASKS))


def _overdue(uow: UnitOfWork) -> ColumnElement[bool]:
    open_stages = select(_STAGE.id).where(_STAGE.status == "open")
    return and_(_DEAL.close_date < uow.today, _DEAL.stage_id.in_(open_stages))


def deals_naming(uow: UnitOfWork, words: Sequence[str]) -> set[str]:
    """Ids of deals in whose visible interactions one of the words stands as a word of its own."""
    columns = [getattr(_INTERACTION, name) for name in TEXT_COLUMNS]
    rows = uow.session.execute(
        select(_INTERACTION.deal_id, *columns).where(
            _INTERACTION.deal_id.is_not(None), texts_contain(columns, words)
        )
    )
    pattern = re.compile("|".join(_whole_word(word) for word in words), re.IGNORECASE)
    return {row[0] for row in rows if pattern.search("\n".join(filter(None, row[1:])))}


def _whole_word(word: str) -> str:
    escaped = re.escape(word.strip())
    start = r"(?<![A-Za-z0-9])" if word[:1].isascii() and word[:1].isalnum() else ""
    end = r"(?![A-Za-z0-9])" if word[-1:].isascii() and word[-1:].isalnum() else ""
    return f"{start}{escaped}{end}"


def _mentioning(uow: UnitOfWork, words: Sequence[Any]) -> ColumnElement[bool]:
    texts = [str(word) for word in words]
    named = _DEAL.id.in_(sorted(deals_naming(uow, texts)))
    visible = {spec.name for spec in uow.fields("deal")}
    return or_(named, texts_contain([_DEAL.competitor], texts)) if "competitor" in visible else named


def _talked_about(uow: UnitOfWork) -> ColumnElement[bool]:
    return _DEAL.id.in_(select(_INTERACTION.deal_id))  # type: ignore[no-any-return]


def _with_contacts(uow: UnitOfWork, ids: Sequence[Any]) -> ColumnElement[bool]:
    met = (
        select(_INTERACTION.deal_id)
        .join(_LINK, _LINK.interaction_id == _INTERACTION.id)
        .where(_LINK.contact_id.in_(list(ids)), _INTERACTION.deal_id.is_not(None))
    )
    return or_(_DEAL.primary_contact_id.in_(list(ids)), _DEAL.id.in_(met))


def _with_any_contact(uow: UnitOfWork) -> ColumnElement[bool]:
    met = (
        select(_INTERACTION.deal_id)
        .join(_LINK, _LINK.interaction_id == _INTERACTION.id)
        .where(_INTERACTION.deal_id.is_not(None))
    )
    return or_(_DEAL.primary_contact_id.is_not(None), _DEAL.id.in_(met))


def _of_products(uow: UnitOfWork, ids: Sequence[Any]) -> ColumnElement[bool]:
    return _DEAL.id.in_(select(_LINE.deal_id).where(_LINE.product_id.in_(list(ids))))  # type: ignore[no-any-return]


def _of_any_product(uow: UnitOfWork) -> ColumnElement[bool]:
    return _DEAL.id.in_(select(_LINE.deal_id))  # type: ignore[no-any-return]


def _of_tasks(uow: UnitOfWork, ids: Sequence[Any]) -> ColumnElement[bool]:
    return _DEAL.id.in_(select(_TASK.deal_id).where(_TASK.id.in_(list(ids))))  # type: ignore[no-any-return]


def _with_open_task(uow: UnitOfWork) -> ColumnElement[bool]:
    waiting = select(_TASK.deal_id).where(_TASK.status == "open", _TASK.deal_id.is_not(None))
    return _DEAL.id.in_(waiting)  # type: ignore[no-any-return]


_MENTIONS = among(_mentioning, _talked_about)
_CONTACTS = among(_with_contacts, _with_any_contact)
_PRODUCTS = among(_of_products, _of_any_product)
_TASKS = among(_of_tasks, _with_open_task)
