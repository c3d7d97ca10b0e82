"""The command `dealhand`. Each command's module is imported when it is called, so that --help is quick."""

import importlib
import sys
from importlib.metadata import version
from typing import Any

import typer
from typer.core import TyperGroup

from cli.exit_codes import BROKEN, REFUSED
from core.errors import DealhandError, OperatorFixableError

# Command: module, name of its Typer app there, one line of help.
COMMANDS = {
    "chat": ("cli.chat", "app", "Talk to the CRM in the terminal."),
    "ask": ("cli.ask", "app", "Ask or tell one thing and print the reply."),
    "demo": ("cli.demo", "app", "Load the demonstration company and talk to it."),
    "serve": ("cli.serve", "app", "Serve the page and the HTTP API."),
    "voice": ("cli.voice", "app", "Log a dictated visit note after one confirmation."),
    "brief": ("cli.brief", "app", "Print someone's briefing, now or as of a past moment."),
    "worker": ("cli.worker", "app", "Send briefings and reminders and keep derived data up, until stopped."),
    "import": ("cli.files", "import_app", "Take in a folder of CSV or XLSX files."),
    "export": ("cli.files", "export_app", "Write a folder of CSV files that can be imported again."),
    "undo": ("cli.history", "undo_app", "Take back a change or a whole turn."),
    "audit": ("cli.history", "audit_app", "Show who changed what, when and through what."),
    "fields": ("cli.fields", "app", "List and add your company's own fields."),
    "metrics": ("cli.metrics", "app", "List the metrics, and ask for one with its formula."),
    "forecast": ("cli.forecast", "app", "What a period will bring; how good past forecasts were."),
    "snapshot": ("cli.snapshot", "app", "Freeze what deals were on each day up to today."),
    "mcp": ("cli.mcp", "app", "Serve the tools to another assistant over standard input and output."),
    "users": ("cli.users", "app", "Who there is, their passwords and sign-in links."),
    "tokens": ("cli.tokens", "app", "Tokens for programs and assistants that act for a person."),
    "memory": ("cli.memory", "app", "Rebuild, feed, search and inspect the memory of interactions."),
    "actions": ("cli.actions", "app", "Next actions: the catalogue, your own, what became of suggestions."),
    "evals": ("evals.command", "app", "Measure the agent on conversations whose outcome is known."),
    "slack": ("cli.slack", "app", "Run the Slack app, print its manifest, connect people, list feedback."),
    "doctor": ("cli.doctor", "app", "Check the installation, the database and the model."),
}


class LazyGroup(TyperGroup):
    """Knows its commands by name and one line of help; loads a command's module only to run it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; for the list of commands only its line of help is made."""
        if cmd_name not in COMMANDS:
            return None
        module, app, text = COMMANDS[cmd_name]
        if not ctx.resilient_parsing and "--help" in sys.argv[1:2]:
            return typer.main.get_command(_line(cmd_name, text))
        return typer.main.get_command(getattr(importlib.import_module(module), app))


def _line(name: str, text: str) -> typer.Typer:
    placeholder = typer.Typer()
    placeholder.command(name, help=text)(lambda: None)
    return placeholder


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dealhand {version('dealhand')}")
        raise typer.Exit


@app.callback()
def dealhand(
    show_version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and leave."
    ),
) -> None:
    """Talk to your CRM in plain English or Chinese. Everything is checked, shown and can be undone."""


def main() -> None:
    """Runs the command; errors are one clear line on standard error and an exit code, never a stack trace."""
    from cli.incidents import keep_incidents, unforeseen
    from cli.terminal import tolerate_any_encoding, visible

    tolerate_any_encoding()
    keep_incidents()
    try:
        app(prog_name="dealhand")
    except DealhandError as error:
        _leave(visible(error.message), BROKEN if isinstance(error, OperatorFixableError) else REFUSED)
    except Exception as error:  # noqa: BLE001  the last resort: it goes to the log, and the command ends
        _leave(unforeseen(error), BROKEN)


def _leave(message: str, code: int) -> None:
    typer.echo(f"dealhand: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
