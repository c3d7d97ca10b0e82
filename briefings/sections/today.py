"""Today's meetings with two lines of context each, and tasks that are due or overdue."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analytics.history import latest, quoted
from analytics.wording import choice_word, day_text
from briefings.line import Desk, Line, load_texts, section
from briefings.own_deals import cases, closes, risk, worth
from core.parts import RecordRef
from crm_store.deals import Deal
from crm_store.interactions import TWO_WAY_TYPES, Interaction
from crm_store.query import names_of
from crm_store.tasks import Task

MOST_NAMED = 3

_INTERACTION: Any = Interaction
_TASK: Any = Task


@section("meetings", 10, "rep")
def meetings_today(desk: Desk) -> list[Line]:
    """What is in today's diary: interactions still to come today, and today's tasks that name a meeting."""
    view = desk.view
    end = datetime.combine(view.today + timedelta(days=1), time(), ZoneInfo(view.timezone)).astimezone(UTC)
    planned = view.uow.all(
        "interaction",
        _INTERACTION.owner_id == desk.me,
        _INTERACTION.type.in_(TWO_WAY_TYPES),
        _INTERACTION.occurred_at > view.uow.now,
        _INTERACTION.occurred_at < end,
    )
    lines: list[Line] = []
    for each in sorted(planned, key=lambda one: (one.occurred_at, one.id)):
        lines += _meeting(desk, each, _when(desk, each))
    for task in _tasks(desk):
        if task.due == view.today and is_meeting(task):
            lines += _meeting(desk, task, task.title)
    return lines


@section("tasks", 20, "rep")
def tasks(desk: Desk) -> list[Line]:
    """Overdue tasks in one line, today's in another."""
    open_tasks = _tasks(desk)
    late = [task for task in open_tasks if task.due is not None and task.due < desk.view.today]
    due = [task for task in open_tasks if task.due == desk.view.today and not is_meeting(task)]
    lines = []
    if late:
        lines.append(_grouped(desk, "overdue", late))
    if due:
        lines.append(_grouped(desk, "due_today", due))
    return lines


def is_meeting(task: Task) -> bool:
    """Whether a task's title says that one meets or speaks with somebody."""
    title = f" {task.title.casefold()} "
    return any(word in title for word in load_texts()["meeting_words"])


def _tasks(desk: Desk) -> Sequence[Task]:
    found: list[Task] | None = desk.view.memo.get("briefing_tasks")
    if found is None:
        rows = desk.view.uow.all(
            "task", _TASK.assignee_id == desk.me, _TASK.status == "open", _TASK.due <= desk.view.today
        )
        ranks = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
        found = sorted(rows, key=lambda task: (task.due, ranks.get(task.priority, 2), task.title, task.id))
        desk.view.memo["briefing_tasks"] = found
    return found


def _grouped(desk: Desk, key: str, some: Sequence[Task]) -> Line:
    named = some[:MOST_NAMED]
    texts = [
        desk.say("task_late", title=task.title, day=day_text(desk.language, task.due)) if key == "overdue"
        else task.title
        for task in named
    ]  # fmt: skip
    rest = desk.say("more", n=len(some) - len(named)) if len(some) > len(named) else ""
    refs = tuple(RecordRef(kind="task", id=task.id, name=task.title) for task in named)
    text = desk.say(key, n=len(some), items=desk.say("semicolon").join(texts)) + rest
    return Line(text, refs, say=desk.say("say_done", title=some[0].title))


def _when(desk: Desk, each: Interaction) -> str:
    local = each.occurred_at.astimezone(ZoneInfo(desk.view.timezone))
    kind = choice_word(desk.language, "interaction_type", each.type)
    return desk.say("at_time", time=f"{local:%H:%M}", what=each.subject or kind)


def _meeting(desk: Desk, each: Any, what: str) -> list[Line]:
    """A meeting and two lines of context: the deal with its risk, and what was said last."""
    view = desk.view
    kind = "task" if isinstance(each, Task) else "interaction"
    account = names_of(view.uow, "account", [each.account_id]).get(each.account_id, "")
    ref = RecordRef(kind=kind, id=each.id, name=what)
    refs = [ref] if not account else [ref, RecordRef(kind="account", id=each.account_id, name=account)]
    text = desk.say("meeting_with", what=what, account=account) if account else desk.say("meeting", what=what)
    lines = [Line(text, tuple(refs))]
    deal = _deal_of(desk, each)
    if deal is not None:
        lines.append(_deal_line(desk, deal))
    about = _INTERACTION.deal_id == deal.id if deal is not None else _INTERACTION.account_id == each.account_id
    said = latest(view, about, _INTERACTION.occurred_at <= view.uow.now, limit=1) if deal or account else []
    if said:
        lines.append(Line(desk.say("last_said", quote=quoted(view, said[0])), (said[0].ref,), indented=True))
    return lines


def _deal_of(desk: Desk, each: Any) -> Deal | None:
    own = {case.deal.id: case.deal for case in cases(desk)}
    if each.deal_id in own:
        return own[each.deal_id]
    of_account = [deal for deal in own.values() if deal.account_id == each.account_id]
    return of_account[0] if len(of_account) == 1 else None


def _deal_line(desk: Desk, deal: Deal) -> Line:
    stage = next((case.stage.name for case in cases(desk) if case.deal.id == deal.id), "")
    facts = [stage, worth(desk, deal), desk.say("closes", day=closes(desk, deal)), risk(desk, deal.id, 2)]
    text = desk.say("deal_context", deal=deal.name, facts=desk.say("comma").join(filter(None, facts)))
    return Line(text, (RecordRef(kind="deal", id=deal.id, name=deal.name),), indented=True)
