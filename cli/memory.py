"""`dealhand memory`: make, follow and search the index of interactions; forget a contact everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.session import AsUser
from core.settings import Settings, load_settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.store import Store
from memory import feeding
from memory.forgetting import find_contact, forget
from memory.opening import Memory, open_memory
from memory.scope import Scope, count_passages
from memory.search import search
from memory.syncing import sync

app = typer.Typer(
    add_completion=False,
    help="The index of what was said and done; made from the records, never a source of truth.",
)


@app.command()
def rebuild() -> None:
    """Make the index anew from the interactions, in the database and in Chroma."""
    with _open() as (settings, store, memory):
        fed = feeding.rebuild(store, memory, _tell_progress())
        added = sync(store, memory)
    typer.echo(f"{fed.passages:,} passages indexed with {memory.embedder.id}{_in_chroma(settings, added)}.")


@app.command()
def feed() -> None:
    """Take in what was changed since the last run; needed only where nothing else does it."""
    with _open() as (settings, store, memory):
        fed = feeding.feed(store, memory)
        added = sync(store, memory)
    typer.echo(
        f"{fed.entries:,} changes taken in, {fed.passages:,} passages written{_in_chroma(settings, added)}."
    )


@app.command()
def status() -> None:
    """Show what the index holds, what made it and how far it lags behind the records."""
    with _open() as (settings, store, memory):
        found = feeding.status(store, memory)
        now = store.clock.now()
    if not found.exists:
        typer.echo(f"There is no index yet ({found.waiting:,} changes wait). Make it: dealhand memory rebuild")
        return
    typer.echo(f"interactions  {found.interactions:,} in {found.passages:,} passages, made {found.made_at}")
    typer.echo(f"embedder      {found.embedder}")
    if found.embedder != found.configured:
        typer.echo(f"              the settings name {found.configured}: run dealhand memory rebuild")
    lag = f", the oldest since {(now - found.oldest_waiting_at)}" if found.oldest_waiting_at else ""
    typer.echo(f"waiting       {found.waiting:,} changes{lag}; {found.failed:,} given up")
    place = settings.memory_chroma_url or "off"
    typer.echo(f"chroma        {place}, {found.not_in_chroma:,} passages not in it yet")


@app.command("search")
def search_command(
    query: Annotated[str, typer.Argument(help="What was said or done, in words or meaning.")],
    as_user: AsUser,
    account: Annotated[str, typer.Option(help="Id of an account to stay within.")] = "",
    deal: Annotated[str, typer.Option(help="Id of a deal to stay within.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=50, help="Hits at most.")] = 8,
) -> None:
    """Search what someone may read, with scores."""
    with _open() as (_, store, memory):
        if not feeding.is_current(store, memory):
            feeding.rebuild(store, memory, _tell_progress())
        principal = find_principal(store, as_user)
        with store.unit_of_work(principal, writes=False) as uow:
            scope = Scope(account_id=account, deal_id=deal)
            found = search(uow, memory, query, scope, limit=limit)
            searched = count_passages(uow, scope) if not found.hits else 0
    for wrong, right in found.read_as.items():
        typer.echo(f"{wrong} was read as {right}.")
    for hit in found.hits:
        typer.echo(
            f"{hit.score:.3f}  {hit.occurred_at:%Y-%m-%d}  {hit.interaction_id}  {' '.join(hit.quote.split())}"
        )
    if not found.hits:
        typer.echo(f"Nothing found among {searched:,} passages.")


@app.command("forget-contact")
def forget_contact(
    contact: Annotated[str, typer.Argument(help="Id or full name of the contact.")],
    as_user: AsUser,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking; it cannot be undone.")] = False,
) -> None:
    """Erase a contact from the records, the audit, conversations, drafts and the index. Cannot be undone."""
    with _open() as (_, store, memory):
        principal = find_principal(store, as_user)
        found = find_contact(store, principal, contact)
        if not yes:
            typer.confirm(f"Erase {found.name} ({found.id}) everywhere? This cannot be undone.", abort=True)
        erased = forget(store, memory, principal, found.id)
    typer.echo(
        f"Erased {found.id}: " + ", ".join(f"{number} {what}" for what, number in erased.counts.items()) + "."
    )
    if erased.name_shared:
        typer.echo("Others bear the same name: where only the name stands, outside the account, it was left.")
    if not erased.log_emptied:
        typer.echo("Another process reads the database's log, in which old words stand until the last one ends.")


@contextmanager
def _open() -> Iterator[tuple[Settings, Store, Memory]]:
    settings = load_settings()
    store = open_store(settings.resolved_database_url)
    memory = open_memory(settings)
    try:
        yield settings, store, memory
    finally:
        memory.close()
        store.close()


def _tell_progress() -> feeding.Told:
    done = 0

    def told(number: int) -> None:
        nonlocal done
        done += number
        if done % 5120 < number:
            typer.echo(f"{done:,} passages …", err=True)

    return told


def _in_chroma(settings: Settings, added: int) -> str:
    return f", {added:,} new in Chroma ({settings.memory_chroma_url})" if settings.memory_chroma_url else ""
