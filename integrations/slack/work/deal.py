"""`/deal`: a deal's card, my deals, linking a channel to a record. Only who typed it sees the answer."""

from typing import Any
from urllib.parse import urlsplit

from slack_sdk.webhook import WebhookClient

from core.parts import AnyPart, Declined, Question, RecordRef, Text
from crm_store.principals import Principal
from crm_store.schema import NOUNS
from integrations.slack.calls import clear
from integrations.slack.place import Place
from integrations.slack.reading import read
from integrations.slack.render import blocks as b
from integrations.slack.render import limits
from integrations.slack.render.message import notification
from integrations.slack.render.parts import Draw, draw
from integrations.slack.service import Slack
from integrations.slack.words import say

LINKED_KINDS = ("account", "deal")
# Before the id of a candidate that the channel is to be linked to.
LINK = "link|"
_LINK, _UNLINK = ("link", "关联"), ("unlink", "取消关联")


def run_command(slack: Slack, payload: dict[str, Any]) -> None:
    """Answers the command where it was typed."""
    place = Place.of(payload)
    person = slack.admit(place)
    if not isinstance(person, Principal):
        _refuse(slack, payload["response_url"], person)
        return
    word, _, rest = str(payload.get("text", "")).strip().partition(" ")
    links = word.casefold() in _LINK and bool(rest.strip())
    if links:
        parts: list[AnyPart] = [_link(slack, place, person, rest.strip())]
    elif word.casefold() in _UNLINK:
        parts = [_unlink(slack, place, person)]
    else:
        parts = _read(slack, place, person, str(payload.get("text", "")).strip())
    respond(slack, payload["response_url"], parts, person, links=links)


def show_deal(slack: Slack, payload: dict[str, Any]) -> None:
    """Shows the record that was chosen among several, or links the channel to it."""
    place = Place.of(payload)
    person = slack.admit(place)
    if not isinstance(person, Principal):
        _refuse(slack, payload["response_url"], person)
        return
    is_link, record = str(payload["value"]).startswith(LINK), str(payload["value"]).removeprefix(LINK)
    parts = [_link(slack, place, person, record)] if is_link else _read(slack, place, person, record)
    respond(slack, payload["response_url"], parts, person, replace=True)


def respond(
    slack: Slack, url: str, parts: list[AnyPart], person: Principal, *, replace: bool = False, links: bool = False
) -> None:
    """Sends parts to the one person who asked, by the address that Slack gave for it.

    A candidate that is clicked is shown, or with `links` the channel is linked to it.
    """
    how = Draw(person.locale[:2], timezone=person.timezone, page_base=slack.page_base)
    blocks = [block for part in parts for block in _drawn(part, how, LINK if links else "")][: limits.MOST_BLOCKS]
    _send(slack, url, notification(parts, person.locale[:2]), blocks, replace=replace)


def _refuse(slack: Slack, url: str, why: str) -> None:
    """Says why at the address of the command: it reaches the person where the app itself cannot write."""
    if why:
        _send(slack, url, why, None, replace=False)


def _send(slack: Slack, url: str, text: str, blocks: list[b.Block] | None, *, replace: bool) -> None:
    if _is_slacks(url, slack.runtime.settings.slack_api_url):
        client = WebhookClient(url, timeout=15)
        with clear():
            client.send(text=text, blocks=blocks, response_type="ephemeral", replace_original=replace)


def _read(slack: Slack, place: Place, person: Principal, words: str) -> list[AnyPart]:
    link = slack.log.find_room(place.workspace, place.channel)
    if not words and link is not None:
        words = link.record_id
    if words:
        kind = "" if words.startswith(tuple(f"{each}_" for each in LINKED_KINDS)) else "deal"
        return read(slack, person, "get_record", {"record": words, "kind": kind}).parts
    filters = [{"field": "status", "op": "=", "value": "open"}, {"field": "owner", "op": "=", "value": "me"}]
    return read(slack, person, "list_records", {"kind": "deal", "filters": filters}).parts


def _link(slack: Slack, place: Place, person: Principal, words: str) -> AnyPart:
    language = person.locale[:2]
    if place.channel.startswith("D"):
        return Declined(text=say(language, "link_dm"))
    found = read(slack, person, "get_record", {"record": words, "fields": ["name"]})
    if not found.records:
        return found.parts[0]
    record = found.records[0]
    if record.kind not in LINKED_KINDS:
        return Declined(text=say(language, "link_kind"))
    if not may_link(slack, person, record):
        return Declined(text=say(language, "link_refused", name=record.name))
    slack.log.link_room(place.workspace, place.channel, record.kind, record.id, person.user_id)
    return Text(text=say(language, "linked", name=record.name, kind=NOUNS[record.kind].label.of(language)))


def _unlink(slack: Slack, place: Place, person: Principal) -> AnyPart:
    language, link = person.locale[:2], slack.log.find_room(place.workspace, place.channel)
    if link is None:
        return Text(text=say(language, "not_linked"))
    if not may_link(slack, person, RecordRef(kind=link.kind, id=link.record_id, name="")):
        return Declined(text=say(language, "link_refused", name=NOUNS[link.kind].label.of(language)))
    slack.log.unlink_room(place.workspace, place.channel)
    return Text(text=say(language, "unlinked"))


def may_link(slack: Slack, person: Principal, record: RecordRef) -> bool:
    """Whether someone may say which record a channel belongs to: whoever may change the record."""
    with slack.runtime.store.unit_of_work(person, writes=False) as uow:
        found = uow.find(record.kind, record.id)
        return found is not None and uow.may_write(record.kind, found)


def _drawn(part: AnyPart, how: Draw, before: str) -> list[b.Block]:
    if isinstance(part, Question) and part.candidates:
        buttons = [
            b.button(each.name, f"deal_card_{n}", f"{before}{each.id}") for n, each in enumerate(part.candidates)
        ]
        return [*draw(part.model_copy(update={"candidates": ()}), how), b.actions(buttons)]
    return draw(part, how)


def _is_slacks(url: str, api_url: str) -> bool:
    wanted, api = urlsplit(url), urlsplit(api_url)
    if (api.hostname or "").endswith("slack.com"):
        return wanted.scheme == "https" and (wanted.hostname or "").endswith("slack.com")
    return wanted.port == api.port
