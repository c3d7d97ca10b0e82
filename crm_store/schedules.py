"""What is to happen when: briefings and snapshots, in the owner's local time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, own
from crm_store.base import Record, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Schedule(Record, table=True):
    """A recurring job. `rule` is a local time with weekdays, for example "mon-fri 08:30".

    `channel`, `quiet_hours` ("22:00-07:00") and `timezone` fall back to the installation's and the person's own
    where empty; until the day `muted_until` begins, nothing is sent.
    """

    __tablename__ = "schedule"
    job: str
    rule: str
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    is_active: bool = True
    last_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel: str = ""
    quiet_hours: str = ""
    timezone: str = ""
    muted_until: date | None = None


_MINE = by_role(rep=own("owner_id"), support=own("owner_id"), marketer=own("owner_id"))

SCHEDULE = Noun(
    kind="schedule",
    model=Schedule,
    label=Label("schedule", "定时任务"),
    fields=(
        FieldSpec("job", FieldType.TEXT, Label("job", "任务"), required=True),
        FieldSpec("rule", FieldType.TEXT, Label("when", "时间规则"), required=True),
        FieldSpec("owner", FieldType.REF, Label("for", "对象"), ref="user", csv="owner_email"),
        FieldSpec("is_active", FieldType.BOOLEAN, Label("active", "启用")),
        FieldSpec("channel", FieldType.TEXT, Label("channel", "渠道")),
        FieldSpec("quiet_hours", FieldType.TEXT, Label("quiet hours", "免打扰时段")),
        FieldSpec("timezone", FieldType.TEXT, Label("time zone", "时区")),
        FieldSpec("muted_until", FieldType.DATE, Label("muted until", "静音至")),
    ),
    name_field="job",
    csv="schedules.csv",
    read=_MINE,
    write=_MINE,
)
