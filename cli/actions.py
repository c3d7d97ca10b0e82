"""The command `dealhand actions`: the catalogue of next actions with your own, and what became of suggestions."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.session import AsUser
from core.errors import InvalidArgumentError
from core.settings import load_settings
from crm_store.company_facts import keep_demo_day
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.store import Store
from crm_store.suggestion_log import log_rows, settle

app = typer.Typer(
    help="Next actions: the catalogue, your own, and what became of suggestions.", no_args_is_help=True,
    add_completion=False,
)  # fmt: skip


@app.command("list")
def list_actions() -> None:
    """List all actions: name, what it is called, what accepting it creates."""
    from analytics.next_best_action.catalogue import catalogue

    with _open() as store, store.unit_of_work(SYSTEM, writes=False) as uow:
        for action in catalogue(uow).values():
            typer.echo(f"{action.name:24s}{action.label['en']} / {action.label['zh']}  ({action.makes})")


@app.command("add")
def add_action(
    name: Annotated[str, typer.Argument(help="Short name, for example site_tour.")],
    label: Annotated[str, typer.Argument(help="What it is called in English.")],
    as_user: AsUser,
    label_zh: Annotated[str, typer.Option(help="What it is called in Chinese.")] = "",
    title: Annotated[str, typer.Option(help="Title of the task; {deal} and {who} are filled in.")] = "",
    title_zh: Annotated[str, typer.Option(help="The same in Chinese.")] = "",
    sign: Annotated[list[str] | None, typer.Option(help="Words by which it is recognised in a subject.")] = None,
    due_days: Annotated[int, typer.Option(min=0, max=365, help="Working days until it is due.")] = 3,
    from_stage: Annotated[int, typer.Option(min=1, help="First open stage in which it makes sense.")] = 1,
) -> None:
    """Add an action of your own (administrators): it is learnt from and suggested like the others."""
    from analytics.next_best_action.catalogue import catalogue

    with _open() as store, store.unit_of_work(find_principal(store, as_user)) as uow:
        if name in catalogue(uow):
            raise InvalidArgumentError(f"There is an action called {name!r} already.", argument="name")
        uow.create(
            "action",
            {
                "name": name, "label_en": label, "label_zh": label_zh, "title_en": title, "title_zh": title_zh,
                "makes": "task", "due_days": due_days, "from_stage": from_stage, "signs": list(sign or ()),
            },
        )  # fmt: skip
        uow.commit()
    typer.echo(f"Added {name}.")


@app.command("remove")
def remove_action(name: Annotated[str, typer.Argument(help="Its short name.")], as_user: AsUser) -> None:
    """Remove an action of your own (administrators)."""
    with _open() as store, store.unit_of_work(find_principal(store, as_user)) as uow:
        found = [each for each in uow.all("action") if each.name == name]
        if not found:
            raise InvalidArgumentError(f"There is no action of your own called {name!r}.", argument="name")
        uow.delete("action", found[0])
        uow.commit()
    typer.echo(f"Removed {name}.")


@app.command("report")
def report() -> None:
    """Count what was suggested, how it was answered and what became of the deals; notes outcomes first."""
    with _open() as store:
        settle(store)
        rows = log_rows(store)
    if not rows:
        typer.echo("Nothing was suggested yet.")
    answers = Counter((row.action, row.status) for row in rows)
    outcomes = Counter((row.action, row.outcome) for row in rows if row.outcome)
    for action in sorted({row.action for row in rows}):
        said = ", ".join(
            f"{number} {status}" for (name, status), number in sorted(answers.items()) if name == action
        )
        became = ", ".join(
            f"{number} {what}" for (name, what), number in sorted(outcomes.items()) if name == action
        )
        typer.echo(f"{action:24s}{said}" + (f"; deals: {became}" if became else ""))


@contextmanager
def _open() -> Iterator[Store]:
    store = open_store(load_settings().resolved_database_url)
    keep_demo_day(store)
    try:
        yield store
    finally:
        store.close()
