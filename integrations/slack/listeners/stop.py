"""`agent_session_stopped`: someone has pressed Stop. The running turn sees it before it shows or writes more."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place
from integrations.slack.service import Slack
from integrations.slack.session import Session


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def stopped(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        place = event_place(body, context.team_id, event)
        event_key = f"slack:{place.workspace}:event:{body.get('event_id', '')}"
        if body.get("event_id") and not slack.log.remember(event_key, place.workspace):
            return
        slack.log.stop_thread(place.workspace, place.channel, place.thread)

    def left(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        place = event_place(body, context.team_id, event)
        Session(slack.client(place), place, "en").leave(waiting=False)

    app.event("agent_session_stopped")(ack=stopped, lazy=[left])
