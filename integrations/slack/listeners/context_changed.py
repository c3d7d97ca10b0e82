"""`app_context_changed`: the person looks at another channel, which a direct message may be about."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.event("app_context_changed")
    def changed(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        place = event_place(body, context.team_id, event)
        slack.looking_at[place.workspace, place.user] = _channel(event.get("context") or {})


def _channel(context: dict[str, Any]) -> str:
    """The channel among the entities, the most relevant first; the context may be empty."""
    for entity in context.get("entities") or []:
        found = entity.get("channel_id") or entity.get("id") or ""
        if str(found).startswith(("C", "G")):
            return str(found)
    return ""
