"""The first schema: all nouns of the store, the journal, and conversations.

Money is a whole number of the smallest unit (`_whole`), times are in UTC (`_moment`).
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    "audit_entry",
    "company",
    "counter",
    "custom_field",
    "effect",
    "exchange_rate",
    "outbox_entry",
    "product",
    "stage",
    "team",
    "user_account",
    "account",
    "conversation",
    "quota",
    "schedule",
    "snapshot",
    "tag",
    "contact",
    "turn",
    "approval",
    "deal",
    "message",
    "ticket",
    "deal_product",
    "lead",
    "stage_change",
    "suggestion",
    "interaction",
    "task",
    "draft",
    "interaction_contact",
    "draft_recipient",
)


def upgrade() -> None:
    """Creates all tables, those first that others point to."""
    _table(
        "audit_entry",
        _integer("seq"),
        _text("effect_id"),
        _moment("at"),
        _text("actor_id", optional=True),
        _text("channel"),
        _text("conversation_id"),
        _text("turn_id"),
        _text("cause"),
        _text("action"),
        _text("kind"),
        _text("record_id"),
        _text("record_name"),
        _json("before"),
        _json("after"),
        _integer("version"),
        _text("undoes"),
        _text("undone_by"),
        key=("seq",),
        indexed=("actor_id", "at", "conversation_id", "effect_id", "record_id", "turn_id", "undoes"),
    )
    _record(
        "company",
        _text("name"),
        _text("base_currency"),
        _day("demo_day", optional=True),
    )
    _table(
        "counter",
        _text("name"),
        _integer("next"),
        key=("name",),
    )
    _record(
        "custom_field",
        _text("kind"),
        _text("name"),
        _text("label_en"),
        _text("label_zh"),
        _text("type"),
        _json("choices"),
        _json("hidden_from"),
        indexed=("kind",),
    )
    _table(
        "effect",
        _text("key"),
        _text("effect_id"),
        _moment("at"),
        _json("result"),
        key=("key",),
        indexed=("effect_id",),
    )
    _record(
        "exchange_rate",
        _text("currency"),
        _whole("rate"),
        _day("rate_on"),
        unique=(("currency",),),
    )
    _table(
        "outbox_entry",
        _integer("seq"),
        _text("key"),
        _text("topic"),
        _json("payload"),
        _moment("created_at"),
        _text("status"),
        _integer("attempts"),
        _moment("lease_until", optional=True),
        key=("seq",),
        unique=(("key",),),
        indexed=("status", "topic"),
    )
    _record(
        "product",
        _text("sku"),
        _text("name"),
        _whole("list_price"),
        _text("currency"),
        _text("category"),
        unique=(("sku",),),
    )
    _record(
        "stage",
        _text("name"),
        _integer("position"),
        _text("status"),
        _integer("probability"),
        _text("forecast_category"),
        _json("aliases"),
        _text("exit_criteria"),
        unique=(("name",),),
    )
    _record(
        "team",
        _text("name"),
        _json("regions"),
        unique=(("name",),),
    )
    _record(
        "user_account",
        _text("email"),
        _text("name"),
        _text("role"),
        _ref("user_account", "team_id", "team", optional=True),
        _ref("user_account", "manager_id", "user_account", optional=True),
        _text("timezone"),
        _text("locale"),
        _flag("is_active"),
        _json("preferences"),
        unique=(("email",),),
        indexed=("team_id",),
    )
    _record(
        "account",
        _text("name"),
        _json("aliases"),
        _text("domain"),
        _text("industry"),
        _text("country"),
        _text("segment"),
        _integer("employees", optional=True),
        _whole("annual_revenue", optional=True),
        _ref("account", "owner_id", "user_account", optional=True),
        indexed=("name", "owner_id"),
    )
    _table(
        "conversation",
        _text("id"),
        _ref("conversation", "user_id", "user_account"),
        _text("channel"),
        _moment("created_at"),
        _moment("updated_at"),
        key=("id",),
        indexed=("user_id",),
    )
    _record(
        "quota",
        _ref("quota", "user_id", "user_account"),
        _text("period"),
        _whole("amount"),
        indexed=("user_id",),
    )
    _record(
        "schedule",
        _text("job"),
        _text("rule"),
        _ref("schedule", "owner_id", "user_account", optional=True),
        _json("arguments"),
        _flag("is_active"),
        _moment("last_due_at", optional=True),
        indexed=("owner_id",),
    )
    _record(
        "snapshot",
        _day("taken_on"),
        _ref("snapshot", "owner_id", "user_account", optional=True),
        _text("deal_id", optional=True),
        _text("period"),
        _json("figures"),
        indexed=("deal_id", "owner_id", "taken_on"),
    )
    _record(
        "tag",
        _text("name"),
        _text("record_kind"),
        _text("record_id"),
        _ref("tag", "owner_id", "user_account", optional=True),
        indexed=("name", "record_id"),
    )
    _record(
        "contact",
        _text("name"),
        _ref("contact", "account_id", "account"),
        _text("title"),
        _text("email"),
        _text("phone"),
        _text("role"),
        _text("language"),
        _flag("opted_out"),
        indexed=("account_id", "name"),
    )
    _table(
        "turn",
        _text("id"),
        _ref("turn", "conversation_id", "conversation"),
        _text("key"),
        _ref("turn", "user_id", "user_account"),
        _text("status"),
        _moment("started_at"),
        _moment("lease_until"),
        _json("reply"),
        key=("id",),
        unique=(("conversation_id", "key"),),
        indexed=("conversation_id", "user_id"),
    )
    _table(
        "approval",
        _text("id"),
        _ref("approval", "conversation_id", "conversation"),
        _ref("approval", "turn_id", "turn"),
        _ref("approval", "user_id", "user_account"),
        _text("effect_key"),
        _text("tool"),
        _json("arguments"),
        _text("effect_hash"),
        _text("status"),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("answered_at", optional=True),
        key=("id",),
        indexed=("conversation_id", "status", "turn_id", "user_id"),
    )
    _record(
        "deal",
        _text("name"),
        _ref("deal", "account_id", "account"),
        _ref("deal", "owner_id", "user_account", optional=True),
        _ref("deal", "stage_id", "stage"),
        _whole("amount", optional=True),
        _text("currency"),
        _integer("discount", optional=True),
        _day("close_date", optional=True),
        _text("forecast_category"),
        _flag("forecast_override"),
        _text("source"),
        _ref("deal", "primary_contact_id", "contact", optional=True),
        _text("next_step"),
        _text("competitor"),
        _text("lost_reason"),
        _moment("closed_at", optional=True),
        indexed=("account_id", "close_date", "name", "owner_id", "stage_id"),
    )
    _table(
        "message",
        _integer("seq"),
        _ref("message", "conversation_id", "conversation"),
        _ref("message", "turn_id", "turn"),
        _json("payload"),
        key=("seq",),
        indexed=("conversation_id", "turn_id"),
    )
    _record(
        "ticket",
        _text("number"),
        _text("subject"),
        _text("description"),
        _ref("ticket", "account_id", "account", optional=True),
        _ref("ticket", "contact_id", "contact", optional=True),
        _text("priority"),
        _text("status"),
        _text("channel"),
        _moment("opened_at"),
        _moment("resolved_at", optional=True),
        _ref("ticket", "assignee_id", "user_account", optional=True),
        _integer("csat", optional=True),
        unique=(("number",),),
        indexed=("account_id", "assignee_id", "status"),
    )
    _record(
        "deal_product",
        _ref("deal_product", "deal_id", "deal"),
        _ref("deal_product", "product_id", "product"),
        _integer("quantity"),
        _whole("unit_price"),
        indexed=("deal_id",),
    )
    _record(
        "lead",
        _text("name"),
        _text("company"),
        _text("email"),
        _text("phone"),
        _text("title"),
        _text("source"),
        _text("product_interest"),
        _text("region"),
        _text("status"),
        _ref("lead", "owner_id", "user_account", optional=True),
        _moment("converted_at", optional=True),
        _ref("lead", "account_id", "account", optional=True),
        _ref("lead", "contact_id", "contact", optional=True),
        _ref("lead", "deal_id", "deal", optional=True),
        indexed=("name", "owner_id"),
    )
    _record(
        "stage_change",
        _ref("stage_change", "deal_id", "deal"),
        _ref("stage_change", "from_stage_id", "stage", optional=True),
        _ref("stage_change", "to_stage_id", "stage"),
        _moment("changed_at"),
        _ref("stage_change", "changed_by_id", "user_account", optional=True),
        indexed=("deal_id",),
    )
    _record(
        "suggestion",
        _text("action"),
        _ref("suggestion", "deal_id", "deal", optional=True),
        _ref("suggestion", "owner_id", "user_account", optional=True),
        _text("why"),
        _json("evidence"),
        _json("shown"),
        _text("status"),
        _moment("expires_at", optional=True),
        indexed=("deal_id", "owner_id"),
    )
    _record(
        "interaction",
        _text("type"),
        _text("direction"),
        _moment("occurred_at"),
        _ref("interaction", "account_id", "account", optional=True),
        _ref("interaction", "deal_id", "deal", optional=True),
        _ref("interaction", "lead_id", "lead", optional=True),
        _ref("interaction", "ticket_id", "ticket", optional=True),
        _ref("interaction", "owner_id", "user_account", optional=True),
        _text("subject"),
        _text("summary"),
        _text("body"),
        _integer("duration_min", optional=True),
        _text("external_id"),
        indexed=("account_id", "deal_id", "external_id", "lead_id", "occurred_at", "owner_id", "ticket_id"),
    )
    _record(
        "task",
        _text("title"),
        _day("due", optional=True),
        _ref("task", "assignee_id", "user_account", optional=True),
        _ref("task", "created_by_id", "user_account", optional=True),
        _ref("task", "account_id", "account", optional=True),
        _ref("task", "deal_id", "deal", optional=True),
        _ref("task", "contact_id", "contact", optional=True),
        _ref("task", "ticket_id", "ticket", optional=True),
        _ref("task", "lead_id", "lead", optional=True),
        _text("priority"),
        _text("status"),
        indexed=("account_id", "assignee_id", "deal_id", "due"),
    )
    _record(
        "draft",
        _text("subject"),
        _text("body"),
        _text("language"),
        _ref("draft", "account_id", "account", optional=True),
        _ref("draft", "deal_id", "deal", optional=True),
        _ref("draft", "interaction_id", "interaction", optional=True),
        _ref("draft", "owner_id", "user_account"),
        _text("status"),
        _json("facts"),
        indexed=("owner_id",),
    )
    _table(
        "interaction_contact",
        _ref("interaction_contact", "interaction_id", "interaction"),
        _ref("interaction_contact", "contact_id", "contact"),
        key=("interaction_id", "contact_id"),
        indexed=("contact_id",),
    )
    _table(
        "draft_recipient",
        _ref("draft_recipient", "draft_id", "draft"),
        _ref("draft_recipient", "contact_id", "contact"),
        key=("draft_id", "contact_id"),
    )


def downgrade() -> None:
    """Drops all tables."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _record(name: str, *columns: sa.Column[Any], **more: Any) -> None:
    base = (_text("id"), _moment("created_at"), _moment("updated_at"), _integer("version"), _json("custom"))
    _table(name, *base, *columns, key=("id",), **more)


def _table(
    name: str,
    *columns: sa.Column[Any],
    key: tuple[str, ...],
    unique: tuple[tuple[str, ...], ...] = (),
    indexed: tuple[str, ...] = (),
) -> None:
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        *(sa.UniqueConstraint(*names, name=op.f(f"uq_{name}_{names[0]}")) for names in unique),
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _ref(table: str, name: str, target: str, *, optional: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, sa.String(), key, nullable=optional)


def _text(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=optional)


def _integer(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=optional)


def _whole(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _day(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=optional)


def _moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False)
