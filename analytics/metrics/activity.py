"""Counts and times of leads, tickets, tasks and interactions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from analytics.measure import Count, Numbers, days_between
from analytics.metric import Metric, Unit, define, mean, middle, number
from analytics.metrics.sets import open_tasks, overdue_tasks, unresolved
from analytics.view import View
from crm_store.interactions import Interaction
from crm_store.leads import Lead
from crm_store.nouns import Label
from crm_store.tickets import Ticket

_INTERACTION: Any = Interaction
_LEAD: Any = Lead
_TICKET: Any = Ticket


def _first_outbound(link: Any, record_id: Any) -> Any:
    return (
        select(func.min(_INTERACTION.occurred_at))
        .where(link == record_id, _INTERACTION.direction == "outbound")
        .scalar_subquery()
    )


def _lead_times(view: View) -> Sequence[Any]:
    return (_LEAD.created_at, _first_outbound(_INTERACTION.lead_id, _LEAD.id))


def _ticket_times(view: View) -> Sequence[Any]:
    return (_TICKET.opened_at, _first_outbound(_INTERACTION.ticket_id, _TICKET.id))


def _resolution(view: View) -> Sequence[Any]:
    return (_TICKET.opened_at, _TICKET.resolved_at)


def _score(view: View) -> Sequence[Any]:
    return (_TICKET.csat,)


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    days = days_between(start, end)
    return None if days is None else days * 24


def _as_float(value: int | None) -> float | None:
    return None if value is None else float(value)


define(
    Metric(
        "lead_count",
        Label("leads", "线索数"),
        Label("number of leads (created in the period, if given)", "线索数量"),
        Unit.COUNT,
        "lead",
        (Count("lead", None, "created_at"),),
        number(),
        when="created_at",
        words=("number of leads", "leads", "new leads", "多少线索"),
    )
)
define(
    Metric(
        "ticket_count",
        Label("tickets", "工单数"),
        Label("number of tickets (opened in the period, if given)", "工单数量"),
        Unit.COUNT,
        "ticket",
        (Count("ticket", None, "opened_at"),),
        number(),
        when="opened_at",
        words=("number of tickets", "tickets", "cases", "多少工单"),
    )
)
define(
    Metric(
        "open_ticket_count",
        Label("unresolved tickets", "未解决工单数"),
        Label("open and pending tickets (opened in the period, if given)", "打开和等待中的工单数量"),
        Unit.COUNT,
        "ticket",
        (Count("ticket", unresolved, "opened_at"),),
        number(),
        when="opened_at",
        words=("open tickets", "unresolved tickets", "未解决工单", "没解决的工单"),
    )
)
define(
    Metric(
        "task_count",
        Label("tasks", "任务数"),
        Label("number of tasks (due in the period, if given)", "任务数量"),
        Unit.COUNT,
        "task",
        (Count("task", None, "due"),),
        number(),
        when="due",
        words=("number of tasks", "tasks", "多少任务"),
    )
)
define(
    Metric(
        "open_task_count",
        Label("open tasks", "未完成任务数"),
        Label("open tasks (due in the period, if given)", "未完成任务数量"),
        Unit.COUNT,
        "task",
        (Count("task", open_tasks, "due"),),
        number(),
        when="due",
        words=("open tasks", "to-dos", "待办数"),
    )
)
define(
    Metric(
        "overdue_task_count",
        Label("overdue tasks", "逾期任务数"),
        Label("open tasks whose due day has passed", "已过期未完成的任务数量"),
        Unit.COUNT,
        "task",
        (Count("task", overdue_tasks, "due"),),
        number(),
        when="due",
        words=("overdue tasks", "late tasks", "逾期任务"),
    )
)
define(
    Metric(
        "interaction_count",
        Label("interactions", "互动次数"),
        Label("number of interactions in the period", "期间内互动记录数量"),
        Unit.COUNT,
        "interaction",
        (Count("interaction", None, "occurred_at"),),
        number(),
        when="occurred_at",
        words=(
            "number of interactions",
            "activities",
            "activity count",
            "touches",
            "calls",
            "meetings",
            "互动数",
            "活动数",
        ),
    )
)
define(
    Metric(
        "account_count",
        Label("accounts", "客户数"),
        Label("number of accounts (created in the period, if given)", "客户数量"),
        Unit.COUNT,
        "account",
        (Count("account", None, "created_at"),),
        number(),
        when="created_at",
        words=("number of accounts", "accounts", "customers", "多少客户"),
    )
)
define(
    Metric(
        "contact_count",
        Label("contacts", "联系人数"),
        Label("number of contacts (created in the period, if given)", "联系人数量"),
        Unit.COUNT,
        "contact",
        (Count("contact", None, "created_at"),),
        number(),
        when="created_at",
        words=("number of contacts", "contacts", "多少联系人"),
    )
)
define(
    Metric(
        "lead_response_time",
        Label("lead response time", "线索响应时间"),
        Label(
            "median hours from created to first outbound interaction, leads created in the period",
            "期间内创建的线索到首次外联的小时数中位数",
        ),
        Unit.HOURS,
        "lead",
        (Numbers("lead", _lead_times, _hours, None, "created_at"),),
        middle(),
        when="created_at",
        words=("response time", "speed to lead", "time to first touch", "响应时间"),
    )
)
define(
    Metric(
        "first_response_time",
        Label("first response time", "首次响应时间"),
        Label(
            "median hours from ticket opening to first outbound interaction", "工单开单到首次回复的小时数中位数"
        ),
        Unit.HOURS,
        "ticket",
        (Numbers("ticket", _ticket_times, _hours, None, "opened_at"),),
        middle(),
        when="opened_at",
        words=("first response", "ticket response time", "首响时间", "首次响应"),
    )
)
define(
    Metric(
        "resolution_time",
        Label("resolution time", "解决时间"),
        Label(
            "median days from ticket opening to resolution, tickets opened in the period",
            "期间内开单的工单到解决的天数中位数",
        ),
        Unit.DAYS,
        "ticket",
        (Numbers("ticket", _resolution, days_between, None, "opened_at"),),
        middle(),
        when="opened_at",
        words=("time to resolve", "time to resolution", "mttr", "处理时长", "解决时长"),
    )
)
define(
    Metric(
        "csat",
        Label("customer satisfaction", "客户满意度"),
        Label("mean CSAT score, tickets opened in the period", "期间内开单工单的平均满意度"),
        Unit.SCORE,
        "ticket",
        (Numbers("ticket", _score, _as_float, None, "opened_at"),),
        mean(),
        when="opened_at",
        words=("satisfaction", "csat score", "customer satisfaction", "满意度"),
    )
)
