"""The choice in the app's home of when one is briefed."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.action("briefing_time")
    def chosen(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place, key = click_place(body, context.team_id), ""
        key = click_key(place, body)
        put(slack, "briefing", {"rule": action_of(body)[1], "key": key}, key=key, place=place)
        ack()
