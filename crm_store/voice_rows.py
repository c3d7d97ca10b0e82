"""The table of voice notes; `crm_store/voice_notes.py` reads and writes it."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class VoiceNote(SQLModel, table=True):
    """One note. `heard` is word for word what was transcribed; `corrections` are pairs of heard and meant."""

    __tablename__ = "voice_note"
    id: str = Field(primary_key=True)
    user_id: str = Field(index=True)
    text_sha: str = Field(index=True)
    heard: str
    recording: str = ""
    corrections: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    seconds: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
