"""What the windows of the shortcuts lead to: an interaction logged, a task created."""

from typing import Any

from agent.direct import Deed, act_directly
from crm_store.principals import Principal
from integrations.slack.calls import attempt
from integrations.slack.place import Place
from integrations.slack.render.text import escape
from integrations.slack.service import Slack
from integrations.slack.words import say
from integrations.slack.work.turn import message_about
from language.script import language_of

_ARGUMENT = {"contact": "contacts"}


def log_to_crm(slack: Slack, payload: dict[str, Any]) -> None:
    """Logs the text of a message as an interaction with the chosen record."""
    arguments: dict[str, Any] = {"type": payload["type"], "text": payload["text"]}
    kind, record = _about(payload)
    if kind == "contact":
        arguments["contacts"] = [record]
    elif record:
        arguments[kind] = record
    _run(slack, payload, Deed("log_interaction", arguments, payload["text"]))


def create_task(slack: Slack, payload: dict[str, Any]) -> None:
    """Creates a task from a message."""
    arguments: dict[str, Any] = {"title": payload["title"], "due": payload.get("due", "")}
    kind, record = _about(payload)
    if record and kind in ("account", "deal", "contact"):
        arguments[kind] = record
    _run(slack, payload, Deed("create_task", arguments, payload["title"]))


def _run(slack: Slack, payload: dict[str, Any], deed: Deed) -> None:
    place = Place.of(payload)
    key = f"slack:{place.workspace}:form:{payload['form']}"
    person, alone = slack.admit(place, elsewhere=True), slack.dm(place)
    if not isinstance(person, Principal):
        if person:
            slack.sender(alone).tell(person, f"{key}:told")
        return
    reply = act_directly(
        slack.runtime,
        person.email,
        deed,
        conversation_id=alone.conversation(person.user_id),
        channel="slack",
        key=key,
        language=language_of(deed.words),
    ).reply
    message = message_about(slack, reply, person, _source(slack, place, payload, person))
    slack.sender(alone).send(f"{key}:reply", message, turn_id=reply.turn_id, user_id=person.user_id)


def _about(payload: dict[str, Any]) -> tuple[str, str]:
    record = str(payload.get("record") or "")
    return record.rsplit("_", 1)[0], record


def _source(slack: Slack, place: Place, payload: dict[str, Any], person: Principal) -> str:
    found = attempt(
        lambda: slack.client(place).chat_getPermalink(channel=place.channel, message_ts=payload["message"])
    )
    label = say(person.locale[:2], "source")
    return f"<{escape(str(found['permalink'])).replace(chr(0x2060), '')}|{label}>" if found is not None else ""
