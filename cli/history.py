"""`dealhand undo` and `dealhand audit`: taking changes back, and who changed what."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.direct import undo_directly
from cli.render import print_reply
from cli.session import AsUser, open_runtime
from core.parts import ChangeReceipt
from crm_store.audit_trail import AuditLine, list_changes
from crm_store.directory import find_principal

undo_app, audit_app = typer.Typer(), typer.Typer()
_VALUE_CHARS = 60


@undo_app.command()
def undo(
    as_user: AsUser,
    handle: Annotated[str, typer.Argument(help="Handle of a change or turn; empty takes back the last.")] = "",
) -> None:
    """Take back a change or a whole turn; refused when someone changed the record since."""
    with open_runtime() as runtime:
        reply = undo_directly(runtime, as_user, handle, channel="cli")
    print_reply(reply, Console())
    raise typer.Exit(0 if reply.of_type(ChangeReceipt) else 1)


@audit_app.command()
def audit(
    as_user: AsUser,
    record: Annotated[str, typer.Option(help="Only records whose name holds these words.")] = "",
    handle: Annotated[str, typer.Option(help="Only the changes of this undo handle.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
) -> None:
    """Show who changed what, when and through what; newest first."""
    with open_runtime() as runtime:
        principal = find_principal(runtime.store, as_user)
        with runtime.store.unit_of_work(principal, writes=False) as uow:
            lines = list_changes(uow, record=record, effect=handle, limit=limit)
    console = Console()
    table = Table("when (UTC)", "who", "through", "record", "change", "undo handle")
    for line in lines:
        through = "/".join(filter(None, (line.channel, line.cause))) or "import"
        table.add_row(
            f"{line.at:%Y-%m-%d %H:%M}", line.who, through, Text(f"{line.kind} {line.record}"),
            Text(_change(line)), line.effect_id + (" (undone)" if line.undone else ""),
        )  # fmt: skip
    console.print(table if lines else "There are no changes to show.")


def _change(line: AuditLine) -> str:
    if line.action != "updated":
        return line.action
    return "; ".join(
        f"{name}: {_short(line.before.get(name))} → {_short(after)}" for name, after in line.after.items()
    )


def _short(value: object) -> str:
    text = "—" if value in (None, "", []) else str(value)
    return text if len(text) <= _VALUE_CHARS else text[: _VALUE_CHARS - 1] + "…"
