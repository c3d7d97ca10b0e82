"""The campaign that a deal is put down to, by the rule of campaign ROI (definitions §3)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import and_, case, null

from analytics.attributes.shared import Derived
from crm_store.deals import Deal
from crm_store.nouns import FieldType, Label
from crm_store.query import Attribute, in_period, readable
from crm_store.unit_of_work import UnitOfWork
from language.dates import Period

_DEAL: Any = Deal
_ANY_DAY = date(1970, 1, 1)


def campaign_of_deals(uow: UnitOfWork) -> Iterable[Derived]:
    """The campaign named as a deal's source, else the latest of the same source that it was created in.

    None for those who may not read campaigns, and where there is no campaign.
    """
    campaigns = uow.all("campaign") if readable(uow, "campaign") else []
    latest = sorted(campaigns, key=lambda each: (str(each.start_on or ""), each.name), reverse=True)
    named = [(_DEAL.source == each.name, each.name) for each in latest]
    running = [
        (and_(_DEAL.source == each.source, _created_in(uow, each)), each.name) for each in latest if each.source
    ]
    if named:
        expression = case(*named, *running, else_=null())
        yield Derived(Attribute("campaign", FieldType.TEXT, Label("campaign", "营销活动"), expression))


def _created_in(uow: UnitOfWork, campaign: Any) -> Any:
    days = Period(campaign.start_on or _ANY_DAY, campaign.end_on or uow.today, campaign.name)
    return in_period(uow, _DEAL.created_at, days, moment=True)
