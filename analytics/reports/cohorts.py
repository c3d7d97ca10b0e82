"""Cohorts of deals as a table and, of their win rates, a chart."""

from analytics.cohorts import HORIZONS, Cohort, cohorts
from analytics.measure import Slice
from analytics.report import Asked, Report, Told, add_report, nothing_known
from analytics.wording import percent_text, say
from core.parts import Chart, Column, Series, Table
from crm_store.nouns import Label

_COUNTS = ("created", "won", "lost", "open")
_FORMULA = Label(
    "of the deals created in a quarter: won within 3, 6, 9, 12 months of their creation ÷ all of them",
    "按创建季度：创建后3、6、9、12个月内赢单的商机 ÷ 该季度创建的全部商机",
)


def tell_cohorts(asked: Asked) -> Told:
    """One row a quarter of creation; “—” where not every deal is that old yet."""
    language = asked.view.language
    found = cohorts(Slice(asked.view, asked.people, asked.period, asked.conditions))
    if not found:
        return nothing_known(say(language, "cohorts_none", who=asked.who))
    columns = (
        Column(name="cohort", label=say(language, "column_cohort")),
        *(Column(name=name, label=say(language, f"cohort_{name}"), align="right") for name in _COUNTS),
        *(Column(name=f"m{n}", label=say(language, "cohort_within", n=n), align="right") for n in HORIZONS),
    )
    rows = tuple(
        (each.label, str(each.created), str(each.won), str(each.lost), str(each.open), *_shares(each))
        for each in found
    )
    title = say(language, "cohorts_title", who=asked.who)
    told = Told(
        {
            "cohorts": {row[0]: row[1:] for row in rows},
            "formula": _FORMULA.of(language),
            "query": asked.query_hash("cohorts"),
        }
    )
    told.parts.append(Table(title=title, columns=columns, rows=rows, note=_FORMULA.of(language)))
    if len(found) > 1:
        values = tuple(round(100 * each.won / each.created, 1) for each in found)
        series = Series(name=say(language, "cohort_won"), values=values)
        told.parts.append(
            Chart(
                shape="line", title=title, labels=tuple(each.label for each in found), series=(series,), unit="%"
            )
        )
    return told


def _shares(cohort: Cohort) -> list[str]:
    return ["—" if won is None else percent_text(won / cohort.created) for won in cohort.within]


add_report(
    Report(
        "cohorts",
        Label("deal cohorts", "商机同期群"),
        _FORMULA,
        "deal",
        tell_cohorts,
        words=(
            "cohort",
            "cohort table",
            "cohort analysis",
            "win rate by cohort",
            "同期群",
            "同期群分析",
            "队列分析",
        ),
    )
)
