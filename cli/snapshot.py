"""`dealhand snapshot`: freezes the days up to today; the worker does the same every day."""

from datetime import datetime
from typing import Annotated

import typer

from analytics.snapshots import take_snapshots
from cli.session import open_runtime
from crm_store.principals import SYSTEM
from crm_store.unit_of_work import Cause
from language.dates import FiscalCalendar

app = typer.Typer(add_completion=False)


@app.command()
def snapshot(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day to freeze; today if left out.")
    ] = None,
) -> None:
    """Freeze what deals were, and every owner's figures, on each day that is not frozen yet.

    A frozen day is never written again; missed days are made up from the audit and the stage history.
    """
    with open_runtime() as runtime:
        fiscal = FiscalCalendar(runtime.settings.fiscal_year_first_month)
        with runtime.store.unit_of_work(SYSTEM, Cause(channel="cli", reason="snapshot")) as uow:
            today = min(day.date(), uow.today) if day else uow.today
            done = take_snapshots(uow, today, fiscal)
            uow.commit()
    typer.echo(
        f"Frozen through {done.day:%a %d %B %Y}: {done.deals:,} states of deals, {done.owners:,} rows of owners."
    )
