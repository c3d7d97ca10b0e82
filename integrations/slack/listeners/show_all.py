"""Show all: a folded answer in full, in a window that only the clicker sees."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.calls import attempt
from integrations.slack.intake import action_of, click_place
from integrations.slack.people import Stranger
from integrations.slack.render.message import whole_reply
from integrations.slack.replies import drawing, find_reply
from integrations.slack.service import Slack
from integrations.slack.views import whole_view


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.action("show_all")
    def shown(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack()
        place = click_place(body, context.team_id)
        client = slack.client(place)
        person, found = slack.people.find(client, place), find_reply(slack, action_of(body)[1])
        if isinstance(person, Stranger) or found is None:
            return
        row, reply = found
        room = slack.rooms.find(client, place)
        mine = row.conversation_id.startswith(f"slack:{place.workspace}:") and not room.is_external
        if not mine or (row.user_id != person.user_id and place.is_dm):
            return
        view = whole_view(reply.language, whole_reply(reply, drawing(slack, reply, person, whole=True)))
        attempt(lambda: client.views_open(trigger_id=body["trigger_id"], view=view))
