"""Frozen states of deals, the days that are frozen, and adjustments of forecasts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables; the unused deal column of the figures of owners goes."""
    op.drop_index(op.f("ix_snapshot_deal_id"), "snapshot")
    with op.batch_alter_table("snapshot") as batch:
        batch.drop_column("deal_id")
    op.create_table(
        "deal_snapshot",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("stage_id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("close_date", sa.Date(), nullable=True),
        sa.Column("forecast_category", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_deal_snapshot")),
    )
    for column in ("deal_id", "since_on", "until_on"):
        op.create_index(op.f(f"ix_deal_snapshot_{column}"), "deal_snapshot", [column])
    op.create_table(
        "snapshot_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_snapshot_run")),
    )
    op.create_table(
        "forecast_adjustment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_forecast_adjustment_user_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_forecast_adjustment_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_adjustment")),
    )
    for column in ("user_id", "period"):
        op.create_index(op.f(f"ix_forecast_adjustment_{column}"), "forecast_adjustment", [column])


def downgrade() -> None:
    """Takes the tables away."""
    op.drop_table("forecast_adjustment")
    op.drop_table("snapshot_run")
    op.drop_table("deal_snapshot")
    with op.batch_alter_table("snapshot") as batch:
        batch.add_column(sa.Column("deal_id", sa.String(), nullable=True))
    op.create_index(op.f("ix_snapshot_deal_id"), "snapshot", ["deal_id"])
