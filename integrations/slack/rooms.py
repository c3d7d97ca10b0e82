"""What kind of channel something was said in, who is in it, and which record it belongs to."""

import threading
import time
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from integrations.slack.place import Place

KEPT_S = 60.0
MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Room:
    """A channel: whether people from outside the workspace can read it, and its members where they are few."""

    is_external: bool
    is_dm: bool
    members: tuple[str, ...] | None


class Rooms:
    """Looks channels up; what Slack says is kept for a minute."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, Room]] = {}
        self._lock = threading.Lock()

    def find(self, client: WebClient, place: Place) -> Room:
        """The channel of a place. What cannot be looked up counts as open to outsiders."""
        if place.external:
            return Room(True, place.is_dm, None)
        key = (place.workspace, place.channel)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        room = _look_up(client, place)
        with self._lock:
            self._kept[key] = (time.monotonic() + KEPT_S, room)
        return room

    def forget(self, workspace: str, channel: str = "") -> None:
        """Drops what is kept of a workspace, or of one of its channels."""
        with self._lock:
            self._kept = {
                key: value
                for key, value in self._kept.items()
                if key[0] != workspace or (channel and key[1] != channel)
            }


def _look_up(client: WebClient, place: Place) -> Room:
    try:
        known = client.conversations_info(channel=place.channel)["channel"]
    except SlackApiError:
        return Room(not place.is_dm, place.is_dm, None)
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
