"""Runs the migrations over the connection that `crm_store.opening` hands over."""

from alembic import context
from sqlmodel import SQLModel

from crm_store.schema import NOUNS

assert NOUNS  # importing the schema fills the metadata
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
