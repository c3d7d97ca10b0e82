"""`dealhand serve`: the page, the HTTP API and what is mounted beside them, in one process or several."""

import os
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Annotated, Any

import typer
import uvicorn
from fastapi import FastAPI
from starlette.routing import Route

from agent.runtime import Runtime
from api.app import create_app
from api.hook_delivery import HookSender
from briefings.compose import read_tables
from cli.session import open_runtime
from core.errors import OperatorFixableError
from core.settings import Settings, load_settings
from integrations.mcp.http import PATH, McpEndpoint

app = typer.Typer(add_completion=False)

_QUIET: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "timeout_graceful_shutdown": 5,
}


class PortTakenError(OperatorFixableError):
    """The address cannot be listened on."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; by default the setting, this machine.")] = "",
    port: Annotated[int, typer.Option(help="Port; by default the setting.", min=-1, max=65535)] = -1,
    workers: Annotated[int, typer.Option(help="Processes; by default the setting.", min=0, max=64)] = 0,
) -> None:
    """Serve the page and the HTTP API until Ctrl-C."""
    settings = load_settings()
    listener = listen(host or settings.serve_host, settings.serve_port if port < 0 else port)
    number = workers or settings.serve_workers
    typer.echo(f"Dealhand is at {address_of(listener)} (Ctrl-C ends it).")
    if number > 1 and not comes_by_http(settings):
        serve_in_processes(listener, number)
        return
    with open_runtime(settings) as runtime:
        server = uvicorn.Server(config_of(compose(runtime, settings, with_slack=True)))
        server.run(sockets=[listener])


def serve_in_processes(listener: socket.socket, number: int) -> None:
    """Serves on the listener's address from several processes, each with a runtime of its own; a dead one is replaced.

    Their numbers for Prometheus meet in a folder for the length of the call.
    """
    host, port = listener.getsockname()[:2]
    listener.close()
    with tempfile.TemporaryDirectory(prefix="dealhand-") as folder:
        os.environ |= {"DEALHAND_SERVE_WORKERS": str(number), "PROMETHEUS_MULTIPROC_DIR": folder}
        uvicorn.run(
            "cli.serve:application_of_process", factory=True, workers=number, host=host, port=port, **_QUIET
        )


def application_of_process() -> FastAPI:
    """What one of several processes serves; it closes its runtime when it ends."""
    settings, while_serving = load_settings(), ExitStack()
    return compose(while_serving.enter_context(open_runtime(settings)), settings, while_serving=while_serving)


def compose(
    runtime: Runtime, settings: Settings, *, with_slack: bool = False, while_serving: ExitStack | None = None
) -> FastAPI:
    """The application with everything beside it: assistants, the sender of webhooks, Slack where it comes by HTTP.

    `while_serving` is left when the application ends.
    """
    while_serving = while_serving or ExitStack()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sender = HookSender(shared)
        sender.start()
        runtime.get_ready()
        read_tables()
        try:
            async with assistants.running():
                yield
        finally:
            sender.stop()
            while_serving.close()

    application = create_app(runtime, settings, lifespan=lifespan)
    shared = application.state.served
    assistants = McpEndpoint(runtime, shared.clock.now, shared.requests.take)
    application.router.routes.append(Route(PATH, endpoint=assistants, include_in_schema=False))
    if with_slack and comes_by_http(settings):
        application.router.routes.append(
            Route("/slack/{rest:path}", endpoint=_slack(runtime, while_serving), include_in_schema=False)
        )
    return application


def comes_by_http(settings: Settings) -> bool:
    """Whether Slack is set up to send over HTTP; with an app token it comes over a socket, by `dealhand slack run`."""
    return bool(
        settings.slack_signing_secret.get_secret_value() and not settings.slack_app_token.get_secret_value()
    )


def _slack(runtime: Runtime, while_serving: ExitStack) -> Any:
    """Slack's endpoint; its queue is worked on, by a process of its own, as long as the server runs."""
    from cli.beside import beside
    from cli.slack import WORK, open_slack
    from integrations.slack.running import asgi_app

    slack, jobs = open_slack(runtime)
    while_serving.callback(jobs.close)
    while_serving.enter_context(beside(*WORK))
    return asgi_app(slack)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        PortTakenError: the port is in use, or the address is not this machine's.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PortTakenError(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another with --port."
        ) from error


def address_of(listener: socket.socket) -> str:
    """The address of the page for a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}/"


def config_of(application: object) -> uvicorn.Config:
    """How uvicorn runs the application: quiet, and without a banner of its own."""
    return uvicorn.Config(application, **_QUIET)  # type: ignore[arg-type]
