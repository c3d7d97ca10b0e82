"""One answer in a thread, streamed where Slack allows it; however the stream ends, there is one whole answer."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError

from agent import Step
from integrations.slack.calls import STREAM_OVER, TryLaterError, UnclearError, attempt, clear, error_of
from integrations.slack.render.blocks import section
from integrations.slack.render.message import Message
from integrations.slack.render.text import markdown
from integrations.slack.sending import Sender, metadata

_STATES = {"running": "in_progress", "done": "complete", "failed": "error"}
_STEP_CHARS = 256
_PIECE_CHARS = 12_000
# A mention that is not closed, or letters that may become the scheme of an address; at most a short word.
_UNFINISHED = re.compile(r"(?:<[^>\s]{0,80}|\b[A-Za-z]{1,12}:?)?$")


@dataclass
class Pace:
    """How fast pieces may follow: Slack ends a stream after five minutes and takes about 100 pieces a minute.

    It begins about 20 streams a minute in a workspace: beyond `streams_a_minute` answers are sent in one go.
    """

    longest_s: float = 240.0
    between_s: float = 1.0
    waits_s: tuple[float, ...] = (0.0, 1.0, 3.0)
    streams_a_minute: int = 15
    _begun: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_begin(self, workspace: str) -> bool:
        """Whether another stream may begin in a workspace now."""
        now = time.monotonic()
        with self._lock:
            begun = self._begun.setdefault(workspace, deque())
            while begun and begun[0] < now - 60:
                begun.popleft()
            if len(begun) >= self.streams_a_minute:
                return False
            begun.append(now)
            return True


@dataclass
class Answer:
    """Collects pieces of an answer and shows them; `finish` makes it whole.

    `stop_asked` tells whether the person has stopped the turn: nothing is shown after that. `shows_text` is False
    where not everyone may read the answer before it is known whole.
    """

    sender: Sender
    key: str
    stop_asked: Callable[[], bool]
    pace: Pace
    shows_text: bool = True
    page_base: str = ""
    ts: str = ""
    text: str = ""
    _shown: int = 0
    _is_open: bool = False
    _refused: bool = False
    _began: float = 0.0
    _last: float = 0.0
    _halted: bool = False
    _unclear: bool = False
    _steps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def stopped(self) -> bool:
        """Whether the person has stopped this turn."""
        return self._halted or self.stop_asked()

    def begin(self) -> bool:
        """Whether this answer is still to be given; takes up what an earlier try has left open.

        Raises:
            TryLaterError: another process is giving it.
        """
        note = self.sender.begin(self.key)
        if note.status == "done":
            return False
        self.sender.own(self.key)
        self.ts = note.message or (self.sender.find_orphan() if note.status == "streaming" else "")
        self._refused = note.status in ("streaming", "sending") or not self.pace.may_begin(note.workspace)
        return True

    def step(self, step: Step) -> None:
        """Shows what the agent is doing."""
        self._steps[step.id] = {
            "type": "task_update",
            "id": step.id[:_STEP_CHARS],
            "title": step.title[:_STEP_CHARS],
            "status": _STATES[step.state],
        }
        self._show([self._steps[step.id]])

    def say(self, text: str) -> None:
        """Shows a piece of the answer's text."""
        self.text += text
        if self.shows_text:
            self._show([])

    @property
    def streamed(self) -> str:
        """The text that stands in the message when it is finished without being replaced."""
        return self.text if self.shows_text and self._is_open and not self.stopped() else ""

    def finish(self, whole: Message, rest: Message | None = None, *, turn_id: str, user_id: str) -> str:
        """Makes the answer whole and gives its `ts`.

        `whole` says everything; `rest` leaves out what was streamed, for a stream that ends well.

        Raises:
            TryLaterError: Slack does not take it now; the same call later makes it whole.
        """
        self.sender.own(self.key)
        if self._unclear and not self.ts:
            self.ts = self.sender.find_orphan()
        if not self.ts:
            return self.sender.send(self.key, whole, turn_id=turn_id, user_id=user_id)
        if not (self._is_open and self._close(rest or whole)):
            self._replace(whole, turn_id, user_id)
        self.sender.log.note_delivery(self.key, message=self.ts, status="done", turn_id=turn_id, user_id=user_id)
        return self.ts

    def release(self) -> None:
        """Lets another process go on, when this one has not come to an end."""
        self.sender.log.release_delivery(self.key, self.sender.owner)

    def abandon(self) -> None:
        """Ends without a further word, as the person has stopped the turn."""
        if self.ts:
            attempt(lambda: self.sender.client.chat_stopStream(channel=self._channel, ts=self.ts))
        self.sender.log.note_delivery(self.key, message=self.ts, status="done")

    @property
    def _channel(self) -> str:
        return self.sender.place.channel

    def _show(self, chunks: list[dict[str, Any]]) -> None:
        now = time.monotonic()
        if self._refused or self.stopped():
            return
        if self._is_open and now - self._began > self.pace.longest_s:
            self._end_early()
            return
        if self._is_open and now - self._last < self.pace.between_s:
            return
        end = self._safe_end()
        pieces = [*self._text_chunk(end), *(chunks if not self._is_open else self._steps.values())]
        if not pieces:
            return
        self._last = now
        try:
            self.sender.own(self.key)
            with clear():
                self._send(pieces)
        except TryLaterError as error:
            self._last = now + self.pace.between_s * 4
            if not self._is_open:
                self._refused, self._unclear = True, isinstance(error, UnclearError)
        except SlackApiError as error:
            self._broke(error)
        else:
            self._shown = end

    def _broke(self, error: SlackApiError) -> None:
        self._refused, self._halted = True, error_of(error) == "stopped_by_user"
        if not self._is_open:
            self.sender.log.note_delivery(self.key, status="open")
        elif error_of(error) not in STREAM_OVER:
            self._end_early()
        self._is_open = False

    def _send(self, pieces: list[dict[str, Any]]) -> None:
        place, client = self.sender.place, self.sender.client
        if self._is_open:
            client.chat_appendStream(channel=self._channel, ts=self.ts, chunks=pieces)
            return
        # Noted before: if no answer comes, the next try looks for a message that may have been begun.
        self.sender.log.note_delivery(self.key, status="streaming")
        begun = client.chat_startStream(
            channel=self._channel,
            thread_ts=place.thread,
            recipient_team_id=place.workspace,
            recipient_user_id=place.user,
            task_display_mode="timeline",
            chunks=pieces,
        )
        self.ts, self._is_open, self._began = str(begun["ts"]), True, time.monotonic()
        self.sender.log.note_delivery(self.key, message=self.ts)

    def _safe_end(self) -> int:
        """How much of the text may be shown: what may yet become a mention or a link waits to be seen whole."""
        if not self.shows_text:
            return 0
        return len(self.text) - len(_UNFINISHED.search(self.text)[0])  # type: ignore[index]

    def _text_chunk(self, end: int) -> list[dict[str, Any]]:
        fresh = self.text[self._shown : end]
        return [{"type": "markdown_text", "text": self._safe(fresh)}] if fresh.strip() else []

    def _safe(self, text: str) -> str:
        return markdown(text, allowed=self.page_base)[:_PIECE_CHARS]

    def _close(self, rest: Message) -> bool:
        pieces = [*self._text_chunk(len(self.text) if self.shows_text else 0), *self._steps.values()]
        for wait_s in self.pace.waits_s:
            time.sleep(wait_s)
            try:
                with clear():
                    self.sender.client.chat_stopStream(
                        channel=self._channel,
                        ts=self.ts,
                        chunks=pieces or None,
                        blocks=rest.blocks or [section(rest.text)],
                        metadata=metadata(self.key),
                    )
            except TryLaterError:
                continue
            except SlackApiError:
                break
            return True
        self._is_open = False
        return False

    def _end_early(self) -> None:
        attempt(lambda: self.sender.client.chat_stopStream(channel=self._channel, ts=self.ts))
        self._is_open, self._refused = False, True

    def _replace(self, whole: Message, turn_id: str, user_id: str) -> None:
        """Puts the whole answer in place of what a broken stream has left; a stream still open is ended first."""
        attempt(lambda: self.sender.client.chat_stopStream(channel=self._channel, ts=self.ts))
        try:
            there = self.sender.replace(self.ts, whole)
        except SlackApiError as error:
            raise TryLaterError(f"Slack does not take the answer now ({error_of(error)}).") from error
        if not there:
            self.sender.log.note_delivery(self.key, message="", status="open")
            self.ts = self.sender.send(self.key, whole, turn_id=turn_id, user_id=user_id)
