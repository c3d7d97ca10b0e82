"""Sends a message once: noted before, found again by its metadata when it is unclear whether it got through."""

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from crm_store.channel_log import ChannelLog
from crm_store.channel_state import ChannelDelivery
from integrations.slack.calls import BLOCKS_REFUSED, GONE, TryLaterError, attempt, clear, error_of
from integrations.slack.place import Place
from integrations.slack.render.message import Message
from integrations.slack.render.plain import as_text

# The name of this process: only one sends a message at a time, and none waits for one that is dead.
OWNER = secrets.token_hex(8)
OWNED = timedelta(seconds=120)
EVENT_TYPE = "dealhand_message"
_A_PAGE, _MOST_PAGES = 200, 10
# How much text a message without blocks, and an update without blocks, may hold.
_MOST_TEXT, _MOST_UPDATED = 12_000, 3_900

logger = logging.getLogger("dealhand.slack")


@dataclass(frozen=True)
class Sender:
    """Sends to one place with one client."""

    client: WebClient
    log: ChannelLog
    place: Place
    owner: str = OWNER

    def begin(self, key: str, *, turn_id: str = "", user_id: str = "") -> ChannelDelivery:
        """Notes that the message of this key is about to be sent, or finds the note of an earlier try."""
        now = self.log.now
        return self.log.begin_delivery(
            ChannelDelivery(
                key=key,
                workspace=self.place.workspace,
                room=self.place.channel,
                thread=self.place.thread,
                turn_id=turn_id,
                user_id=user_id,
                created_at=now,
                updated_at=now,
            )
        )

    def send(self, key: str, message: Message, *, turn_id: str = "", user_id: str = "") -> str:
        """Sends a message and gives its `ts`; what was sent under this key before is not sent again.

        Raises:
            TryLaterError: it could not be sent now, or it is unclear whether it was.
        """
        note = self.begin(key, turn_id=turn_id, user_id=user_id)
        if note.status == "done":
            return note.message
        self.own(key)
        if note.status == "sending":
            found = self.find(key)
            if found:
                self.log.note_delivery(key, message=found, status="done")
                return found
        self.log.note_delivery(key, status="sending", turn_id=turn_id, user_id=user_id)
        with clear():
            ts = _with_text_where_blocks_are_refused(lambda shown: self._post(key, shown), message, _MOST_TEXT)
        self.log.note_delivery(key, message=ts, status="done")
        return ts

    def own(self, key: str) -> None:
        """Makes this process the one that sends the message of this key.

        Raises:
            TryLaterError: another process is at it, or has just done it.
        """
        if not self.log.own_delivery(key, self.owner, OWNED):
            raise TryLaterError("Another process is sending this message.")

    def replace(self, ts: str, message: Message) -> bool:
        """Puts other content into a message of ours; False when it is not there any more.

        Raises:
            SlackApiError: Slack refuses it.
            TryLaterError: it could not be done now, or it is unclear whether it was.
        """
        try:
            with clear():
                _with_text_where_blocks_are_refused(lambda shown: self._update(ts, shown), message, _MOST_UPDATED)
        except SlackApiError as error:
            if error_of(error) in GONE:
                return False
            raise
        return True

    def tell(self, text: str, key: str) -> None:
        """Says something to one person only: in a direct message as a message, else where only they see it."""
        if self.place.is_dm:
            self.send(key, Message(text, []))
            return
        attempt(
            lambda: self.client.chat_postEphemeral(
                channel=self.place.channel,
                user=self.place.user,
                thread_ts=self.place.thread or None,
                text=text,
            )
        )

    def find(self, key: str) -> str:
        """The `ts` of the message of ours that carries this key; empty when it is not there."""
        for message in self._messages():
            if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return str(message["ts"])
        return ""

    def find_orphan(self) -> str:
        """The `ts` of a message that a stream of ours began in this thread and that no note knows of."""
        for message in self._messages():
            ours = bool(message.get("bot_id")) and not (message.get("metadata") or message.get("files"))
            if ours and str(message["ts"]) > self.place.ts and not self._known(str(message["ts"])):
                return str(message["ts"])
        return ""

    def _post(self, key: str, message: Message) -> str:
        sent = self.client.chat_postMessage(
            channel=self.place.channel,
            thread_ts=self.place.thread or None,
            text=message.text,
            blocks=message.blocks or None,
            unfurl_links=False,
            unfurl_media=False,
            metadata=metadata(key),
        )
        return str(sent["ts"])

    def _update(self, ts: str, message: Message) -> str:
        self.client.chat_update(channel=self.place.channel, ts=ts, text=message.text, blocks=message.blocks)
        return ts

    def _known(self, ts: str) -> bool:
        return self.log.knows_message(self.place.workspace, self.place.channel, ts)

    def _messages(self) -> Iterator[dict[str, Any]]:
        """What was written since the message that is answered; without one, the latest of the conversation."""
        wanted: dict[str, Any] = {"channel": self.place.channel, "include_all_metadata": True, "limit": _A_PAGE}
        if self.place.thread:
            wanted |= {"ts": self.place.thread, "oldest": self.place.ts or None}
        for _ in range(_MOST_PAGES):
            with clear():
                found = (
                    self.client.conversations_replies(**wanted)
                    if self.place.thread
                    else self.client.conversations_history(**wanted)
                )
            yield from found.get("messages", [])
            cursor = (found.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            wanted["cursor"] = cursor


def metadata(key: str) -> dict[str, Any]:
    """What a message of ours carries, so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _with_text_where_blocks_are_refused(show: Callable[[Message], str], message: Message, most: int) -> str:
    try:
        return show(message)
    except SlackApiError as error:
        if error_of(error) not in BLOCKS_REFUSED or not message.blocks:
            raise
        logger.error("Slack refuses blocks of ours (%s); their text is sent", error.response.data)
        return show(Message(as_text(message.blocks, most) or message.text, []))
