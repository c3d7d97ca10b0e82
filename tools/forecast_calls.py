"""The commit that a manager calls for somebody: kept as an adjustment apart from all computed figures."""

from decimal import Decimal
from typing import Any

from analytics.evaluate import evaluate
from analytics.forecast import NoForecastError
from analytics.forecast.report import adjustments_of
from analytics.measure import Slice
from analytics.metric import METRICS
from analytics.people import may_see_figures_of, people_below
from analytics.view import View
from analytics.wording import money_text, period_text, say
from core.errors import InvalidArgumentError
from core.parts import Text
from crm_store.principals import Role
from language.amounts import parse_amount
from language.dates import Period
from language.dates.calendar import unit_period
from tools.filters import read_when, view_of
from tools.people import MY_TEAM
from tools.registry import ToolContext, ToolResult
from tools.resolver import ME


def call_commit(ctx: ToolContext, whose: str, fields: dict[str, str]) -> ToolResult:
    """Adds what is missing from someone's commit forecast to the `commit` called, for a quarter, with a `reason`.

    Raises:
        InvalidArgumentError: the period is no quarter, or the amount has no stored rate.
        NoForecastError: their figures are not the asker's to see.
    """
    view = view_of(ctx)
    user, people = _whose(ctx, whose)
    if not may_see_figures_of(ctx.uow, people):
        raise NoForecastError("I have no forecast for them.", zh="没有他们的预测。")
    quarter = _quarter(ctx, view, fields.get("period", ""))
    called = _in_base(view, fields.get("commit", ""))
    computed = evaluate(METRICS.get("commit_forecast"), Slice(view, people, quarter), view.rates.base).total.value
    computed = computed or Decimal(0)
    standing = sum((each.amount for each in adjustments_of(view, quarter, people)), Decimal(0))
    money = {"called": called, "computed": computed, "amount": called - computed}
    said = {name: money_text(ctx.language, value, view.rates.base) for name, value in money.items()}
    said |= {"who": user.name, "period": period_text(ctx.language, quarter)}
    if called == computed + standing:
        text = say(ctx.language, "commit_stands", **said)
        return ToolResult({"called": text}, [Text(text=text)])
    values = {
        "user": user.id, "period": quarter.label, "amount": called - computed - standing,
        "reason": fields.get("reason", ""), "author": ctx.uow.principal.user_id,
    }  # fmt: skip
    made = ctx.uow.create("forecast_adjustment", values)
    text = say(ctx.language, "commit_called", **said)
    return ToolResult({"called": text}, [Text(text=text)], [ctx.resolver.ref("forecast_adjustment", made)])


def _whose(ctx: ToolContext, words: str) -> tuple[Any, frozenset[str] | None]:
    """The person whose forecast it is, and whose deals are in it: a manager's are the team tree's."""
    principal = ctx.uow.principal
    folded = words.strip().casefold()
    if folded in ME | MY_TEAM:
        return ctx.uow.find("user", principal.user_id), None if principal.sees_all else principal.command
    user = ctx.resolver.get("user", words)
    leads = user.role == Role.MANAGER
    return user, people_below(ctx.uow, user) if leads else frozenset((user.id,))


def _quarter(ctx: ToolContext, view: View, words: str) -> Period:
    period = read_when(ctx, words or "this quarter")
    quarter = unit_period("quarter", period.start, view.fiscal)
    if quarter is None or (quarter.start, quarter.end) != (period.start, period.end):
        raise InvalidArgumentError("A commit is called for a quarter, such as Q1.", argument="period")
    return quarter


def _in_base(view: View, words: str) -> Decimal:
    amount = parse_amount(words)
    worth = view.rates.convert(amount.value, amount.currency or view.rates.base, view.rates.base)
    if worth is None:
        raise InvalidArgumentError(f"There is no stored exchange rate for {amount.currency}.", argument="commit")
    return worth
