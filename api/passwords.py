"""Passwords hashed by Argon2id with the library's recommended cost; setting one, and checking one."""

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from core.errors import InvalidArgumentError
from crm_store.sign_in import find_password_hash, set_password_hash, upgrade_password_hash
from crm_store.store import Store

SHORTEST, LONGEST = 10, 200


def set_password(store: Store, user_id: str, password: str, now: datetime) -> None:
    """Sets someone's password and signs them out everywhere.

    Raises:
        InvalidArgumentError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidArgumentError(
            f"A password has {SHORTEST} to {LONGEST} characters.",
            argument="password",
            zh=f"密码长度为 {SHORTEST} 到 {LONGEST} 个字符。",
        )
    set_password_hash(store, user_id, _hasher().hash(password), now)


def check_password(store: Store, email: str, password: str, now: datetime) -> str | None:
    """The id of the user whose password this is, else None; takes as long when there is no such user."""
    found = find_password_hash(store, email)
    user_id, hashed = found or ("", _of_nobody())
    try:
        _hasher().verify(hashed, password[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return None
    if not user_id:
        return None
    if _hasher().check_needs_rehash(hashed):
        upgrade_password_hash(store, user_id, _hasher().hash(password), now)
    return user_id


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash("a password that nobody has")
