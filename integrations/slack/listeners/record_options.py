"""Options of record pickers: the records whose names fit what is typed, as the person may see them."""

from typing import Any

from slack_bolt import Ack, App, BoltContext

from integrations.slack.intake import click_place
from integrations.slack.people import Stranger
from integrations.slack.render import blocks as b
from integrations.slack.service import Slack

KINDS = frozenset({"account", "deal", "contact", "lead"})
MOST = 20


def register(app: App, slack: Slack) -> None:
    """Listens."""

    @app.options("record")
    def options(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        place = click_place(body, context.team_id)
        person = slack.people.find(slack.client(place), place)
        if isinstance(person, Stranger):
            ack(options=[])
            return
        with slack.runtime.store.unit_of_work(person, writes=False) as uow:
            lexicon = slack.runtime.names.lexicon(uow)
            found = lexicon.match(str(body.get("value", "")), kinds=KINDS, limit=MOST)
            listed = []
            for each in found:
                account = lexicon.get(each.entry.account_id) if each.entry.account_id else None
                name = f"{each.entry.name} ({account.name})" if account else each.entry.name
                listed.append(b.option(name, each.entry.id))
        ack(options=listed)
