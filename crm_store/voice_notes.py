"""Voice notes: what was heard, what was corrected, where the recording is; found by the text they gave."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from core.ids import new_id
from crm_store.store import Store
from crm_store.unit_of_work import UnitOfWork
from crm_store.voice_rows import VoiceNote


def keep_voice_note(
    store: Store,
    user_id: str,
    text: str,
    *,
    heard: str,
    recording: str,
    corrections: Sequence[tuple[str, str]] = (),
    seconds: float = 0.0,
) -> str:
    """Keeps a note under the text that is said to the agent; its id."""
    note = VoiceNote(
        id=new_id("voice"),
        user_id=user_id,
        text_sha=_sha(text),
        heard=heard,
        recording=recording,
        corrections=[list(each) for each in corrections],
        seconds=round(seconds),
        created_at=store.clock.now(),
    )
    with store.session() as session:
        session.connection(execution_options={"dealhand_writes": True})
        session.add(note)
        session.commit()
        return note.id


def find_voice_note(uow: UnitOfWork, text: str) -> VoiceNote | None:
    """The newest note of the asker that gave this text."""
    made: Any = VoiceNote.created_at
    user: Any = VoiceNote.user_id
    sha: Any = VoiceNote.text_sha
    query = select(VoiceNote).where(user == uow.principal.user_id, sha == _sha(text)).order_by(made.desc())
    return uow.session.scalars(query).first()


def _sha(text: str) -> str:
    return sha256(" ".join(text.split()).encode()).hexdigest()
