"""Rules that look at the record: dates, stage, contacts, tasks, tickets."""

from datetime import timedelta
from typing import Any

from analytics.next_best_action.rule import Fired, action_rule, fired
from analytics.next_best_action.situation import Situation, has_sign
from analytics.wording import day_text, load_table
from core.parts import RecordRef
from crm_store.accounts import Account
from crm_store.tasks import Task

_ACCOUNT: Any = Account


@action_rule()
def urgent_ticket(now: Situation) -> Fired | None:
    """An urgent ticket of the account is unresolved."""
    if not now.urgent:
        return None
    ticket = now.urgent[0]
    ref = RecordRef(kind="ticket", id=ticket.id, name=ticket.number)
    return fired(
        now.view.language, "urgent_ticket", ref, ticket=ticket.number, subject=ticket.subject,
        account=now.case.account,
    )  # fmt: skip


@action_rule()
def overdue_task(now: Situation) -> Fired | None:
    """An open task is overdue."""
    return _task(now, "overdue_task", [task for task in now.tasks if task.due and task.due < now.view.today])


@action_rule()
def due_task(now: Situation) -> Fired | None:
    """An open task is ahead."""
    return _task(now, "due_task", [task for task in now.tasks if task.due and task.due >= now.view.today])


@action_rule()
def close_date_passed(now: Situation) -> Fired | None:
    """H1: the close date is in the past."""
    return _finding(now, "close_date_passed")


@action_rule()
def no_next_step(now: Situation) -> Fired | None:
    """H2: there is no next step."""
    return _finding(now, "no_next_step")


@action_rule()
def silent(now: Situation) -> Fired | None:
    """H3: no two-way activity for 14 days."""
    return _finding(now, "silent")


@action_rule()
def stuck(now: Situation) -> Fired | None:
    """H4: longer in the stage than three in four."""
    return _finding(now, "stuck")


@action_rule()
def single_threaded(now: Situation) -> Fired | None:
    """H5: fewer than two contacts, late."""
    return _finding(now, "single_threaded")


@action_rule()
def commit_without_buyer(now: Situation) -> Fired | None:
    """H6: in commit without an economic buyer."""
    return _finding(now, "commit_without_buyer")


@action_rule()
def pushed(now: Situation) -> Fired | None:
    """H8: the close date was moved three times, or once in commit."""
    return _finding(now, "pushed")


@action_rule()
def given_up(now: Situation) -> Fired | None:
    """Pushed three times and silent for two months."""
    last = now.case.last_two_way or now.deal.created_at
    days = (now.view.uow.now - last).days
    if "H8" not in now.findings or len(now.case.pushes) < 3 or days < _days("given_up_days"):
        return None
    return fired(now.view.language, "given_up", now.case.ref, pushes=len(now.case.pushes), n=days)


@action_rule()
def closing_soon(now: Situation) -> Fired | None:
    """It closes within a week and nothing about contract or signature was logged."""
    closes, today = now.deal.close_date, now.view.today
    if closes is None or not today <= closes <= today + timedelta(days=_days("closing_days")):
        return None
    if any(has_sign(said, "paper") for said in now.said):
        return None
    day = day_text(now.view.language, closes)
    return fired(now.view.language, "closing_soon", now.case.ref, day=day, n=(closes - today).days)


@action_rule()
def competitor_named(now: Situation) -> Fired | None:
    """The competitor field is filled in, and the asker may see it."""
    visible = "competitor" in {spec.name for spec in now.view.uow.fields("deal")}
    if not visible or not now.deal.competitor:
        return None
    return fired(now.view.language, "competitor_named", now.case.ref, competitor=now.deal.competitor)


@action_rule()
def duplicate_account(now: Situation) -> Fired | None:
    """Another visible account has the same name or domain."""
    if now.twin is None:
        return None
    return fired(now.view.language, "duplicate_account", now.twin, account=now.case.account, other=now.twin.name)


@action_rule()
def keep_going(now: Situation) -> Fired | None:
    """There is a next step."""
    step = now.deal.next_step.strip()
    return fired(now.view.language, "keep_going", now.case.ref, step=step) if step else None


def _finding(now: Situation, rule: str) -> Fired | None:
    finding = now.findings.get(load_table("next_actions")[rule]["from"])
    return fired(now.view.language, rule, finding.record, evidence=finding.evidence) if finding else None


def _task(now: Situation, rule: str, tasks: list[Task]) -> Fired | None:
    if not tasks or tasks[0].due is None:
        return None
    task = tasks[0]
    ref = RecordRef(kind="task", id=task.id, name=task.title)
    days = (now.view.today - (task.due or now.view.today)).days
    return fired(now.view.language, rule, ref, task=task.title, day=day_text(now.view.language, task.due), n=days)


def _days(name: str) -> int:
    return int(load_table("next_actions")[name])
