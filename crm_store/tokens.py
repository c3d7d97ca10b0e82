"""API tokens: made, found by their secret, listed and revoked. The secret is shown once and kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from core.errors import InvalidArgumentError, PersonFixableError
from core.ids import new_id
from crm_store.credentials import ApiToken
from crm_store.principals import Principal, Role
from crm_store.store import Store, StoreUnavailableError
from crm_store.users import User

PREFIX = "dh_"
# What a token may do; the person's own rights hold in any case.
SCOPES = {
    "read": "read records, figures, briefings and the audit trail",
    "write": "create, change, delete and undo (what needs a yes waits for a person)",
    "chat": "talk to the agent",
    "approve": "answer requests for a yes; only for a client in which a person presses the button",
    "transfer": "import and export files",
    "admin": "users, stages, fields, tokens and integrations, for admins",
    "mcp": "use the tools as an assistant (with read, and write to change)",
    "metrics": "read the Prometheus metrics of the server",
}
# An assistant must not be able to say yes to its own proposals.
NOT_FOR_ASSISTANTS = frozenset({"approve", "chat"})
_USED_EVERY = timedelta(minutes=1)

_tokens: Any = ApiToken.__table__  # type: ignore[attr-defined]


class UnknownTokenError(PersonFixableError):
    """There is no such token of the asker's."""


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whom a valid token speaks for, and what it may do."""

    token_id: str
    email: str
    scopes: frozenset[str]


def hash_secret(secret: str) -> str:
    """What is kept of a secret: secrets are long and random, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(
    store: Store, user: Principal, name: str, scopes: Sequence[str], *, days: int | None, now: datetime
) -> tuple[ApiToken, str]:
    """A new token with its secret, which cannot be read again later.

    Raises:
        InvalidArgumentError: no name or scope, an unknown scope, or scopes that must not go together.
    """
    if not name.strip():
        raise InvalidArgumentError("A token needs a name that says what it is for.", argument="name")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        what = f"There is no scope {', '.join(unknown)}" if unknown else "A token needs a scope"
        raise InvalidArgumentError(f"{what}; scopes: {', '.join(SCOPES)}.", argument="scopes")
    if "mcp" in scopes and NOT_FOR_ASSISTANTS & set(scopes):
        raise InvalidArgumentError(
            "A token for assistants (mcp) cannot also chat or approve: a yes is a person's.", argument="scopes"
        )
    if "admin" in scopes and user.role is not Role.ADMIN:
        raise InvalidArgumentError("Only an admin's token can have the scope admin.", argument="scopes")
    if days is not None and not 1 <= days <= 3650:
        raise InvalidArgumentError("A token is valid for 1 to 3650 days.", argument="days")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        id=new_id("token"),
        user_id=user.user_id,
        name=name.strip()[:100],
        secret_hash=hash_secret(secret),
        hint=secret[-4:],
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days) if days is not None else None,
    )
    with store.session(writes=True) as session:
        session.add(token)
        session.commit()
    return token, secret


def find_holder(store: Store, secret: str, now: datetime) -> TokenHolder | None:
    """Whom the token with this secret speaks for; None when it is unknown, expired or revoked."""
    if not secret.startswith(PREFIX):
        return None
    with store.session() as session:
        found = session.execute(
            select(ApiToken, col(User.email))
            .join(User, col(User.id) == _tokens.c.user_id)
            .where(_tokens.c.secret_hash == hash_secret(secret), _tokens.c.revoked_at.is_(None))
        ).first()
        if found is None:
            return None
        token, email = found
        if token.expires_at is not None and token.expires_at <= now:
            return None
        stale = token.last_used_at is None or now - token.last_used_at > _USED_EVERY
    if stale:
        # The next request notes it where the store is locked: nobody who reads waits for someone who writes.
        with suppress(StoreUnavailableError):
            _note_use(store, token.id, now)
    return TokenHolder(token.id, email, frozenset(token.scopes))


def list_tokens(store: Store, asker: Principal) -> list[tuple[ApiToken, str]]:
    """The asker's tokens with their owners' names; an admin sees everybody's. Newest first."""
    query = select(ApiToken, col(User.name)).join(User, col(User.id) == _tokens.c.user_id)
    if asker.role is not Role.ADMIN:
        query = query.where(_tokens.c.user_id == asker.user_id)
    with store.session() as session:
        return [(token, name) for token, name in session.execute(query.order_by(_tokens.c.created_at.desc()))]


def revoke_token(store: Store, asker: Principal, token_id: str, now: datetime) -> ApiToken:
    """Makes a token invalid at once.

    Raises:
        UnknownTokenError: there is none, or it is someone else's and the asker is no admin.
    """
    with store.session(writes=True) as session:
        token = session.get(ApiToken, token_id)
        if token is None or (token.user_id != asker.user_id and asker.role is not Role.ADMIN):
            raise UnknownTokenError("There is no such token.", zh="没有这个令牌。")
        token.revoked_at = token.revoked_at or now
        session.add(token)
        session.commit()
        return token


def _note_use(store: Store, token_id: str, now: datetime) -> None:
    with store.session(writes=True, waits=False) as session:
        session.execute(update(_tokens).where(_tokens.c.id == token_id).values(last_used_at=now))
        session.commit()
