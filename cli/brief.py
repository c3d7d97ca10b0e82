"""`dealhand brief`: someone's briefing now, or as it would have been at a past moment."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from briefings.compose import brief
from briefings.line import KINDS
from cli.session import AsUser, open_runtime
from cli.terminal import literal, open_console
from core.errors import InvalidArgumentError
from crm_store.directory import find_principal

app = typer.Typer(add_completion=False)


@app.command()
def show_briefing(
    as_user: AsUser,
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help="A past moment on their clock: 2026-03-09 or 2026-03-09T08:30.")
    ] = "",
    kind: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}; what fits the role when not given.")] = "",
    language: Annotated[str, typer.Option(help="en or zh; theirs when not given.")] = "",
    ids: Annotated[bool, typer.Option("--ids/--no-ids", help="End each line with the ids of its records.")] = True,
) -> None:
    """Print a briefing, composed from records without a model; the same for the same moment, always."""
    known = next((each for each in KINDS if each == kind), None)
    if kind and known is None:
        raise InvalidArgumentError(f"There is no briefing “{kind}”; kinds: {', '.join(KINDS)}.", argument="kind")
    with open_runtime() as runtime:
        principal = find_principal(runtime.store, as_user)
        moment = read_moment(as_of, principal.timezone) if as_of else None
        found = brief(
            runtime.store, principal, runtime.settings, as_of=moment, kind=known, language=language.strip().lower()
        )
    open_console().print(literal(found.text(with_ids=ids)))


def read_moment(words: str, timezone: str) -> datetime:
    """The moment of an ISO date (08:30 of that day) or time, on a person's clock.

    Raises:
        InvalidArgumentError: it is neither.
    """
    try:
        moment = datetime.fromisoformat(words if "T" in words or " " in words else f"{words}T08:30")
    except ValueError as error:
        raise InvalidArgumentError(
            f"“{words}” is no time; write 2026-03-09 or 2026-03-09T08:30.", argument="as-of"
        ) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(timezone))
