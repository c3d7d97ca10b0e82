"""How something reaches a person: the protocol that every channel implements, and file, terminal and e-mail."""

import os
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TextIO
from urllib.parse import unquote, urlsplit

from core.errors import OperatorFixableError


class ChannelError(OperatorFixableError):
    """The channel did not take the message; it is tried again. `is_unknown`: it may have taken it all the same."""

    def __init__(self, message: str, *, is_unknown: bool = False) -> None:
        super().__init__(message)
        self.is_unknown = is_unknown


class UnreachableError(ChannelError):
    """This person cannot be reached here, and trying again does not help."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something for one person. `key` names it for good; the same key is the same message.

    `kind` is "briefing", "reminder" or "clock". `lines` are dicts with `text`, `records` (kind, id, name), `say`
    (a message that acts on the line in one tap) and `indented`; a reminder's `subject_id` is its task.
    """

    key: str
    kind: str
    user_id: str
    email: str
    name: str
    language: str
    title: str
    lines: tuple[dict[str, Any], ...] = field(default=())
    subject_id: str = ""

    @property
    def text(self) -> str:
        """The message as plain text; each line ends with the ids of its records."""
        return "\n".join([self.title, *(_as_text(line) for line in self.lines)])


class Channel(Protocol):
    """Takes messages to people. `deliver` may be called again with a key after a crash, but `find` first."""

    def deliver(self, message: Message) -> str:
        """Hands the message over and gives back the channel's reference for it.

        Raises:
            ChannelError: it was not taken, or (`is_unknown`) nobody knows.
            UnreachableError: this person is not here.
        """
        ...

    def find(self, message: Message) -> str | None:
        """The reference of an earlier hand-over under this key; None if there was none or it cannot be known."""
        ...


class FileChannel:
    """Writes each message into a file of its own below a folder; the name is made of the key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: Message) -> str:
        """Writes the file in one step, so that it is there whole or not at all."""
        path = self._path(message)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(message.text + "\n", encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            raise ChannelError(f"{path} cannot be written: {error.strerror}.") from error
        return str(path)

    def find(self, message: Message) -> str | None:
        """The file, if it is there."""
        path = self._path(message)
        return str(path) if path.exists() else None

    def _path(self, message: Message) -> Path:
        return self._folder / message.email.replace("/", "_") / f"{message.kind}-{_digest(message.key)}.txt"


class TerminalChannel:
    """Prints where the worker runs; for trying things out. What was printed is not known after a restart."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def deliver(self, message: Message) -> str:
        """Prints the message."""
        stream = self._stream or sys.stdout
        stream.write(f"\n→ {message.name} <{message.email}>\n{message.text}\n")
        stream.flush()
        return "printed"

    def find(self, message: Message) -> str | None:
        """None."""
        return None


class EmailChannel:
    """Sends by SMTP. The message's id is made of the key, so a mailbox that drops repeated ids shows one.

    SMTP cannot be asked what it took. After a crash in the moment between the server's yes and our note of it the
    message goes out again under the same id; `was_sent` (a mailbox that gets a copy of each) closes that gap.
    """

    def __init__(
        self, url: str, sender: str, *, timeout_s: float = 20.0, was_sent: Callable[[str], bool] | None = None
    ) -> None:
        self._parts, self._sender, self._timeout_s = urlsplit(url), sender, timeout_s
        self._was_sent = was_sent

    def deliver(self, message: Message) -> str:
        """Sends it to the person's e-mail address."""
        mail = self._mail(message)
        try:
            with self._connect() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise UnreachableError(f"The mail server does not take mail for {message.email}.") from error
        except smtplib.SMTPServerDisconnected as error:
            raise ChannelError("The mail server hung up before it answered.", is_unknown=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"The mail server did not take the message ({type(error).__name__}).") from error
        return str(mail["Message-ID"])

    def find(self, message: Message) -> str | None:
        """The message's id, if the mailbox of copies has it; None without such a mailbox."""
        message_id = _message_id(message.key)
        return message_id if self._was_sent is not None and self._was_sent(message_id) else None

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, formataddr((message.name, message.email))
        mail["Subject"], mail["Date"] = message.title, formatdate()
        mail["Message-ID"] = _message_id(message.key)
        mail["Auto-Submitted"] = "auto-generated"
        if self._was_sent is not None:
            mail["Bcc"] = self._sender
        mail.set_content(message.text + "\n")
        return mail

    def _connect(self) -> smtplib.SMTP:
        host, port = self._parts.hostname or "localhost", self._parts.port
        if self._parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=self._timeout_s)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=self._timeout_s)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        return server


def _as_text(line: dict[str, Any]) -> str:
    ids = ", ".join(record["id"] for record in line.get("records", ()))
    return f"{'    ' if line.get('indented') else '• '}{line['text']}{f' [{ids}]' if ids else ''}"


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def _message_id(key: str) -> str:
    return f"<{_digest(key)}@dealhand>"
