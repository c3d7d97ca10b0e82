"""Keeps what people think of answers; `dealhand slack feedback` lists it, and makes evaluation cases of it."""

from typing import Any

from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.replies import find_reply
from integrations.slack.service import Slack
from integrations.slack.words import say


def keep_feedback(slack: Slack, payload: dict[str, Any]) -> None:
    """Keeps a thumb, or the reason given for it, and says thank you to the person."""
    place = Place.of(payload)
    person = slack.people.find(slack.client(place), place)
    found = find_reply(slack, str(payload["turn"]))
    if isinstance(person, Stranger) or found is None:
        return
    if not found[0].conversation_id.startswith(f"slack:{place.workspace}:"):
        return
    rating, reason = str(payload["rating"]), str(payload.get("reason", ""))
    slack.log.add_feedback(place.workspace, found[0].id, person.user_id, rating, reason)
    if place.channel and (rating == "good" or payload.get("is_final")):
        key = f"slack:{place.workspace}:thanks:{found[0].id}:{place.user}"
        slack.sender(place).tell(say(person.locale[:2], "thanks"), key)
