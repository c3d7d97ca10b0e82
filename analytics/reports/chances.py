"""Win chances of deals and conversion chances of leads, with their reasons."""

from typing import Any

from sqlalchemy import select

from analytics.report import Asked, Report, Told, add_report, nothing_known, usual_period
from analytics.scoring.deals import WinChance, win_chances
from analytics.scoring.leads import LEAST, LEAST_EACH, LeadScores, score_leads
from analytics.wording import day_text, money_text, percent_text, say
from core.parts import Column, Figure, RecordRef, Table, Text
from crm_store.deals import Deal
from crm_store.leads import Lead
from crm_store.nouns import Label

MOST = 15

_DEAL: Any = Deal
_LEAD: Any = Lead
_FORMULA = Label(
    "won ÷ closed among past deals that once stood in the same stage (and as long), leaning on the stage's "
    "default probability where there are few",
    "同阶段（且停留同样久）的历史商机中赢单 ÷ 已关商机；数量少时向阶段默认概率靠拢",
)
_LEAD_FORMULA = Label(
    "chance to convert: log-odds of all leads + what source, region, interest, own fields add (ridge regression)",
    "转化概率：全部线索的对数几率 + 来源、区域、意向及自定义选项的贡献（岭回归）",
)


def tell_chances(asked: Asked) -> Told:
    """One deal: its chance and why; several: a table, the best first."""
    view = asked.view
    language = view.language
    period = asked.period or usual_period(view, "quarter")
    assert period is not None
    deals = view.uow.session.scalars(select(Deal).where(_DEAL.id.in_(asked.records("deal")))).all()
    found = win_chances(view, deals, period.end, reasons=len(deals) == 1)
    if not found:
        return nothing_known(say(language, "no_open_deals", who=asked.who))
    if len(found) == 1 and len(deals) == 1:
        return _one(asked, found[0])
    by_id = {deal.id: deal for deal in deals}
    shows = "amount" in {spec.name for spec in view.uow.fields("deal")}
    rows = []
    for each in found[:MOST]:
        deal = by_id[each.deal.id]
        worth = money_text(language, deal.amount, deal.currency) if shows else ""
        counted = say(language, "rate_of", won=each.rate.won, closed=each.rate.closed)
        rows.append(
            (
                each.deal.name,
                percent_text(round(each.chance, 2)),
                percent_text(round(each.in_time, 2)),
                worth,
                counted,
            )
        )
    columns = (
        Column(name="deal", label=say(language, "column_deal")),
        Column(name="chance", label=say(language, "column_chance"), align="right"),
        Column(
            name="in_time",
            label=say(language, "column_in_time", day=day_text(language, period.end)),
            align="right",
        ),
        Column(name="worth", label=say(language, "column_worth"), align="right"),
        Column(name="counted", label=say(language, "column_counted")),
    )
    title = say(language, "chances_title", who=asked.who, n=len(found))
    refs = [each.deal for each in found[:MOST]]
    note = say(language, "more_rows", n=len(found) - MOST) if len(found) > MOST else ""
    table = Table(title=title, columns=columns, rows=tuple(rows), records=tuple(refs), note=note)
    content = {
        "chances": {row[0]: row[1] for row in rows},
        "formula": _FORMULA.of(language),
        "query": asked.query_hash("win_probability"),
    }
    return Told(content, [table], refs)


def _one(asked: Asked, found: WinChance) -> Told:
    language = asked.view.language
    chance = percent_text(round(found.chance, 2))
    figure = Figure(
        metric="win_probability",
        label=say(language, "win_label"),
        value=round(found.chance * 100, 1),
        unit="%",
        text=say(language, "win_sentence", deal=found.deal.name, chance=chance),
        formula=_FORMULA.of(language),
        filter_in_words=found.deal.name,
        as_of=day_text(language, asked.view.today),
        n=found.rate.won,
        n_of=found.rate.closed,
        query_hash=asked.query_hash("win_probability"),
    )
    lines = [f"- {reason}" for reason in found.reasons]
    if found.signals:
        lines.append("- " + say(language, "why_signals", what=say(language, "list_comma").join(found.signals)))
    content = {
        "deal": found.deal.name,
        "win_probability": chance,
        "why": found.reasons,
        "not_part_of_it": found.signals,
    }
    return Told(content, [figure, Text(text="\n".join(lines))], [found.deal])


def tell_lead_scores(asked: Asked) -> Told:
    """The open leads with their chance to convert and why, the best first; or that there is not enough data."""
    view = asked.view
    language = view.language
    leads = view.uow.session.scalars(select(Lead).where(_LEAD.id.in_(asked.records("lead")))).all()
    found = score_leads(view, leads)
    if not found.enough:
        text = say(
            language, "leads_not_enough", n=found.decided, converted=found.converted, least=LEAST, each=LEAST_EACH
        )
        return nothing_known(text)
    rows = [
        (
            each.lead.name,
            percent_text(round(each.chance, 2)),
            say(language, "semicolon").join(each.reasons[:3]) or "—",
        )
        for each in found.scores[:MOST]
    ]
    columns = tuple(
        Column(name=name, label=say(language, f"column_{name}"), align="right" if name == "chance" else "left")
        for name in ("lead", "chance", "why")
    )
    refs: list[RecordRef] = [each.lead for each in found.scores[:MOST]]
    title = say(language, "leads_title", who=asked.who, n=len(found.scores))
    table = Table(
        title=title, columns=columns, rows=tuple(rows), records=tuple(refs), note=_checked(language, found)
    )
    content = {
        "scores": {row[0]: f"{row[1]}: {row[2]}" for row in rows},
        "formula": _LEAD_FORMULA.of(language),
        "checked": found.checked,
        "query": asked.query_hash("lead_score"),
    }
    return Told(content, [table], refs)


def _checked(language: str, found: LeadScores) -> str:
    key = "leads_checked" if found.tells else "leads_no_signal"
    return say(
        language, key, n=found.decided, converted=found.converted,
        **{name: f"{value:.3f}" for name, value in found.checked.items()},
    )  # fmt: skip


add_report(
    Report(
        "win_probability",
        Label("win probability", "赢单概率"),
        _FORMULA,
        "deal",
        tell_chances,
        words=(
            "win chance",
            "chance to win",
            "deal score",
            "deal scores",
            "win chances",
            "赢率预测",
            "赢单可能性",
            "赢面",
            "商机评分",
        ),
        needs=("amount",),
        default_period="quarter",
    )
)
add_report(
    Report(
        "lead_score",
        Label("lead score", "线索评分"),
        _LEAD_FORMULA,
        "lead",
        tell_lead_scores,
        words=("lead scores", "score leads", "lead scoring", "best leads", "线索打分", "线索得分"),
    )
)
