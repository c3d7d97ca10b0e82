"""The command in a real pseudo-terminal: keys go in, what a person would read comes out."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

from tests.cli.conftest import ROOT, process_environment

_SEQUENCES = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|\][^\x07]*\x07|[=>()][0-9A-B]?)")
LONGEST_WAIT_S = 90


class PseudoTerminal:
    """`with PseudoTerminal("chat", "--as", …) as terminal`: waits for texts, types keys, tells how it ended."""

    def __init__(self, *arguments: object, columns: int = 80) -> None:
        self._reader, writer = pty.openpty()
        fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.seen = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *map(str, arguments)],
            stdin=writer,
            stdout=writer,
            stderr=writer,
            cwd=ROOT,
            env=process_environment(PROMPT_TOOLKIT_NO_CPR="1"),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  no threads run here
        )
        os.close(writer)

    def __enter__(self) -> "PseudoTerminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._reader)

    @property
    def text(self) -> str:
        """All that was shown so far, without the sequences that color it and move the cursor."""
        return _SEQUENCES.sub("", self.seen).replace("\r", "")

    def wait_for(self, words: str) -> None:
        """Reads until the words were shown."""
        self._read_until(lambda: words in self.text, words)

    def wait_for_prompt(self, *, after: str) -> None:
        """Reads until the words were shown and then a prompt: what is typed earlier goes nowhere."""
        self._read_until(lambda: "\n>" in self.text.partition(after)[2], f"a prompt after {after}")

    def type(self, keys: str) -> None:
        os.write(self._reader, keys.encode())

    def ended(self) -> int:
        """Reads to the end; gives the exit code."""
        self._read_until(lambda: self._process.poll() is not None, "the end")
        return self._process.wait()

    def _read_until(self, fulfilled, what: str) -> None:
        last = time.monotonic() + LONGEST_WAIT_S
        while not fulfilled():
            assert time.monotonic() < last, f"{what} did not come; shown so far: {self.text!r}"
            if select.select([self._reader], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._reader, 65536).decode(errors="replace")
                except OSError:
                    self._process.wait(timeout=LONGEST_WAIT_S)
                    assert fulfilled(), f"it ended before {what} came: {self.text!r}"
