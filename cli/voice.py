"""`dealhand voice`: a dictated note, transcribed, shown with what it would change, and confirmed part by part."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from agent import Reply, answer_approval
from agent.runtime import Runtime
from agent.voice import Spoken, take_voice_note
from cli.exit_codes import BROKEN
from cli.render import print_reply
from cli.session import AsUser, open_runtime
from cli.terminal import literal, open_console
from core.parts import ApprovalRequest, Failure
from speech.audio import read_recording
from speech.hearing import open_transcriber

app = typer.Typer(add_completion=False)


@app.command()
def voice(
    file: Annotated[Path, typer.Argument(help="The recording: m4a, mp4, ogg, opus, webm, wav or mp3.")],
    as_user: AsUser,
    yes: Annotated[bool, typer.Option("--yes", help="Accept everything without asking.")] = False,
    without: Annotated[str, typer.Option(metavar="N,N", help="Parts to leave out, by number.")] = "",
) -> None:
    """Log a dictated visit note: what was said, tasks, dates, amounts and stages, in one confirmation.

    Nothing is written before you say yes; without a terminal or --yes nothing is written at all.
    """
    recording = read_recording(file)
    console = open_console()
    with open_runtime() as runtime:
        transcriber = open_transcriber(runtime.settings)
        with Progress(console=open_console(), transient=True) as bar:
            task = bar.add_task("Listening …", total=1.0)
            spoken = take_voice_note(
                runtime,
                as_user,
                recording,
                transcriber,
                where=file.expanduser().absolute().as_uri(),
                channel="cli",
                progress=lambda share: bar.update(task, completed=share),
            )
        console.print(literal(_shown(spoken)))
        print_reply(spoken.reply.model_copy(update={"parts": _rest(spoken.reply)}), console)
        approvals = spoken.reply.approvals
        if approvals:
            left_out = _numbers(without) if (without or yes) else _asked(len(approvals))
            _answer(runtime, as_user, approvals, left_out)
    raise typer.Exit(BROKEN if spoken.reply.of_type(Failure) else 0)


def _shown(spoken: Spoken) -> str:
    heard = spoken.heard
    lines = [f"Heard ({heard.language}, {heard.seconds:.0f} s): {heard.text}"]
    if heard.corrections:
        lines.append("Names put right: " + "; ".join(f"{each.heard} → {each.meant}" for each in heard.corrections))
    for number, approval in enumerate(spoken.reply.approvals, 1):
        lines.append(f"\n[{number}] {approval.text}")
        lines.append(
            "    from: the whole note" if approval.source == heard.text else f"    from: “{approval.source}”"
        )
    return "\n".join(lines)


def _rest(reply: Reply) -> tuple[object, ...]:
    return tuple(part for part in reply.parts if not isinstance(part, ApprovalRequest))


def _asked(count: int) -> set[int] | None:
    """The numbers that are left out; None when nothing is to be done."""
    if not sys.stdin.isatty():
        typer.echo("Nothing was written: say --yes to accept, --without 2,3 to leave parts out.", err=True)
        return None
    answer = typer.prompt(
        f"Enter: all {count}; numbers: leave these out; n: nothing", default="", show_default=False
    )
    return None if answer.strip().casefold() in ("n", "no", "不", "否") else _numbers(answer)


def _numbers(words: str) -> set[int]:
    return {int(each) for each in words.replace(",", " ").split() if each.isdigit()}


def _answer(runtime: Runtime, user: str, approvals: list[ApprovalRequest], left_out: set[int] | None) -> None:
    console = open_console()
    for number, approval in enumerate(approvals, 1):
        wanted = left_out is not None and number not in left_out
        reply = answer_approval(runtime, user, approval.approval_id, wanted)
        if wanted:
            print_reply(reply, console)
