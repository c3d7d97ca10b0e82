"""Apply and Cancel on the card of a pending change, and on the card of a dictated note with its ticks."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
from integrations.slack.render.together import TICKS
from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.action("approval_apply")
    def applied(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _take(slack, body, context, yes=True)
        ack()

    @app.action("approval_cancel")
    def cancelled(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _take(slack, body, context, yes=False)
        ack()

    @app.action("parts_apply")
    def applied_parts(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _take_parts(slack, body, context, ticked=ticked_in(body))
        ack()

    @app.action("parts_cancel")
    def cancelled_parts(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        _take_parts(slack, body, context, ticked=[])
        ack()


def ticked_in(body: Mapping[str, Any]) -> list[str] | None:
    """The approvals that are ticked in a message; None where Slack tells of no boxes: then they stand as sent."""
    boxes = [
        element
        for block in (body.get("state") or {}).get("values", {}).values()
        for name, element in block.items()
        if name.startswith(TICKS)
    ]
    return [option["value"] for each in boxes for option in each.get("selected_options") or []] if boxes else None


def _take_parts(slack: Slack, body: dict[str, Any], context: BoltContext, *, ticked: list[str] | None) -> None:
    place = click_place(body, context.team_id)
    payload = {"value": action_of(body)[1], "ticked": ticked}
    put(slack, "parts", payload, key=click_key(place, body), place=place)


def _take(slack: Slack, body: dict[str, Any], context: BoltContext, *, yes: bool) -> None:
    place = click_place(body, context.team_id)
    payload = {"value": action_of(body)[1], "yes": yes}
    put(slack, "approval", payload, key=click_key(place, body), place=place)
