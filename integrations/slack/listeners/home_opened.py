"""`app_home_opened`: draws the home, or puts suggested prompts into the messages tab."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place, put
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        place = event_place(body, context.team_id, event)
        handler = "prompts" if event.get("tab") == "messages" else "home"
        key = f"slack:{place.workspace}:event:{body.get('event_id') or event.get('event_ts')}"
        put(slack, handler, {}, key=key, place=place)
