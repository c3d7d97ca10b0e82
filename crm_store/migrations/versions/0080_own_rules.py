"""Hygiene rules that a company makes itself."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0070"


def upgrade() -> None:
    """Adds their table, empty."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "own_rule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fix", sa.String(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_own_rule"),
        sa.UniqueConstraint("name", name="uq_own_rule_name"),
    )


def downgrade() -> None:
    """Drops it again."""
    op.drop_table("own_rule")
