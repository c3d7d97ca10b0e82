"""Tables of what proves who someone is: tokens, passwords, sessions, one-time links. Secrets are hashed."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class ApiToken(SQLModel, table=True):
    """A token for programs that act for one user. `hint` shows its last characters to tell tokens apart."""

    __tablename__ = "api_token"
    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    name: str
    secret_hash: str = Field(unique=True)
    hint: str
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PasswordHash(SQLModel, table=True):
    """The password of a user, hashed by Argon2."""

    __tablename__ = "password_hash"
    user_id: str = Field(primary_key=True, foreign_key="user_account.id")
    hash: str
    changed_at: datetime = Field(sa_type=UtcDateTime)


class WebSession(SQLModel, table=True):
    """Someone signed in on the page. `secret_hash` is of the cookie, `csrf` goes with every change."""

    __tablename__ = "web_session"
    secret_hash: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    csrf: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SignInLink(SQLModel, table=True):
    """A link that signs one user in once, soon."""

    __tablename__ = "sign_in_link"
    secret_hash: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
