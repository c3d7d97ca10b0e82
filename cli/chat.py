"""`dealhand chat`: a conversation in the terminal; one message a line when standard input is no terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console

from agent import Delta, Reply, Runtime, Turn, stream_turn
from agent.direct import explain_turn, undo_directly
from cli.render import draw, print_reply
from cli.session import AsUser, open_runtime
from cli.terminal import literal, open_console
from core.errors import DealhandError
from core.parts import Text
from crm_store.directory import find_principal

app = typer.Typer(add_completion=False)

_LEAVING = ("quit", "exit", "退出")

HELP = """Write what happened, what is to change, or what you want to know, in English or Chinese.

| command | what it does |
|---|---|
| /as EMAIL | speak as someone else (a new conversation) |
| /undo [HANDLE] | take back the last change, or the one of a handle |
| /why | how the last answer came about: tool calls, formulas, records |
| /new | start a new conversation |
| /help | this list |
| /quit | leave (also Ctrl-D, or the word alone) |
"""


@dataclass
class Chat:
    """One terminal with its conversation."""

    runtime: Runtime
    user: str
    console: Console
    conversation: str = ""
    last: Reply | None = None
    done: bool = field(default=False)

    def take(self, line: str) -> None:
        """Handles one line: a command or a message. Errors are shown; the chat goes on."""
        text = line.strip()
        if not text:
            return
        try:
            if text.startswith("/"):
                self._command(text)
            elif text.casefold() in _LEAVING:
                self._quit("")
            else:
                self._say(text)
        except DealhandError as error:
            self.console.print(literal(error.message, "yellow"))

    def _say(self, text: str) -> None:
        turn = Turn(self.user, text, conversation_id=self.conversation, channel="terminal")
        written = shown = False
        for event in stream_turn(self.runtime, turn):
            if isinstance(event, Delta):
                self.console.print(literal(event.text), end="")
                written = True
            elif isinstance(event, Reply):
                self.last, self.conversation = event, event.conversation_id
                if written:
                    self.console.print()
                for part in event.parts:
                    if not (written and isinstance(part, Text)):
                        self.console.print(draw(part, event.language))
                        shown = True
        if not (written or shown):
            self.console.print()

    def _command(self, text: str) -> None:
        name, _, rest = text[1:].partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            "as": self._as,
            "undo": self._undo,
            "why": self._why,
            "new": self._new,
            "help": lambda _: self.console.print(draw(Text(text=HELP), "en")),
            "quit": self._quit,
            "exit": self._quit,
        }
        if name not in commands:
            self.console.print(literal(f"There is no command /{name}. /help lists them."))
            return
        commands[name](rest.strip())

    def _as(self, email: str) -> None:
        principal = find_principal(self.runtime.store, email)
        self.user, self.conversation, self.last = principal.email, "", None
        self.console.print(literal(f"Speaking as {principal.name} ({principal.role.value})."))

    def _undo(self, handle: str) -> None:
        self.last = undo_directly(self.runtime, self.user, handle, conversation_id=self.conversation)
        self.conversation = self.last.conversation_id
        print_reply(self.last, self.console)

    def _why(self, _: str) -> None:
        if self.last is None:
            self.console.print("Nothing has been answered yet.")
            return
        for part in explain_turn(self.runtime, self.last):
            self.console.print(draw(part, self.last.language))

    def _new(self, _: str) -> None:
        self.conversation, self.last = "", None
        self.console.print("A new conversation.")

    def _quit(self, _: str) -> None:
        self.done = True


@app.command()
def chat(as_user: AsUser) -> None:
    """Talk to the CRM. /help lists the commands of the chat."""
    with open_runtime() as runtime:
        run_chat(runtime, as_user)


def run_chat(runtime: Runtime, user: str, *, banner: str = "") -> None:
    """Runs a chat until the input ends.

    Raises:
        UnknownUserError: there is no such user.
    """
    principal = find_principal(runtime.store, user)
    interactive = sys.stdin.isatty()
    if interactive:
        runtime.get_ready()
    console = open_console()
    session = Chat(runtime, principal.email, console)
    if banner:
        console.print(literal(banner))
    if interactive:
        console.print(literal(f"Speaking as {principal.name} ({principal.role.value}). /help lists the commands."))
    for line in _typed(runtime.settings.home_dir) if interactive else sys.stdin:
        if not interactive and line.strip():
            console.print(literal(f"\n> {line.strip()}"))
        session.take(line)
        if session.done:
            break


def _typed(home: Path) -> Iterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    history: History = InMemoryHistory()
    path = home / "chat_history"
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        history = FileHistory(str(path))
    prompt: PromptSession[str] = PromptSession(history=history)
    while True:
        try:
            yield prompt.prompt("> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
