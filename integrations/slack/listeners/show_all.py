"""Show all: a folded answer in full, in a window that only the clicker sees."""

from typing import Any

from slack_bolt import App, BoltContext

from crm_store.directory import principal_of
from integrations.slack.calls import attempt
from integrations.slack.intake import acknowledge, action_of, click_place
from integrations.slack.people import Stranger
from integrations.slack.place import conversations_of
from integrations.slack.render.message import whole_reply
from integrations.slack.replies import drawing, find_reply
from integrations.slack.service import Slack
from integrations.slack.views import notice_view, whole_view
from integrations.slack.words import say


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def shown(body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        client = slack.client(place)
        person, found = slack.people.find(client, place), find_reply(slack, action_of(body)[1])
        if isinstance(person, Stranger) or found is None:
            return
        row, reply = found
        if not row.conversation_id.startswith(conversations_of(place.workspace)) or (
            slack.rooms.find(client, place).is_external
        ):
            return
        asker = principal_of(slack.runtime.store, row.user_id)
        if not slack.audience.may_see_all_of(person, asker, reply):
            # Someone who came later may stand beside an answer of which they may not see the rest.
            view = notice_view(person.locale[:2], say(person.locale[:2], "not_for_you"))
        else:
            view = whole_view(reply.language, whole_reply(reply, drawing(slack, reply, asker, whole=True)))
        attempt(lambda: client.views_open(trigger_id=body["trigger_id"], view=view))

    app.action("show_all")(ack=acknowledge, lazy=[shown])
