"""The app's home: my pipeline, tasks due, what waits for a yes, and the briefing. Drawn anew when opened."""

from collections.abc import Callable
from typing import Any

from agent.approval_forms import current_request
from agent.outcome import Outcome
from core.parts import Table
from crm_store.directory import principal_of
from crm_store.principals import Principal
from integrations.slack.briefing_times import settings_blocks
from integrations.slack.calls import attempt
from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.reading import read
from integrations.slack.render import blocks as b
from integrations.slack.render import limits
from integrations.slack.render.parts import Draw, draw
from integrations.slack.render.text import cut, escape, literal
from integrations.slack.service import Slack
from integrations.slack.words import say

MOST_DEALS, MOST_TASKS, MOST_APPROVALS = 10, 10, 5


def show_home(slack: Slack, payload: dict[str, Any]) -> None:
    """Draws the home of whoever opened it."""
    publish(slack, Place.of(payload))


def publish(slack: Slack, place: Place) -> None:
    """Draws someone's home."""
    client = slack.client(place)
    person = slack.people.find(client, place)
    if isinstance(person, Stranger):
        blocks = [b.section(escape(say(person.language, person.why if person.why != "bot" else "outsider")))]
    else:
        blocks = home_blocks(slack, person)
    view = {"type": "home", "blocks": blocks[: limits.MOST_VIEW_BLOCKS]}
    attempt(lambda: client.views_publish(user_id=place.user, view=view))


def home_blocks(slack: Slack, person: Principal) -> list[b.Block]:
    """Everything on someone's home, with their rights."""
    language = person.locale[:2]
    blocks = [b.header(say(language, "home_hello", name=person.name))]
    sections: tuple[tuple[str, Callable[[Slack, Principal], list[b.Block]]], ...] = (
        ("home_approvals", _approvals),
        ("home_tasks", _tasks),
        ("home_pipeline", _deals),
        ("home_briefings", settings_blocks),
    )
    for title, section in sections:
        found = section(slack, person)
        none = [b.context(say(language, "home_none"))]
        blocks += [b.divider(), b.section(f"*{say(language, title)}*"), *(found or none)]
    return blocks


def _deals(slack: Slack, person: Principal) -> list[b.Block]:
    filters = [{"field": "status", "op": "=", "value": "open"}, {"field": "owner", "op": "=", "value": "me"}]
    arguments = {"kind": "deal", "filters": filters, "sort": "close_date", "limit": MOST_DEALS}
    return _lines(slack, read(slack, person, "list_records", arguments), person)


def _tasks(slack: Slack, person: Principal) -> list[b.Block]:
    filters = [
        {"field": "assignee", "op": "=", "value": "me"},
        {"field": "status", "op": "=", "value": "open"},
        {"field": "due", "op": "<=", "value": "today"},
    ]
    arguments = {"kind": "task", "filters": filters, "sort": "due", "limit": MOST_TASKS}
    return _lines(slack, read(slack, person, "list_records", arguments), person)


def _lines(slack: Slack, found: Outcome, person: Principal) -> list[b.Block]:
    tables = [part for part in found.parts if isinstance(part, Table)]
    how = Draw(person.locale[:2], page_base=slack.page_base)
    blocks = []
    for table in tables:
        for number, row in enumerate(table.rows):
            name = literal(row[0])
            page = how.page(table.records[number]) if number < len(table.records) else ""
            head = f"*<{page}|{name}>*" if page else f"*{name}*"
            rest = " · ".join(escape(cell) for cell in row[1:] if cell)
            blocks.append(b.section(cut(f"{head}\n{rest}" if rest else head, limits.SECTION_CHARS)))
    total = int(found.result.get("count", 0))
    shown = sum(len(table.rows) for table in tables)
    if total > shown:
        blocks.append(b.context(say(person.locale[:2], "home_more", n=total - shown)))
    return blocks


def _approvals(slack: Slack, person: Principal) -> list[b.Block]:
    waiting = slack.runtime.log.waiting_of(sorted(person.command | {person.user_id}), MOST_APPROVALS)
    blocks: list[b.Block] = []
    for approval in waiting:
        request = current_request(slack.runtime, person.email, approval.id)
        if request is None:
            continue
        if approval.user_id != person.user_id:
            asker = principal_of(slack.runtime.store, approval.user_id)
            blocks.append(b.context(escape(say(person.locale[:2], "asked_by", name=asker.name))))
        blocks += draw(request, Draw(person.locale[:2], approval.turn_id, person.timezone, slack.page_base))
    return blocks
