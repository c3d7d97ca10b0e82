"""The message shortcut "Create task": a window filled from the message."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.calls import attempt
from integrations.slack.intake import acknowledge, click_place, put
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.shortcuts import about_channel, language_for, message_text
from integrations.slack.views import task_view, typed


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def opened(body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        title = message_text(slack, place, body).strip().split("\n")[0][:300]
        view = task_view(
            language_for(slack, place), title, {"place": place.to_json()}, about_channel(slack, place)
        )
        attempt(lambda: slack.client(place).views_open(trigger_id=body["trigger_id"], view=view))

    app.shortcut("create_task")(ack=acknowledge, lazy=[opened])

    @app.view("create_task")
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext) -> None:
        place = Place.of(json.loads(view["private_metadata"]))
        values = view["state"]["values"]
        payload = {
            "form": view["id"],
            "title": typed(values["title"]),
            "due": typed(values["due"]),
            "record": typed(values["about"]),
            "message": place.ts,
        }
        if context.team_id == place.workspace and str(body["user"]["id"]) == place.user:
            put(slack, "task_form", payload, key=f"slack:{place.workspace}:view:{view['id']}", place=place)
        ack()
