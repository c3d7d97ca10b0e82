"""The page beside a chat in the terminal: served from a thread, on this machine only."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from agent.runtime import Runtime
from cli.serve import PortTakenError, address_of, compose, config_of, listen
from core.clock import SystemClock
from crm_store.directory import find_principal
from crm_store.sign_in import create_link

LOOPBACK = "127.0.0.1"
_LINK_MINUTES = 12 * 60
_START_S = 15.0


@contextmanager
def page_beside(runtime: Runtime, user: str) -> Iterator[str]:
    """Serves the page for the length of the block; gives a link that signs the user in once.

    On the configured port, or on a free one where that is taken.
    """
    listener = _listen(runtime.settings.serve_port)
    server = uvicorn.Server(config_of(compose(runtime, runtime.settings.model_copy(update={"public_url": ""}))))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="page", daemon=True)
    thread.start()
    last = time.monotonic() + _START_S
    while not server.started and thread.is_alive() and time.monotonic() < last:
        time.sleep(0.02)
    principal = find_principal(runtime.store, user)
    now = SystemClock().now()
    secret = create_link(runtime.store, principal.user_id, minutes=_LINK_MINUTES, now=now)
    try:
        yield f"{address_of(listener)}sign-in/{secret}"
    finally:
        server.should_exit = True
        thread.join(timeout=_START_S)


def _listen(port: int) -> socket.socket:
    try:
        return listen(LOOPBACK, port)
    except PortTakenError:
        return listen(LOOPBACK, 0)
