"""Suggested prompts in the app's messages tab, by role."""

from typing import Any

from crm_store.principals import Role
from integrations.slack.calls import attempt
from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.words import say

_BY_ROLE = {
    Role.MANAGER: ("prompt_team", "prompt_review", "prompt_tasks", "prompt_help"),
    Role.SUPPORT: ("prompt_tickets", "prompt_tasks", "prompt_help"),
}
_OTHERS = ("prompt_pipeline", "prompt_tasks", "prompt_review", "prompt_help")


def suggest(slack: Slack, payload: dict[str, Any]) -> None:
    """Puts up to four prompts into the messages tab; without a thread, else Slack drops them silently."""
    place = Place.of(payload)
    client = slack.client(place)
    person = slack.people.find(client, place)
    if isinstance(person, Stranger):
        return
    texts = [say(person.locale[:2], key) for key in _BY_ROLE.get(person.role, _OTHERS)]
    prompts = [{"title": text, "message": text} for text in texts]
    attempt(
        lambda: client.api_call(
            "assistant.threads.setSuggestedPrompts", json={"channel_id": place.channel, "prompts": prompts}
        )
    )
