"""The campaign that a deal or lead is put down to, by the rule of campaign ROI (definitions §3)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, cast, null

from analytics.attributes.shared import Derived
from crm_store.nouns import FieldType, Label
from crm_store.query import Attribute, in_period, readable
from crm_store.unit_of_work import UnitOfWork
from language.dates import Period

_ANY_DAY = date(1970, 1, 1)


def campaign_of(uow: UnitOfWork, model: Any) -> Iterable[Derived]:
    """The campaign named as the record's source, else the latest of the same source that it was created in.

    None for those who may not read campaigns.
    """
    if not readable(uow, "campaign"):
        return
    latest = sorted(uow.all("campaign"), key=lambda each: (str(each.start_on or ""), each.name), reverse=True)
    named = [(model.source == each.name, each.id) for each in latest]
    running = [
        (and_(model.source == each.source, _created_in(uow, model, each)), each.id)
        for each in latest
        if each.source
    ]
    expression = case(*named, *running, else_=null()) if latest else cast(null(), String)
    yield Derived(Attribute("campaign", FieldType.REF, Label("campaign", "营销活动"), expression, ref="campaign"))


def _created_in(uow: UnitOfWork, model: Any, campaign: Any) -> Any:
    days = Period(campaign.start_on or _ANY_DAY, campaign.end_on or uow.today, campaign.name)
    return in_period(uow, model.created_at, days, moment=True)
