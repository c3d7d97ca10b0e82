"""`dealhand tokens`: tokens for programs and assistants that act for a person."""

from typing import Annotated

import typer

from cli.session import AsUser
from cli.terminal import literal, open_console
from core.clock import SystemClock
from core.settings import load_settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.tokens import SCOPES, create_token, list_tokens, revoke_token

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Tokens for programs that act for a person.")
_SCOPES_HELP = "; ".join(f"{name}: {text}" for name, text in SCOPES.items())


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    as_user: AsUser,
    scope: Annotated[list[str], typer.Option(help=f"May be given several times. {_SCOPES_HELP}.")] = ["read"],  # noqa: B006
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 90,
) -> None:
    """Make a token and print it, this once."""
    store = open_store(load_settings().resolved_database_url)
    try:
        user = find_principal(store, as_user)
        token, secret = create_token(store, user, name, scope, days=days, now=SystemClock().now())
    finally:
        store.close()
    typer.echo(secret)
    typer.echo(f"{token.id} for {user.email}: {', '.join(token.scopes)}. It cannot be shown again.", err=True)


@app.command("list")
def list_them(as_user: AsUser) -> None:
    """List your tokens; an admin sees everybody's."""
    store = open_store(load_settings().resolved_database_url)
    try:
        found = list_tokens(store, find_principal(store, as_user))
    finally:
        store.close()
    console = open_console()
    for token, owner in found:
        state = "revoked" if token.revoked_at else f"until {token.expires_at:%Y-%m-%d}" if token.expires_at else ""
        line = f"{token.id}  …{token.hint}  {token.name}  {owner}  {', '.join(token.scopes)}  {state}"
        console.print(literal(line), soft_wrap=True)
    if not found:
        console.print(literal("There are no tokens yet: dealhand tokens create NAME --as EMAIL"))


@app.command()
def revoke(token: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")], as_user: AsUser) -> None:
    """Make a token invalid at once."""
    store = open_store(load_settings().resolved_database_url)
    try:
        revoked = revoke_token(store, find_principal(store, as_user), token, SystemClock().now())
    finally:
        store.close()
    typer.echo(f"{revoked.name} (…{revoked.hint}) is no longer valid.")
