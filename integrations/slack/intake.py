"""From a request of Slack to work in the queue: written down before the answer, each message once."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack

from integrations.slack.place import Place
from integrations.slack.service import CLICKS, TURNS, Slack


def put(
    slack: Slack, handler: str, payload: dict[str, Any], *, key: str, place: Place, queue: str = CLICKS
) -> None:
    """Puts work in for a place, once a key. Returns only when the work will survive a crash.

    Raises:
        JobsUnavailableError: it cannot be written down; the request fails, and Slack delivers it again.
    """
    job = {"place": place.to_json(), **payload}
    slack.jobs.enqueue_soon(queue, handler, job, key=key, partition=place.partition)


def acknowledge(ack: Ack) -> None:
    """Answers a request whose work is a window that opens in the moments after."""
    ack()


def take_message(slack: Slack, place: Place, event: Mapping[str, Any]) -> None:
    """Takes a message in, once: the same event again, and the other event of one mention, have the same key."""
    payload = {
        "text": event.get("text", ""),
        "files": [_file(each) for each in event.get("files", [])],
        "seen": viewed_channel(event.get("app_context") or {}),
    }
    key = f"slack:{place.workspace}:{place.channel}:{place.ts}:turn"
    put(slack, "turn", payload, key=key, place=place, queue=TURNS)


def viewed_channel(context: Mapping[str, Any]) -> str:
    """The channel that the person has open beside the app, the most relevant first; often there is none."""
    for entity in context.get("entities") or []:
        value = entity.get("value") or ""
        found = value.get("channel_id", "") if isinstance(value, Mapping) else value
        if str(entity.get("type", "")).endswith(("/channel_id", "/message_context")) and found:
            return str(found)
    return ""


def event_place(body: Mapping[str, Any], workspace: str | None, event: Mapping[str, Any]) -> Place:
    """Where an event happened. A message of its own is the root of its thread."""
    ts = str(event.get("ts") or event.get("message_ts") or "")
    channel = str(event.get("channel") or event.get("channel_id") or "")
    return Place(
        workspace=workspace or str(body.get("team_id") or body.get("enterprise_id") or ""),
        channel=channel,
        user=str(event.get("user") or event.get("user_id") or ""),
        thread=str(event.get("thread_ts") or ts),
        ts=ts,
        enterprise=str(body.get("enterprise_id") or ""),
        is_dm=event.get("channel_type") == "im" or channel.startswith("D"),
        external=bool(body.get("is_ext_shared_channel")),
    )


def click_place(body: Mapping[str, Any], workspace: str | None) -> Place:
    """Where a button was clicked or a shortcut used; without a message it was the app's home or a window."""
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    ts = str(message.get("ts") or body.get("message_ts") or container.get("message_ts") or "")
    user = body.get("user") or {}
    return Place(
        workspace=workspace or str((body.get("team") or {}).get("id") or user.get("team_id") or ""),
        channel=channel,
        user=str(user.get("id") or ""),
        thread=str(message.get("thread_ts") or ts),
        ts=ts,
        enterprise=str((body.get("enterprise") or {}).get("id") or ""),
        is_dm=channel.startswith("D"),
    )


def action_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """The action's id and the value that was clicked or chosen."""
    action = body["actions"][0]
    option = action.get("selected_option") or {}
    return str(action["action_id"]), str(option.get("value") or action.get("value") or "")


def click_key(place: Place, body: Mapping[str, Any]) -> str:
    """One click is one piece of work: the same click delivered again is the same work."""
    action = body["actions"][0]
    stamp = action.get("action_ts") or body.get("trigger_id") or ""
    return f"slack:{place.workspace}:click:{action['action_id']}:{place.user}:{place.ts}:{stamp}"


_KEPT = (
    "id", "name", "mimetype", "filetype", "subtype", "media_display_type", "size", "url_private",
    "url_private_download", "vtt", "transcription", "file_access", "duration_ms",
)  # fmt: skip


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    return {name: file[name] for name in _KEPT if name in file}
