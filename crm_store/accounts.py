"""Accounts: the companies one sells to and serves."""

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field

from crm_store.access import by_role, everyone, in_command, in_reach
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Account(Record, table=True):
    """A company. `annual_revenue` is in whole units of the base currency."""

    __tablename__ = "account"
    name: str = Field(index=True)
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    domain: str = ""
    industry: str = ""
    country: str = ""
    segment: str = ""
    employees: int | None = None
    annual_revenue: int | None = Field(default=None, sa_type=BigInteger)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)


ACCOUNT = Noun(
    kind="account",
    model=Account,
    label=Label("account", "客户"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("aliases", FieldType.LIST, Label("other names", "别名")),
        FieldSpec("domain", FieldType.TEXT, Label("domain", "域名")),
        FieldSpec("industry", FieldType.TEXT, Label("industry", "行业")),
        FieldSpec("country", FieldType.TEXT, Label("country", "国家")),
        FieldSpec("segment", FieldType.TEXT, Label("segment", "规模分类")),
        FieldSpec("employees", FieldType.INTEGER, Label("employees", "员工数")),
        FieldSpec("annual_revenue", FieldType.INTEGER, Label("annual revenue", "年营收")),
        FieldSpec("owner", FieldType.REF, Label("owner", "负责人"), ref="user", csv="owner_email"),
        FieldSpec("created_at", FieldType.DATETIME, Label("created", "创建时间"), follows=True),
    ),
    csv="accounts.csv",
    read=by_role(rep=in_reach("owner_id"), support=everyone, marketer=everyone),
    write=by_role(rep=in_command("owner_id")),
)
