"""A company makes a rule by filter: an admin says yes, it fires where people look, and it can be taken back."""

import pytest

from tests.api.conftest import MANAGER, REP
from tests.api.test_setup import say_yes

RULE = {
    "name": "Marcus without a plan",
    "fix": "Agree on a plan.",
    "conditions": ["owner = Marcus Lee", "amount > 1k"],
}


@pytest.fixture
def admin(site):
    return site.client(site.email_of("admin"))


def titles(client, deal):
    return {each["title"] for each in client.get(f"/v1/deals/{deal.id}/advice").json()["findings"]}


def made(client):
    return {each["title"]: each for each in client.get("/v1/rules").json()["made"]}


def drop(admin, id):
    version = admin.get(f"/v1/own-rules/{id}").headers["ETag"]
    say_yes(admin, admin.delete(f"/v1/own-rules/{id}", headers={"If-Match": version}))


def test_made_changed_switched_off_and_taken_back(site, admin):
    rep, deal = site.client(REP), site.one("deal", name="Acme Robotics expansion")
    handle = say_yes(admin, admin.post("/v1/own-rules", json=RULE))
    assert admin.post("/v1/undo", json={"handle": handle}).status_code == 200
    assert RULE["name"] not in made(admin)
    say_yes(admin, admin.post("/v1/own-rules", json=RULE))
    assert made(admin)[RULE["name"]]["conditions"] == ["owner: Marcus Lee", "amount > 1,000"]
    assert RULE["name"] in titles(rep, deal)
    assert RULE["name"] in rep.post("/v1/chat", json={"text": "what should I fix?"}).text
    kept = site.one("own_rule", name=RULE["name"])
    assert kept.conditions[0] == f"owner = {deal.owner_id}"
    headers = {"If-Match": f'"{kept.version}"'}
    say_yes(admin, admin.patch(f"/v1/own-rules/{kept.id}", json={"is_on": False}, headers=headers))
    assert RULE["name"] not in titles(rep, deal)
    assert not made(rep)[RULE["name"]]["is_on"]
    drop(admin, kept.id)
    assert RULE["name"] not in made(rep)


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ([], "conditions"),
        (["loud"], "reads like"),
        (["colour = red"], "no field"),
        (["amount > lots"], "lots"),
        (["owner = Nobody Known"], "Nobody Known"),
        (["amount > 1"] * 11, "10 conditions"),
    ],
)
def test_conditions_that_cannot_be_are_refused(admin, conditions, said):
    refused = admin.post("/v1/own-rules", json={**RULE, "conditions": conditions})
    assert refused.status_code in (404, 422), refused.text
    assert said in refused.text


def test_only_admins_make_them_and_others_do_not_read_conditions(site, admin):
    for email in (REP, MANAGER):
        assert site.client(email).post("/v1/own-rules", json=RULE).status_code in (403, 422)
    say_yes(admin, admin.post("/v1/own-rules", json={**RULE, "name": "big", "conditions": ["amount > 12345"]}))
    support = site.client(site.email_of("support"))
    assert made(support)["big"]["conditions"] == []
    for address in ("/v1/rules", "/v1/own-rules"):
        assert "12345" not in support.get(address).text
    assert "12345" in admin.get("/v1/own-rules").text
    drop(admin, made(admin)["big"]["id"])


def test_it_stands_in_a_briefing_with_its_fix(site, admin):
    say_yes(
        admin, admin.post("/v1/own-rules", json={**RULE, "name": "no plan yet", "conditions": ["amount > 10"]})
    )
    text = site.client(REP).get("/v1/briefing").text
    assert "no plan yet. Agree on a plan." in text
    chinese = site.client(REP).get("/v1/briefing", headers={"Accept-Language": "zh"}).json()
    assert any("no plan yet" in line["text"] and line["say"].startswith("明天提醒我") for line in chinese["lines"])
