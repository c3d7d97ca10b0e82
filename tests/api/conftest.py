"""The application on a copy of the demo world, with a client for each kind of caller."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agent.runtime import Runtime, build_runtime
from api.app import create_app
from api.callers import CSRF_HEADER
from core.clock import FixedClock, SystemClock
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from crm_store.sign_in import create_link
from crm_store.tokens import create_token

REP, OTHER_REP = "marcus@northstar.example", "lina@northstar.example"
MANAGER = "dana@northstar.example"
ALL = ("read", "write", "chat", "approve", "transfer", "metrics")


@dataclass
class Site:
    """A served application and ways to call it."""

    runtime: Runtime
    app: FastAPI

    def email_of(self, role: str) -> str:
        with self.runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
            return min(user.email for user in uow.all("user") if user.role == role and user.is_active)

    def token(self, email: str, scopes: tuple[str, ...] = ALL, days: int | None = 3) -> str:
        principal = find_principal(self.runtime.store, email)
        return create_token(self.runtime.store, principal, "test", scopes, days=days, now=SystemClock().now())[1]

    def client(self, email: str, scopes: tuple[str, ...] = ALL) -> TestClient:
        headers = {"Authorization": f"Bearer {self.token(email, scopes)}"}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def browser(self, email: str) -> TestClient:
        """Someone who is signed in by a one-time link, with the CSRF word that changes need."""
        store = self.runtime.store
        user_id = find_principal(store, email).user_id
        secret = create_link(store, user_id, minutes=5, now=SystemClock().now())
        client = TestClient(self.app, raise_server_exceptions=False)
        assert client.get(f"/sign-in/{secret}", follow_redirects=False).status_code == 303
        client.headers[CSRF_HEADER] = client.get("/v1/me").json()["csrf"]
        return client

    def one(self, kind: str, **values):
        """The record with these values of its columns."""
        with self.runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
            found = next(
                each
                for each in uow.all(kind)
                if all(getattr(each, name) == value for name, value in values.items())
            )
            uow.session.expunge(found)
            return found

    def audit_count(self) -> int:
        from crm_store.audit_trail import list_changes

        with self.runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
            lines = list_changes(uow, limit=1)
            return lines[0].seq if lines else 0


@pytest.fixture(scope="module")
def site(tmp_path_factory, northstar_template: Path, northstar_now) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    shutil.copyfile(northstar_template, home / "dealhand.sqlite3")
    settings = Settings(
        home=home, requests_per_minute=1_000_000, sign_ins_per_minute=1_000_000, memory_enabled=False
    )
    runtime = build_runtime(settings, clock=FixedClock(northstar_now))
    yield Site(runtime, create_app(runtime, settings))
    runtime.close()
