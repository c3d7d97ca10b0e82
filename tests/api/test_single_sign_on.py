"""Single sign-on against a small issuer on this machine: who it says, and every way in which it may not."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.app import create_app
from tests.api.conftest import REP

KEY = RSAKey.generate_key(2048, {"kid": "one"})


class Issuer:
    """Answers as an OpenID provider; `claims` change what its token says."""

    def __init__(self):
        self.claims, self.challenge, self.nonce, self.verified = {}, "", "", None
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                configuration = {
                    "issuer": issuer.url,
                    "authorization_endpoint": f"{issuer.url}/authorize",
                    "token_endpoint": f"{issuer.url}/token",
                    "jwks_uri": f"{issuer.url}/keys",
                }
                known = {
                    "/.well-known/openid-configuration": configuration,
                    "/keys": {"keys": [KEY.as_dict(private=False)]},
                }
                self.answer(known[self.path])

            def do_POST(self):
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
                issuer.verified = base64.urlsafe_b64encode(digest).decode().rstrip("=") == issuer.challenge
                self.answer({"access_token": "a", "token_type": "Bearer", "id_token": issuer.token()})

            def answer(self, body):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self):
        claims = {
            "iss": self.url, "aud": "crm", "sub": "1", "exp": int(time.time()) + 60, "nonce": self.nonce,
            "email": REP, "email_verified": True, **self.claims,
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)


@pytest.fixture
def issuer():
    started = Issuer()
    yield started
    started.server.shutdown()


def go(site, issuer, *, state=""):
    changed = {"oidc_issuer": issuer.url, "oidc_client_id": "crm"}
    app = create_app(site.runtime, site.runtime.settings.model_copy(update=changed))
    client = TestClient(app)
    sent = client.get("/sign-in/sso", follow_redirects=False)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    issuer.challenge, issuer.nonce = asked["code_challenge"], asked["nonce"]
    answer = client.get(f"/sign-in/sso/back?code=c&state={state or asked['state']}", follow_redirects=False)
    return client, answer


def test_the_issuers_person_is_signed_in(site, issuer):
    client, answer = go(site, issuer)
    assert answer.headers["location"] == "/"
    assert client.get("/v1/me").json()["email"] == REP
    assert issuer.verified


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "no@one.example"},
        {"email_verified": False},
        {"aud": "another"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"nonce": "old"},
    ],
)
def test_what_the_issuer_may_not_say(site, issuer, claims):
    issuer.claims = claims
    client, answer = go(site, issuer)
    assert answer.headers["location"] == "/sign-in?refused=sso"
    assert client.get("/v1/me").status_code == 401


def test_an_answer_to_another_request_is_refused(site, issuer):
    assert go(site, issuer, state="forged")[1].headers["location"] == "/sign-in?refused=sso"


def test_without_an_issuer_there_is_none(site):
    assert TestClient(site.app).get("/sign-in/sso").status_code == 404
