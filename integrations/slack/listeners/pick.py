"""Which one? A candidate is chosen by a button or from a list."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.service import TURNS, Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.action(re.compile(r"^pick_(\d+|select)$"))
    def picked(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        payload = {"value": action_of(body)[1]}
        put(slack, "pick", payload, key=click_key(place, body), place=place, queue=TURNS)
        ack()
