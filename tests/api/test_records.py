"""Records over HTTP: lists, pages, versions, idempotency, policy and undo."""

import pytest

from tests.api.conftest import MANAGER, OTHER_REP, REP


@pytest.fixture(scope="module")
def rep(site):
    return site.client(REP)


def deal_of(site, name):
    return site.one("deal", name=name)


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


def test_lists_filter_sort_and_add_derived_values(rep):
    page = read(
        rep, "/v1/deals?filter=owner = me&filter=status = open&sort=-amount&also=days_silent&count=true"
    ).json()
    assert page["total"] == len(page["items"]) == 11
    amounts = [float(item["fields"]["amount"]) for item in page["items"]]
    assert amounts == sorted(amounts, reverse=True)
    assert all(item["also"]["days_silent"] >= 0 for item in page["items"])
    assert set(page["names"]) >= {item["fields"]["account"] for item in page["items"]}


@pytest.mark.parametrize("sort", ["", "amount", "-amount", "close_date", "-created_at", "competitor", "account"])
def test_pages_give_every_record_once(site, sort):
    client = site.client(MANAGER)
    seen, cursor = [], ""
    while True:
        page = client.get("/v1/deals", params={"sort": sort, "limit": 17, "cursor": cursor}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    total = client.get("/v1/deals", params={"limit": 1, "count": "true"}).json()["total"]
    assert len(seen) == len(set(seen)) == total > 17


def test_a_cursor_of_another_list_is_refused(rep):
    cursor = read(rep, "/v1/deals?limit=1").json()["next"]
    answer = rep.get("/v1/deals", params={"limit": 1, "sort": "amount", "cursor": cursor})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == "cursor"


def test_a_change_needs_the_version_that_was_seen_and_can_be_undone(site, rep):
    path = f"/v1/deals/{deal_of(site, 'Copperline pilot').id}"
    first = read(rep, path)
    assert rep.patch(path, json={"next_step": "Call Ines"}).status_code == 428
    changed = rep.patch(path, json={"next_step": "Call Ines"}, headers={"If-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json()["record"]["fields"]["next_step"] == "Call Ines"
    assert changed.json()["changes"][0]["fields"][0]["after"] == "Call Ines"
    late = rep.patch(path, json={"next_step": "Other"}, headers={"If-Match": first.headers["etag"]})
    assert late.status_code == 412
    assert rep.get(path, headers={"If-None-Match": read(rep, path).headers["etag"]}).status_code == 304
    undone = rep.post("/v1/undo", json={"handle": changed.json()["undo"]})
    assert undone.status_code == 200
    assert read(rep, path).json()["fields"]["next_step"] == first.json()["fields"]["next_step"]
    assert rep.post("/v1/undo", json={"handle": changed.json()["undo"]}).status_code == 404


def test_closing_a_deal_waits_for_a_yes_and_a_missing_reason_is_asked_for(site, rep):
    deal = deal_of(site, "Blue Heron pilot")
    lost = site.one("stage", status="lost")
    path = f"/v1/deals/{deal.id}"
    tag = {"If-Match": read(rep, path).headers["etag"]}
    missing = rep.patch(path, json={"stage": lost.id}, headers=tag)
    assert missing.status_code == 422
    assert missing.json()["field"] == "lost_reason"
    waiting = rep.patch(path, json={"stage": lost.id, "lost_reason": "price"}, headers=tag)
    assert waiting.status_code == 202
    approval = waiting.json()["approval"]["approval_id"]
    assert read(rep, path).json()["fields"]["stage"] == deal.stage_id
    assert approval in [each["approval_id"] for each in read(rep, "/v1/approvals").json()["items"]]
    other = site.client(OTHER_REP)
    assert other.post(f"/v1/approvals/{approval}", json={"yes": True}).status_code == 404
    for _ in range(2):
        reply = rep.post(f"/v1/approvals/{approval}", json={"yes": True}).json()
        assert [part["type"] for part in reply["parts"]] == ["change"]
    assert read(rep, path).json()["fields"]["stage"] == lost.id
    assert read(rep, path).json()["version"] == 2


def test_the_same_key_has_its_effect_once(site, rep):
    account = site.one("account", name="Redwood Plastics")
    body = {"name": "Keyed deal", "account": account.id, "amount": "1200.50", "close_date": "2026-05-01"}
    first = rep.post("/v1/deals", json=body, headers={"Idempotency-Key": "k1"})
    again = rep.post("/v1/deals", json=body, headers={"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 201
    assert first.json()["record"]["id"] == again.json()["record"]["id"]
    assert read(rep, "/v1/deals?filter=name = Keyed deal").json()["items"][0]["fields"]["amount"] == "1200.5"
    other = rep.post("/v1/deals", json={**body, "name": "Other"}, headers={"Idempotency-Key": "k1"})
    assert other.status_code == 422
    stranger = site.client(OTHER_REP).post("/v1/tasks", json={"title": "Mine"}, headers={"Idempotency-Key": "k1"})
    assert stranger.status_code == 201


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amonut": 1}, "amonut"),
        ({"amount": "many"}, "amount"),
        ({"amount": True}, "amount"),
        ({"close_date": "tomorrow"}, "close_date"),
        ({"name": None}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"created_at": "2026-01-01T00:00:00Z"}, "created_at"),
        ({"forecast_category": "sure"}, "forecast_category"),
        ({"discount": 10**12}, "discount"),
    ],
)
def test_bad_values_are_named(site, rep, values, field):
    path = f"/v1/deals/{deal_of(site, 'Meridian pilot').id}"
    answer = rep.patch(path, json=values, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_errors_speak_chinese_when_asked(site, rep):
    answer = rep.get("/v1/deals/deal_nobody", headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有这条商机。")


def test_setup_is_an_admins_and_waits_for_a_yes(site):
    admin = site.client(site.email_of("admin"), ("read", "write", "approve", "admin"))
    stage = site.one("stage", name="Proposal")
    changed = admin.patch(f"/v1/stages/{stage.id}", json={"probability": 55}, headers={"If-Match": '"1"'})
    assert changed.status_code == 202
    refused = site.client(REP).patch(
        f"/v1/stages/{stage.id}", json={"probability": 55}, headers={"If-Match": '"1"'}
    )
    assert refused.status_code == 403
    taken = admin.post("/v1/users", json={"email": REP, "name": "Twin", "role": "rep"})
    assert taken.status_code == 409
    nowhere = admin.post(
        "/v1/users", json={"email": "a@b.example", "name": "A", "role": "rep", "timezone": "Mars"}
    )
    assert nowhere.json()["field"] == "timezone"


def test_advice_is_taken_and_turned_down(site, rep):
    deal = deal_of(site, "Acme Robotics expansion")
    found = read(rep, f"/v1/deals/{deal.id}/advice").json()
    assert found["findings"][0]["rule"] == "H1"
    assert found["findings"][0]["say"] == "move the close date of Acme Robotics expansion"
    taken = next(each for each in found["suggestions"] if each["accept"])
    reply = rep.post(f"/v1/deals/{deal.id}/advice/{taken['id']}/accept").json()
    assert reply["parts"][0]["action"] == "created"
    other = next(each for each in found["suggestions"] if each["id"] != taken["id"])
    assert rep.post(f"/v1/deals/{deal.id}/advice/{other['id']}/dismiss").status_code == 200
    assert site.one("suggestion", id=other["id"]).status == "dismissed"


def test_sheet_timeline_facts_recall_and_briefing(site, rep):
    deal = deal_of(site, "Redwood renewal")
    sheet = read(rep, f"/v1/deals/{deal.id}/sheet").json()
    assert {"contacts", "tasks"} <= {each["name"] for each in sheet["sections"]}
    events = read(rep, f"/v1/deals/{deal.id}/timeline").json()["items"]
    assert {"interaction", "stage"} == {each["sort"] for each in events}
    assert [each["at"] for each in events] == sorted((each["at"] for each in events), reverse=True)
    assert read(rep, f"/v1/deals/{deal.id}/facts").status_code == 200
    assert read(rep, "/v1/recall?query=pricing").json()["quotes"]
    briefing = read(rep, "/v1/briefing").json()
    assert briefing["kind"] == "rep"
    assert len(briefing["lines"]) <= 12
    assert read(rep, "/v1/kinds").json()["kinds"]["deal"]["path"] == "deals"


def test_the_trail_names_what_a_draft_rests_on(site):
    rep = site.client(REP)
    rep.post("/v1/chat", json={"text": "draft a follow-up for Redwood renewal"})
    newest = rep.get("/v1/audit").json()["items"][0]["changes"][0]
    assert newest["record"]["kind"] == "draft"
    [facts] = [each["after"] for each in newest["fields"] if each["field"] == "facts"]
    assert facts not in ("", "—")
    assert "interaction_" not in facts
