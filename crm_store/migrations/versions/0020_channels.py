"""Tables of chat channels, and what an approval needs to be edited and to be given by someone else."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"

TABLES = (
    "channel_installation",
    "channel_identity",
    "channel_thread",
    "channel_room",
    "channel_delivery",
    "channel_seen",
    "channel_feedback",
)


def upgrade() -> None:
    """Makes the tables and columns."""
    _table(
        "channel_installation",
        _text("workspace"),
        sa.Column("data", sa.JSON(), nullable=False),
        _moment("installed_at"),
        _moment("renewing_until", optional=True),
        key=("workspace",),
    )
    owner = sa.ForeignKey("user_account.id", name=op.f("fk_channel_identity_user_id"))
    _table(
        "channel_identity",
        _text("workspace"),
        _text("person"),
        sa.Column("user_id", sa.String(), owner, nullable=False),
        _text("mapped_by"),
        _moment("mapped_at"),
        key=("workspace", "person"),
    )
    _table(
        "channel_thread",
        *(_text(name) for name in ("workspace", "room", "thread")),
        _moment("engaged_at"),
        sa.Column("stops", sa.Integer(), nullable=False),
        key=("workspace", "room", "thread"),
    )
    _table(
        "channel_room",
        *(_text(name) for name in ("workspace", "room", "kind", "record_id", "linked_by")),
        _moment("linked_at"),
        key=("workspace", "room"),
    )
    names = ("key", "workspace", "room", "thread", "message", "status", "turn_id", "user_id", "owner")
    _table(
        "channel_delivery",
        *(_text(name) for name in names),
        _moment("owned_until", optional=True),
        _moment("created_at"),
        _moment("updated_at"),
        key=("key",),
        indexed=("workspace", "turn_id"),
    )
    _table(
        "channel_seen",
        _text("key"),
        _text("workspace"),
        _moment("seen_at"),
        key=("key",),
        indexed=("workspace", "seen_at"),
    )
    _table(
        "channel_feedback",
        *(_text(name) for name in ("id", "workspace", "turn_id", "user_id", "rating", "reason")),
        _moment("given_at"),
        key=("id",),
        indexed=("workspace", "turn_id"),
    )
    with op.batch_alter_table("approval") as batch:
        batch.add_column(sa.Column("edits", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("answered_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drops them."""
    with op.batch_alter_table("approval") as batch:
        batch.drop_column("answered_by")
        batch.drop_column("edits")
    for name in reversed(TABLES):
        op.drop_table(name)


def _table(name: str, *columns: sa.Column[Any], key: tuple[str, ...], indexed: tuple[str, ...] = ()) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def _moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)
