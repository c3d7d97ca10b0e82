"""The forecast of a period with its probable range, by owner and team, and what the range rests on."""

from decimal import Decimal

from analytics.forecast.figures import Figures
from analytics.forecast.report import ForecastReport, NoForecastError, forecast
from analytics.forecast.wording import basis_notes
from analytics.report import Asked, Report, Told, add_report, nothing_known, usual_period
from analytics.view import View
from analytics.wording import day_text, money_text, number_text, percent_text, period_text, say
from core.parts import Chart, Column, Figure, Series, Table, Text
from crm_store.nouns import Label
from crm_store.query import names_of

_FORMULA = Label(
    "closed won + open deals drawn with their win chances, close-date slip and a shared shock + deals not there "
    "yet; 10th to 90th of 100 outcomes",
    "已赢单 + 按赢单概率、成交日偏移和共同波动模拟的未关闭商机 + 尚未创建的商机；取第10至第90百分位",
)
_COLUMNS = ("closed", "commit", "best_case", "landing", "pipeline", "quota", "attainment", "gap", "coverage")


def tell_forecast(asked: Asked) -> Told:
    """The range in one sentence, the figures, the split by owner or team, the adjustments, and the basis."""
    view = asked.view
    period = asked.period or usual_period(view, "quarter")
    assert period is not None
    try:
        found = forecast(view, period, asked.people)
    except NoForecastError:
        when = say(view.language, "figure_when", period=period_text(view.language, period))
        label = say(view.language, "forecast_label")
        return nothing_known(say(view.language, "no_figure", label=label, who=asked.who, when=when))
    told = Told({"query": asked.query_hash("forecast_range")})
    if found.probable is not None:
        _put_range(asked, found, told)
    _put_figures(asked, found, told)
    if found.adjustments:
        _put_adjustments(asked, found, told)
    if found.basis is not None:
        notes = basis_notes(view, found)
        told.content["basis"] = notes
        told.parts.append(Text(text="\n".join(f"- {note}" for note in notes)))
    return told


def _put_range(asked: Asked, found: ForecastReport, told: Told) -> None:
    view, probable = asked.view, found.probable
    assert probable is not None
    language = view.language
    money = {
        name: money_text(language, _round(getattr(probable, name)), found.currency)
        for name in ("low", "middle", "high")
    }
    sentence = say(language, "range_sentence", who=asked.who, period=period_text(language, found.period), **money)
    if probable.chance_of_quota is not None and found.figures.quota is not None:
        quota = money_text(language, found.figures.quota, found.currency)
        chance = percent_text(round(probable.chance_of_quota, 2))
        sentence += say(language, "range_chance", quota=quota, chance=chance)
    left_out = [say(language, "left_without_amount", n=probable.without_amount, kinds=say(language, "deals_word"))]
    told.parts.append(
        Figure(
            metric="forecast_range",
            label=say(language, "forecast_label"),
            value=float(probable.middle),
            unit=found.currency,
            text=sentence,
            formula=_FORMULA.of(language),
            filter_in_words=asked.filter_in_words,
            as_of=day_text(language, view.today),
            n=probable.open_deals - probable.without_amount,
            n_of=probable.open_deals,
            left_out=tuple(left_out) if probable.without_amount else (),
            query_hash=asked.query_hash("forecast_range"),
        )
    )
    told.content["range"] = {**money, "chance_of_quota": probable.chance_of_quota, "sentence": sentence}


def _put_figures(asked: Asked, found: ForecastReport, told: Told) -> None:
    view = asked.view
    language = view.language
    groups, by = (found.by_team, "team") if len(found.by_team) > 1 else (found.by_owner, "owner")
    names = names_of(view.uow, "user" if by == "owner" else "team", groups)
    ordered = sorted(groups.items(), key=lambda each: (-each[1].landing, names.get(each[0], "")))
    rows = [(names.get(key, say(language, "group_none")), *_cells(view, each, found)) for key, each in ordered]
    if len(rows) != 1:
        rows.append((say(language, "total"), *_cells(view, found.figures, found)))
    columns = tuple(
        Column(name=name, label=say(language, f"forecast_{name}"), align="right", unit=_unit(name, found.currency))
        for name in _COLUMNS
    )
    title = say(language, "forecast_title", period=period_text(language, found.period), who=asked.who)
    first = Column(name="group", label=say(language, f"column_{by}"))
    told.parts.append(Table(title=title, columns=(first, *columns), rows=tuple(rows)))
    told.content["figures"] = {
        row[0]: dict(zip(_COLUMNS, row[1:], strict=True)) for row in rows
    }  # fmt: skip
    if len(ordered) > 1:
        told.parts.append(
            _chart(view, found, [names.get(key, "—") for key, _ in ordered], [each for _, each in ordered], title)
        )


def _chart(view: View, found: ForecastReport, names: list[str], groups: list[Figures], title: str) -> Chart:
    def series(name: str) -> Series:
        values = tuple(float(getattr(each, name) or 0) for each in groups)
        return Series(name=say(view.language, f"forecast_{name}"), values=values)

    shown = (series("commit"), series("landing"), series("quota"))
    return Chart(shape="bar", title=title, labels=tuple(names), series=shown, unit=found.currency)


def _cells(view: View, figures: Figures, found: ForecastReport) -> list[str]:
    texts = []
    for name in _COLUMNS:
        value = getattr(figures, name)
        if value is None:
            texts.append("—")
        elif name == "attainment":
            texts.append(percent_text(value))
        elif name == "coverage":
            texts.append(say(view.language, "times", n=number_text(value, 1)))
        else:
            texts.append(number_text(value))
    return texts


def _put_adjustments(asked: Asked, found: ForecastReport, told: Told) -> None:
    view = asked.view
    language = view.language
    ids = {each for row in found.adjustments for each in (row.user_id, row.author_id) if each}
    names = names_of(view.uow, "user", ids)
    lines = [
        say(
            language, "adjustment_line", who=names.get(row.user_id, ""), by=names.get(row.author_id or "", "—"),
            amount=("+" if row.amount > 0 else "") + money_text(language, row.amount, found.currency),
            reason=row.reason or "—",
        )
        for row in found.adjustments
    ]  # fmt: skip
    adjusted = money_text(language, found.figures.adjusted, found.currency)
    commit = money_text(language, found.figures.commit, found.currency)
    lines.append(say(language, "adjusted_commit", commit=commit, adjusted=adjusted))
    told.content["adjustments"] = lines
    told.parts.append(Text(text="\n".join(f"- {line}" for line in lines)))


def _unit(name: str, currency: str) -> str:
    return currency if name not in ("attainment", "coverage") else ""


def _round(amount: Decimal) -> Decimal:
    """A range is no exact figure: three digits."""
    if not amount:
        return amount
    return Decimal(f"{amount:.3g}").quantize(Decimal(1)) if abs(amount) >= 1 else amount


add_report(
    Report(
        "forecast_range",
        Label("forecast with range", "预测区间"),
        _FORMULA,
        "deal",
        tell_forecast,
        words=(
            "forecast range", "probable range", "forecast with range", "forecast report", "likely range",
            "chance to hit quota", "预测区间", "可能区间", "完成概率", "预测报告",
        ),
        needs=("amount",),
        own_only=True,
        default_period="quarter",
    )
)  # fmt: skip
