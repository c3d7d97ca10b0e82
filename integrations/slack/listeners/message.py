"""`message`: direct messages, follow-ups in threads that the agent takes part in, files and voice clips."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place, take_message
from integrations.slack.place import Place
from integrations.slack.service import Slack

# A file or a voice clip comes as `file_share`; all other subtypes are edits, deletions and copies.
_SUBTYPES = (None, "file_share")


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.event("message")
    def message(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        if event.get("subtype") not in _SUBTYPES or event.get("bot_id") or not event.get("user"):
            return
        place = event_place(body, context.team_id, event)
        mentions = bool(context.bot_user_id) and f"<@{context.bot_user_id}>" in str(event.get("text", ""))
        if place.is_dm or mentions or _is_engaged(slack, place, event):
            take_message(slack, place, event)


def _is_engaged(slack: Slack, place: Place, event: dict[str, Any]) -> bool:
    """Whether this is a follow-up where the agent takes part, and meant for it: nobody else is mentioned."""
    if not event.get("thread_ts") or "<@" in str(event.get("text", "")):
        return False
    return slack.log.find_thread(place.workspace, place.channel, place.thread) is not None
