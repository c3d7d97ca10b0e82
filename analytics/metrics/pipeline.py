"""Pipeline, closed deals and averages: what is open, what was won and lost, how large, how fast."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from analytics.measure import Count, Numbers, Sum, days_between
from analytics.metric import Metric, Total, Unit, define, middle, money, ratio
from analytics.metrics.sets import LOST, OPEN, WON, qualified
from analytics.view import View
from crm_store.deals import Deal
from crm_store.nouns import Label

_DEAL: Any = Deal


def _cycle(view: View) -> Sequence[Any]:
    return (_DEAL.created_at, _DEAL.closed_at)


CYCLE = Numbers("deal", _cycle, days_between, WON, "closed_at")


def _share(totals: Sequence[Total]) -> Decimal | None:
    return ratio(Decimal(totals[0].n), Decimal(totals[0].n + totals[1].n))


def _share_by_value(totals: Sequence[Total]) -> Decimal | None:
    return ratio(totals[0].money, totals[0].money + totals[1].money)


def _average(totals: Sequence[Total]) -> Decimal | None:
    return ratio(totals[0].money, Decimal(totals[0].n - totals[0].missing))


def _velocity(totals: Sequence[Total]) -> Decimal | None:
    qualified_deals, won, lost, cycle = totals
    average, rate, days = _average([won]), _share([won, lost]), middle()([cycle])
    if average is None or rate is None or not days:
        return None
    return qualified_deals.n * average * rate / days


define(
    Metric(
        "pipeline_value",
        Label("open pipeline", "未关闭商机总额"),
        Label(
            "Σ amount of open deals (close date in the period, if one is given)",
            "未关闭商机金额之和（有期间时按预计成交日）",
        ),
        Unit.MONEY,
        "deal",
        (Sum(OPEN, "close_date"),),
        money(),
        when="close_date",
        needs=("amount",),
        words=(
            "pipeline",
            "open pipeline",
            "pipeline worth",
            "open deals value",
            "管道",
            "商机总额",
            "在谈金额",
            "未关商机总额",
        ),
    )
)
define(
    Metric(
        "weighted_pipeline",
        Label("weighted pipeline", "加权管道"),
        Label("Σ amount × stage probability ÷ 100, open deals", "Σ 金额 × 阶段概率 ÷ 100，未关闭商机"),
        Unit.MONEY,
        "deal",
        (Sum(OPEN, "close_date", weighted=True),),
        money(),
        when="close_date",
        needs=("amount",),
        words=("weighted", "weighted value", "probability-weighted pipeline", "加权金额", "加权"),
    )
)
define(
    Metric(
        "closed_won",
        Label("closed won", "赢单金额"),
        Label("Σ amount of won deals closed in the period", "期间内赢单的金额之和"),
        Unit.MONEY,
        "deal",
        (Sum(WON, "closed_at"),),
        money(),
        when="closed_at",
        needs=("amount",),
        words=(
            "won",
            "bookings",
            "booked",
            "revenue won",
            "sales",
            "won amount",
            "赢单",
            "成交额",
            "签单额",
            "业绩",
        ),
    )
)
define(
    Metric(
        "closed_lost",
        Label("closed lost", "丢单金额"),
        Label("Σ amount of lost deals closed in the period", "期间内丢单的金额之和"),
        Unit.MONEY,
        "deal",
        (Sum(LOST, "closed_at"),),
        money(),
        when="closed_at",
        needs=("amount",),
        words=("lost", "lost amount", "lost value", "丢单", "丢单额"),
    )
)
define(
    Metric(
        "win_rate",
        Label("win rate (by count)", "赢单率（按单数）"),
        Label(
            "won ÷ (won + lost), deals closed in the period, by count",
            "赢单数 ÷（赢单数 + 丢单数），期间内关单，按单数",
        ),
        Unit.PERCENT,
        "deal",
        (Count("deal", WON, "closed_at"), Count("deal", LOST, "closed_at")),
        _share,
        when="closed_at",
        counted=(0, 1),
        words=(
            "win ratio",
            "close rate",
            "win percentage",
            "win rate by count",
            "赢单率",
            "赢率",
            "胜率",
            "成交率",
        ),
    )
)
define(
    Metric(
        "win_rate_by_value",
        Label("win rate (by value)", "赢单率（按金额）"),
        Label(
            "won amount ÷ (won + lost amount), deals closed in the period",
            "赢单金额 ÷（赢单 + 丢单金额），期间内关单",
        ),
        Unit.PERCENT,
        "deal",
        (Sum(WON, "closed_at"), Sum(LOST, "closed_at")),
        _share_by_value,
        when="closed_at",
        needs=("amount",),
        counted=(0, 1),
        words=("value win rate", "win rate by amount", "按金额赢单率"),
    )
)
define(
    Metric(
        "average_deal_size",
        Label("average deal size", "平均单价"),
        Label("mean amount of won deals closed in the period", "期间内赢单的平均金额"),
        Unit.MONEY,
        "deal",
        (Sum(WON, "closed_at"),),
        _average,
        when="closed_at",
        needs=("amount",),
        words=(
            "deal size",
            "average won amount",
            "mean deal size",
            "average order",
            "平均成交额",
            "客单价",
            "平均单额",
        ),
    )
)
define(
    Metric(
        "average_open_deal",
        Label("average open deal", "未关闭商机平均金额"),
        Label("mean amount of open deals (close date in the period, if given)", "未关闭商机的平均金额"),
        Unit.MONEY,
        "deal",
        (Sum(OPEN, "close_date"),),
        _average,
        when="close_date",
        needs=("amount",),
        words=("average open deal size", "average pipeline deal", "在谈平均金额"),
    )
)
define(
    Metric(
        "sales_cycle",
        Label("sales cycle", "销售周期"),
        Label("median days from created to won, deals won in the period", "期间内赢单从创建到赢单的天数中位数"),
        Unit.DAYS,
        "deal",
        (CYCLE,),
        middle(),
        when="closed_at",
        words=("cycle", "cycle time", "length of sales cycle", "time to close", "成交周期"),
    )
)
define(
    Metric(
        "velocity",
        Label("sales velocity", "销售速度"),
        Label(
            "qualified open deals × average won amount × win rate ÷ median cycle days, trailing 12 months",
            "合格未关闭商机数 × 平均赢单金额 × 赢单率 ÷ 周期天数中位数，近12个月",
        ),
        Unit.MONEY_PER_DAY,
        "deal",
        (Count("deal", qualified), Sum(WON, "closed_at"), Count("deal", LOST, "closed_at"), CYCLE),
        _velocity,
        when="closed_at",
        needs=("amount",),
        in_base=True,
        default_period="year back",
        words=("pipeline velocity", "deal velocity", "速度"),
    )
)
