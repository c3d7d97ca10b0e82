"""How good forecasts were: the commit forecast frozen when a quarter began, against what was won in it."""

from collections.abc import Sequence
from decimal import Decimal

from analytics.measure import Cell, Cells, Slice, Sum
from analytics.metric import Metric, Total, Unit, define, ratio
from analytics.metrics.sets import WON
from analytics.snapshots import owner_periods
from crm_store.nouns import Label


def forecast_then(part: Slice) -> Cells:
    """Closed won + open commit of each owner in the snapshot of the period's first days, by owner or team.

    Empty before the period is over. Rows made up for days before the audit began judge nobody and are left out.
    """
    view, period = part.view, part.period
    if period is None or period.end >= view.today:
        return {}
    teams = {user.id: user.team_id for user in view.uow.all("user")}
    cells: Cells = {}
    for owner, row in owner_periods(view, period, period.start, part.people).items():
        if not row.is_known:
            continue
        key = None
        if part.by is not None:
            key = teams.get(owner) if part.by.attribute.name == "team" else owner
        cells.setdefault(key, Cell()).add(Cell(n=1, sums={view.rates.base: row.closed + row.commit}))
    return cells


def _accuracy(totals: Sequence[Total]) -> Decimal | None:
    then, won = totals
    off = ratio(abs(then.money - won.money), won.money) if then.n else None
    return None if off is None else 1 - off


def _bias(totals: Sequence[Total]) -> Decimal | None:
    then, won = totals
    return ratio(then.money - won.money, won.money) if then.n else None


_TERMS = (forecast_then, Sum(WON, "closed_at"))

define(
    Metric(
        "forecast_accuracy",
        Label("forecast accuracy", "预测准确率"),
        Label(
            "1 − |F − A| ÷ A; F: closed won + open commit in the snapshot at the quarter's start, A: closed won",
            "1 − |F − A| ÷ A；F：季度开始时快照中的赢单 + 未关闭承诺，A：该季度赢单金额",
        ),
        Unit.PERCENT,
        "deal",
        _TERMS,
        _accuracy,
        when="closed_at",
        needs=("amount",),
        own_only=True,
        in_base=True,
        default_period="last quarter",
        dimensions=("owner", "team"),
        counted=(1,),
        words=(
            "accuracy",
            "accuracy of the forecast",
            "how accurate",
            "forecast error",
            "预测准确度",
            "预测准不准",
        ),
    )
)
define(
    Metric(
        "forecast_bias",
        Label("forecast bias", "预测偏差"),
        Label(
            "(F − A) ÷ A; F: closed won + open commit in the snapshot of the quarter's start, A: its closed won",
            "(F − A) ÷ A；F：季度开始时快照中的赢单 + 未关闭承诺，A：该季度赢单金额",
        ),
        Unit.PERCENT,
        "deal",
        _TERMS,
        _bias,
        when="closed_at",
        needs=("amount",),
        own_only=True,
        in_base=True,
        default_period="last quarter",
        dimensions=("owner", "team"),
        counted=(1,),
        words=("bias", "over-forecast", "under-forecast", "预测偏高", "预测偏低"),
    )
)
