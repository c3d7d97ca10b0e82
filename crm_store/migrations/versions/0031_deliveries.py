"""Deliveries to people, schedules with channel, quiet hours and mute, and tasks with a time to remind of them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Creates `delivery` and `clock_mark`; adds columns to `schedule` and `task`."""
    op.create_table(
        "delivery",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("provider_ref", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_user_id"), "delivery", ["user_id"])
    op.create_index(op.f("ix_delivery_status"), "delivery", ["status"])
    op.create_table(
        "clock_mark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clock_mark")),
    )
    for name in ("channel", "quiet_hours", "timezone"):
        op.add_column("schedule", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("schedule", sa.Column("muted_until", sa.Date(), nullable=True))
    op.add_column("task", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_task_remind_at"), "task", ["remind_at"])


def downgrade() -> None:
    """Takes them out again."""
    op.drop_index(op.f("ix_task_remind_at"), "task")
    op.drop_column("task", "remind_at")
    for name in ("muted_until", "timezone", "quiet_hours", "channel"):
        op.drop_column("schedule", name)
    op.drop_table("clock_mark")
    op.drop_table("delivery")
