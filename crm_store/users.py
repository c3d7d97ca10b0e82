"""Users and teams: who works here, in which role, under whom."""

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from sqlalchemy import JSON
from sqlmodel import Field

from core.errors import InvalidArgumentError
from crm_store.access import by_role, everyone, nobody
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun, Values
from crm_store.principals import Role

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork


class Team(Record, table=True):
    """A team with the sales regions it covers."""

    __tablename__ = "team"
    name: str = Field(unique=True)
    regions: list[str] = Field(default_factory=list, sa_type=JSON)


class User(Record, table=True):
    """Someone who works with the CRM. `role` is one of the roles of definitions §1."""

    __tablename__ = "user_account"
    email: str = Field(unique=True)
    name: str
    role: str
    team_id: str | None = Field(default=None, foreign_key="team.id", index=True)
    manager_id: str | None = Field(default=None, foreign_key="user_account.id")
    timezone: str = "UTC"
    locale: str = "en"
    is_active: bool = True
    preferences: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


ADMIN_WRITES = by_role()


def complete_user(uow: "UnitOfWork", user: Record | None, values: Values) -> Values:
    """Keeps out what would break every later turn of this person: a time zone or language that does not exist.

    Raises:
        InvalidArgumentError: names what is wrong.
    """
    zone, locale = values.get("timezone", "UTC"), values.get("locale", "en")
    if zone not in available_timezones():
        raise InvalidArgumentError(f"There is no time zone “{zone}”; one is Europe/Berlin.", argument="timezone")
    if str(locale)[:2] not in ("en", "zh"):
        raise InvalidArgumentError(f"The language is en or zh, not “{locale}”.", argument="locale")
    if "email" in values and "@" not in str(values["email"]):
        raise InvalidArgumentError(f"“{values['email']}” is no e-mail address.", argument="email")
    return values


TEAM = Noun(
    kind="team",
    model=Team,
    label=Label("team", "团队"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("regions", FieldType.LIST, Label("regions", "区域")),
    ),
    csv="teams.csv",
    read=everyone,
    write=ADMIN_WRITES,
)

USER = Noun(
    kind="user",
    model=User,
    label=Label("user", "用户"),
    fields=(
        FieldSpec("email", FieldType.TEXT, Label("e-mail", "邮箱"), required=True),
        FieldSpec("name", FieldType.TEXT, Label("name", "姓名"), required=True),
        FieldSpec(
            "role",
            FieldType.CHOICE,
            Label("role", "角色"),
            choices=tuple(role.value for role in Role if role is not Role.SYSTEM),
            required=True,
        ),
        FieldSpec("team", FieldType.REF, Label("team", "团队"), ref="team"),
        FieldSpec("manager", FieldType.REF, Label("manager", "上级"), ref="user", csv="manager_email"),
        FieldSpec("timezone", FieldType.TEXT, Label("time zone", "时区")),
        FieldSpec("locale", FieldType.TEXT, Label("language", "语言")),
        FieldSpec("is_active", FieldType.BOOLEAN, Label("active", "在用")),
    ),
    csv="users.csv",
    read=everyone,
    write=by_role(rep=nobody),
    complete=complete_user,
)
