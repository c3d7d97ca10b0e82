"""Runs the Slack app: its queue, and either Socket Mode or an HTTP server. Started and stopped as one."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from integrations.slack.app import build_app, handlers, queues
from integrations.slack.http import SlackAsgi
from integrations.slack.installing import oauth_flow
from integrations.slack.service import JobQueue, Slack
from jobs.job import Job, JobsUnavailableError, Queue

logger = logging.getLogger("dealhand.slack")

ROLE = "slack"
SWEEP_S = 30.0
_EVENTS_KEPT = timedelta(days=2)


class WorkingQueue(JobQueue, Protocol):
    """A queue that can also be worked on; `jobs.engine.Jobs` is one."""

    def start(self, role: str, queues: list[Queue], handlers: dict[str, Callable[[Job], None]]) -> None:
        """Takes up the work."""
        ...

    def sweep(self) -> None:
        """Takes up what was left behind."""
        ...

    def stop(self) -> None:
        """Takes no more work."""
        ...


@contextmanager
def at_work(slack: Slack, jobs: WorkingQueue) -> Iterator[None]:
    """Works on the app's queue for the length of the block."""
    jobs.start(ROLE, queues(slack), dict(handlers(slack)))
    ended = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(slack, jobs, ended), name="slack-sweep", daemon=True)
    sweeper.start()
    try:
        yield
    finally:
        ended.set()
        sweeper.join(timeout=5)
        jobs.stop()


def asgi_app(slack: Slack) -> SlackAsgi:
    """The app for an HTTP server, with the pages of the installation where they are set up."""
    return SlackAsgi(build_app(slack), oauth_flow(slack.runtime.settings, slack.workspaces))


@contextmanager
def socket_mode(slack: Slack, app: App | None = None) -> Iterator[SocketModeHandler]:
    """Receives over a socket for the length of the block; no address of ours has to be reachable."""
    token = slack.runtime.settings.slack_app_token.get_secret_value()
    handler = SocketModeHandler(
        app or build_app(slack), token, logger=logger, web_client=slack.workspaces.open_client(token)
    )
    handler.connect()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        handler.close()  # type: ignore[no-untyped-call]


def _sweep(slack: Slack, jobs: WorkingQueue, ended: threading.Event) -> None:
    while not ended.wait(SWEEP_S):
        try:
            jobs.sweep()
        except JobsUnavailableError as error:
            logger.warning("%s", error)
        slack.log.forget_events(_EVENTS_KEPT)
