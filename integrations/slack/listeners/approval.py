"""Apply and Cancel on the card of a pending change."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import action_of, click_key, click_place, put
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


def _take(slack: Slack, body: dict[str, Any], context: BoltContext, *, yes: bool) -> None:
    place = click_place(body, context.team_id)
    payload = {"value": action_of(body)[1], "yes": yes}
    put(slack, "approval", payload, key=click_key(place, body), place=place)
