"""A manager's briefing: the quarter against quota and the last snapshot, what moved, what is at risk, by rep."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from analytics.changes import DealChange, changes_since
from analytics.evaluate import evaluate
from analytics.measure import Slice
from analytics.metric import METRICS
from analytics.snapshots import OwnerPeriod, figures_at, owner_periods
from analytics.waterfall import waterfall
from analytics.wording import day_text, money_text, percent_text
from briefings.line import Desk, Line, section
from briefings.own_deals import cases, closes, findings, risk, size, worth
from core.parts import RecordRef
from crm_store.query import names_of
from language.dates import Period
from language.dates.calendar import step_unit, unit_period

MOST_NAMED = 4


@section("numbers", 10, "manager", "manager_weekly")
def numbers(desk: Desk) -> list[Line]:
    """Commit, best case and closed against quota, each with what changed since the last snapshot."""
    quarter = _quarter(desk)
    now = {name: _value(desk, name, quarter) for name in ("commit_forecast", "best_case_forecast", "closed_won")}
    if all(value is None for value in now.values()):
        return []
    before = _then(desk, quarter)
    base = desk.view.rates.base
    was = {
        "commit_forecast": before.closed + before.commit,
        "best_case_forecast": before.closed + before.commit + before.best_case,
        "closed_won": before.closed,
    }
    texts = [
        desk.say("number", label=METRICS.get(name).label.of(desk.language), now=_money(desk, value, base),
                 change=_signed(desk, (value or Decimal(0)) - was[name], base))
        for name, value in now.items()
    ]  # fmt: skip
    quota = _value(desk, "quota", quarter)
    attained = _value(desk, "quota_attainment", quarter)
    if quota is not None:
        share = percent_text(attained) if attained is not None else "—"
        texts.append(desk.say("of_quota", quota=_money(desk, quota, base), share=share))
    text = desk.say("numbers", period=quarter.label, items=desk.say("semicolon").join(texts),
                    day=day_text(desk.language, since_day(desk)))  # fmt: skip
    return [Line(text, _people_refs(desk))]


@section("waterfall", 20, "manager", "manager_weekly")
def pipeline_waterfall(desk: Desk) -> list[Line]:
    """The quarter's pipeline since the last snapshot: start, what came and went, end; it balances."""
    quarter = _quarter(desk)
    found = waterfall(desk.view, quarter, since_day(desk), desk.people)
    steps = [step for step in found.steps if step.amount]
    if not steps and not found.end_n:
        return []
    items = [
        desk.say("step", what=desk.say(f"step_{step.name}"), amount=_signed(desk, step.amount, found.currency))
        for step in steps
    ]
    refs = tuple(dict.fromkeys(ref for step in steps for ref, _ in step.deals))[:8]
    text = desk.say(
        "waterfall" if steps else "waterfall_same",
        period=quarter.label,
        start=money_text(desk.language, found.start, found.currency),
        end=money_text(desk.language, found.end, found.currency),
        items=desk.say("comma").join(items),
        n=found.end_n,
    )
    return [Line(text, refs)]


@section("commit_changes", 30, "manager", "manager_weekly")
def commit_changes(desk: Desk) -> list[Line]:
    """What came into commit and went out of it, by rep."""
    found = [each for each in _changes(desk) if each.kind == "category" and "commit" in (each.before, each.after)]
    lines = []
    for owner, some in _by_owner(desk, found):
        items = [
            desk.say("into_commit" if each.after == "commit" else "out_of_commit", deal=each.deal.name,
                     amount=_money(desk, each.amount, each.currency))
            for each in some
        ]  # fmt: skip
        text = desk.say("commit_by", who=owner, items=desk.say("comma").join(items))
        lines.append(Line(text, tuple(each.deal for each in some)))
    return lines


@section("moved", 40, "manager", "manager_weekly")
def moved(desk: Desk) -> list[Line]:
    """Deals won, lost, pushed and pulled since the last snapshot."""
    lines = []
    for kind in ("won", "lost", "pushed", "pulled"):
        some = [each for each in _changes(desk) if each.kind == kind]
        if not some:
            continue
        items = [_moved_item(desk, each) for each in some[:MOST_NAMED]]
        rest = desk.say("more", n=len(some) - MOST_NAMED) if len(some) > MOST_NAMED else ""
        text = desk.say(f"moved_{kind}", n=len(some), items=desk.say("semicolon").join(items)) + rest
        lines.append(Line(text, tuple(each.deal for each in some[:MOST_NAMED])))
    return lines


@section("at_risk", 50, "manager", "manager_weekly")
def commits_at_risk(desk: Desk) -> list[Line]:
    """Open commits on which a hygiene rule fires, the largest first, with the reason."""
    names = _names(desk)
    quarter = _quarter(desk)
    risky = [
        case
        for case in cases(desk)
        if case.deal.forecast_category == "commit"
        and findings(desk).get(case.deal.id)
        and case.deal.close_date is not None
        and case.deal.close_date <= quarter.end
    ]
    risky.sort(key=lambda case: (-size(desk, case.deal), case.deal.name))
    return [
        Line(
            desk.say(
                "commit_risk", deal=case.deal.name, who=names.get(case.deal.owner_id or "", ""),
                amount=worth(desk, case.deal), day=closes(desk, case.deal), risk=risk(desk, case.deal.id),
            ),
            (case.ref,),
        )
        for case in risky
    ]  # fmt: skip


@section("coverage", 60, "manager", "manager_weekly")
def coverage(desk: Desk) -> list[Line]:
    """How much pipeline the next quarter has against its quota."""
    following = step_unit("quarter", desk.view.today, 1, desk.view.fiscal)
    if following is None:
        return []
    pipeline = _value(desk, "pipeline_value", following)
    cover = _value(desk, "coverage", following)
    base = desk.view.rates.base
    if cover is None:
        text = desk.say("coverage_no_quota", period=following.label, pipeline=_money(desk, pipeline, base))
        return [Line(text, _people_refs(desk))] if pipeline else []
    quota = _value(desk, "quota", following)
    text = desk.say(
        "coverage", period=following.label, ratio=f"{cover:.1f}", pipeline=_money(desk, pipeline, base),
        quota=_money(desk, quota, base),
    )  # fmt: skip
    return [Line(text, _people_refs(desk))]


@section("hygiene", 70, "manager", "manager_weekly")
def hygiene_by_rep(desk: Desk) -> list[Line]:
    """How many findings each rep's open deals have, and the rule that fires most."""
    names = _names(desk)
    counts: dict[str, dict[str, int]] = {}
    for case in cases(desk):
        for each in findings(desk).get(case.deal.id, ()):
            of_owner = counts.setdefault(case.deal.owner_id or "", {})
            title = each.title(desk.language)
            of_owner[title] = of_owner.get(title, 0) + 1
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), names.get(pair[0], "")))
    items = []
    for owner, titles in ranked:
        worst, times = min(titles.items(), key=lambda pair: (-pair[1], pair[0]))
        who = names.get(owner) or desk.say("nobody")
        items.append(desk.say("hygiene_of", who=who, n=sum(titles.values()), title=worst, times=times))
    refs = tuple(RecordRef(kind="user", id=owner, name=names[owner]) for owner, _ in ranked if owner in names)
    return [Line(desk.say("hygiene", items=desk.say("semicolon").join(items)), refs)]


def since_day(desk: Desk) -> date:
    """The day whose begin is compared with: the last working day, or for a weekly briefing seven days ago."""
    today = desk.view.today
    if desk.kind == "manager_weekly":
        return today - timedelta(days=7)
    day = today - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def _quarter(desk: Desk) -> Period:
    quarter = unit_period("quarter", desk.view.today, desk.view.fiscal)
    assert quarter is not None
    return quarter


def _then(desk: Desk, quarter: Period) -> OwnerPeriod:
    """The figures of the day that is compared with: frozen ones, else computed from history."""
    frozen = owner_periods(desk.view, quarter, since_day(desk), desk.people)
    if not frozen:
        return figures_at(desk.view, quarter, since_day(desk), desk.people)
    whole = OwnerPeriod()
    for each in frozen.values():
        whole = whole.plus(each)
    return whole


def _value(desk: Desk, metric: str, period: Period) -> Decimal | None:
    memo = desk.view.memo.setdefault("briefing_values", {})
    key = (metric, period.label)
    if key not in memo:
        part = Slice(desk.view, desk.people, period)
        memo[key] = _measured(desk, metric, part)
    found: Decimal | None = memo[key]
    return found


def _measured(desk: Desk, metric: str, part: Slice) -> Decimal | None:
    currency = desk.view.rates.base if _is_money(metric) else ""
    return evaluate(METRICS.get(metric), part, currency).total.value


def _is_money(metric: str) -> bool:
    return metric not in ("quota_attainment", "coverage")


def _changes(desk: Desk) -> list[DealChange]:
    found: list[DealChange] | None = desk.view.memo.get("briefing_changes")
    if found is None:
        found = desk.view.memo["briefing_changes"] = changes_since(desk.view, since_day(desk), desk.people)
    return found


def _moved_item(desk: Desk, each: DealChange) -> str:
    amount = _money(desk, each.amount, each.currency)
    who = _names(desk).get(each.owner_id or "", "")
    facts = desk.say("comma").join(filter(None, (amount, who)))
    if each.kind in ("pushed", "pulled"):
        days = {"before": day_text(desk.language, each.before), "after": day_text(desk.language, each.after)}
        return desk.say("moved_dates", deal=each.deal.name, facts=facts, **days)
    return desk.say("moved_item", deal=each.deal.name, facts=facts)


def _by_owner(desk: Desk, changes: Iterable[DealChange]) -> Sequence[tuple[str, list[DealChange]]]:
    names = _names(desk)
    found: dict[str, list[DealChange]] = {}
    for each in changes:
        found.setdefault(names.get(each.owner_id or "", desk.say("nobody")), []).append(each)
    return sorted(found.items())


def _names(desk: Desk) -> dict[str, str]:
    found: dict[str, str] | None = desk.view.memo.get("briefing_names")
    if found is None:
        owners = {case.deal.owner_id for case in cases(desk)} | {each.owner_id for each in _changes(desk)}
        found = desk.view.memo["briefing_names"] = names_of(desk.view.uow, "user", owners)
    return found


def _people_refs(desk: Desk) -> tuple[RecordRef, ...]:
    principal = desk.view.uow.principal
    return (RecordRef(kind="user", id=principal.user_id, name=principal.name),)


def _money(desk: Desk, amount: Decimal | None, currency: str) -> str:
    return money_text(desk.language, amount, currency) if amount is not None else "—"


def _signed(desk: Desk, amount: Decimal, currency: str) -> str:
    if not amount:
        return desk.say("unchanged")
    return ("+" if amount > 0 else "−") + money_text(desk.language, abs(amount), currency)
