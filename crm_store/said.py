"""What a person said earlier in a conversation, for facts that a later message builds on."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_store.conversations import Conversation, MessageRow
from crm_store.unit_of_work import UnitOfWork

_conversations: Any = Conversation.__table__  # type: ignore[attr-defined]
_messages: Any = MessageRow.__table__  # type: ignore[attr-defined]


def said_earlier(uow: UnitOfWork, conversation_id: str, limit: int = 20) -> list[tuple[str, datetime]]:
    """The asker's own last messages of one of their conversations, newest first, with when they were said."""
    if not conversation_id:
        return []
    rows = uow.session.execute(
        select(_messages.c.payload)
        .join(_conversations, _conversations.c.id == _messages.c.conversation_id)
        .where(_conversations.c.id == conversation_id, _conversations.c.user_id == uow.principal.user_id)
        .order_by(_messages.c.seq.desc())
        .limit(limit * 8)
    )
    human = [payload for (payload,) in rows if payload.get("type") == "human"]
    return [(payload["content"], datetime.fromisoformat(payload["said_at"])) for payload in human[:limit]]
