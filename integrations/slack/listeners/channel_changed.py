"""Someone joins or leaves, or a channel is opened to outsiders: what was kept of it is looked up anew."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.intake import event_place
from integrations.slack.service import Slack

EVENTS = ("member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared")


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def changed(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        place = event_place(body, context.team_id, event)
        slack.rooms.forget(place.workspace, place.channel)

    for name in EVENTS:
        app.event(name)(changed)
