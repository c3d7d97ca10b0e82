"""`dealhand worker`: briefings, reminders, notices, snapshots and the memory's upkeep, for as long as it runs."""

import importlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from agent.models import wording_model
from briefings.channels import Channel, EmailChannel, FileChannel, TerminalChannel
from briefings.sent_copies import sent_copies
from briefings.worker import Worker
from cli.session import open_runtime
from core.errors import DealhandError, OperatorFixableError
from core.settings import Settings
from crm_store.store import Store

app = typer.Typer(add_completion=False)
log = logging.getLogger(__name__)

# A channel of its own package: its module has `open_channel(settings, store) -> Channel | None`.
OTHER_CHANNELS = {"slack": "integrations.slack.delivery"}


class ChannelNotSetUpError(OperatorFixableError):
    """The channel that settings name lacks what it needs."""


@app.command()
def worker(
    interval: Annotated[float, typer.Option(help="Seconds between two looks at the clock.")] = 20.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, deliver what is due, and leave.")] = False,
) -> None:
    """Send what is due and keep derived data up to date, until it is stopped (Ctrl-C).

    On SQLite one worker runs at a time; on PostgreSQL as many as you like, and a live one takes over from a dead.
    """
    stop = threading.Event()
    for sort in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sort, lambda *_: stop.set())
    with open_runtime() as runtime:
        channels = open_channels(runtime.settings, runtime.store)
        typer.echo(f"Working; channels: {', '.join(channels)}.", err=True)
        words = wording_model(runtime.settings) if runtime.settings.briefing_wording else None
        body = Worker(runtime.store, runtime.settings, channels, words=words)
        body.start()
        upkeep = _upkeep(runtime.settings, runtime.store)
        try:
            while not stop.is_set():
                _look(body, upkeep)
                if once:
                    body.jobs.wait_until_idle(120)
                    break
                stop.wait(interval)
        finally:
            body.stop()
    if not once:
        # A job that waits for its next try sleeps in a thread that would hold up the exit; the queue keeps it.
        os._exit(0)


def open_channels(settings: Settings, store: Store) -> dict[str, Channel]:
    """The channels that are set up, by name.

    Raises:
        ChannelNotSetUpError: the default channel is not among them.
    """
    channels: dict[str, Channel] = {
        "file": FileChannel(settings.home_dir / "deliveries"),
        "terminal": TerminalChannel(),
    }
    if settings.smtp_url.get_secret_value() and settings.smtp_sender:
        copies = settings.smtp_copies_url.get_secret_value()
        channels["email"] = EmailChannel(
            settings.smtp_url.get_secret_value(),
            settings.smtp_sender,
            was_sent=sent_copies(copies) if copies else None,
        )
    for name, module in OTHER_CHANNELS.items():
        opened = importlib.import_module(module).open_channel(settings, store) if find_spec(module) else None
        if opened is not None:
            channels[name] = opened
    if settings.delivery_channel and settings.delivery_channel not in channels:
        raise ChannelNotSetUpError(
            f"DEALHAND_DELIVERY_CHANNEL is “{settings.delivery_channel}”, which is not set up; "
            f"set up are: {', '.join(channels)}. E-mail needs DEALHAND_SMTP_URL and DEALHAND_SMTP_SENDER."
        )
    return channels


def _look(body: Worker, upkeep: Callable[[], Any] | None) -> None:
    """One round; what an operator has to mend is logged, and the next round tries again."""
    for step in (body.tick, body.jobs.sweep, upkeep):
        try:
            if step is not None:
                step()
        except DealhandError as error:
            log.error("worker: %s", error.message)


def _upkeep(settings: Settings, store: Store) -> Callable[[], Any] | None:
    if not settings.memory_enabled:
        return None
    from memory.opening import open_memory
    from memory.upkeep import keep_up

    memory = open_memory(settings)

    def take_in() -> None:
        try:
            keep_up(store, memory, most=200)
        finally:
            # Between two rounds the Chroma folder is free for who searches by it.
            memory.close()

    return take_in
