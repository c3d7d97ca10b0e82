"""`link_shared`: the address of a record's page was posted."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place, put
from integrations.slack.service import Slack

MOST_LINKS = 5


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.event("link_shared")
    def shared(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        if event.get("source") == "composer" or not event.get("message_ts"):
            return
        place = event_place(body, context.team_id, event)
        links = [str(each["url"]) for each in event.get("links", [])][:MOST_LINKS]
        payload = {"links": links, "message": event["message_ts"]}
        put(slack, "unfurl", payload, key=f"slack:{place.workspace}:event:{body.get('event_id')}", place=place)
