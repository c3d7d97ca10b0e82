"""Tokens, passwords, sessions of the page and one-time links."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0032"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(), nullable=False),
        _user("api_token"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("expires_at", optional=True),
        _moment("revoked_at", optional=True),
        _moment("last_used_at", optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"])
    op.create_table(
        "password_hash",
        _user("password_hash"),
        sa.Column("hash", sa.String(), nullable=False),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password_hash")),
    )
    op.create_table(
        "web_session",
        sa.Column("secret_hash", sa.String(), nullable=False),
        _user("web_session"),
        sa.Column("csrf", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"])
    op.create_table(
        "sign_in_link",
        sa.Column("secret_hash", sa.String(), nullable=False),
        _user("sign_in_link"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_user_id"), "sign_in_link", ["user_id"])


def downgrade() -> None:
    """Drops them again."""
    for table in ("sign_in_link", "web_session", "password_hash", "api_token"):
        op.drop_table(table)


def _user(table: str) -> "sa.Column[Any]":
    key = sa.ForeignKey("user_account.id", name=op.f(f"fk_{table}_user_id"))
    return sa.Column("user_id", sa.String(), key, nullable=False)


def _moment(name: str, *, optional: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)
