"""What became of suggestions, and a company's own next actions."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0003"


def upgrade() -> None:
    """Adds the answer and the outcome to suggestions, and the table of own actions."""
    moment = sa.DateTime(timezone=True)
    for column in (
        sa.Column("rule", sa.String(), nullable=False, server_default=""),
        sa.Column("score", sa.Float(), nullable=False, server_default="0"),
        sa.Column("propensity", sa.Float(), nullable=False, server_default="1"),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("made_kind", sa.String(), nullable=False, server_default=""),
        sa.Column("made_id", sa.String(), nullable=False, server_default=""),
        sa.Column("outcome", sa.String(), nullable=False, server_default=""),
        sa.Column("outcome_at", moment, nullable=True),
    ):
        op.add_column("suggestion", column)
    op.create_table(
        "action",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("label_zh", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("makes", sa.String(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("from_stage", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
        sa.UniqueConstraint("name", name="uq_action_name"),
    )
