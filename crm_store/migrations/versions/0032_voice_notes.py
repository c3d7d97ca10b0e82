"""Voice notes, and the recording and first transcript of an interaction."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Creates `voice_note`; adds two columns to `interaction`."""
    op.create_table(
        "voice_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("text_sha", sa.String(), nullable=False),
        sa.Column("heard", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
    )
    op.create_index(op.f("ix_voice_note_user_id"), "voice_note", ["user_id"])
    op.create_index(op.f("ix_voice_note_text_sha"), "voice_note", ["text_sha"])
    for name in ("recording", "heard"):
        op.add_column("interaction", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Takes them out again."""
    for name in ("heard", "recording"):
        op.drop_column("interaction", name)
    op.drop_table("voice_note")
