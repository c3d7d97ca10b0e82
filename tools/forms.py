"""What a page or a program does with records: by id and with typed values, not words. No model sees these."""

from typing import Any

from core.errors import InvalidArgumentError, RecordNotFoundError
from crm_store.field_definitions import add_field
from crm_store.nouns import Noun
from crm_store.plain_input import typed_values
from crm_store.schema import NOUNS
from crm_store.unit_of_work import ConflictError
from tools.own_rules import kept_conditions
from tools.records import ADMINISTRATION, CHANGEABLE
from tools.registry import ToolContext, ToolEffect, ToolResult, form

WRITABLE = (*CHANGEABLE, *ADMINISTRATION, "suggestion", "forecast_adjustment", "own_rule")
# What stays as it was made: values are stored under a field's name, and an adjustment is its author's.
_FIXED = {"field": frozenset({"kind", "name", "type"}), "forecast_adjustment": frozenset({"author"})}

# What belongs to whoever makes it; a lead without owner waits for one.
_OWNED = {"account": "owner", "deal": "owner", "interaction": "owner", "task": "assignee"}


@form(effect=ToolEffect.WRITE, scope="records")
def create_by_form(ctx: ToolContext, kind: str, values: dict[str, Any]) -> ToolResult:
    """Creates a record of a kind from typed values by field name."""
    noun = _writable(kind)
    typed = {**_own(ctx, noun, values), **_typed(ctx, kind, values)}
    if kind == "forecast_adjustment":
        typed["author"] = ctx.uow.principal.user_id
    if kind == "field":
        created: Any = add_field(
            ctx.uow,
            str(typed.get("kind", "")),
            str(typed.get("name", "")),
            str(typed.get("type", "text")),
            label_en=str(typed.get("label_en", "")),
            label_zh=str(typed.get("label_zh", "")),
            choices=typed.get("choices", ()),
            hidden_from=typed.get("hidden_from", ()),
        )
    else:
        created = ctx.uow.create(kind, typed)
    return ToolResult({"created": noun.kind, "id": created.id}, records=[ctx.resolver.ref(kind, created)])


@form(effect=ToolEffect.WRITE, scope="records")
def change_by_form(
    ctx: ToolContext, kind: str, id: str, values: dict[str, Any], version: int | None = None
) -> ToolResult:
    """Sets fields of a record, if it still has the version that the asker saw."""
    _writable(kind)
    fixed = sorted(_FIXED.get(kind, frozenset()) & set(values))
    if fixed:
        raise InvalidArgumentError(f"“{fixed[0]}” of a {kind} cannot be changed.", argument=fixed[0])
    record = _found(ctx, kind, id)
    changed = ctx.uow.update(kind, record, _typed(ctx, kind, values, record), expected_version=version)
    return ToolResult({"id": id, "changed": changed}, records=[ctx.resolver.ref(kind, record)])


@form(effect=ToolEffect.WRITE, scope="records")
def delete_by_form(ctx: ToolContext, kind: str, id: str, version: int | None = None) -> ToolResult:
    """Deletes a record, if it still has the version that the asker saw."""
    _writable(kind)
    record = _found(ctx, kind, id)
    name = ctx.uow.name_of(kind, record)
    if version is not None and record.version != version:
        raise ConflictError(f"{name} was changed in the meantime.", zh=f"{name} 在此期间已被修改。")
    ctx.uow.delete(kind, record)
    return ToolResult({"deleted": name})


def _own(ctx: ToolContext, noun: Noun, values: dict[str, Any]) -> dict[str, Any]:
    """Whose a new record is where nobody is named: the asker's, who has also made it."""
    names = {spec.name for spec in noun.fields}
    mine = {name for name in ("created_by", _OWNED.get(noun.kind, "")) if name in names and name not in values}
    return dict.fromkeys(mine, ctx.uow.principal.user_id)


def _typed(ctx: ToolContext, kind: str, values: dict[str, Any], record: Any = None) -> dict[str, Any]:
    typed = typed_values(ctx.uow, kind, values)
    if kind == "own_rule" and "conditions" in typed:
        typed["conditions"] = kept_conditions(ctx, typed["conditions"], record.conditions if record else ())
    return typed


def _writable(kind: str) -> Noun:
    if kind not in WRITABLE:
        raise InvalidArgumentError(f"Records of the kind “{kind}” cannot be written.", argument="kind")
    return NOUNS[kind]


def _found(ctx: ToolContext, kind: str, record_id: str) -> Any:
    record = ctx.uow.find(kind, record_id)
    if record is None:
        raise RecordNotFoundError(NOUNS[kind].label.en, record_id)
    return record
