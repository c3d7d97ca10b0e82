"""Sends a message once: noted before, found again by its metadata when it is unclear whether it got through."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from crm_store.channel_log import ChannelLog
from crm_store.channel_state import ChannelDelivery
from integrations.slack.calls import GONE, TryLaterError, attempt, clear, error_of
from integrations.slack.place import Place
from integrations.slack.render.message import Message

# The name of this process: only one sends a message at a time, and none waits for one that is dead.
OWNER = secrets.token_hex(8)
OWNED = timedelta(seconds=120)
EVENT_TYPE = "dealhand_message"
_LOOKED_THROUGH = 100


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
            sent = self.client.chat_postMessage(
                channel=self.place.channel,
                thread_ts=self.place.thread or None,
                text=message.text,
                blocks=message.blocks or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata(key),
            )
        ts = str(sent["ts"])
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
        """Puts other content into a message of ours; False when it is not there any more."""
        try:
            with clear():
                self.client.chat_update(
                    channel=self.place.channel, ts=ts, text=message.text, blocks=message.blocks
                )
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
            ours = bool(message.get("bot_id")) and not message.get("metadata")
            if ours and str(message["ts"]) > self.place.ts and not self._known(str(message["ts"])):
                return str(message["ts"])
        return ""

    def _known(self, ts: str) -> bool:
        return self.log.knows_message(self.place.workspace, self.place.channel, ts)

    def _messages(self) -> list[dict[str, Any]]:
        with clear():
            if self.place.thread:
                page = self.client.conversations_replies(
                    channel=self.place.channel,
                    ts=self.place.thread,
                    include_all_metadata=True,
                    limit=_LOOKED_THROUGH,
                )
            else:
                page = self.client.conversations_history(
                    channel=self.place.channel, include_all_metadata=True, limit=_LOOKED_THROUGH
                )
        return list(page.get("messages", []))


def metadata(key: str) -> dict[str, Any]:
    """What a message of ours carries, so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
