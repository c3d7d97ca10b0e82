"""Hidden means absent: what a role may not see is in no byte of any answer, and what it may not write stays."""

import io
import zipfile

import pytest
from fastapi.testclient import TestClient

from api.description import _OPEN
from core.clock import SystemClock
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from tests.api.conftest import REP

# Planted values that are like nothing else, as they may be written.
DEAL, RIVAL = "Hiddenbeacon", "Quillrival"
AMOUNT, QUOTA = ("98765432", "98,765,432", "98.8M"), ("7654321", "7,654,321")
SEES_NOTHING_OF = {
    "rep": (DEAL, RIVAL, *AMOUNT, *QUOTA),
    "support": (RIVAL, *AMOUNT, *QUOTA),
    "marketer": (DEAL, RIVAL, *AMOUNT, *QUOTA),
}
METRICS = ("pipeline_value", "quota", "quota_attainment", "win_rate", "forecast_range", "waterfall", "deal_count")


@pytest.fixture(scope="module")
def planted(site):
    """A deal of another team than the rep's with a rival and an amount, a quota, an admin's talk about them."""
    store = site.runtime.store
    mine = find_principal(store, REP)
    with store.unit_of_work(SYSTEM) as uow:
        owner = next(user for user in uow.all("user") if user.role == "rep" and user.id not in mine.reach)
        account = next(each for each in uow.all("account") if each.owner_id == owner.id)
        deal = uow.create(
            "deal",
            {
                "name": DEAL, "account": account.id, "owner": owner.id, "amount": "98765432.10",
                "competitor": RIVAL, "currency": "USD",
            },
        )  # fmt: skip
        uow.create("quota", {"user": owner.id, "period": "2026-Q1", "amount": "7654321"})
        ids = {"deal": deal.id, "account": account.id, "owner": owner.id}
        uow.commit()
    admin = site.client(site.email_of("admin"), ("read", "write", "chat", "admin"))
    said = admin.post("/v1/chat", json={"text": f"show {DEAL}", "conversation": "talk1"})
    assert DEAL in said.text
    admin.patch(f"/v1/deals/{ids['deal']}", json={"next_step": "Wait"}, headers={"If-Match": '"1"'})
    return ids


def addresses(site, planted):
    """Every GET of the document, with ids of the planted records and of what was said about them."""
    turn = site.one("deal", id=planted["deal"]).id
    for path, methods in site.app.openapi()["paths"].items():
        if "get" not in methods:
            continue
        if path.startswith("/v1/{path}"):
            yield path.replace("{path}", "deals").replace("{id}", planted["deal"])
            yield path.replace("{path}", "accounts").replace("{id}", planted["account"])
        elif "{name}" in path:
            for name in METRICS:
                yield path.replace("{name}", name)
                yield path.replace("{name}", name) + "?scope=company&group_by=owner"
        elif path == "/v1/conversations/{id}":
            yield "/v1/conversations/talk1"
        elif path.startswith("/v1/users"):
            yield path.replace("{id}", planted["owner"])
        else:
            yield path.replace("{id}", planted["deal"] if "deals" in path else turn)
    for query in (
        "filter=amount > 1",
        "sort=-amount",
        "filter=competitor has Quill",
        "also=competitor",
        f"filter=name = {DEAL}",
    ):
        yield f"/v1/deals?{query}"
    yield f"/v1/recall?query={DEAL}&deal={planted['deal']}"
    yield f"/v1/audit?record={planted['deal']}"
    yield "/v1/forecast?scope=company"


def text_of(answer) -> str:
    if answer.headers.get("content-type") != "application/zip":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("role", ["rep", "manager", "support", "marketer", "admin"])
def test_no_byte_of_any_answer_holds_what_is_hidden(site, planted, role):
    email = REP if role == "rep" else site.email_of(role)
    client = site.client(email)
    hidden = SEES_NOTHING_OF.get(role, ())
    found = []
    for address in addresses(site, planted):
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.text)
        text = text_of(answer).replace(f"“{DEAL}”", "")  # what the caller wrote, said back
        found += [(address, word) for word in hidden if word in text and f"name = {word}" not in address]
    assert not found
    if role == "admin":
        seen = "".join(text_of(client.get(address)) for address in (f"/v1/deals/{planted['deal']}", "/v1/quotas"))
        assert DEAL in seen
        assert RIVAL in seen
        assert QUOTA[0] in seen


@pytest.mark.parametrize("role", ["rep", "support", "marketer"])
def test_chat_does_not_tell_it_either(site, planted, role):
    client = site.client(REP if role == "rep" else site.email_of(role))
    for text in (
        f"What is the amount of deal {DEAL[:-3]}?",
        "Which deals are over 90 million?",
        "list deals with their competitor",
    ):
        answer = client.post("/v1/chat", json={"text": text}).text
        assert not [word for word in (*AMOUNT, RIVAL) if word in answer]


@pytest.mark.parametrize("role", ["rep", "support", "marketer"])
def test_what_is_not_theirs_stays_as_it_is(site, planted, role):
    client = site.client(REP if role == "rep" else site.email_of(role))
    before = site.audit_count()
    deal = f"/v1/deals/{planted['deal']}"
    tag = {"If-Match": '"2"'}
    assert client.patch(deal, json={"next_step": "Mine now"}, headers=tag).status_code in (403, 404)
    assert client.delete(deal, headers=tag).status_code in (403, 404)
    assert client.patch(f"/v1/users/{planted['owner']}", json={"role": "admin"}, headers=tag).status_code in (
        403,
        412,
    )
    assert client.post("/v1/stages", json={"name": "S", "order": 9, "status": "open", "probability": 1,
                                           "forecast_category": "pipeline"}).status_code == 403  # fmt: skip
    assert client.get("/v1/admin/usage").status_code == 403
    assert client.get("/v1/hooks").status_code == 403
    assert site.audit_count() == before


def test_no_route_answers_a_stranger(site):
    client = TestClient(site.app)
    for path, methods in site.app.openapi()["paths"].items():
        address = path.replace("{path}", "deals").replace("{name}", "quota").replace("{id}", "deal_x")
        address = address.replace("{suggestion}", "suggestion_x")
        for method in methods:
            if path in _OPEN or path.startswith("/v1/hooks/{id}"):
                continue
            answer = client.request(method, address, json={}, headers={"Authorization": "Bearer dh_wrong"})
            expected = (200, 401) if path == "/v1/sign-out" else (401,)
            assert answer.status_code in expected, (method, path, answer.text)


def test_an_expired_token_and_an_inactive_user_are_strangers(site):
    from datetime import timedelta

    from api.app import create_app
    from core.clock import FixedClock

    secret = site.token(REP, ("read",), days=1)
    later = FixedClock(SystemClock().now() + timedelta(days=2))
    app = create_app(site.runtime, site.runtime.settings, clock=later)
    assert TestClient(app).get("/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
