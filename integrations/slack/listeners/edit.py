"""Edit on the card of a pending change: a window with its values, and the card with the new ones."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext

from agent.approval_forms import NotEditableError, Refused, edit_approval
from core.errors import DealhandError
from integrations.slack.calls import attempt
from integrations.slack.intake import acknowledge, action_of, click_key, click_place, put
from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.shortcuts import language_for
from integrations.slack.views import edited_values, loading, nothing_to_edit
from integrations.slack.words import say


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def opened(body: dict[str, Any], context: BoltContext) -> None:
        # The window has to open within three seconds; its content follows from the queue.
        place = click_place(body, context.team_id)
        client, language = slack.client(place), language_for(slack, place)
        view = attempt(
            lambda: client.views_open(
                trigger_id=body["trigger_id"], view=loading(language, say(language, "edit_title"))
            )
        )
        if view is not None:
            payload = {"value": action_of(body)[1], "view_id": view["view"]["id"]}
            put(slack, "edit_form", payload, key=click_key(place, body), place=place)

    app.action("approval_edit")(ack=acknowledge, lazy=[opened])

    @app.view("approval_edit")
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext) -> None:
        meta = json.loads(view["private_metadata"])
        place = Place.of(meta)
        clicker = Place(place.workspace, place.channel, str(body["user"]["id"]), enterprise=place.enterprise)
        person = slack.people.find(slack.client(place), clicker)
        if isinstance(person, Stranger) or context.team_id != place.workspace:
            ack(response_action="clear")
            return
        values = view["state"]["values"]
        try:
            result = edit_approval(slack.runtime, person.email, meta["approval"], edited_values(values))
        except (NotEditableError, DealhandError) as error:
            language = person.locale[:2]
            ack(response_action="update", view=nothing_to_edit(error.text(language), language))
            return
        if isinstance(result, Refused):
            blocks = {block_id.split("|", 1)[1]: block_id for block_id in values if "|" in block_id}
            ack(response_action="errors", errors={blocks[key]: why for key, why in result.reasons.items()})
            return
        key = f"slack:{place.workspace}:redraw:{meta['approval']}:{result.effect}:{view.get('hash', '')}"
        put(slack, "redraw", {"turn": meta["turn"]}, key=key, place=place)
        ack()
