"""`dealhand serve`: the page, the HTTP API and what is mounted beside them, in one process."""

import socket
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
from cli.session import open_runtime
from core.errors import OperatorFixableError
from core.settings import Settings, load_settings
from integrations.mcp.http import PATH, McpEndpoint

app = typer.Typer(add_completion=False)


class PortTakenError(OperatorFixableError):
    """The address cannot be listened on."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; by default the setting, this machine.")] = "",
    port: Annotated[int, typer.Option(help="Port; by default the setting.", min=-1, max=65535)] = -1,
) -> None:
    """Serve the page and the HTTP API until Ctrl-C."""
    settings = load_settings()
    with open_runtime(settings) as runtime:
        listener = listen(host or settings.serve_host, settings.serve_port if port < 0 else port)
        application = compose(runtime, settings, with_slack=True)
        typer.echo(f"Dealhand is at {address_of(listener)} (Ctrl-C ends it).")
        server = uvicorn.Server(config_of(application))
        server.run(sockets=[listener])


def compose(runtime: Runtime, settings: Settings, *, with_slack: bool = False) -> FastAPI:
    """The application with everything beside it: assistants, the sender of webhooks, Slack where it comes by HTTP."""
    while_serving = ExitStack()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sender = HookSender(shared)
        sender.start()
        try:
            with while_serving:
                async with assistants.running():
                    yield
        finally:
            sender.stop()

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
    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
