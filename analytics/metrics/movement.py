"""How deals move: conversion and time by stage, slipped and pushed close dates."""

from collections.abc import Sequence
from decimal import Decimal

from analytics.metric import Metric, Total, Unit, define, middle, number, ratio, upper_quartile
from analytics.movements import due_at_opening, durations, entered, push_count, reached_later, slipped
from crm_store.nouns import Label


def _conversion(totals: Sequence[Total]) -> Decimal | None:
    return ratio(Decimal(totals[1].n), Decimal(totals[0].n))


def _slippage(totals: Sequence[Total]) -> Decimal | None:
    return ratio(totals[1].money, totals[0].money)


define(
    Metric(
        "stage_conversion",
        Label("stage conversion", "阶段转化率"),
        Label(
            "deals that ever reached a later stage ÷ deals that entered the stage, from history",
            "曾到达后续阶段的商机 ÷ 进入该阶段的商机，按历史",
        ),
        Unit.PERCENT,
        "deal",
        (entered, reached_later),
        _conversion,
        when="created_at",
        default_by="stage",
        dimensions=("stage",),
        shape="funnel",
        words=("conversion", "conversion rate", "stage conversion rate", "funnel", "转化率", "漏斗"),
    )
)
define(
    Metric(
        "stage_duration",
        Label("days in stage (median)", "阶段停留天数（中位数）"),
        Label(
            "median and 75th percentile of days in the stage, current stays included",
            "阶段停留天数的中位数与75分位，含当前停留",
        ),
        Unit.DAYS,
        "deal",
        (durations,),
        middle(),
        when="created_at",
        default_by="stage",
        dimensions=("stage",),
        extra={"p75": upper_quartile()},
        words=("time in stage", "days in stage", "stage time", "how long in stage", "阶段时长", "阶段停留"),
    )
)
define(
    Metric(
        "slippage",
        Label("slippage", "滑单率"),
        Label(
            "amount whose close date moved past the period, unclosed ÷ amount due in it, by its opening snapshot",
            "成交日推到期间之后且未关单的金额 ÷ 期初快照中应在期间内成交的金额",
        ),
        Unit.PERCENT,
        "deal",
        (due_at_opening, slipped),
        _slippage,
        when="close_date",
        needs=("amount",),
        in_base=True,
        default_period="quarter",
        dimensions=("owner", "team", "segment", "industry"),
        words=("slipped", "slip rate", "slippage rate", "滑单", "延期率"),
    )
)
define(
    Metric(
        "push_count",
        Label("close dates pushed", "成交日推迟次数"),
        Label("times a close date was moved later (in the period, if given)", "成交日被推迟的次数"),
        Unit.COUNT,
        "deal",
        (push_count,),
        number(),
        when="close_date",
        dimensions=("owner", "team", "stage", "name", "segment"),
        words=("pushes", "pushed", "times pushed", "推迟次数"),
    )
)
