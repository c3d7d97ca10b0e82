"""The waterfall of a period's pipeline as a table and a chart."""

from datetime import date
from decimal import Decimal

from analytics.report import Asked, Report, Told, add_report, usual_period
from analytics.view import View
from analytics.waterfall import Step, Waterfall, waterfall
from analytics.wording import day_text, money_text, period_text, say
from core.parts import Chart, Column, Figure, Series, Table
from crm_store.nouns import Label
from language.dates import Period

_NAMED = 3
_FORMULA = Label(
    "start + created + pulled in + amount change − pushed out − lost − won = end",
    "期初 + 新建 + 提前 + 金额变化 − 推迟 − 丢单 − 赢单 = 期末",
)


def tell_waterfall(asked: Asked) -> Told:
    """Start, each step with its largest deals, end; as table and chart."""
    view = asked.view
    language = view.language
    period = asked.period or usual_period(view, "quarter")
    assert period is not None
    since = asked.since.start if asked.since is not None else _beginning(view, period)
    found = waterfall(view, period, since, asked.people)
    steps = [
        each for each in found.steps if each.deals or each.name not in ("reopened", "taken_over", "handed_over")
    ]
    title = say(
        language,
        "waterfall_title",
        period=period_text(language, period),
        day=day_text(language, since),
        who=asked.who,
    )
    table = Table(
        title=title,
        columns=(
            Column(name="step", label=say(language, "column_step")),
            Column(name="amount", label=say(language, "column_worth"), align="right", unit=found.currency),
            Column(name="n", label=say(language, "records_counted"), align="right"),
            Column(name="deals", label=say(language, "column_largest")),
        ),
        rows=(
            (say(language, "step_start"), _money(view, found.start, found), str(found.start_n), ""),
            *(
                (_name(view, each), _money(view, each.amount, found), str(len(each.deals)), _largest(each))
                for each in steps
            ),
            (say(language, "step_end"), _money(view, found.end, found), str(found.end_n), ""),
        ),
        note=_note(view, found),
    )  # fmt: skip
    records = list(dict.fromkeys(ref for each in steps for ref, _ in each.deals))
    content = {
        "since": str(since),
        "currency": found.currency,
        "steps": {row[0]: row[1] for row in table.rows},
        "formula": _FORMULA.of(language),
        "query": asked.query_hash("waterfall"),
    }
    return Told(content, [_figure(asked, found, title), table, chart_of(view, found, title)], records)


def chart_of(view: View, found: Waterfall, title: str) -> Chart:
    """The waterfall as a chart: first and last value are totals, those between are changes."""
    steps = [each for each in found.steps if each.amount]
    labels = (
        say(view.language, "step_start"),
        *(_name(view, each) for each in steps),
        say(view.language, "step_end"),
    )
    values = (float(found.start), *(float(each.amount) for each in steps), float(found.end))
    series = Series(name=say(view.language, "column_worth"), values=values)
    return Chart(shape="waterfall", title=title, labels=labels, series=(series,), unit=found.currency)


def _beginning(view: View, period: Period) -> date:
    """The period's first day; for one still to come, that of the current quarter."""
    current = usual_period(view, "quarter")
    return period.start if period.start <= view.today or current is None else current.start


def _figure(asked: Asked, found: Waterfall, title: str) -> Figure:
    language = asked.view.language
    change = found.end - found.start
    text = say(
        language,
        "waterfall_figure",
        start=money_text(language, found.start, found.currency),
        end=money_text(language, found.end, found.currency),
        change=("+" if change > 0 else "") + money_text(language, change, found.currency),
    )
    left_out = (
        [say(language, "left_no_rate", currencies=", ".join(found.unconverted))] if found.unconverted else []
    )
    return Figure(
        metric="waterfall",
        label=title,
        value=float(found.end),
        unit=found.currency,
        text=text,
        formula=_FORMULA.of(language),
        filter_in_words=asked.filter_in_words,
        as_of=day_text(language, asked.view.today),
        n=found.end_n,
        n_of=found.end_n,
        left_out=tuple(left_out),
        query_hash=asked.query_hash("waterfall"),
    )


def _name(view: View, step: Step) -> str:
    return say(view.language, f"step_{step.name}")


def _money(view: View, amount: Decimal, found: Waterfall) -> str:
    return money_text(view.language, amount, found.currency)


def _largest(step: Step) -> str:
    ordered = sorted(step.deals, key=lambda each: (-abs(each[1]), each[0].name))
    names = ", ".join(ref.name for ref, _ in ordered[:_NAMED])
    return names + (" …" if len(ordered) > _NAMED else "")


def _note(view: View, found: Waterfall) -> str:
    language = view.language
    notes = [say(language, "snapshot_of", day=day_text(language, found.since))]
    if found.not_known:
        notes.append(say(language, "states_not_known", n=found.not_known))
    return " ".join(notes)


add_report(
    Report(
        "waterfall",
        Label("pipeline waterfall", "管道瀑布"),
        _FORMULA,
        "deal",
        tell_waterfall,
        words=(
            "waterfall",
            "pipeline waterfall",
            "pipeline movement",
            "pipeline bridge",
            "瀑布",
            "瀑布图",
            "管道变化",
            "管道变动",
        ),
        needs=("amount",),
        default_period="quarter",
    )
)
