"""The next best action on one open deal from rules (definitions §5): what to do, why, and on which evidence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from analytics.history import Said, latest, quoted
from analytics.hygiene.case_file import CaseFile
from analytics.hygiene.review import review_cases
from analytics.hygiene.rule import Finding
from analytics.search.lexical import topics_in
from analytics.view import View
from analytics.wording import as_language, day_text, load_table
from core.clock import local_date
from core.parts import RecordRef
from crm_store.deals import Deal
from crm_store.interactions import TWO_WAY_TYPES, Interaction
from crm_store.query import readable
from crm_store.tasks import Task
from crm_store.tickets import UNRESOLVED, Ticket

RECENT = 10

_INTERACTION: Any = Interaction
_TASK: Any = Task
_TICKET: Any = Ticket


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to do on a deal; `action` is of the closed catalogue, a higher score is more pressing."""

    rule: str
    action: str
    what: str
    why: str
    evidence: tuple[RecordRef, ...]
    score: float


@dataclass
class Situation:
    """What the rules look at: the deal's case file, findings, tasks, tickets and latest interactions."""

    view: View
    case: CaseFile
    findings: Mapping[str, Finding]
    tasks: list[Task]
    urgent: list[Ticket]
    said: list[Said]

    @property
    def deal(self) -> Deal:
        """The deal."""
        return self.case.deal

    def days_since(self, said: Said) -> int:
        """Days since an interaction."""
        return (self.view.today - local_date(said.record.occurred_at, self.view.timezone)).days


Test = Callable[[Situation], tuple[dict[str, Any], tuple[RecordRef, ...]] | None]


def suggest(view: View, case: CaseFile) -> list[Suggestion]:
    """What to do next, most pressing first; never empty."""
    situation = _situation(view, case)
    table = load_table("next_actions")
    order: list[str] = table["order"]
    found = []
    for place, name in enumerate(order):
        score = round(1 - place / len(order), 2)
        entry = table[name]
        finding = situation.findings.get(entry.get("from", ""))
        if finding is not None:
            found.append(_suggestion(view, name, score, {"evidence": finding.evidence}, (finding.record,)))
        elif name in _TESTS and (fired := _TESTS[name](situation)) is not None:
            found.append(_suggestion(view, name, score, *fired))
    return found or [_suggestion(view, "no_next_step", 0.1, {"evidence": ""}, (case.ref,))]


def _situation(view: View, case: CaseFile) -> Situation:
    deal = case.deal
    open_tasks = select(Task).where(_TASK.deal_id == deal.id, _TASK.status == "open").order_by(_TASK.due, _TASK.id)
    urgent: Iterable[Ticket] = ()
    if readable(view.uow, "ticket"):
        urgent = view.uow.all(
            "ticket",
            _TICKET.account_id == deal.account_id,
            _TICKET.priority == "urgent",
            _TICKET.status.in_(UNRESOLVED),
        )
    return Situation(
        view=view,
        case=case,
        findings={finding.rule: finding for finding in review_cases(view, [case])},
        tasks=list(view.uow.session.scalars(open_tasks)),
        urgent=sorted(urgent, key=lambda ticket: ticket.opened_at),
        said=latest(view, _INTERACTION.deal_id == deal.id, limit=RECENT),
    )


def _suggestion(
    view: View, name: str, score: float, values: Mapping[str, Any], evidence: tuple[RecordRef, ...]
) -> Suggestion:
    entry = load_table("next_actions")[name]
    language = as_language(view.language)
    why = entry["why"][language].format(**values) if "why" in entry else str(values.get("evidence", ""))
    return Suggestion(name, entry["action"], entry["do"][language].format(**values), why, evidence, score)


def _urgent_ticket(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    if not now.urgent:
        return None
    ticket = now.urgent[0]
    values = {"ticket": ticket.number, "subject": ticket.subject, "account": now.case.account}
    return values, (RecordRef(kind="ticket", id=ticket.id, name=ticket.number),)


def _overdue_task(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    late = [task for task in now.tasks if task.due is not None and task.due < now.view.today]
    return _task(now, late)


def _due_task(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    return _task(now, [task for task in now.tasks if task.due is not None and task.due >= now.view.today])


def _task(now: Situation, tasks: list[Task]) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    if not tasks or tasks[0].due is None:
        return None
    task = tasks[0]
    days = (now.view.today - (task.due or now.view.today)).days
    values = {"task": task.title, "day": day_text(now.view.language, task.due), "n": days}
    return values, (RecordRef(kind="task", id=task.id, name=task.title),)


def _promise(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    for place, said in enumerate(now.said):
        if _has(said, "promise"):
            kept = any(later.record.direction == "outbound" for later in now.said[:place])
            return None if kept or now.days_since(said) < 1 else _quoting(now, said)
    return None


def _champion_left(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    return next((_quoting(now, said) for said in now.said[:3] if _has(said, "left")), None)


def _proposal_unanswered(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    last = now.said[0] if now.said else None
    if last is None or last.record.direction == "inbound" or last.record.type in TWO_WAY_TYPES:
        return None
    waited = now.days_since(last) >= int(load_table("next_actions")["proposal_days"])
    return _quoting(now, last) if waited and _has(last, "sent") else None


def _security_open(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    last = now.said[0] if now.said else None
    return _quoting(now, last) if last is not None and "security" in topics_in(last.text) else None


def _closing_soon(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    closes = now.deal.close_date
    within = timedelta(days=int(load_table("next_actions")["closing_days"]))
    if closes is None or not now.view.today <= closes <= now.view.today + within:
        return None
    if any(_has(said, "paper") for said in now.said):
        return None
    return {"day": day_text(now.view.language, closes), "n": (closes - now.view.today).days}, (now.case.ref,)


def _competitor(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    visible = "competitor" in {spec.name for spec in now.view.uow.fields("deal")}
    return ({"competitor": now.deal.competitor}, (now.case.ref,)) if visible and now.deal.competitor else None


def _keep_going(now: Situation) -> tuple[dict[str, Any], tuple[RecordRef, ...]] | None:
    step = now.deal.next_step.strip()
    return ({"step": step}, (now.case.ref,)) if step else None


def _quoting(now: Situation, said: Said) -> tuple[dict[str, Any], tuple[RecordRef, ...]]:
    return {"quote": quoted(now.view, said)}, (said.ref,)


def _has(said: Said, sign: str) -> bool:
    text = f"{said.record.subject}\n{said.text}".casefold()
    return any(word in text for word in load_table("next_actions")["signs"][sign])


_TESTS: Mapping[str, Test] = {
    "urgent_ticket": _urgent_ticket,
    "overdue_task": _overdue_task,
    "broken_promise": _promise,
    "champion_left": _champion_left,
    "proposal_unanswered": _proposal_unanswered,
    "security_open": _security_open,
    "closing_soon": _closing_soon,
    "competitor_named": _competitor,
    "due_task": _due_task,
    "keep_going": _keep_going,
}
