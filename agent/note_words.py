"""Which words of a dictated note a change came from, and the parts that one call of it falls into."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.errors import DealhandError
from core.parts import ChangeReceipt
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from crm_store.voice_notes import find_voice_note
from speech.wording import as_spoken, source_of
from tools.arguments import read_stage
from tools.registry import ToolContext

# Arguments that say about whom a change is, not what it is.
_ABOUT = frozenset(
    {"deal", "account", "contact", "contacts", "lead", "ticket", "record", "kind", "assignee", "owner"}
)
_QUIET = frozenset({"created_by", "priority", "forecast_category", "status", "type", "direction", "currency"})
# What a new stage brings along is decided with it.
_WITH_STAGE = frozenset({"stage", "forecast_category", "lost_reason"})
_NOT_SPLIT = frozenset({"deal", "account"})


def source_in(
    uow: UnitOfWork, said: str, tool: str, arguments: Mapping[str, Any], changed: Sequence[ChangeReceipt]
) -> str:
    """The sentence of the asker's voice note that a call came from; all of it for a log, nothing for what was typed."""
    if find_voice_note(uow, said) is None:
        return ""
    spoken = as_spoken(said)
    if tool == "log_interaction":
        return spoken
    shown = [(field.field, field.after) for receipt in changed for field in receipt.fields]
    given = [(name, text) for name, text in (*_flat(arguments), *shown) if name not in _QUIET and text]
    about = [text for name, text in given if name in _ABOUT]
    told = [(name, text) for name, text in given if name not in _ABOUT] or given
    texts = [_without(text, about) for _, text in told]
    return source_of(spoken, texts, hints=[label for name, _ in told for label in _labels(name)])


def parts_of(ctx: ToolContext, tool: str, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The calls that a call of a voice note falls into, so that each thing it changes of a deal has a yes of its own.

    A deal that is won or lost is changed at once: afterwards it takes no other change.
    """
    named = {name: value for name, value in arguments.items() if value}
    spoken = tool == "update_deal" and find_voice_note(ctx.uow, ctx.message) is not None
    if not spoken or _closes(ctx, str(named.get("stage", ""))):
        return [dict(arguments)]
    same = {name: value for name, value in named.items() if name in _NOT_SPLIT}
    with_stage = {name: value for name, value in named.items() if name in _WITH_STAGE}
    rest = [{name: value} for name, value in named.items() if name not in _NOT_SPLIT | _WITH_STAGE]
    parts = [{**same, **part} for part in (with_stage, *rest) if part]
    return parts if len(parts) > 1 else [dict(arguments)]


def _closes(ctx: ToolContext, stage: str) -> bool:
    if not stage:
        return False
    try:
        return bool(read_stage(ctx, stage).status != "open")
    except DealhandError:
        return True


def _flat(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The arguments as texts; own fields in `other` count like the rest."""
    for name, value in arguments.items():
        if isinstance(value, Mapping):
            yield from ((str(key), str(each)) for key, each in value.items())
        else:
            yield name, " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _labels(name: str) -> list[str]:
    """What people call a field, in both languages."""
    labels = [
        spec.label for kind in ("deal", "task", "contact") for spec in NOUNS[kind].fields if spec.name == name
    ]
    return [name.replace("_", " "), *(text for label in labels for text in (label.en, label.zh))]


def _without(text: str, names: list[str]) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text
