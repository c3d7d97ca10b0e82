"""The terminal itself: a console of a sensible width, and texts that cannot steer it."""

import io
import re
import sys

from rich.console import Console
from rich.text import Text

PIPED_WIDTH = 120

# Control characters but tab and line feed, lone surrogates, and the marks that turn the writing direction around.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SYMBOLS = 0x2400


def open_console() -> Console:
    """A console on standard output: as wide as the terminal, 120 characters where there is none."""
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def visible(text: str) -> str:
    """The text with control characters shown as signs, so that a name can neither move the cursor nor hide."""
    return _UNSAFE.sub(_sign, text.replace("\r\n", "\n"))


def literal(text: str, style: str = "") -> Text:
    """The text as rich prints it as it stands: no markup is read, no control character gets through."""
    return Text(visible(text), style=style)


def visible_json(text: str) -> str:
    """The same JSON with such characters escaped, as a terminal would heed some that JSON lets stand."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def tolerate_any_encoding() -> None:
    """Has bytes that are no text in the terminal's encoding replaced, in both directions, instead of failing."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_SYMBOLS + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
