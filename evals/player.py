"""Plays the turns of a case like the person who speaks, answering requests for a yes and questions."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from agent.reply import Reply, Turn
from core.clock import FixedClock
from evals.backend import Session, ToolCall
from evals.cases import Case, CaseTurn
from evals.graders.evidence import Snapshot
from evals.reply_kind import reply_kind

_BETWEEN_TURNS = timedelta(seconds=20)
_MAX_APPROVALS = 20


@dataclass(slots=True)
class PlayedTurn:
    """One turn as it went: `replies` starts with the reply to the message; `seconds` is the time of that one."""

    say: str
    before: Snapshot
    after: Snapshot = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    tool_calls: list[ToolCall] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def prompt_tokens(self) -> int:
        """Prompt tokens of all model calls of the turn."""
        return sum(reply.prompt_tokens for reply in self.replies)


def play(case: Case, session: Session, clock: FixedClock, played: list[PlayedTurn]) -> None:
    """Plays the case; each turn is in `played` as soon as it begins, so that a crash leaves what came before."""
    state = session.snapshot()
    conversation = ""
    for number, turn in enumerate(case.turns, start=1):
        current = PlayedTurn(turn.say, before=state)
        played.append(current)
        message = Turn(
            user_email=case.speaker, text=turn.say, conversation_id=conversation, channel="evals", key=f"{number}"
        )
        conversation = _play_turn(message, turn, session, current)
        current.after = state = session.snapshot()
        clock.advance(_BETWEEN_TURNS)


def _play_turn(message: Turn, turn: CaseTurn, session: Session, current: PlayedTurn) -> str:
    started = time.perf_counter()
    reply = session.send(message)
    current.seconds = time.perf_counter() - started
    _take(reply, message.user_email, turn.confirm, session, current)
    if turn.pick is not None and reply_kind(current.replies).asks:
        picked = Turn(
            user_email=message.user_email, text=turn.pick, conversation_id=reply.conversation_id,
            channel="evals", key=f"{message.key}.pick",
        )  # fmt: skip
        _take(session.send(picked), message.user_email, turn.confirm, session, current)
    return reply.conversation_id


def _take(reply: Reply, email: str, yes: bool, session: Session, current: PlayedTurn) -> None:
    """Keeps a reply and answers the requests for a yes in it, and those in the replies to that."""
    waiting, answered = [reply], 0
    while waiting:
        reply = waiting.pop(0)
        current.replies.append(reply)
        current.tool_calls += _new_calls(session.tool_calls(reply.turn_id), current)
        for approval in reply.approvals:
            if answered < _MAX_APPROVALS:
                answered += 1
                waiting.append(session.answer(email, approval.approval_id, yes))


def _new_calls(calls: Sequence[ToolCall], current: PlayedTurn) -> list[ToolCall]:
    """Calls that are not kept yet: an approval may answer under the turn that asked for it."""
    return [call for call in calls if call not in current.tool_calls]
