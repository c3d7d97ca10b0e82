"""`dealhand demo`: the demonstration company, loaded on first use, and a chat with it."""

from importlib.resources import as_file, files
from typing import Annotated

import typer

from agent.runtime import runtime_for
from cli.chat import run_chat
from cli.page import page_beside
from core.settings import load_settings
from crm_store.company_facts import company_facts
from crm_store.opening import open_store
from crm_store.transfer import import_world

app = typer.Typer(add_completion=False)

WORLD = "northstar"
USER = "marcus@northstar.example"


@app.command()
def demo(
    as_user: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who is speaking.")] = USER,
) -> None:
    """Load the demonstration company into the store if that is empty, and talk to it.

    A store that holds another company is left alone: the demonstration then has a file of its own.
    """
    settings = load_settings()
    url = settings.resolved_database_url
    if company_name(url) not in ("", _demo_name()):
        settings = settings.model_copy(
            update={"database_url": f"sqlite:///{settings.home_dir / 'demonstration.sqlite3'}"}
        )
        url = settings.resolved_database_url
    if not company_name(url):
        typer.echo("Loading the demonstration company (28 accounts, 120 deals, 728 interactions) …")
        with as_file(files("evals").joinpath("worlds", WORLD)) as folder:
            import_world(url, folder)
    with runtime_for(settings) as runtime, page_beside(runtime, as_user) as link:
        run_chat(runtime, as_user, banner=_banner(runtime.store.clock.now().strftime("%A %d %B %Y"), link))


def company_name(url: str) -> str:
    """The name of the company in a store; empty when nothing was loaded yet."""
    store = open_store(url)
    try:
        return company_facts(store).name
    finally:
        store.close()


def _demo_name() -> str:
    return "Northstar Instruments"


def _banner(today: str, link: str) -> str:
    return (
        f"Northstar Instruments, a demonstration. In it, today is {today}.\n"
        f"The same in a browser, while this is open (the link signs you in, once): {link}"
    )
