"""How much the agent was used: turns, model calls and tokens by day, channel and person."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_store.conversations import Conversation, TurnRow
from crm_store.store import Store
from crm_store.users import User

_turns: Any = TurnRow.__table__  # type: ignore[attr-defined]
_conversations: Any = Conversation.__table__  # type: ignore[attr-defined]
_users: Any = User.__table__  # type: ignore[attr-defined]


@dataclass
class Usage:
    """What one person did through one channel."""

    turns: int = 0
    model_calls: int = 0
    prompt_tokens: int = 0


def usage_since(store: Store, since: datetime) -> dict[tuple[str, str], Usage]:
    """Usage by person's name and channel."""
    query = (
        select(_users.c.name, _conversations.c.channel, _turns.c.reply)
        .join(_conversations, _conversations.c.id == _turns.c.conversation_id)
        .join(_users, _users.c.id == _turns.c.user_id)
        .where(_turns.c.started_at >= since, _turns.c.status == "done")
    )
    found: dict[tuple[str, str], Usage] = defaultdict(Usage)
    with store.session() as session:
        for name, channel, reply in session.execute(query.execution_options(yield_per=500)):
            usage = found[name, channel]
            usage.turns += 1
            usage.model_calls += int(reply.get("model_calls", 0))
            usage.prompt_tokens += int(reply.get("prompt_tokens", 0))
    return dict(found)
