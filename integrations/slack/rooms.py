"""What kind of channel something was said in, who is in it, and which record it belongs to."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from crm_store.channel_log import ChannelLog
from integrations.slack.place import Place

KEPT = timedelta(minutes=1)
MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Room:
    """A channel: whether people from outside the workspace can read it, and its members where they are few.

    What cannot be looked up (`is_unknown`: the app is not in it) counts as open to outsiders.
    """

    is_external: bool
    is_dm: bool
    members: tuple[str, ...] | None
    is_unknown: bool = False


class Rooms:
    """Looks channels up; what Slack says is kept for a minute, or until the channel changes."""

    def __init__(self, log: ChannelLog) -> None:
        self._log = log
        self._kept: dict[tuple[str, str], tuple[datetime, Room]] = {}
        self._lock = threading.Lock()

    def find(self, client: WebClient, place: Place) -> Room:
        """The channel of a place. What cannot be looked up counts as open to outsiders."""
        if place.external:
            return Room(True, place.is_dm, None)
        key = (place.workspace, place.channel)
        with self._lock:
            kept = self._kept.get(key)
        now = datetime.now(UTC)
        if kept is not None and kept[0] > now - KEPT and not self._changed_since(kept[0], *key):
            return kept[1]
        room = _look_up(client, place)
        with self._lock:
            self._kept[key] = (now, room)
        return room

    def forget(self, workspace: str, channel: str) -> None:
        """Lets every process look a channel up anew."""
        self._log.mark_changed(_mark(workspace, channel), workspace)

    def _changed_since(self, moment: datetime, workspace: str, channel: str) -> bool:
        changed = self._log.changed_at(_mark(workspace, channel))
        return changed is not None and changed >= moment


def _mark(workspace: str, channel: str) -> str:
    return f"slack:{workspace}:room:{channel}"


def _look_up(client: WebClient, place: Place) -> Room:
    try:
        known = client.conversations_info(channel=place.channel)["channel"]
    except SlackApiError:
        return Room(not place.is_dm, place.is_dm, None, is_unknown=True)
    external = any(known.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
    if known.get("is_im"):
        return Room(external, True, (place.user,))
    return Room(external, False, _members(client, place.channel))


def _members(client: WebClient, channel: str) -> tuple[str, ...] | None:
    try:
        page = client.conversations_members(channel=channel, limit=MOST_MEMBERS)
    except SlackApiError:
        return None
    more = (page.get("response_metadata") or {}).get("next_cursor")
    return None if more else tuple(page["members"])
