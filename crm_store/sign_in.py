"""Passwords, sessions of the page and one-time links. Passwords come in hashed; secrets are hashed here."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from crm_store.credentials import PasswordHash, SignInLink, WebSession
from crm_store.store import Store
from crm_store.tokens import hash_secret
from crm_store.users import User

_sessions: Any = WebSession.__table__  # type: ignore[attr-defined]
_links: Any = SignInLink.__table__  # type: ignore[attr-defined]
_users: Any = User.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session it is, and the word that has to go with every change."""

    email: str
    csrf: str


def find_password_hash(store: Store, email: str) -> tuple[str, str] | None:
    """The id and password hash of the active user with this address, or None."""
    with store.session() as session:
        found = session.execute(
            select(_users.c.id, PasswordHash.hash)  # type: ignore[call-overload]
            .join(PasswordHash, PasswordHash.user_id == _users.c.id)
            .where(func.lower(_users.c.email) == email.strip().lower(), _users.c.is_active)
        ).first()
        return (found[0], found[1]) if found else None


def set_password_hash(store: Store, user_id: str, hashed: str, now: datetime) -> None:
    """Sets a user's password and ends their sessions."""
    with store.session(writes=True) as session:
        session.merge(PasswordHash(user_id=user_id, hash=hashed, changed_at=now))
        session.execute(delete(WebSession).where(_sessions.c.user_id == user_id))
        session.commit()


def upgrade_password_hash(store: Store, user_id: str, hashed: str, now: datetime) -> None:
    """Keeps the same password under a stronger hash; sessions go on."""
    with store.session(writes=True) as session:
        session.merge(PasswordHash(user_id=user_id, hash=hashed, changed_at=now))
        session.commit()


def start_session(store: Store, user_id: str, *, hours: int, now: datetime) -> tuple[str, str]:
    """A new session: its cookie and its CSRF word. Sessions that are over are cleared away."""
    cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    with store.session(writes=True) as session:
        session.execute(delete(WebSession).where(_sessions.c.expires_at <= now))
        session.add(
            WebSession(
                secret_hash=hash_secret(cookie),
                user_id=user_id,
                csrf=csrf,
                created_at=now,
                expires_at=now + timedelta(hours=hours),
            )
        )
        session.commit()
    return cookie, csrf


def find_session(store: Store, cookie: str, now: datetime) -> SignedIn | None:
    """The session of this cookie; None when it is unknown or over, or its user is not active."""
    with store.session() as session:
        found = session.execute(
            select(_users.c.email, _sessions.c.csrf)
            .join(_users, _users.c.id == _sessions.c.user_id)
            .where(
                _sessions.c.secret_hash == hash_secret(cookie), _sessions.c.expires_at > now, _users.c.is_active
            )
        ).first()
        return SignedIn(found[0], found[1]) if found else None


def end_session(store: Store, cookie: str) -> None:
    """Ends the session of this cookie."""
    with store.session(writes=True) as session:
        session.execute(delete(WebSession).where(_sessions.c.secret_hash == hash_secret(cookie)))
        session.commit()


def create_link(store: Store, user_id: str, *, minutes: int, now: datetime) -> str:
    """The secret of a new one-time link."""
    secret = secrets.token_urlsafe(24)
    with store.session(writes=True) as session:
        session.execute(delete(SignInLink).where(_links.c.expires_at <= now))
        session.add(
            SignInLink(
                secret_hash=hash_secret(secret), user_id=user_id, expires_at=now + timedelta(minutes=minutes)
            )
        )
        session.commit()
    return secret


def use_link(store: Store, secret: str, now: datetime) -> str | None:
    """The user id that a one-time link signs in; None when it is unknown, used or too old."""
    with store.session(writes=True) as session:
        link = session.get(SignInLink, hash_secret(secret))
        if link is None:
            return None
        user = session.get(User, link.user_id)
        valid = link.expires_at > now and user is not None and user.is_active
        session.delete(link)
        session.commit()
        return link.user_id if valid else None
