"""Calls a tool as some user of a store, with everything a turn would give it."""

from collections.abc import Sequence

from core.parts import RecordRef
from crm_store.directory import find_principal
from crm_store.names import NameIndex
from crm_store.store import Store
from tools import metrics, recall, record_view, records_read, reviews
from tools.registry import TOOLS, ToolContext, ToolResult
from tools.resolver import Resolver

TOOL_MODULES = (metrics, recall, record_view, records_read, reviews)


class Asker:
    """`asker("marcus", "list_records", kind="deal")`; names without @ are of the demo company."""

    def __init__(self, store: Store, domain: str = "northstar.example") -> None:
        self.store, self.domain, self.names = store, domain, NameIndex()

    def __call__(self, user: str, tool: str, language: str = "en", **arguments: object) -> ToolResult:
        email = user if "@" in user else f"{user}@{self.domain}"
        principal = find_principal(self.store, email)
        with self.store.unit_of_work(principal, writes=False) as uow:
            context = ToolContext(uow, Resolver(uow, self.names.lexicon(uow)), language=language)
            return TOOLS.get(tool).call(context, dict(arguments))


def where(field: str, op: str, value: str = "") -> dict[str, str]:
    return {"field": field, "op": op, "value": value}


def names(records: Sequence[RecordRef], kind: str = "") -> list[str]:
    return [record.name for record in records if not kind or record.kind == kind]


def text_of(result: ToolResult) -> str:
    """All that a person would read, as one text."""
    found = []
    for part in result.parts:
        if part.type == "table":
            found += [part.title, part.note, *(cell for row in part.rows for cell in row)]
        elif part.type != "chart":
            found.append(part.text)
    return "\n".join(found)
