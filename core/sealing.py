"""Seals secrets of others (tokens of workspaces) before they are put into a database, and opens them again.

The key is the setting `secret_key`, else a file in the home folder: neither lies in the database or its backups.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import OperatorFixableError
from core.settings import Settings

KEY_FILE = "secret.key"


class SealError(OperatorFixableError):
    """The key is no key, or what is sealed was sealed with another one."""


class Seal:
    """Seals with the first key and opens with any of them, so that a key can be replaced by a new one before it."""

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key.strip().encode()) for key in keys])
        except ValueError as error:
            raise SealError(
                "DEALHAND_SECRET_KEY is no key: it takes 32 random bytes in URL-safe base64, several with commas."
            ) from error

    def close(self, text: str) -> str:
        """The text, readable only with the key."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed.

        Raises:
            SealError: with another key.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealError(
                "A sealed secret cannot be opened: it was sealed with another key. Set DEALHAND_SECRET_KEY to that key "
                f"(or put its file {KEY_FILE} back into the home folder), or give the secret anew."
            ) from error


def open_seal(settings: Settings) -> Seal:
    """The seal of this installation; without a key in the settings one is made in the home folder, once.

    Raises:
        SealError: the key cannot be read, made or used.
    """
    given = settings.secret_key.get_secret_value()
    return Seal(given.split(",") if given else [_key_of(settings.home_dir / KEY_FILE)])


def _key_of(path: Path) -> str:
    try:
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SealError(
            f"The key {path} cannot be read or made; check its rights, or set DEALHAND_SECRET_KEY."
        ) from error


def _make(path: Path) -> None:
    """Makes the file whole or not at all, also when two processes do it at once: the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(Fernet.generate_key())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
