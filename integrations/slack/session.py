"""The status of an agent session: at work with a Stop button, waiting for a yes, or idle again."""

import logging

from slack_sdk import WebClient

from integrations.slack.calls import attempt
from integrations.slack.place import Place
from integrations.slack.words import say

logger = logging.getLogger("dealhand.slack")

TITLE_CHARS = 200


class Session:
    """Sets the status of one thread; where Slack has no agent sessions, the older status line."""

    def __init__(self, client: WebClient, place: Place, language: str) -> None:
        self._client, self._place, self._language = client, place, language

    def work(self, title: str) -> None:
        """Shows that the agent is at work; Slack shows a Stop button with it."""
        if not self._set("processing", title):
            self._legacy(say(self._language, "working"))

    def leave(self, *, waiting: bool) -> None:
        """Ends the state of work: `waiting` for a person's yes, or idle. Never fails."""
        if not self._set("suspended" if waiting else "active"):
            self._legacy("")

    def _set(self, status: str, title: str = "") -> bool:
        place = self._place
        more = {"title": title[:TITLE_CHARS], "initiator_user_id": place.user} if title else {}
        answer = attempt(
            lambda: self._client.agents_sessions_setStatus(
                channel_id=place.channel, thread_ts=place.thread or None, status=status, **more
            )
        )
        if answer is not None and answer.get("warning"):
            logger.warning("agents.sessions.setStatus: %s", answer["warning"])
        return answer is not None

    def _legacy(self, status: str) -> None:
        if not self._place.thread:
            return
        attempt(
            lambda: self._client.assistant_threads_setStatus(
                channel_id=self._place.channel, thread_ts=self._place.thread, status=status
            )
        )
