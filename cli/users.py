"""`dealhand users`: who there is, and how they sign in to the page."""

import sys
from typing import Annotated

import typer

from api.passwords import set_password
from cli.terminal import literal, open_console
from core.clock import SystemClock
from core.errors import PersonFixableError
from core.settings import load_settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.sign_in import create_link

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Who there is, and how they sign in.")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Whose.")]


class PasswordsDifferError(PersonFixableError):
    """The password was not typed twice the same."""


@app.command("list")
def list_users() -> None:
    """List the users with their roles."""
    store = open_store(load_settings().resolved_database_url)
    try:
        with store.unit_of_work(SYSTEM, writes=False) as uow:
            lines = [f"{each.email}  {each.name}  {each.role}" for each in uow.all("user")]
    finally:
        store.close()
    console = open_console()
    for line in sorted(lines):
        console.print(literal(line), soft_wrap=True)


@app.command()
def password(email: Email) -> None:
    """Set someone's password, asked for twice (or the first line of standard input); signs them out everywhere."""
    store = open_store(load_settings().resolved_database_url)
    try:
        principal = find_principal(store, email)
        set_password(store, principal.user_id, _ask(), SystemClock().now())
    finally:
        store.close()
    typer.echo(f"{principal.name} can sign in with the new password.")


@app.command()
def link(
    email: Email,
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long it can be used.")] = 30,
) -> None:
    """Print a link that signs someone in once."""
    settings = load_settings()
    store = open_store(settings.resolved_database_url)
    try:
        principal = find_principal(store, email)
        secret = create_link(store, principal.user_id, minutes=minutes, now=SystemClock().now())
    finally:
        store.close()
    base = settings.public_url.rstrip("/") or f"http://{settings.serve_host}:{settings.serve_port}"
    typer.echo(f"{base}/sign-in/{secret}")


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = typer.prompt("Password", hide_input=True)
    if typer.prompt("Again", hide_input=True) != first:
        raise PasswordsDifferError("The two passwords differ; nothing was changed.")
    return str(first)
