"""Forecasts and quotas: what a period will bring, measured against what it is to bring."""

from collections.abc import Sequence
from decimal import Decimal

from analytics.measure import Sum
from analytics.metric import Metric, Total, Unit, added, define, money, ratio
from analytics.metrics.sets import OPEN, WON, open_in
from analytics.quota import quota
from crm_store.nouns import Label

_WON = Sum(WON, "closed_at")
_COMMIT = Sum(open_in("commit"), "close_date")
_BEST_CASE = Sum(open_in("best_case"), "close_date")
_WEIGHTED = Sum(OPEN, "close_date", weighted=True)
_PIPELINE = Sum(OPEN, "close_date")
_PEOPLE = ("owner", "team")


def _has_quota(total: Total) -> bool:
    return total.n > 0


def _attainment(totals: Sequence[Total]) -> Decimal | None:
    return ratio(totals[0].money, totals[1].money)


def _gap(totals: Sequence[Total]) -> Decimal | None:
    return totals[1].money - totals[0].money if _has_quota(totals[1]) else None


def _to_go(totals: Sequence[Total]) -> Decimal | None:
    gap = _gap(totals)
    return None if gap is None else gap - totals[2].money


def _coverage(totals: Sequence[Total]) -> Decimal | None:
    pipeline, won, target = totals
    if not _has_quota(target) or target.money <= won.money:
        return None
    return ratio(pipeline.money, target.money - won.money)


def _quota(totals: Sequence[Total]) -> Decimal | None:
    return totals[0].money if _has_quota(totals[0]) else None


define(
    Metric(
        "commit_forecast",
        Label("commit forecast", "承诺预测"),
        Label("closed won + open commit", "已赢单 + 未关闭的承诺商机"),
        Unit.MONEY,
        "deal",
        (_WON, _COMMIT),
        added(0, 1),
        when="close_date",
        needs=("amount",),
        own_only=True,
        default_period="quarter",
        counted=(0, 1),
        words=("commit", "forecast", "committed", "commit number", "承诺", "预测", "commit预测"),
    )
)
define(
    Metric(
        "best_case_forecast",
        Label("best-case forecast", "最佳情形预测"),
        Label("closed won + open commit + open best case", "已赢单 + 承诺 + 最佳情形"),
        Unit.MONEY,
        "deal",
        (_WON, _COMMIT, _BEST_CASE),
        added(0, 1, 2),
        when="close_date",
        needs=("amount",),
        own_only=True,
        default_period="quarter",
        counted=(0, 1, 2),
        words=("best case", "best-case", "upside", "best case number", "最佳情形", "乐观预测"),
    )
)
define(
    Metric(
        "expected_landing",
        Label("expected landing", "预计达成"),
        Label("closed won + weighted pipeline", "已赢单 + 加权管道"),
        Unit.MONEY,
        "deal",
        (_WON, _WEIGHTED),
        added(0, 1),
        when="close_date",
        needs=("amount",),
        own_only=True,
        default_period="quarter",
        counted=(0, 1),
        words=("landing", "expected", "expected close", "where will we land", "预计落地", "预计完成"),
    )
)
define(
    Metric(
        "quota",
        Label("quota", "配额"),
        Label("Σ quota of the quarters of the period", "期间各季度配额之和"),
        Unit.MONEY,
        "quota",
        (quota,),
        _quota,
        own_only=True,
        in_base=True,
        default_period="quarter",
        dimensions=_PEOPLE,
        words=("target", "sales target", "指标", "目标", "销售目标"),
    )
)
define(
    Metric(
        "quota_attainment",
        Label("quota attainment", "配额完成率"),
        Label("closed won ÷ quota", "赢单金额 ÷ 配额"),
        Unit.PERCENT,
        "deal",
        (_WON, quota),
        _attainment,
        when="closed_at",
        needs=("amount",),
        own_only=True,
        in_base=True,
        default_period="quarter",
        dimensions=_PEOPLE,
        words=(
            "attainment",
            "quota achievement",
            "percent of quota",
            "target attainment",
            "完成率",
            "达成率",
            "指标完成率",
        ),
    )
)
define(
    Metric(
        "gap",
        Label("gap to quota", "配额差距"),
        Label("quota − closed won", "配额 − 赢单金额"),
        Unit.MONEY,
        "deal",
        (_WON, quota),
        _gap,
        when="closed_at",
        needs=("amount",),
        own_only=True,
        in_base=True,
        default_period="quarter",
        dimensions=_PEOPLE,
        words=(
            "gap to quota",
            "quota gap",
            "short of quota",
            "left to quota",
            "missing to quota",
            "差距",
            "还差多少",
            "配额缺口",
            "缺口",
        ),
    )
)
define(
    Metric(
        "to_go",
        Label("to go after commit", "扣除承诺后差额"),
        Label("quota − closed won − open commit", "配额 − 赢单 − 未关闭承诺"),
        Unit.MONEY,
        "deal",
        (_WON, quota, _COMMIT),
        _to_go,
        when="closed_at",
        needs=("amount",),
        own_only=True,
        in_base=True,
        default_period="quarter",
        dimensions=_PEOPLE,
        words=("to-go", "remaining to quota", "还需"),
    )
)
define(
    Metric(
        "coverage",
        Label("pipeline coverage", "管道覆盖率"),
        Label(
            "open pipeline closing in the period ÷ (quota − closed won)",
            "期间内到期的未关闭商机 ÷（配额 − 赢单金额）",
        ),
        Unit.RATIO,
        "deal",
        (_PIPELINE, _WON, quota),
        _coverage,
        when="close_date",
        needs=("amount",),
        own_only=True,
        in_base=True,
        default_period="quarter",
        dimensions=_PEOPLE,
        words=("pipeline coverage", "coverage ratio", "cover", "覆盖", "覆盖率", "覆盖倍数"),
    )
)
define(
    Metric(
        "open_commit",
        Label("open commit", "未关闭承诺"),
        Label("Σ amount of open commit deals", "未关闭承诺商机金额之和"),
        Unit.MONEY,
        "deal",
        (_COMMIT,),
        money(),
        when="close_date",
        needs=("amount",),
        words=("open commit deals", "commit pipeline", "承诺商机"),
    )
)
