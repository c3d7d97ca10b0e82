"""`dealhand ask`: one message, one reply."""

import sys
from typing import Annotated

import typer

from agent import Reply, Turn, answer_approval, run_turn
from cli.exit_codes import BROKEN, REFUSED
from cli.render import print_reply
from cli.session import AsUser, open_runtime
from cli.terminal import open_console, visible_json
from core.parts import Failure

app = typer.Typer(add_completion=False)


@app.command()
def ask(
    message: Annotated[str, typer.Argument(help="What to ask or tell; - reads it from standard input.")],
    as_user: AsUser,
    json: Annotated[bool, typer.Option("--json", help="Print the reply as JSON.")] = False,
    yes: Annotated[bool | None, typer.Option("--yes/--no", help="Answer to a request for a yes.")] = None,
    conversation: Annotated[str, typer.Option(help="Id of a conversation to go on with.")] = "",
) -> None:
    """Ask or tell one thing and print the reply; exit code 2 if it cannot be read, 3 if something broke."""
    text = sys.stdin.read() if message == "-" else message
    with open_runtime() as runtime:
        replies = [run_turn(runtime, Turn(as_user, text, conversation_id=conversation, channel="cli"))]
        if yes is not None:
            replies += [
                answer_approval(runtime, as_user, approval.approval_id, yes) for approval in replies[0].approvals
            ]
        if json:
            typer.echo(visible_json(merged(replies).model_dump_json(indent=1)))
        else:
            console = open_console()
            for reply in replies:
                print_reply(reply, console)
    raise typer.Exit(_exit_code(replies))


def merged(replies: list[Reply]) -> Reply:
    """One reply from a message and the answers to its requests for a yes."""
    first, *answers = replies
    if not answers:
        return first
    parts = [part for part in first.parts if part not in first.approvals]
    return first.model_copy(
        update={
            "parts": (*parts, *(part for reply in answers for part in reply.parts)),
            "records": tuple(dict.fromkeys(record for reply in replies for record in reply.records)),
            "undo": first.undo or next((reply.undo for reply in answers if reply.undo), ""),
        }
    )


def _exit_code(replies: list[Reply]) -> int:
    if any(reply.of_type(Failure) for reply in replies):
        return BROKEN
    return 0 if replies[0].turn_id else REFUSED
