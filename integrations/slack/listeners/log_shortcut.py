"""The message shortcut "Log to CRM": a window filled from the message."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.calls import attempt
from integrations.slack.intake import acknowledge, click_place, put
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.shortcuts import about_channel, language_for, message_text
from integrations.slack.views import log_view, typed


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def opened(body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        text = message_text(slack, place, body)
        view = log_view(language_for(slack, place), text, {"place": place.to_json()}, about_channel(slack, place))
        attempt(lambda: slack.client(place).views_open(trigger_id=body["trigger_id"], view=view))

    app.shortcut("log_to_crm")(ack=acknowledge, lazy=[opened])

    @app.view("log_to_crm")
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext) -> None:
        place = Place.of(json.loads(view["private_metadata"]))
        values = view["state"]["values"]
        payload = {
            "form": view["id"],
            "type": typed(values["type"]),
            "text": typed(values["text"]),
            "record": typed(values["about"]),
            "message": place.ts,
        }
        if context.team_id == place.workspace and str(body["user"]["id"]) == place.user:
            put(slack, "log_form", payload, key=f"slack:{place.workspace}:view:{view['id']}", place=place)
        ack()
