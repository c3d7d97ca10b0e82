"""The command `/deal`, and the buttons under its answers."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.place import Place
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.command("/deal")
    def command(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = Place(
            workspace=context.team_id or str(body.get("team_id") or ""),
            channel=str(body["channel_id"]),
            user=str(body["user_id"]),
            enterprise=str(body.get("enterprise_id") or ""),
        )
        name = str(body.get("trigger_id") or body["response_url"])
        payload = {"text": body.get("text", ""), "response_url": body["response_url"], "command": name}
        put(slack, "command", payload, key=f"slack:{place.workspace}:command:{name}", place=place)
        ack()

    @app.action(re.compile(r"^deal_card_\d+$"))
    def chosen(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        payload = {"value": action_of(body)[1], "response_url": body.get("response_url", "")}
        put(slack, "deal_card", payload, key=click_key(place, body), place=place)
        ack()
