"""Webhooks: leads come in signed and once; changes go out signed, in order, again after a failure."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from fastapi.testclient import TestClient

from api.hook_delivery import deliver_due
from api.signing import sign, verify
from core.clock import SystemClock
from tests.api.conftest import REP

LEAD = {"name": "Ada Kim", "company": "Kim Robotics", "email": "ada@kim.example"}


@pytest.fixture(scope="module")
def admin(site):
    return site.client(site.email_of("admin"), ("read", "write", "admin", "approve"))


@pytest.fixture
def source(admin):
    made = admin.post("/v1/hooks/sources", json={"name": "Web form", "region": "East"})
    assert made.status_code == 201
    return made.json()


def post(site, source, body, message_id="m1", secret="", moment=0):
    raw = json.dumps(body).encode()
    at = moment or int(SystemClock().now().timestamp())
    headers = sign(secret or source["secret"], message_id, at, raw)
    return TestClient(site.app, raise_server_exceptions=False).post(source["path"], content=raw, headers=headers)


def test_a_signed_lead_is_captured_once(site, admin, source):
    first, again = (post(site, source, LEAD) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    lead = admin.get(f"/v1/leads/{first.json()['created']}").json()["fields"]
    assert (lead["name"], lead["region"], lead["source"], lead["owner"]) == ("Ada Kim", "East", "Web form", None)
    assert admin.get("/v1/leads?filter=name = Ada Kim").json()["items"][1:] == []
    assert "secret" not in admin.get("/v1/hooks").text


@pytest.mark.parametrize("moment", [1, 99999999999])
def test_stale_and_forged_messages_are_refused(site, source, moment):
    assert post(site, source, LEAD, moment=moment).status_code == 401
    other = "whsec_" + "QUFB" * 10
    assert post(site, source, LEAD, secret=other).status_code == 401


@pytest.mark.parametrize("body", [[], "x", {"name": ""}, {"name": "A", "owner": "user_1"}, {"name": 5}])
def test_bad_leads_are_told_why(site, source, body):
    answer = post(site, source, body, "bad")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_another_message_under_a_used_id_is_refused(site, source):
    assert post(site, source, LEAD, "twice").status_code == 201
    assert post(site, source, {**LEAD, "name": "Someone Else"}, "twice").status_code == 422


@pytest.fixture
def receiver():
    """A server that keeps what it gets and fails as often as it is told to."""
    got = []
    fail = [0]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if fail[0]:
                fail[0] -= 1
                self.send_response(503)
            else:
                got.append((dict(self.headers), body))
                self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", got, fail
    server.shutdown()


def test_changes_go_out_signed_in_order_and_again_after_a_failure(site, admin, receiver):
    url, got, fail = receiver
    made = admin.post("/v1/hooks/targets", json={"url": url, "topics": ["deal.updated", "task.*"]}).json()
    rep = site.client(REP)
    deal = site.one("deal", name="Redwood renewal")
    shared = site.app.state.served
    fail[0] = 1
    rep.post("/v1/tasks", json={"title": "First"})
    rep.patch(f"/v1/deals/{deal.id}", json={"next_step": "Told"}, headers={"If-Match": f'"{deal.version}"'})
    with httpx.Client(trust_env=False) as client:
        assert deliver_due(shared, client) == 0
        hook = admin.get("/v1/hooks").json()["targets"][0]
        assert (hook["failures"], hook["last_result"]) == (1, "HTTP 503")
        assert deliver_due(shared, client) == 0, "it waits before it tries again"
        _make_due(site)
        assert deliver_due(shared, client) == 2
        assert deliver_due(shared, client) == 0
    bodies = [json.loads(body) for _, body in got]
    assert [each["type"] for each in bodies] == ["task.created", "deal.updated"]
    assert bodies[1]["data"]["record"]["fields"]["next_step"] == "Told"
    for headers, body in got:
        lower = {name.lower(): value for name, value in headers.items()}
        assert verify(made["secret"], lower, body, SystemClock().now().timestamp())
    assert admin.delete(f"/v1/hooks/{made['id']}").status_code == 200


def test_targets_that_cannot_be(admin):
    for url, topics in (
        ("ftp://x", ["deal.*"]),
        ("https://x.example", []),
        ("https://x.example", ["weather.changed"]),
    ):
        assert admin.post("/v1/hooks/targets", json={"url": url, "topics": topics}).status_code == 422


def _make_due(site):
    from crm_store.hooks import WebhookTarget

    with site.runtime.store.session(writes=True) as session:
        for target in session.query(WebhookTarget):
            target.due_at = target.created_at
        session.commit()
