"""What customers are worth and think, and what campaigns bring."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any

from sqlalchemy import and_, null, or_, select

from analytics.attributes import attributes
from analytics.measure import Cell, Cells, Numbers, Slice, Sum, filtered
from analytics.metric import Metric, Total, Unit, define, ratio
from analytics.metrics.sets import WON
from analytics.view import View
from core.settings import load_settings
from crm_store.campaigns import Campaign
from crm_store.deals import Deal
from crm_store.nouns import Label
from crm_store.query import in_period
from language.dates import Period

_CAMPAIGN: Any = Campaign
_DEAL: Any = Deal
PROMOTER, DETRACTOR = 9, 6
_ANY_DAY = date(1970, 1, 1)


def _nps_score(view: View) -> Sequence[Any]:
    own = attributes(view.uow, "contact").get("nps")
    return (own.expression if own is not None else null(),)


def _score(value: Any) -> float | None:
    return None if value is None else float(value)


def _nps(totals: Sequence[Total]) -> Decimal | None:
    scores = totals[0].values
    promoters = sum(each >= PROMOTER for each in scores)
    detractors = sum(each <= DETRACTOR for each in scores)
    return ratio(Decimal(100 * (promoters - detractors)), Decimal(len(scores)))


def customers_won(part: Slice) -> Cells:
    """How many accounts won deals of the slice belong to."""
    by = part.by.attribute.expression if part.by is not None else null()
    where = filtered(part, "deal", WON, "closed_at")
    rows = part.view.uow.session.execute(select(by, _DEAL.account_id).select_from(Deal).where(*where).distinct())
    seen: dict[Any, set[str]] = {}
    for raw, account_id in rows:
        key = part.by.key(part.view, raw) if part.by is not None else None
        seen.setdefault(key, set()).add(account_id)
    return {key: Cell(n=len(accounts), members=accounts) for key, accounts in seen.items()}


def _order(totals: Sequence[Total]) -> Decimal | None:
    return ratio(totals[0].money, Decimal(totals[0].n - totals[0].missing))


def _orders_a_year(totals: Sequence[Total]) -> Decimal | None:
    if not totals[1].n or not totals[2].values:
        return None
    return Decimal(totals[0].n) / Decimal(totals[1].n) / Decimal(str(totals[2].values[0]))


def assumptions(part: Slice) -> Cells:
    """Years of the period, margin (a share of 1) and years of a customer, for every group alike."""
    days = part.period.days if part.period is not None else 365
    settings = load_settings()
    values = [days / 365.0, settings.ltv_margin_percent / 100, settings.ltv_years]
    return {key: Cell(values=values) for key in list(customers_won(part)) or [None]}


def _margin(totals: Sequence[Total]) -> Decimal | None:
    return Decimal(str(totals[2].values[1])) if totals[2].values else None


def _years(totals: Sequence[Total]) -> Decimal | None:
    return Decimal(str(totals[2].values[2])) if totals[2].values else None


def _ltv(totals: Sequence[Total]) -> Decimal | None:
    factors = [_order(totals), _orders_a_year(totals), _margin(totals), _years(totals)]
    known = [each for each in factors if each is not None]
    return prod(known, start=Decimal(1)) if len(known) == len(factors) else None


def campaign_cost(part: Slice) -> Cells:
    """The costs of campaigns, by campaign where grouped."""
    rows = part.view.uow.session.scalars(select(Campaign).where(*filtered(part, "campaign", None, "start_on")))
    cells: Cells = {}
    for row in rows:
        sums = {row.currency: row.amount} if row.amount is not None else {}
        cells.setdefault(_key(part, row), Cell()).add(Cell(n=1, missing=int(row.amount is None), sums=sums))
    return cells


def campaign_won(part: Slice) -> Cells:
    """Amounts of the won deals that are put down to campaigns, by campaign where grouped.

    A deal counts for a campaign whose name is its source, or whose source it has while it was created on a day of
    the campaign; of several, for the one that began last.
    """
    view = part.view
    chosen = view.uow.session.scalars(select(Campaign).where(*filtered(part, "campaign", None, "start_on"))).all()
    cells: Cells = {}
    taken: set[str] = set()
    for row in sorted(chosen, key=lambda each: (str(each.start_on or ""), each.name), reverse=True):
        days = Period(row.start_on or _ANY_DAY, row.end_on or view.today, row.name)
        in_days = and_(_DEAL.source == row.source, in_period(view.uow, _DEAL.created_at, days, moment=True))
        statement = select(_DEAL.id, _DEAL.amount, _DEAL.currency).where(
            *WON(view), or_(_DEAL.source == row.name, in_days) if row.source else _DEAL.source == row.name
        )
        for deal_id, amount, currency in view.uow.session.execute(statement):
            if deal_id not in taken and amount is not None:
                taken.add(deal_id)
                cells.setdefault(_key(part, row), Cell()).add(Cell(n=1, sums={currency: amount}))
    return cells


def _key(part: Slice, row: Campaign) -> Any:
    if part.by is None:
        return None
    return part.by.key(part.view, getattr(row, part.by.attribute.name, None))


def _roi(totals: Sequence[Total]) -> Decimal | None:
    return ratio(totals[1].money - totals[0].money, totals[0].money)


define(
    Metric(
        "nps",
        Label("NPS", "净推荐值"),
        Label(
            "% scoring 9–10 − % scoring 0–6, of the contacts with a score (the own field nps)",
            "打9–10分的百分比 − 打0–6分的百分比，限有评分的联系人（自定义字段nps）",
        ),
        Unit.SCORE,
        "contact",
        (Numbers("contact", _nps_score, _score),),
        _nps,
        needs=("nps",),
        words=("net promoter score", "promoter score", "净推荐", "推荐值"),
    )
)
define(
    Metric(
        "campaign_roi",
        Label("campaign ROI", "活动投资回报率"),
        Label(
            "(attributed won − cost) ÷ cost; a won deal is put down to the campaign named as its source, else to "
            "the latest one of the same source that it was created in",
            "（归因赢单金额 − 费用）÷ 费用；赢单归因于其来源所写的活动，否则归因于创建当日正在进行的同来源活动",
        ),
        Unit.PERCENT,
        "campaign",
        (campaign_cost, campaign_won),
        _roi,
        when="start_on",
        needs=("cost",),
        in_base=True,
        default_by="name",
        dimensions=("name", "source"),
        reads=("deal", "quota"),
        words=(
            "ROI",
            "return on campaigns",
            "marketing ROI",
            "campaign return",
            "活动ROI",
            "营销回报",
            "投资回报率",
        ),
    )
)
define(
    Metric(
        "ltv",
        Label("customer lifetime value", "客户终身价值"),
        Label(
            "average order × orders per customer and year × margin × years (margin and years are settings)",
            "平均单额 × 每客户每年订单数 × 毛利率 × 年数（毛利率和年数为设置项）",
        ),
        Unit.MONEY,
        "deal",
        (Sum(WON, "closed_at"), customers_won, assumptions),
        _ltv,
        when="closed_at",
        needs=("amount",),
        in_base=True,
        default_period="year back",
        extra={"average_order": _order, "orders_a_year": _orders_a_year, "margin": _margin, "years": _years},
        extra_units={"orders_a_year": Unit.SCORE, "margin": Unit.PERCENT, "years": Unit.COUNT},
        words=("lifetime value", "LTV", "CLV", "customer value", "终身价值", "生命周期价值"),
    )
)
