"""What people set on the page: hygiene rules, when they are briefed, forecast adjustments, a dictated note."""

import sqlite3
from contextlib import closing

import pytest
from fastapi.testclient import TestClient

from api import voice
from api.app import create_app
from speech.transcript import Transcript
from tests.api.conftest import MANAGER, OTHER_REP, REP


def rule_of(client, id):
    return next(each for each in client.get("/v1/rules").json()["items"] if each["id"] == id)


def titles(client, deal):
    return {each["rule"] for each in client.get(f"/v1/deals/{deal.id}/advice").json()["findings"]}


def say_yes(client, answer):
    assert answer.status_code == 202, answer.text
    approval = answer.json()["approval"]["approval_id"]
    reply = client.post(f"/v1/approvals/{approval}", json={"yes": True}).json()
    return reply["undo"]


def test_an_admin_switches_a_rule_off_and_takes_that_back(site):
    admin, rep = site.client(site.email_of("admin")), site.client(REP)
    deal = site.one("deal", name="Acme Robotics expansion")
    before = titles(rep, deal)
    assert "H1" in before
    refused = rep.patch("/v1/rules/H1", json={"is_on": False})
    assert refused.status_code == 403
    handle = say_yes(admin, admin.patch("/v1/rules/H1", json={"is_on": False}))
    assert not rule_of(rep, "H1")["is_on"]
    assert titles(rep, deal) == before - {"H1"}
    assert admin.post("/v1/undo", json={"handle": handle}).status_code == 200
    assert titles(rep, deal) == before


def test_a_company_sets_its_own_limits(site):
    admin, rep = site.client(site.email_of("admin")), site.client(REP)
    mine = rep.get("/v1/deals?filter=owner = me&filter=status = open").json()["items"]
    deals = [site.one("deal", id=each["id"]) for each in mine]
    deal = next(each for each in deals if "H3" in titles(rep, each))
    say_yes(admin, admin.patch("/v1/rules/H3", json={"limits": {"silent_days": 3000}}))
    assert rule_of(rep, "H3")["limits"][0] == {
        "name": "silent_days", "label": "days without two-way activity", "usual": 14, "value": 3000,
    }  # fmt: skip
    assert "H3" not in titles(rep, deal)
    wrong = admin.patch("/v1/rules/H3", json={"limits": {"pushes": 2}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "pushes")
    assert admin.patch("/v1/rules/H99", json={"is_on": False}).status_code == 422
    say_yes(admin, admin.patch("/v1/rules/H3", json={"limits": {"silent_days": 14}}))
    assert "H3" in titles(rep, deal)


def test_someone_sets_when_they_are_briefed(site):
    rep = site.client(REP)
    path = "/v1/briefing/schedule"
    wanted = {"rule": "tue,thu 7:45", "channel": "file", "quiet_hours": "20:00-07:00"}
    changed = rep.patch(path, json=wanted)
    assert changed.status_code == 200, changed.text
    assert changed.json()["undo"]
    now = rep.get(path).json()
    assert (now["rule"], now["channel"], now["quiet_hours"], now["own"]) == (
        "tue,thu 07:45", "file", "20:00-07:00", True,
    )  # fmt: skip
    assert site.client(OTHER_REP).get(path).json()["rule"] != now["rule"]
    wrong = rep.patch(path, json={"rule": "whenever"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "when")
    assert rep.patch(path, json={"is_active": False}).status_code == 200
    assert rep.get(path).json()["rule"] == ""


def test_a_manager_adjusts_a_forecast_and_others_do_not(site):
    manager, rep = site.client(MANAGER), site.client(REP)
    mine = rep.get("/v1/me").json()["id"]
    before = manager.get("/v1/forecast").json()
    period = before["period"]["label"]
    values = {"user": mine, "period": period, "amount": "-20000", "reason": "two deals slip"}
    assert rep.post("/v1/forecast-adjustments", json=values).status_code == 403
    made = manager.post("/v1/forecast-adjustments", json={**values, "author": mine})
    assert made.status_code == 201, made.text
    after = manager.get("/v1/forecast").json()
    (line,) = after["adjustments"]
    assert (line["user"], line["amount"], line["author"]) == ("Marcus Lee", "-20000", "Dana Whitfield")
    assert float(after["figures"]["adjustment"]) == -20000
    assert after["figures"]["commit"] == before["figures"]["commit"]
    assert manager.post("/v1/forecast-adjustments", json={**values, "period": "soon"}).status_code == 422
    assert manager.post("/v1/undo", json={"handle": made.json()["undo"]}).status_code == 200
    assert manager.get("/v1/forecast").json()["adjustments"] == []


class Told:
    """Stands in for a speech model: says what it is told to have heard."""

    def __init__(self, text):
        self.text = text

    def transcribe(self, audio, recording, names, progress, language=""):
        return Transcript(self.text, "en", 0.95)


def test_a_dictated_note_waits_for_a_yes_part_by_part(site, monkeypatch):
    recordings = pytest.importorskip("tests.speech.recordings")
    words = (
        "Met with Leah at Redwood today, she is fine with the renewal. Remind me to send the contract on Friday."
    )
    monkeypatch.setattr(voice, "open_transcriber", lambda settings: Told(words))
    rep = site.client(REP)
    before = site.audit_count()
    note = {"file": ("note.wav", recordings.encode(recordings.tone(2), "wav"), "audio/wav")}
    answer = rep.post("/v1/voice", files=note)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["text"] == words
    asked = [part for part in body["reply"]["parts"] if part["type"] == "approval"]
    assert asked
    assert site.audit_count() == before
    reply = rep.post(f"/v1/approvals/{asked[0]['approval_id']}", json={"yes": True}).json()
    assert any(part["type"] == "change" for part in reply["parts"])
    empty = rep.post("/v1/voice", files={"file": ("note.wav", b"", "audio/wav")})
    assert (empty.status_code, "empty" in empty.json()["detail"]) == (409, True)


def test_who_reads_waits_for_nobody_who_writes(site):
    """The use of a token is noted when the store is free; a locked one delays and fails no reader."""
    client = site.client(REP)
    path = site.runtime.store.engine.url.database
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert client.get("/v1/deals?limit=1").status_code == 200
        other.execute("ROLLBACK")
    assert client.get("/v1/tokens").json()["items"][0]["last_used_at"]
    assert TestClient(create_app(site.runtime, site.runtime.settings)).get("/healthz").status_code == 200
