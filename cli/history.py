"""`dealhand undo` and `dealhand audit`: taking changes back, and who changed what."""

from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any

import typer

from agent.direct import undo_directly
from cli.exit_codes import INCOMPLETE
from cli.render import print_reply
from cli.session import AsUser, open_runtime
from cli.terminal import literal, open_console
from core.parts import ChangeReceipt
from crm_store.audit_trail import AuditLine, list_changes
from crm_store.directory import find_principal
from crm_store.display import NOTHING, display
from crm_store.unit_of_work import UnitOfWork

undo_app, audit_app = typer.Typer(add_completion=False), typer.Typer(add_completion=False)
_VALUE_CHARS = 60


@undo_app.command()
def undo(
    as_user: AsUser,
    handle: Annotated[str, typer.Argument(help="Handle of a change or turn; empty takes back the last.")] = "",
) -> None:
    """Take back a change or a whole turn; refused when someone changed the record since (exit code 1)."""
    with open_runtime() as runtime:
        reply = undo_directly(runtime, as_user, handle, channel="cli")
    print_reply(reply, open_console())
    raise typer.Exit(0 if reply.of_type(ChangeReceipt) else INCOMPLETE)


@audit_app.command()
def audit(
    as_user: AsUser,
    record: Annotated[str, typer.Option(help="Only records whose name holds these words.")] = "",
    handle: Annotated[str, typer.Option(help="Only the changes of this undo handle.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
) -> None:
    """Show who changed what, when and through what; newest first. Times are in UTC."""
    with open_runtime() as runtime:
        principal = find_principal(runtime.store, as_user)
        with runtime.store.unit_of_work(principal, writes=False) as uow:
            lines = list_changes(uow, record=record, effect=handle, limit=limit)
            effects = groupby(lines, key=lambda line: line.effect_id)
            texts = [_effect(uow, list(changes)) for _, changes in effects]
    console = open_console()
    for text in texts or ["There are no changes to show."]:
        console.print(literal(text), soft_wrap=True)


def _effect(uow: UnitOfWork, lines: list[AuditLine]) -> str:
    first = lines[0]
    through = " ".join(dict.fromkeys(filter(None, (first.channel, first.cause))))
    texts = [f"{first.at:%Y-%m-%d %H:%M}  {first.who}, {through}"]
    for line in lines:
        texts.append(f"    {line.action} {line.kind} {line.record}")
        texts += [f"      {change}" for change in _changes(uow, line)]
    texts.append(f"    undo: {first.effect_id}{' (taken back)' if first.undone else ''}")
    return "\n".join(texts)


def _changes(uow: UnitOfWork, line: AuditLine) -> list[str]:
    if line.action != "updated":
        return []
    fields = {spec.name: spec for spec in uow.fields(line.kind)}

    def shown(values: Mapping[str, Any], name: str) -> str:
        return display(uow, fields[name], values[name], "en", limit=_VALUE_CHARS) if name in values else NOTHING

    changed = ((fields[name].label.en, shown(line.before, name), shown(line.after, name)) for name in line.after)
    return [f"{label}: {before} → {after}" for label, before, after in changed]
