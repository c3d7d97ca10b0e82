"""The thumbs under an answer; for a thumbs-down a window asks for the reason."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.calls import attempt
from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.shortcuts import language_for
from integrations.slack.views import reason_view, typed


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def given(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        rating, _, turn_id = action_of(body)[1].partition("|")
        payload = {"rating": rating, "turn": turn_id}
        put(slack, "feedback", payload, key=click_key(place, body), place=place)
        ack()

    def asked_why(body: dict[str, Any], context: BoltContext) -> None:
        rating, _, turn_id = action_of(body)[1].partition("|")
        if rating == "bad":
            place = click_place(body, context.team_id)
            view = reason_view(language_for(slack, place), {"place": place.to_json(), "turn": turn_id})
            attempt(lambda: slack.client(place).views_open(trigger_id=body["trigger_id"], view=view))

    app.action("feedback")(ack=given, lazy=[asked_why])

    @app.view("feedback_reason")
    def reasoned(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext) -> None:
        meta = json.loads(view["private_metadata"])
        place = Place.of(meta)
        if context.team_id == place.workspace and str(body["user"]["id"]) == place.user:
            reason = typed(view["state"]["values"]["reason"])
            payload = {"rating": "bad", "turn": meta["turn"], "reason": reason, "is_final": True}
            put(slack, "feedback", payload, key=f"slack:{place.workspace}:view:{view['id']}", place=place)
        ack()
