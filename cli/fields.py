"""`dealhand fields`: the company's own fields, listed and added."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.session import AsUser
from cli.terminal import literal, open_console
from core.settings import load_settings
from crm_store.custom_fields import CUSTOM_TYPES, CustomField
from crm_store.directory import find_principal
from crm_store.field_definitions import KINDS, add_field, list_own_fields
from crm_store.opening import open_store
from crm_store.unit_of_work import Cause, UnitOfWork
from crm_store.values import join_list, split_list

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Fields that your company adds to its records.")
_ONE_OF_KINDS = ", ".join(KINDS)


@app.command("list")
def list_fields(
    as_user: AsUser,
    kind: Annotated[str, typer.Argument(help=f"Only of one kind: {_ONE_OF_KINDS}.")] = "",
) -> None:
    """List your company's own fields."""
    with _unit_of_work(as_user, writes=False) as uow:
        lines = [_line(each) for each in list_own_fields(uow, kind)]
    console = open_console()
    for line in lines or ["There are no fields of your own yet: dealhand fields add KIND NAME --type TYPE"]:
        console.print(literal(line), soft_wrap=True)


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help=f"Kind of record: {_ONE_OF_KINDS}.")],
    name: Annotated[str, typer.Argument(help="Name in files and tools, such as renewal_risk.")],
    as_user: AsUser,
    field_type: Annotated[str, typer.Option("--type", help=f"One of {', '.join(CUSTOM_TYPES)}.")] = "text",
    label_en: Annotated[str, typer.Option(help="English name, as people say it; by default the name.")] = "",
    label_zh: Annotated[str, typer.Option(help="Chinese name, as people say it.")] = "",
    choices: Annotated[str, typer.Option(help="Choices of the type choice, separated by ;")] = "",
    hidden_from: Annotated[str, typer.Option(help="Roles that do not see it, separated by ;")] = "",
) -> None:
    """Add a field to a kind of record; only an admin may. It can be used at once."""
    with _unit_of_work(as_user, writes=True) as uow:
        field = add_field(
            uow, kind, name, field_type, label_en=label_en, label_zh=label_zh,
            choices=split_list(choices), hidden_from=split_list(hidden_from),
        )  # fmt: skip
        line, effect = _line(field), uow.effect_id
        uow.commit()
    console = open_console()
    console.print(literal(f"Added {line}"), soft_wrap=True)
    console.print(literal(f"undo: {effect}"))


@contextmanager
def _unit_of_work(email: str, *, writes: bool) -> Iterator[UnitOfWork]:
    store = open_store(load_settings().resolved_database_url)
    try:
        cause = Cause(channel="cli", reason="add_field")
        with store.unit_of_work(find_principal(store, email), cause, writes=writes) as uow:
            yield uow
    finally:
        store.close()


def _line(field: CustomField) -> str:
    labels = " / ".join(filter(None, (field.label_en, field.label_zh)))
    choices = f" ({join_list(field.choices)})" if field.choices else ""
    hidden = f", hidden from {', '.join(field.hidden_from)}" if field.hidden_from else ""
    return f"{field.kind}.{field.name}: {field.type}{choices}, “{labels}”{hidden}"
