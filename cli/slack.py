"""`dealhand slack`: run the app, print its manifest, connect people, and look at what they think of answers."""

import json
import threading
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as Grid

from agent.runtime import Runtime
from cli.beside import beside, beside_its_parent
from cli.exit_codes import INCOMPLETE
from cli.session import open_runtime
from cli.terminal import literal, open_console, visible_json
from core.errors import OperatorFixableError, PersonFixableError
from core.settings import load_settings
from crm_store.channel_log import ChannelLog
from crm_store.directory import find_principal, principal_of
from crm_store.principals import Role

if TYPE_CHECKING:
    from integrations.slack.service import Slack
    from jobs.engine import Jobs
    from speech.transcript import Transcriber

WORK = ("slack", "work", "--beside")

app = typer.Typer(add_completion=False, no_args_is_help=True)


class SlackNotSetUpError(OperatorFixableError):
    """A token or secret is missing; the message names it."""


class NotAdministratorError(PersonFixableError):
    """Only an administrator may say who someone is."""


AsAdmin = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who says so.", envvar="DEALHAND_USER")]


@app.command()
def run(
    http: Annotated[bool, typer.Option("--http", help="Receive over HTTP instead of a socket.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on, with --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on, with --http.")] = 3000,
) -> None:
    """Run the Slack app: over a socket (no public address needed), or with --http at /slack/events."""
    from integrations.slack.running import asgi_app, socket_mode

    with open_runtime() as runtime:
        _require(runtime, http=http)
        slack, jobs = open_slack(runtime)
        console = open_console()
        try:
            # Turns compute: in a process of their own they never keep a request of Slack waiting.
            with beside(*WORK):
                if http:
                    import uvicorn

                    console.print(literal(f"Listening on http://{host}:{port}/slack/events. Ctrl-C ends it."))
                    uvicorn.run(asgi_app(slack), host=host, port=port, log_level="warning")
                else:
                    with socket_mode(slack):
                        console.print(literal("Connected to Slack over a socket. Ctrl-C ends it."))
                        threading.Event().wait()
        except KeyboardInterrupt:
            console.print(literal("Ended."))
        finally:
            jobs.close()


@app.command()
def work(
    beside_run: Annotated[bool, typer.Option("--beside", hidden=True, help="End with `slack run`.")] = False,
) -> None:
    """Do what Slack has asked for; `slack run` starts this by itself, on PostgreSQL several may run."""
    from integrations.slack.running import at_work

    with open_runtime() as runtime:
        slack, jobs = open_slack(runtime)
        runtime.get_ready()
        try:
            with at_work(slack, jobs):
                if beside_run:
                    with beside_its_parent() as ended:
                        ended.wait()
                else:
                    open_console().print(literal("Working on what Slack asks for. Ctrl-C ends it."))
                    threading.Event().wait()
        except KeyboardInterrupt:
            open_console().print(literal("Ended."))
        finally:
            jobs.close()


@app.command()
def manifest(
    http: Annotated[bool, typer.Option("--http", help="For events over HTTP instead of a socket.")] = False,
    url: Annotated[str, typer.Option(help="Public address of Dealhand; default: DEALHAND_PUBLIC_URL.")] = "",
    rotation: Annotated[bool, typer.Option("--rotation", help="With token rotation (OAuth).")] = False,
) -> None:
    """Print the manifest to create the Slack app from (api.slack.com/apps, From a manifest)."""
    from integrations.slack.manifest import manifest as make

    address = url or load_settings().public_url
    if http and not address:
        raise SlackNotSetUpError("Over HTTP Slack has to reach Dealhand: give --url https://….")
    made = make(public_url=address, over_http=http, rotates=rotation)
    typer.echo(visible_json(json.dumps(made, indent=2, ensure_ascii=False)))


@app.command("map")
def map_person(
    as_user: AsAdmin,
    slack_user: Annotated[str, typer.Argument(help="Member ID in Slack (profile, ⋮, Copy member ID).")],
    email: Annotated[str, typer.Argument(help="E-mail of the user in the CRM; empty takes a mapping away.")] = "",
    team: Annotated[str, typer.Option(help="Workspace (T…); default: that of the bot token.")] = "",
) -> None:
    """Say who someone of a workspace is in the CRM; by itself only a verified e-mail counts."""
    with open_runtime() as runtime:
        admin = find_principal(runtime.store, as_user)
        if admin.role is not Role.ADMIN:
            raise NotAdministratorError("Only an administrator of the CRM may connect people.")
        workspace, log, console = team or _own_team(runtime), ChannelLog(runtime.store), open_console()
        if not email:
            log.unmap_person(workspace, slack_user)
            console.print(literal(f"{slack_user} is mapped to nobody."))
            return
        user = find_principal(runtime.store, email)
        log.map_person(workspace, slack_user, user.user_id, admin.user_id)
        console.print(literal(f"{slack_user} in {workspace} is {user.name} ({user.role.value})."))


@app.command()
def people(as_user: AsAdmin) -> None:
    """List the mappings of people."""
    with open_runtime() as runtime:
        if find_principal(runtime.store, as_user).role is not Role.ADMIN:
            raise NotAdministratorError("Only an administrator of the CRM may see them.")
        console, found = open_console(), ChannelLog(runtime.store).mappings()
        for each in found:
            user = principal_of(runtime.store, each.user_id)
            console.print(literal(f"{each.workspace}  {each.person}  {user.email}"))
        if not found:
            console.print("Nobody is mapped; people are found by their verified e-mail.")


@app.command()
def feedback(
    rating: Annotated[str, typer.Option(help="Only `good` or only `bad`.")] = "",
) -> None:
    """List what people thought of answers, newest first; `dealhand evals from-feedback ID` makes a case of one."""
    with open_runtime() as runtime:
        found = ChannelLog(runtime.store).feedback(rating=rating)
        grid = Grid(box=None, show_edge=False)
        for column in ("id", "when", "rating", "asked", "reason"):
            grid.add_column(column, overflow="fold")
        for each in found:
            messages = runtime.log.turn_messages(each.turn_id)
            asked = str(messages[0]["content"]) if messages else ""
            cells = (each.id, f"{each.given_at:%Y-%m-%d %H:%M}", each.rating, asked[:80], each.reason)
            grid.add_row(*(literal(cell) for cell in cells))
        open_console().print(grid if found else "There is no feedback yet.")
        raise typer.Exit(0 if found else INCOMPLETE)


def open_slack(runtime: Runtime) -> "tuple[Slack, Jobs]":
    """The service over a runtime, and its queue."""
    from analytics.charts import render_png
    from crm_store.job_ledger import open_jobs
    from integrations.slack.service import build_service

    jobs = open_jobs(runtime.settings, runtime.store)
    return build_service(runtime, jobs, draw_chart=render_png, transcriber=_transcriber(runtime)), jobs


def _transcriber(runtime: Runtime) -> "Transcriber | None":
    """Who hears voice notes; None where no speech recognition is set up."""
    from speech.audio import SpeechNotInstalledError
    from speech.hearing import open_transcriber

    try:
        return open_transcriber(runtime.settings)
    except SpeechNotInstalledError:
        return None


def _require(runtime: Runtime, *, http: bool) -> None:
    settings = runtime.settings
    single, oauth = settings.slack_bot_token.get_secret_value(), settings.slack_client_id
    if not (single or oauth):
        raise SlackNotSetUpError(
            "No bot token: set DEALHAND_SLACK_BOT_TOKEN (one workspace), or the client id and secret (several). "
            "See docs/slack-setup.md."
        )
    if http and not settings.slack_signing_secret.get_secret_value():
        raise SlackNotSetUpError("Events over HTTP need DEALHAND_SLACK_SIGNING_SECRET (Basic Information).")
    if not http and not settings.slack_app_token.get_secret_value():
        raise SlackNotSetUpError(
            "Socket Mode needs DEALHAND_SLACK_APP_TOKEN (Basic Information, App-Level Tokens)."
        )


def _own_team(runtime: Runtime) -> str:
    from integrations.slack.workspaces import Workspaces

    return Workspaces(runtime.settings, ChannelLog(runtime.store)).own_team()
