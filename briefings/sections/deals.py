"""A rep's deals: what closes soon with its risk, what to fix, and what to do next."""

from datetime import timedelta

from analytics.hygiene.case_file import CaseFile
from analytics.hygiene.rule import Finding
from analytics.next_best_action import Suggestion, advise_many
from analytics.next_best_action.advise import Learnt
from analytics.next_best_action.catalogue import catalogue
from analytics.next_best_action.experience import Experience
from analytics.next_best_action.habits import Habits
from briefings.line import Desk, Line, load_texts, section
from briefings.own_deals import cases, closes, findings, risk, size, worth
from crm_store.query import sight
from crm_store.suggestion_log import silenced

CLOSING_DAYS = 14
MOST_FIXES = 3
MOST_ACTIONS = 3
# So many deals are looked at for what to do next: those with the most wrong, then the largest.
LOOKED_AT = 5
# What the tasks of a briefing say already.
TOLD_ABOVE = ("overdue_task", "due_task")


@section("closing", 30, "rep")
def closing_soon(desk: Desk) -> list[Line]:
    """Deals that close within 14 days, the soonest first, each with its risk."""
    lines = []
    for case in _closing(desk):
        deal = case.deal
        wrong = risk(desk, deal.id)
        key = "closing_risk" if wrong else "closing_fine"
        facts = desk.say("comma").join(filter(None, (case.stage.name, worth(desk, deal))))
        text = desk.say(key, deal=deal.name, facts=facts, day=closes(desk, deal), risk=wrong)
        lines.append(Line(text, (case.ref,)))
    return lines


@section("fixes", 40, "rep")
def fixes(desk: Desk) -> list[Line]:
    """Up to three hygiene fixes with the message that makes them; deals named above only where others lack."""
    above = {case.deal.id for case in _closing(desk)}
    ranked = sorted(
        ((case, each) for case in cases(desk) for each in findings(desk).get(case.deal.id, ())),
        key=lambda pair: (
            pair[0].deal.id in above,
            _urgency(pair[1]),
            -size(desk, pair[0].deal),
            pair[0].deal.name,
        ),
    )
    lines: list[Line] = []
    used: set[str] = set()
    for case, finding in ranked:
        if case.deal.id in used or len(lines) == MOST_FIXES:
            continue
        used.add(case.deal.id)
        title = finding.title(desk.language)
        text = desk.say("fix", deal=case.deal.name, title=title, fix=finding.fix(desk.language))
        lines.append(Line(text, (case.ref,), say=finding.say(desk.language)))
    return lines


@section("actions", 80, "rep")
def next_actions(desk: Desk) -> list[Line]:
    """The three most pressing next-best actions over all own open deals, with why."""
    found: list[tuple[Suggestion, CaseFile]] = []
    looked_at = _most_pressing(desk)
    quiet = silenced(desk.view.uow, [case.deal.id for case in looked_at])
    for case, advice in zip(
        looked_at, advise_many(desk.view, looked_at, quiet, _learnt(desk)) if looked_at else (), strict=True
    ):
        steps = [step for step in advice.suggestions if step.rule not in TOLD_ABOVE]
        if steps:
            found.append((steps[0], case))
    found.sort(key=lambda pair: (-pair[0].score, -size(desk, pair[1].deal), pair[1].deal.name))
    lines = []
    for step, case in found[:MOST_ACTIONS]:
        text = desk.say("action", what=step.what, deal=case.deal.name, why=step.why)
        lines.append(Line(text, tuple(dict.fromkeys((case.ref, *step.evidence)))))
    return lines


def _learnt(desk: Desk) -> Learnt:
    """Rules only: to read the whole past for every person every morning takes longer than it is worth."""
    key = ("rules_only", sight(desk.view.uow, "action"))
    found: Learnt | None = desk.view.shared.get(key)
    if found is None:
        found = desk.view.shared[key] = Learnt(catalogue(desk.view.uow), Experience([]), Habits.of([]))
    return found


def _closing(desk: Desk) -> list[CaseFile]:
    today = desk.view.today
    soon = [
        case
        for case in cases(desk)
        if case.deal.close_date is not None
        and today <= case.deal.close_date <= today + timedelta(days=CLOSING_DAYS)
    ]
    return sorted(soon, key=lambda case: (case.deal.close_date, -size(desk, case.deal), case.deal.name))


def _most_pressing(desk: Desk) -> list[CaseFile]:
    counted = findings(desk)
    ranked = sorted(
        cases(desk),
        key=lambda case: (-len(counted.get(case.deal.id, ())), -size(desk, case.deal), case.deal.name),
    )
    return _unique(_closing(desk) + ranked)[:LOOKED_AT]


def _urgency(finding: Finding) -> int:
    """The place of a fix among others; what the company made a rule of itself comes first."""
    order: list[str] = load_texts()["fix_order"]
    return -1 if finding.own else order.index(finding.rule)


def _unique(some: list[CaseFile]) -> list[CaseFile]:
    found: dict[str, CaseFile] = {}
    for case in some:
        found.setdefault(case.deal.id, case)
    return list(found.values())
