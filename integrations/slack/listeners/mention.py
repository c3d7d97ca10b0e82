"""`app_mention`: the app is spoken to in a channel."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place, take_message
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        if event.get("bot_id") or not event.get("user"):
            return
        place = event_place(body, context.team_id, event)
        take_message(slack, place, event)
