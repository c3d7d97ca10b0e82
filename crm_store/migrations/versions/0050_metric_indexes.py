"""Indexes for metrics over large companies: activity by person and time, stage history, close dates, audit."""

from alembic import op

revision = "0050"
down_revision = "0041"

_INDEXES = {
    "ix_interaction_activity": ("interaction", ["owner_id", "occurred_at", "account_id", "lead_id"]),
    "ix_stage_change_path": ("stage_change", ["deal_id", "changed_at", "id", "to_stage_id"]),
    "ix_deal_snapshot_due": ("deal_snapshot", ["close_date", "since_on", "until_on"]),
    "ix_deal_snapshot_known": ("deal_snapshot", ["is_known", "since_on", "until_on"]),
    "ix_audit_entry_changes": ("audit_entry", ["kind", "action", "record_id"]),
}


def upgrade() -> None:
    """Creates the indexes."""
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)
