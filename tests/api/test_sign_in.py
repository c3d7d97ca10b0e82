"""Who may call: passwords, links, sessions, CSRF, tokens, scopes, limits, headers."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.passwords import set_password
from core.clock import SystemClock
from core.errors import InvalidArgumentError
from core.settings import Settings
from crm_store.credentials import ApiToken, PasswordHash, WebSession
from crm_store.directory import find_principal
from crm_store.sign_in import create_link
from tests.api.conftest import OTHER_REP, REP

PASSWORD = "a long pass phrase"


@pytest.fixture(scope="module")
def with_password(site):
    user = find_principal(site.runtime.store, REP)
    set_password(site.runtime.store, user.user_id, PASSWORD, SystemClock().now())
    return site


def test_a_password_signs_in_and_a_wrong_one_says_no_more(with_password):
    client = TestClient(with_password.app)
    wrong = client.post("/v1/sign-in", json={"email": REP, "password": "not the one"})
    nobody = client.post("/v1/sign-in", json={"email": "no@one.example", "password": PASSWORD})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json()["detail"] == nobody.json()["detail"]
    right = client.post("/v1/sign-in", json={"email": REP.upper(), "password": PASSWORD})
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    me = client.get("/v1/me").json()
    assert (me["name"], me["role"]) == ("Marcus Lee", "rep")
    client.post("/v1/sign-out", headers={"X-CSRF-Token": me["csrf"]})
    assert client.get("/v1/me").status_code == 401


def test_tries_are_limited(with_password):
    settings = with_password.runtime.settings.model_copy(update={"sign_ins_per_minute": 10})
    client = TestClient(create_app(with_password.runtime, settings))
    answers = [client.post("/v1/sign-in", json={"email": REP, "password": "guess"}).status_code for _ in range(16)]
    assert answers[:10] == [401] * 10
    assert 429 in answers


def test_behind_https_the_cookie_travels_over_https_only(site):
    settings = Settings(home=site.runtime.settings.home, public_url="https://crm.example")
    client = TestClient(create_app(site.runtime, settings), base_url="https://crm.example")
    user = find_principal(site.runtime.store, REP)
    secret = create_link(site.runtime.store, user.user_id, minutes=5, now=SystemClock().now())
    answer = client.get(f"/sign-in/{secret}", follow_redirects=False)
    assert answer.headers["set-cookie"].startswith("__Host-dealhand_session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_a_link_works_once(site):
    user = find_principal(site.runtime.store, REP)
    secret = create_link(site.runtime.store, user.user_id, minutes=5, now=SystemClock().now())
    client = TestClient(site.app)
    assert client.get(f"/sign-in/{secret}", follow_redirects=False).headers["location"] == "/"
    again = TestClient(site.app).get(f"/sign-in/{secret}", follow_redirects=False)
    assert again.headers["location"] == "/sign-in?refused=link"


def test_a_session_changes_nothing_without_its_word_or_from_another_site(site):
    client = site.browser(REP)
    task = {"title": "Forged"}
    assert client.post("/v1/tasks", json=task, headers={"X-CSRF-Token": ""}).status_code == 403
    assert client.post("/v1/tasks", json=task, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/v1/tasks", json=task, headers={"Origin": "http://testserver"}).status_code == 201


def test_tokens_have_scopes_end_and_can_be_revoked(site):
    reader = site.client(REP, ("read",))
    assert reader.get("/v1/deals?limit=1").status_code == 200
    assert reader.post("/v1/tasks", json={"title": "No"}).status_code == 403
    assert reader.post("/v1/chat", json={"text": "hello"}).status_code == 403
    assert site.client(REP).post("/v1/tokens", json={"name": "child", "scopes": ["read"]}).status_code == 403
    browser = site.browser(REP)
    made = browser.post("/v1/tokens", json={"name": "Dashboard", "scopes": ["read"], "days": 1})
    assert made.status_code == 201
    secret, token_id = made.json()["secret"], made.json()["id"]
    assert secret not in browser.get("/v1/tokens").text
    headers = {"Authorization": f"Bearer {secret}"}
    assert TestClient(site.app).get("/v1/me", headers=headers).json()["email"] == REP
    assert site.browser(OTHER_REP).delete(f"/v1/tokens/{token_id}").status_code == 404
    assert browser.delete(f"/v1/tokens/{token_id}").status_code == 200
    assert TestClient(site.app).get("/v1/me", headers=headers).status_code == 401


@pytest.mark.parametrize("scopes", [(), ("fly",), ("mcp", "approve"), ("mcp", "chat"), ("admin",)])
def test_scopes_that_cannot_be(site, scopes):
    with pytest.raises(InvalidArgumentError):
        site.token(REP, scopes)


def test_no_secret_is_kept_as_it_is(site):
    secret = site.token(REP)
    browser = site.browser(REP)
    cookie = browser.cookies["dealhand_session"]
    with site.runtime.store.session() as session:
        kept = str(
            [
                [row.model_dump() for row in session.query(table).all()]
                for table in (ApiToken, PasswordHash, WebSession)
            ]
        )
    assert secret not in kept
    assert cookie not in kept
    assert PASSWORD not in kept


def test_a_caller_that_asks_too_often_is_told_to_wait(site):
    settings = site.runtime.settings.model_copy(update={"requests_per_minute": 3})
    client = TestClient(create_app(site.runtime, settings), headers={"Authorization": f"Bearer {site.token(REP)}"})
    answers = [client.get("/v1/me") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_password_of_ones_own_signs_out_elsewhere(site):
    first, second = site.browser(OTHER_REP), site.browser(OTHER_REP)
    me = first.get("/v1/me").json()["id"]
    assert first.put(f"/v1/users/{me}/password", json={"password": "short"}).status_code == 422
    other = find_principal(site.runtime.store, REP).user_id
    assert first.put(f"/v1/users/{other}/password", json={"password": PASSWORD}).status_code == 403
    assert first.put(f"/v1/users/{me}/password", json={"password": PASSWORD}).status_code == 200
    assert second.get("/v1/me").status_code == 401


def test_the_page_is_safe_and_comes_from_here(site):
    client = TestClient(site.app)
    answer = client.get("/board")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert client.get("/assets/main.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/assets/../app.py").status_code == 404
    assert client.get("/assets/%2e%2e/app.py").status_code == 404


def test_a_large_body_is_refused(site):
    settings = site.runtime.settings.model_copy(update={"max_upload_mb": 1})
    client = TestClient(create_app(site.runtime, settings))
    assert client.post("/v1/chat", content=b"x" * 1_100_000).status_code == 413


def test_health_readiness_and_prometheus(site):
    client = TestClient(site.app)
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").json() == {"ready": True}
    assert client.get("/metrics").status_code == 401
    assert "dealhand_http_requests_total" in site.client(REP, ("metrics",)).get("/metrics").text
