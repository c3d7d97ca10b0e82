"""Which hygiene rules a company does without, and its own thresholds."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0050"


def upgrade() -> None:
    """Adds the columns, empty: all rules hold with their usual thresholds."""
    for name in ("rules_off", "rule_limits"):
        op.add_column("company", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drops them again."""
    for name in ("rule_limits", "rules_off"):
        op.drop_column("company", name)
