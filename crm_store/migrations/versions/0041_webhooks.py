"""Webhooks out and in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "webhook_target",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        _user("webhook_target"),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_result", sa.String(), nullable=False),
        _moment("due_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_target")),
    )
    op.create_table(
        "webhook_source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        _user("webhook_source"),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_source")),
    )


def downgrade() -> None:
    """Drops them again."""
    for table in ("webhook_source", "webhook_target"):
        op.drop_table(table)


def _user(table: str) -> "sa.Column[Any]":
    key = sa.ForeignKey("user_account.id", name=op.f(f"fk_{table}_user_id"))
    return sa.Column("user_id", sa.String(), key, nullable=False)


def _moment(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
