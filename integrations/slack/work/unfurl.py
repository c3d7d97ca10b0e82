"""Links to record pages, shown where they are posted: only what everyone there may see."""

import re
from typing import Any

from core.parts import RecordRef
from crm_store.display import display
from crm_store.nouns import FieldType
from crm_store.principals import Principal
from crm_store.schema import NOUNS
from crm_store.values import to_plain
from integrations.slack.calls import attempt
from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.render import blocks as b
from integrations.slack.render.text import literal
from integrations.slack.rooms import Room
from integrations.slack.service import Slack

SHOWN = {
    "deal": ("account", "stage", "close_date", "owner"),
    "account": ("industry", "country", "owner"),
    "contact": ("account", "title"),
    "ticket": ("account", "status", "priority"),
    "lead": ("company", "status"),
}
_PAGE = re.compile(r"/records/([a-z_]+)/([a-z_]+_[0-9a-z]+)/?$")


def unfurl(slack: Slack, payload: dict[str, Any]) -> None:
    """Shows the records behind links, where everyone in the channel may see them."""
    place = Place.of(payload)
    client = slack.client(place)
    person = slack.people.find(client, place)
    room = slack.rooms.find(client, place)
    if isinstance(person, Stranger) or room.is_external or not slack.page_base:
        return
    readers = _readers(slack, place, room)
    if readers is None:
        return
    shown = {}
    for url in payload["links"]:
        record = record_of(url, slack.page_base)
        blocks = _card(slack, record, [person, *readers], url) if record is not None else None
        if blocks:
            shown[url] = {"blocks": blocks}
    if shown:
        attempt(lambda: client.chat_unfurl(channel=place.channel, ts=payload["message"], unfurls=shown))


def record_of(url: str, page_base: str) -> RecordRef | None:
    """The record whose page an address is."""
    if not url.startswith(f"{page_base}/"):
        return None
    found = _PAGE.search(url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])
    if found is None or found[1] not in SHOWN or not found[2].startswith(f"{found[1]}_"):
        return None
    return RecordRef(kind=found[1], id=found[2], name="")


def _readers(slack: Slack, place: Place, room: Room) -> list[Principal] | None:
    if room.members is None:
        return None
    found = []
    for member in room.members:
        person = slack.people.find_user(slack.client(place), place, member)
        if isinstance(person, Stranger):
            if person.why == "bot":
                continue
            return None
        found.append(person)
    return found


def _card(slack: Slack, record: RecordRef, readers: list[Principal], url: str) -> list[b.Block] | None:
    """The record with the fields that each reader may see; None when one of them may not see it at all."""
    common: list[tuple[str, str]] | None = None
    name = ""
    for reader in readers:
        with slack.runtime.store.unit_of_work(reader, writes=False) as uow:
            found = uow.find(record.kind, record.id)
            if found is None:
                return None
            name = uow.name_of(record.kind, found)
            specs = {spec.name: spec for spec in uow.fields(record.kind) if spec.type is not FieldType.REFS}
            language = readers[0].locale[:2]
            seen = [
                (
                    specs[each].label.of(language),
                    display(uow, specs[each], to_plain(specs[each], uow.value(specs[each], found)), language),
                )
                for each in SHOWN[record.kind]
                if each in specs and not specs[each].hidden_from
            ]
        common = seen if common is None else [pair for pair in common if pair in seen]
    kind = NOUNS[record.kind].label.of(readers[0].locale[:2])
    return [b.section(f"*<{url}|{literal(name)}>* ({kind})"), *b.fields(common or [])]
