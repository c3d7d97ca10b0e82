"""One tap on a line of a briefing or reminder says what the line proposes, as the person's own message."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.service import TURNS, Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.action(re.compile(r"^say_r?\d+$"))
    def tapped(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        about, _, text = action_of(body)[1].partition("|")
        key = click_key(place, body)
        put(slack, "say", {"text": text, "about": about, "key": key}, key=key, place=place, queue=TURNS)
        ack()
