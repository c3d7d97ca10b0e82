"""Whether a mail went out: looked up by its id in a mailbox that gets a copy of each."""

import imaplib
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from briefings.channels import ChannelError


def sent_copies(url: str, timeout_s: float = 20.0) -> Callable[[str], bool]:
    """A look-up in the INBOX of "imaps://user:secret@host", by the mail's Message-ID.

    The function raises ChannelError where the mailbox cannot be asked: nobody knows then, and it is tried later.
    """
    parts = urlsplit(url)

    def was_sent(message_id: str) -> bool:
        try:
            with _connect(parts.scheme, parts.hostname or "localhost", parts.port, timeout_s) as mailbox:
                mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
                mailbox.select("INBOX", readonly=True)
                _, found = mailbox.search(None, "HEADER", "Message-ID", f'"{message_id}"')
                return bool(found and found[0])
        except (OSError, imaplib.IMAP4.error) as error:
            raise ChannelError(
                f"The mailbox of copies cannot be asked ({type(error).__name__}).", is_unknown=True
            ) from error

    return was_sent


def _connect(scheme: str, host: str, port: int | None, timeout_s: float) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, timeout=timeout_s)
    return imaplib.IMAP4(host, port or 143, timeout=timeout_s)
