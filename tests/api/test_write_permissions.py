"""Every route that writes, as every role: drawn from the OpenAPI document, so a new route is probed by itself.

Whatever is sent, what belongs to others and how the company is set up stay byte for byte as they were, and no answer
tells what is hidden.
"""

import json

import pytest
from sqlalchemy import text

from crm_store.principals import SYSTEM
from tests.api.conftest import REP
from tests.api.test_permissions import SEES_NOTHING_OF, planted  # noqa: F401

SETUP = (
    "company", "stage", "custom_field", "user_account", "team", "product", "quota", "exchange_rate",
    "webhook_target", "webhook_source", "password_hash",
)  # fmt: skip
OTHERS = ("deal", "account", "task")
ROLES = ("rep", "support", "marketer")
# They end the caller's own session, or have no caller.
LEFT_OUT = {"/v1/sign-in", "/v1/sign-out", "/v1/hooks/{id}/leads"}


@pytest.fixture(scope="module")
def others(site, planted):  # noqa: F811
    """Ids of what is not the callers': by kind of record, and an admin's token, webhook, change and request."""
    admin = site.client(site.email_of("admin"), ("read", "write", "chat", "approve", "admin"))
    with site.runtime.store.unit_of_work(SYSTEM) as uow:
        task = uow.create("task", {"title": "Secret errand", "assignee": planted["owner"], "due": None})
        uow.commit()
        first = {kind: uow.all(kind)[0].id for kind in ("stage", "team", "product", "quota", "exchange_rate")}
        ids = {**first, "user": planted["owner"], "deal": planted["deal"], "account": planted["account"]}
        ids["task"] = task.id
    changed = admin.patch(f"/v1/deals/{ids['deal']}", json={"next_step": "Hold"}, headers={"If-Match": '"2"'})
    waiting = admin.delete(f"/v1/deals/{ids['deal']}", headers={"If-Match": '"3"'})
    target = admin.post("/v1/hooks/targets", json={"url": "http://127.0.0.1:9/x", "topics": ["deal.*"]})
    field = admin.post("/v1/fields", json={"kind": "deal", "name": "risk", "type": "text", "label_en": "risk"})
    assert [changed.status_code, waiting.status_code, target.status_code] == [200, 202, 201], changed.text
    ids["hook"] = target.json()["id"]
    ids["approval"] = waiting.json()["approval"]["approval_id"]
    ids["undo"] = changed.json()["undo"]
    ids["field"] = admin.post(
        f"/v1/approvals/{field.json()['approval']['approval_id']}", json={"yes": True}
    ).json()["parts"][0]["record"]["id"]
    return ids


def state(site, others) -> str:
    """Everything that no caller may change."""
    statements = [f"SELECT * FROM {table} ORDER BY 1" for table in SETUP]
    statements += [f"SELECT * FROM {kind} WHERE id = '{others[kind]}'" for kind in OTHERS]
    with site.runtime.store.engine.connect() as connection:
        rows = [[list(row) for row in connection.execute(text(each))] for each in statements]
    return json.dumps(rows, default=str)


def writes(site):
    document = site.app.openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "get" and path not in LEFT_OUT:
                yield method, path, body_of(document, operation)


def body_of(document, operation):
    """The example of a request's body: its own, or one from the examples of its fields."""
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json")
    if body is None:
        return None
    if "example" in body:
        return body["example"]
    schema = body["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return {name: value(field) for name, field in schema["properties"].items()}


def value(field):
    if field.get("examples"):
        return field["examples"][0]
    kinds = {field.get("type"), *(each.get("type") for each in field.get("anyOf", ()))}
    return True if "boolean" in kinds else 5 if "integer" in kinds else "admin"


def filled(others, thing):
    """The same with ids of others' records in the place of made-up ones."""
    if isinstance(thing, dict):
        return {name: filled(others, each) for name, each in thing.items()}
    if isinstance(thing, list):
        return [filled(others, each) for each in thing]
    kind = str(thing).partition("_01m80")[0]
    return others.get(kind, thing) if "_01m80" in str(thing) else thing


def address_of(path, others):
    kinds = {
        "users": "user", "stages": "stage", "teams": "team", "products": "product", "quotas": "quota",
        "fields": "field", "exchange-rates": "exchange_rate", "accounts": "account", "tasks": "task", "hooks": "hook",
        "approvals": "approval",
    }  # fmt: skip
    kind = kinds.get(path.split("/")[2], "deal")
    identifier = "H7" if path.startswith("/v1/rules") else others[kind]
    return path.replace("{id}", identifier).replace("{suggestion}", "suggestion_x")


@pytest.mark.parametrize("role", ROLES)
def test_no_route_lets_a_role_change_what_is_not_theirs(site, planted, others, role):  # noqa: F811
    client = site.client(REP if role == "rep" else site.email_of(role))
    before = state(site, others)
    told, answered = [], {}
    for method, path, body in writes(site):
        address = address_of(path, others)
        for version in ("1", "2", "3"):
            headers = {"If-Match": f'"{version}"'}
            if path in ("/v1/import", "/v1/voice"):
                file = {"file": ("deals.csv", f"dealhand_id,name\n{others['deal']},Mine\n", "text/csv")}
                answer = client.request(method, address, files=file, headers=headers)
            else:
                sent = {"handle": others["undo"]} if path == "/v1/undo" else filled(others, body)
                answer = client.request(method, address, json=sent, headers=headers)
            if answer.status_code != 412:
                break
        answered[method, path] = answer.status_code
        assert answer.status_code < 500 or path == "/v1/voice", (method, path, answer.text)
        told += [(method, path, word) for word in SEES_NOTHING_OF[role] if word in answer.text]
        assert state(site, others) == before, f"{role} changed something by {method} {path}: {answer.text[:300]}"
    assert not told
    setup = [key for key in answered if key[1].split("/")[2] in ("stages", "users", "teams", "quotas", "rules")]
    assert len(setup) > 9
    refused = {key: answered[key] for key in setup if key[1] != "/v1/users/{id}/password"}
    assert set(refused.values()) <= {403, 404, 409, 422}, refused


def test_a_token_without_write_reaches_no_writing_route(site, others):
    client = site.client(REP, ("read",))
    before = state(site, others)
    for method, path, body in writes(site):
        address = address_of(path, others)
        answer = client.request(method, address, json=body, headers={"If-Match": '"1"'})
        assert answer.status_code == 403, (method, path, answer.text)
    assert state(site, others) == before
