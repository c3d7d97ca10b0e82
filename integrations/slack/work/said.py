"""What a tap on a line says, run as a message of the person who tapped, about the record of the line."""

from typing import Any

from agent import Turn
from agent.direct import Deed, act_directly
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.work.turn import run_and_show


def say_for(slack: Slack, payload: dict[str, Any]) -> None:
    """Runs the message in the thread of the briefing."""
    place = Place.of(payload)
    person = slack.admitted(place, str(payload["key"]))
    if person is None or not place.ts:
        return
    conversation = place.conversation(person.user_id)
    about = str(payload.get("about", ""))
    if about:
        # The record of the line is what "it" means; a reading leaves nothing but the reference.
        deed = Deed("get_record", {"record": about, "fields": [_name_field(about)]}, "[line]")
        act_directly(slack.runtime, person.email, deed, conversation_id=conversation, channel="slack")
    slack.log.engage(place.workspace, place.channel, place.thread)
    turn = Turn(person.email, str(payload["text"]), conversation, "slack", str(payload["key"]))
    run_and_show(slack, place, person, turn)


def _name_field(record_id: str) -> str:
    return {"task": "title", "ticket": "number", "interaction": "subject"}.get(record_id.rsplit("_", 1)[0], "name")
