"""Briefings, reminders and notices as direct messages in Slack; the key in a message's metadata finds it again."""

import threading
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from briefings.channels import Channel, ChannelError, Message, UnreachableError
from core.settings import Settings
from crm_store.channel_log import ChannelLog
from crm_store.store import Store
from integrations.slack.calls import CLOSED, TryLaterError, UnclearError, clear, error_of
from integrations.slack.place import Place
from integrations.slack.render import blocks as b
from integrations.slack.render import limits
from integrations.slack.render import message as drawn
from integrations.slack.render.text import cut, escape, literal
from integrations.slack.sending import Sender
from integrations.slack.words import say
from integrations.slack.workspaces import NotInstalledError, Workspaces

_NOBODY = ("users_not_found", "user_not_found", "user_disabled", "cannot_dm_bot", "user_not_visible")
_REMINDER_WORDS = {
    "en": (("Done", "done"), ("In an hour", "snooze 1 hour"), ("Tomorrow", "snooze 1 day")),
    "zh": (("完成", "完成了"), ("一小时后", "推迟1小时"), ("明天", "推迟1天")),
}


def open_channel(settings: Settings, store: Store) -> Channel | None:
    """The channel, where a bot token or an installation is there; else None."""
    log = ChannelLog(store)
    if not (settings.slack_bot_token.get_secret_value() or log.workspaces()):
        return None
    return SlackChannel(Workspaces(settings, log), settings.public_url.rstrip("/"))


class SlackChannel:
    """Writes to the direct message of whoever has the person's e-mail address in a workspace."""

    def __init__(self, workspaces: Workspaces, page_base: str = "") -> None:
        self._workspaces, self._page_base = workspaces, page_base
        self._places: dict[str, Place] = {}
        self._lock = threading.Lock()

    def deliver(self, message: Message) -> str:
        """Sends the message and gives `channel:ts`.

        Raises:
            ChannelError: Slack did not take it, or (`is_unknown`) gave no answer.
            UnreachableError: nobody in Slack has this address.
        """
        place = self._place(message)
        try:
            ts = self._sender(place).send(_key(message), self._draw(message), user_id=message.user_id)
        except TryLaterError as error:
            raise ChannelError(error.message, is_unknown=isinstance(error, UnclearError)) from error
        except SlackApiError as error:
            raise _refused(error) from error
        return f"{place.channel}:{ts}"

    def find(self, message: Message) -> str | None:
        """Where a message with this key stands; None where it does not."""
        place = self._place(message)
        note = self._workspaces.log.find_delivery(_key(message))
        if note is not None and note.status == "done":
            return f"{place.channel}:{note.message}"
        try:
            ts = self._sender(place).find(_key(message))
        except TryLaterError as error:
            raise ChannelError(error.message) from error
        except SlackApiError as error:
            raise _refused(error) from error
        return f"{place.channel}:{ts}" if ts else None

    def _sender(self, place: Place) -> Sender:
        return Sender(self._workspaces.client(place.workspace), self._workspaces.log, place)

    def _place(self, message: Message) -> Place:
        with self._lock:
            known = self._places.get(message.user_id)
        if known is not None:
            return known
        for workspace in self._all_workspaces():
            found = self._find_person(workspace, message)
            if found is not None:
                with self._lock:
                    self._places[message.user_id] = found
                return found
        raise UnreachableError(f"Nobody in Slack has the address {message.email}.")

    def _all_workspaces(self) -> list[str]:
        try:
            if self._workspaces.settings.slack_bot_token.get_secret_value():
                return [self._workspaces.own_team()]
        except NotInstalledError as error:
            raise ChannelError(error.message) from error
        return self._workspaces.log.workspaces()

    def _find_person(self, workspace: str, message: Message) -> Place | None:
        client = self._workspaces.client(workspace)
        mapped = [each for each in self._workspaces.log.mappings() if each.workspace == workspace]
        person = next((each.person for each in mapped if each.user_id == message.user_id), "")
        try:
            with clear():
                person = person or _by_email(client, message.email)
                if not person:
                    return None
                opened = client.conversations_open(users=person)
        except TryLaterError as error:
            raise ChannelError(error.message) from error
        except SlackApiError as error:
            if error_of(error) in _NOBODY:
                return None
            raise _refused(error) from error
        return Place(workspace, str(opened["channel"]["id"]), person, is_dm=True)

    def _draw(self, message: Message) -> drawn.Message:
        blocks: list[b.Block] = [b.section(f"*{literal(message.title)}*")]
        for number, line in enumerate(message.lines[: limits.MOST_BLOCKS - 3]):
            blocks.append(self._line(number, line, message))
        if message.kind == "reminder" and message.subject_id:
            buttons = [
                b.button(label, f"say_r{number}", f"{message.subject_id}|{text}")
                for number, (label, text) in enumerate(_REMINDER_WORDS[message.language])
            ]
            blocks.append(b.actions(buttons))
        text = "\n".join([message.title, *(str(line["text"]) for line in message.lines)])
        return drawn.Message(cut(escape(text), limits.SECTION_CHARS), blocks)

    def _line(self, number: int, line: Mapping[str, Any], message: Message) -> b.Block:
        pages = [
            f"<{self._page_base}/records/{record['kind']}/{record['id']}|{say(message.language, 'open_record')}>"
            for record in list(line.get("records", ()))[:1]
            if self._page_base
        ]
        text = " ".join(["    " if line.get("indented") else "•", literal(str(line["text"])), *pages])
        accessory = None
        if line.get("say"):
            about = next((str(record["id"]) for record in line.get("records", ())), "")
            label = cut(str(line["say"]), limits.BUTTON_CHARS)
            accessory = b.button(label, f"say_{number}", f"{about}|{line['say']}")
        return b.section(text, accessory=accessory)


def _by_email(client: WebClient, email: str) -> str:
    found = client.users_lookupByEmail(email=email)["user"]
    gone = any(found.get(name) for name in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted"))
    return "" if gone or found.get("is_email_confirmed") is not True else str(found["id"])


def _refused(error: SlackApiError) -> ChannelError:
    if error_of(error) in CLOSED:
        return UnreachableError(f"Slack does not open this direct message ({error_of(error)}).")
    return ChannelError(f"Slack did not take the message ({error_of(error)}).")


def _key(message: Message) -> str:
    return f"brief:{message.key}"
