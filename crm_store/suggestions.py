"""Suggestions (next-best actions) that were shown, with what became of them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, in_command
from crm_store.base import Record, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun, Values

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork

# "expired": nobody answered in time, it was ignored.
SUGGESTION_STATUSES = ("shown", "accepted", "edited", "dismissed", "expired")
OUTCOMES = ("moved_on", "won", "lost", "none")


class Suggestion(Record, table=True):
    """One suggested action on a deal.

    `rule`, `score`, `propensity` and in `shown` the other candidates and the seed of their order are recorded when
    it is shown; `made_kind` and `made_id` name what accepting it created, `outcome` what became of the deal.
    """

    __tablename__ = "suggestion"
    action: str
    deal_id: str | None = Field(default=None, foreign_key="deal.id", index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    why: str = ""
    evidence: list[str] = Field(default_factory=list, sa_type=JSON)
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = "shown"
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rule: str = ""
    score: float = 0.0
    propensity: float = 1.0
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_kind: str = ""
    made_id: str = ""
    outcome: str = ""
    outcome_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def complete_suggestion(uow: "UnitOfWork", suggestion: Record | None, values: Values) -> Values:
    """An answer gets its time."""
    if suggestion is None or "status" not in values:
        return values
    answered = None if values["status"] in ("shown", "expired") else uow.now
    return {**values, "answered_at": values.get("answered_at", answered)}


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
            choices=SUGGESTION_STATUSES,
        ),
        FieldSpec("expires_at", FieldType.DATETIME, Label("expires", "失效时间")),
        FieldSpec("answered_at", FieldType.DATETIME, Label("answered", "回应时间"), follows=True),
        FieldSpec("outcome", FieldType.CHOICE, Label("outcome", "结果"), choices=OUTCOMES),
    ),
    name_field="action",
    csv="suggestions.csv",
    read=_MINE,
    write=_MINE,
    complete=complete_suggestion,
)
