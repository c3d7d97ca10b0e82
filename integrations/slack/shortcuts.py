"""What the windows of the message shortcuts are filled with."""

from typing import Any

from core.parts import RecordRef
from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.render.text import said
from integrations.slack.service import Slack


def message_text(slack: Slack, place: Place, body: dict[str, Any]) -> str:
    """The text of the message that a shortcut was used on, as plain text."""
    bot = slack.workspaces.find(place.workspace, place.enterprise).bot_user
    return said(str((body.get("message") or {}).get("text", "")), bot=bot, names={})


def language_for(slack: Slack, place: Place) -> str:
    """The language of whoever used the shortcut."""
    person = slack.people.find(slack.client(place), place)
    return person.language if isinstance(person, Stranger) else person.locale[:2]


def about_channel(slack: Slack, place: Place) -> RecordRef | None:
    """The record that the channel belongs to, when the person may see it."""
    link = slack.log.find_room(place.workspace, place.channel)
    person = slack.people.find(slack.client(place), place)
    if link is None or isinstance(person, Stranger):
        return None
    with slack.runtime.store.unit_of_work(person, writes=False) as uow:
        found = uow.find(link.kind, link.record_id)
        return RecordRef(kind=link.kind, id=found.id, name=uow.name_of(link.kind, found)) if found else None
