"""Numbers about the records: named metrics over a scope and a period, broken down and compared."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from analytics.attributes import attribute, attributes
from analytics.evaluate import cited, evaluate
from analytics.figures import Answer, figure, grouping_label, named_groups, table, text_of
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS, Metric, Unit
from analytics.people import may_see_deals_of, may_see_figures_of
from analytics.report import Asked, Report, usual_period
from analytics.shapes import chart
from analytics.view import View
from analytics.wording import day_text, kind_word, number_text, say
from core.errors import InvalidArgumentError, ModelFixableError
from core.parts import NotKnown, Text
from crm_store.nouns import FieldType
from language.amounts import parse_amount
from language.dates import Period
from language.dates.types import add_months
from tools.filters import Filter, read_filters, read_when, view_of
from tools.metric_names import UnknownMetricError, find_metric, find_report, no_number
from tools.people import Scope, read_scope
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

_UNITS = {
    "week": "week", "month": "month", "quarter": "quarter", "year": "year",
    "周": "week", "月": "month", "月份": "month", "季度": "quarter", "年": "year",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """A metric over a slice, and whose it is in words."""

    metric: Metric
    part: Slice
    scope: Scope
    currency: str
    top: int


@tool(effect=ToolEffect.READ, scope="metrics")
def query_metric(
    ctx: ToolContext,
    metric: str,
    scope: Annotated[str, "me, my team, a name, company"] = "",
    period: str = "",
    filters: list[Filter] = [],  # noqa: B006
    group_by: Annotated[str, "a field, or week, month, quarter, year"] = "",
    compare_to: Annotated[str, "a period or person"] = "",
    currency: str = "",
    top: int = 0,
) -> ToolResult:
    """Compute a number by its formula.

    pipeline_value, commit_forecast, quota_attainment, win_rate, …; reports: forecast_range,
    changes, waterfall, win_probability, lead_score.
    """
    report = find_report(ctx, metric)
    if report is not None:
        return _report(ctx, report, scope, period, filters, compare_to)
    try:
        asked = _read(ctx, metric, scope, period, filters, group_by, currency, top)
    except UnknownMetricError as error:
        return ToolResult({"unknown": error.message}, [NotKnown(text=no_number(ctx, metric))])
    first = _answer(asked)
    result = ToolResult(records=cited(asked.metric, asked.part))
    _put(ctx, first, result)
    if compare_to.strip():
        _compare(ctx, asked, first, compare_to, result)
    return result


def _report(
    ctx: ToolContext, report: Report, scope: str, period: str, filters: list[Filter], since: str
) -> ToolResult:
    view = view_of(ctx)
    whose = read_scope(ctx, scope, report.kind)
    when = read_when(ctx, period, past=report.name == "changes") if period.strip() else None
    asked = Asked(
        view,
        whose.people,
        whose.words,
        when or usual_period(view, report.default_period),
        tuple(read_filters(ctx, report.kind, filters)),
        read_when(ctx, since, past=True) if since.strip() else None,
    )
    told = report.run(asked)
    behind = _behind(ctx, report, asked.filter_in_words, asked.query_hash(report.name))
    return ToolResult({**told.content, "behind": behind}, told.parts, told.records)


def _behind(ctx: ToolContext, asked: Metric | Report, where: str, query: str) -> dict[str, str]:
    """What stands behind an answer that is no single figure."""
    language = ctx.language
    return {
        "label": asked.label.of(language),
        "formula": asked.formula.of(language),
        "filter": where,
        "as_of": day_text(language, ctx.today),
        "query": query,
    }


def _read(
    ctx: ToolContext,
    name: str,
    scope: str,
    period: str,
    filters: list[Filter],
    group_by: str,
    currency: str,
    top: int,
) -> _Asked:
    metric = find_metric(ctx, name)
    view = view_of(ctx)
    whose = read_scope(ctx, scope, metric.kind)
    when = (
        read_when(ctx, period, past=metric.when == "closed_at")
        if period.strip()
        else _default_period(view, metric)
    )
    kind = metric.kind if metric.kind != "quota" else "deal"
    conditions = tuple(read_filters(ctx, kind, filters))
    by = _grouping(ctx, metric, group_by or metric.default_by)
    part = Slice(view, whose.people, when, conditions, by)
    return _Asked(metric, part, whose, _currency(currency), max(top, 0))


def _default_period(view: View, metric: Metric) -> Period | None:
    if metric.default_period == "year back":
        start = add_months(view.today, -12) + timedelta(days=1)
        return Period(start, view.today, f"{start}/{view.today}")
    return usual_period(view, metric.default_period)


def _grouping(ctx: ToolContext, metric: Metric, words: str) -> Grouping | None:
    if not words.strip():
        return None
    unit = _UNITS.get(words.strip().casefold(), "")
    if unit and metric.when and not metric.dimensions:
        return Grouping(attribute(ctx.uow, metric.kind, metric.when), unit)
    kind, name = metric.kind, words
    if metric.kind == "quota":
        name = {"owner": "user", "rep": "user"}.get(words.strip().casefold(), words)
    chosen = attribute(ctx.uow, kind, name)
    allowed = metric.dimensions
    if (allowed and chosen.name not in (*allowed, "user")) or not chosen.is_groupable:
        able = allowed or [known for known, each in attributes(ctx.uow, kind).items() if each.is_groupable]
        raise InvalidArgumentError(
            f"{metric.name} cannot be broken down by “{words}”; it can by: {', '.join(able)}.",
            argument="group_by",
        )
    timed = chosen.type in (FieldType.DATE, FieldType.DATETIME) and not chosen.age
    return Grouping(chosen, "month" if timed else "")


def _currency(words: str) -> str:
    text = words.strip()
    if not text:
        return ""
    if len(text) == 3 and text.isascii() and text.isalpha():
        return text.upper()
    return parse_amount(f"1 {text}").currency or text.upper()


def _answer(asked: _Asked) -> Answer:
    outcome = evaluate(asked.metric, asked.part, asked.currency)
    return Answer(outcome, asked.part, asked.scope.words, asked.top)


def _put(ctx: ToolContext, answer: Answer, result: ToolResult) -> bool:
    """Adds the figure, or what is not known, to the result; says whether there was a value."""
    if _quota_reached(ctx, answer):
        text = say(ctx.language, "quota_reached", who=answer.who, when=answer.when)
        result.parts.append(Text(text=text))
        result.content["note"] = text
        return False
    refusal = _unknown(ctx, answer)
    if refusal:
        if "results" not in result.content:
            result.records.clear()
        result.parts.append(NotKnown(text=refusal))
        result.content.setdefault("not_known", refusal)
        outcome = answer.outcome
        result.content["behind"] = _behind(ctx, outcome.metric, answer.filter_in_words, outcome.query_hash)
        return False
    if answer.part.by is not None and answer.outcome.groups:
        _put_groups(answer, result)
        if answer.outcome.metric.default_by and len(answer.outcome.groups) > 1:
            return True
    shown = figure(answer)
    result.parts.append(shown)
    result.content.setdefault("results", []).append(
        {
            "metric": shown.metric,
            "value": shown.text,
            "number": shown.value,
            "unit": shown.unit,
            "n": shown.n_of,
            "filter": shown.filter_in_words,
            "formula": shown.formula,
            "query": shown.query_hash,
            **({"left_out": list(shown.left_out)} if shown.left_out else {}),
        }
    )
    return True


def _put_groups(answer: Answer, result: ToolResult) -> None:
    unit, currency = answer.outcome.metric.unit, answer.outcome.currency
    result.content["by"] = grouping_label(answer)
    result.content["groups"] = {
        name: text_of(answer.view, unit, value.value, currency) for name, value in named_groups(answer)
    }
    result.parts.append(table(answer))
    drawn = chart(answer)
    if drawn is not None:
        result.parts.append(drawn)


def _unknown(ctx: ToolContext, answer: Answer) -> str:
    """Why there is no value, in words that do not tell a hidden figure from a missing one."""
    metric, language = answer.outcome.metric, ctx.language
    if metric.own_only and not may_see_figures_of(ctx.uow, answer.part.people):
        return _no_figure(answer)
    if (
        metric.kind == "deal"
        and not may_see_deals_of(ctx.uow, answer.part.people)
        and not answer.outcome.total.n_of
    ):
        return say(language, "none_seen", label=answer.label, who=answer.who)
    if answer.outcome.total.value is not None or answer.outcome.groups:
        return ""
    if metric.own_only:
        return _no_figure(answer)
    kinds = kind_word(language, metric.kind)
    return say(language, "no_data", label=answer.label, who=answer.who, when=answer.when, kinds=kinds)


def _no_figure(answer: Answer) -> str:
    return say(answer.view.language, "no_figure", label=answer.label, who=answer.who, when=answer.when)


def _quota_reached(ctx: ToolContext, answer: Answer) -> bool:
    """Whether coverage has no value because nothing is left to cover."""
    if answer.outcome.metric.name != "coverage" or answer.outcome.total.value is not None:
        return False
    if not may_see_figures_of(ctx.uow, answer.part.people):
        return False
    outcome = evaluate(METRICS.get("quota"), replace(answer.part, conditions=(), by=None))
    return outcome.total.value is not None


def _compare(ctx: ToolContext, asked: _Asked, first: Answer, words: str, result: ToolResult) -> None:
    second = _answer(_other(ctx, asked, words))
    if not _put(ctx, second, result):
        return
    result.records.extend(ref for ref in cited(asked.metric, second.part) if ref not in result.records)
    one, two = first.outcome.total.value, second.outcome.total.value
    if one is None or two is None or first.outcome.currency != second.outcome.currency:
        return
    unit = asked.metric.unit
    change = text_of(first.view, unit, one - two, first.outcome.currency)
    percent = ""
    if two and unit is not Unit.PERCENT:
        share = (one - two) / abs(two) * 100
        percent = say(
            ctx.language, "percent_change", percent=f"{'+' if share > 0 else ''}{number_text(share, 1)}%"
        )
    text = say(ctx.language, "difference", value=change, percent=percent)
    result.parts.append(Text(text=text))
    result.content["difference"] = text


def _other(ctx: ToolContext, asked: _Asked, words: str) -> _Asked:
    try:
        when = read_when(ctx, words, past=asked.metric.when == "closed_at")
    except ModelFixableError:
        whose = read_scope(ctx, words, asked.metric.kind)
        return replace(asked, scope=whose, part=replace(asked.part, people=whose.people))
    return replace(asked, part=replace(asked.part, period=when))
