"""Takes one planned delivery to its person once: composed once, and looked up before any second try."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analytics.wording import day_text
from briefings.channels import Channel, ChannelError, Message, UnreachableError
from briefings.compose import compose
from briefings.line import Line, kind_for, say
from briefings.planning import ON_TIME, most_late, reminder_key
from briefings.preferences import Preference, list_preferences
from briefings.rules import after_quiet
from briefings.wording import Words, worded
from core.parts import RecordRef
from core.settings import Settings
from crm_store.deliveries import Delivery
from crm_store.delivery_log import DeliveryLog
from crm_store.directory import find_principal
from crm_store.journal_marks import Mark, is_at_end, mark_journal
from crm_store.principals import Principal, Role
from crm_store.query import names_of
from crm_store.store import Store
from crm_store.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Deliverer:
    """Delivers by key through the channels that are set up."""

    def __init__(
        self, store: Store, settings: Settings, channels: Mapping[str, Channel], words: Words | None = None
    ) -> None:
        self._store, self._settings, self._channels, self._words = store, settings, channels, words
        self._log = DeliveryLog(store)
        self._alike: tuple[Mark, dict[Any, Any]] | None = None

    def deliver(self, key: str) -> str:
        """Takes the delivery of this key one step further; its status afterwards ("" when there is none).

        Safe to call again after a crash at any point: what was handed over before is looked up first.
        """
        row = self._log.get(key)
        now = self._store.clock.now()
        if row is None or row.status not in ("waiting", "sending") or row.next_try_at > now:
            return row.status if row else ""
        person = next(iter(list_preferences(self._store, self._settings, frozenset((row.user_id,)))), None)
        channel = self._channels.get(row.channel)
        if person is None:
            return self._close(row, "cancelled", "the person is no longer active")
        if row.status == "sending" and channel is not None:
            try:
                ref = channel.find(_message(row, person))
            except ChannelError as error:
                return self._again(row, error.message, unknown=True)
            if ref is not None:
                return self._close(row, "sent", ref=ref)
        goes_at = after_quiet(row.due_at, person.quiet, person.timezone)
        late_by = now - goes_at
        if late_by > most_late(row.kind, self._settings):
            return self._close(row, "skipped", f"too late by now; {row.reason}".rstrip("; "))
        if channel is None:
            return self._again(row, f"the channel “{row.channel}” is not set up")
        if not row.content:
            content = self._content(row, person)
            if content is None:
                return self._close(row, "cancelled", "done or gone before its time")
            self._log.fix_content(key, content)
            row.content = content
        is_late = late_by > ON_TIME
        self._log.begin(key, is_late=is_late)
        return self._hand_over(row, channel, _message(row, person, is_late=is_late))

    def _hand_over(self, row: Delivery, channel: Channel, message: Message) -> str:
        try:
            ref = channel.deliver(message)
        except UnreachableError as error:
            return self._close(row, "failed", error.message)
        except ChannelError as error:
            return self._again(row, error.message, unknown=error.is_unknown)
        return self._close(row, "sent", ref=ref)

    def _close(self, row: Delivery, status: str, reason: str = "", *, ref: str = "") -> str:
        if status != "sent":
            log.warning("%s %s: %s", status, row.key, reason)
        self._log.close(row.key, status, now=self._store.clock.now(), ref=ref, reason=reason)
        return status

    def _again(self, row: Delivery, reason: str, *, unknown: bool = False) -> str:
        wait = min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
        self._log.postpone(row.key, self._store.clock.now() + wait, reason, unknown=unknown)
        log.warning("%s is tried again in %s: %s", row.key, wait, reason)
        return "sending" if unknown else "waiting"

    def _content(self, row: Delivery, person: Preference) -> dict[str, Any] | None:
        principal = find_principal(self._store, person.email)
        with self._store.unit_of_work(principal, writes=False) as uow:
            if row.kind == "briefing":
                title, lines = self._briefing(uow, principal, row, person)
            else:
                told = (_reminder if row.kind == "reminder" else _clock)(uow, row, person)
                if told is None:
                    return None
                title, lines = told
        plain = [_plain(line) for line in lines]
        if row.kind == "briefing" and self._words is not None and plain:
            plain = worded(plain, person.language, self._words)
        return {"title": title, "lines": plain}

    def _briefing(
        self, uow: UnitOfWork, principal: Principal, row: Delivery, person: Preference
    ) -> tuple[str, list[Line]]:
        monday = row.due_at.astimezone(ZoneInfo(person.timezone)).weekday() == 0
        kind = kind_for(Role(principal.role))
        if kind == "manager" and monday:
            kind = "manager_weekly"
        shared = self._seen_alike(uow)
        found = compose(uow, self._settings, kind=kind, language=person.language, shared=shared)
        return (found.lines[0].text, []) if found.is_empty else (found.title, list(found.lines))

    def _seen_alike(self, uow: UnitOfWork) -> dict[Any, Any]:
        """What several people see alike, from the last briefing on for as long as nothing is written."""
        if self._alike is None or not is_at_end(uow, self._alike[0]):
            self._alike = mark_journal(uow), {}
        return self._alike[1]


def _reminder(uow: UnitOfWork, row: Delivery, person: Preference) -> tuple[str, list[Line]] | None:
    """The reminder's text; None when the task is done, gone, or was put off since."""
    task: Any = uow.find("task", row.subject_id)
    if task is None or task.status != "open" or reminder_key(task) != row.key:
        return None
    account = names_of(uow, "account", [task.account_id]).get(task.account_id or "", "")
    about = say(person.language, "of_company", company=account) if account else ""
    refs = [RecordRef(kind="task", id=task.id, name=task.title)]
    if account:
        refs.append(RecordRef(kind="account", id=task.account_id, name=account))
    title = say(person.language, "reminder", title=task.title)
    text = say(person.language, "reminder_line", title=task.title, about=about,
               due=day_text(person.language, task.due) or "—")  # fmt: skip
    return title, [
        Line(text, tuple(refs)),
        Line(say(person.language, "reminder_done"), say=say(person.language, "say_done", title=task.title)),
        Line(say(person.language, "reminder_snooze"), say=say(person.language, "say_snooze", title=task.title)),
    ]


def _clock(uow: UnitOfWork, row: Delivery, person: Preference) -> tuple[str, list[Line]] | None:
    """The notice's text; None when the lead or ticket is no longer waiting or not theirs to see."""
    kind, _, record_id = row.subject_id.partition(":")
    record: Any = uow.find(kind, record_id)
    if record is None or record.status not in ("new", "working", "open", "pending"):
        return None
    since = record.created_at if kind == "lead" else record.opened_at
    hours = int((uow.now - since).total_seconds() // 3600)
    name = record.name if kind == "lead" else record.number
    what = record.company if kind == "lead" else record.subject
    title = say(person.language, f"clock_{kind}", name=name, what=what, n=hours)
    return title, [Line(title, (RecordRef(kind=kind, id=record.id, name=name),))]


def _plain(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "records": [ref.model_dump() for ref in line.records],
        "say": line.say,
        "indented": line.indented,
    }


def _message(row: Delivery, person: Preference, *, is_late: bool = False) -> Message:
    title = str(row.content.get("title", ""))
    if is_late:
        local = row.due_at.astimezone(ZoneInfo(person.timezone))
        title = (
            say(person.language, "late", time=f"{day_text(person.language, local.date())} {local:%H:%M}") + title
        )
    return Message(
        key=row.key,
        kind=row.kind,
        user_id=row.user_id,
        email=person.email,
        name=person.name,
        language=person.language,
        title=title,
        lines=tuple(row.content.get("lines", ())),
        subject_id=row.subject_id,
    )
