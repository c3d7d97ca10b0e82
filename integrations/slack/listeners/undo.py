"""Undo on the receipt of a change."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.action("undo")
    def undone(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        put(slack, "undo", {"value": action_of(body)[1]}, key=click_key(place, body), place=place)
        ack()
