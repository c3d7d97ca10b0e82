"""Suggestions (next-best actions) that were shown, with what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, in_command
from crm_store.base import Record, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Suggestion(Record, table=True):
    """One suggested action on a deal. `score` and `propensity` are recorded when it is shown."""

    __tablename__ = "suggestion"
    action: str
    deal_id: str | None = Field(default=None, foreign_key="deal.id", index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    why: str = ""
    evidence: list[str] = Field(default_factory=list, sa_type=JSON)
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = "shown"
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_MINE = by_role(rep=in_command("owner_id"))

SUGGESTION = Noun(
    kind="suggestion",
    model=Suggestion,
    label=Label("suggestion", "建议"),
    fields=(
        FieldSpec("action", FieldType.TEXT, Label("action", "行动"), required=True),
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal"),
        FieldSpec("owner", FieldType.REF, Label("for", "对象"), ref="user", csv="owner_email"),
        FieldSpec("why", FieldType.LONG_TEXT, Label("why", "理由")),
        FieldSpec("evidence", FieldType.LIST, Label("evidence", "依据")),
        FieldSpec(
            "status",
            FieldType.CHOICE,
            Label("status", "状态"),
            choices=("shown", "accepted", "edited", "dismissed", "expired"),
        ),
        FieldSpec("expires_at", FieldType.DATETIME, Label("expires", "失效时间")),
    ),
    name_field="action",
    csv="suggestions.csv",
    read=_MINE,
    write=_MINE,
)
