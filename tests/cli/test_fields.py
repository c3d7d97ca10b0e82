"""A company's own field from its definition to chat, lists, files and the roles that must not see it."""

import csv

import pytest

from agent import Turn, run_turn
from agent.execution import TurnContext
from agent.runtime import runtime_for
from core.settings import load_settings
from crm_store.directory import find_principal
from tests.cli.conftest import ADMIN, MARCUS, SUPPORT, assert_one_line

DEAL = "Meridian pilot"
HIGH = {"field": "renewal_risk", "op": "=", "value": "high"}


@pytest.fixture
def fields(home, dealhand):
    return lambda command, *arguments, user=ADMIN: dealhand("fields", command, *arguments, "--as", user)


@pytest.fixture
def renewal_risk(fields):
    done = fields(
        "add", "deal", "renewal_risk", "--type", "choice", "--choices", "low;high",
        "--label-en", "renewal risk", "--label-zh", "续约风险", "--hidden-from", "support",
    )  # fmt: skip
    assert done.code == 0, done.err
    return done


@pytest.fixture
def say(home):
    """Says something in one conversation a speaker; calls a tool as one of its turns."""
    with runtime_for(load_settings()) as runtime:

        def speak(text, user=MARCUS):
            return run_turn(runtime, Turn(user, text))

        def call(tool, user=MARCUS, **arguments):
            principal = find_principal(runtime.store, user)
            turn = TurnContext(principal, "conv_1", "turn_1", "test", "en", "", runtime.store.clock.now())
            return runtime.runner.run(turn, f"{tool}{arguments}", tool, arguments)

        speak.call = call
        yield speak


def test_an_admin_adds_a_field_that_is_listed_audited_and_can_be_undone(fields, renewal_risk, dealhand):
    line = "deal.renewal_risk: choice (low;high), “renewal risk / 续约风险”, hidden from support"
    assert f"Added {line}" in renewal_risk.out
    assert fields("list").out.strip() == line
    assert fields("list", "deal", user=MARCUS).out.strip() == line
    assert "renewal_risk" not in fields("list", "account").out
    assert "Alex Admin, cli add_field\n    created field renewal_risk" in dealhand("audit", "--as", ADMIN).out
    handle = renewal_risk.out.rsplit("undo: ", 1)[1].strip()
    assert dealhand("undo", "--as", ADMIN, handle).code == 0
    assert "no fields of your own" in fields("list").said


@pytest.mark.parametrize("user", [MARCUS, "dana@northstar.example", SUPPORT, "maya@northstar.example"])
def test_others_may_not(fields, user):
    assert_one_line(fields("add", "deal", "renewal_risk", user=user), 2, "You may not")
    assert "no fields of your own" in fields("list").said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing", "x"], "There is no kind “nothing”"),
        (["deal", "Renewal Risk"], "small letters"),
        (["deal", "x; DROP TABLE deal"], "small letters"),
        (["deal", "\x1b[31m"], "small letters"),
        (["deal", "amount"], "has a field “amount” already"),
        (["deal", "renewal_risk"], "has a field “renewal_risk” already"),
        (["deal", "x", "--type", "formula"], "There is no type “formula”"),
        (["deal", "x", "--type", "choice"], "2 to 50 different choices"),
        (["deal", "x", "--type", "choice", "--choices", "a;A"], "2 to 50 different choices"),
        (["deal", "x", "--choices", "a;b"], "Only a field of the type choice"),
        (["deal", "x", "--hidden-from", "everyone"], "There is no role “everyone”"),
        (["deal", "x", "--hidden-from", "admin"], "There is no role “admin”"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(fields, renewal_risk, arguments, words):
    assert_one_line(fields("add", *arguments), 2, words)
    assert fields("list").out.count("\n") == 1


def test_a_rep_sets_it_and_filters_by_it(renewal_risk, say):
    set_by_tool = say.call("update_deal", deal=DEAL, other={"renewal_risk": "High"})
    assert not set_by_tool.failed
    assert say.call("update_deal", deal=DEAL, other={"renewal_risk": "extreme"}).failed
    found = say.call("list_records", kind="deal", filters=[HIGH])
    assert [record.name for record in found.records] == [DEAL]

    listed = say("list deals with renewal risk high")
    assert [record.name for record in listed.records if record.kind == "deal"] == [DEAL]


def test_it_is_exported_and_imported(renewal_risk, say, dealhand, tmp_path, monkeypatch):
    say.call("update_deal", deal=DEAL, other={"renewal_risk": "high"})
    assert dealhand("export", tmp_path / "out").code == 0
    monkeypatch.setenv("DEALHAND_HOME", str(tmp_path / "other"))
    assert dealhand("import", tmp_path / "out").code == 0
    assert dealhand("export", tmp_path / "again").code == 0
    for folder in ("out", "again"):
        with (tmp_path / folder / "deals.csv").open(encoding="utf-8") as file:
            assert [row["name"] for row in csv.DictReader(file) if row["renewal_risk"] == "high"] == [DEAL]
    assert dealhand("fields", "list", "--as", MARCUS).out.startswith("deal.renewal_risk: choice (low;high)")


def test_a_role_it_is_hidden_from_sees_it_nowhere(renewal_risk, say, dealhand, tmp_path):
    say.call("update_deal", deal=DEAL, other={"renewal_risk": "high"})
    unknown = say.call("list_records", user=SUPPORT, kind="deal", filters=[{**HIGH, "field": "renewal_rusk"}])
    hidden = say.call("list_records", user=SUPPORT, kind="deal", filters=[HIGH])
    assert str(hidden.result).replace("renewal_risk", "renewal_rusk") == str(unknown.result)
    assert dealhand("export", "--as", SUPPORT, tmp_path / "out").code == 0
    seen = [
        str(say.call("get_record", user=SUPPORT, record=DEAL, detail="brief").to_json()),
        say(f"tell me everything about {DEAL}", user=SUPPORT).model_dump_json(),
        dealhand("fields", "list", "--as", SUPPORT).out,
        dealhand("audit", "--as", SUPPORT, "--record", "Meridian").out,
        *(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()),
    ]
    for words in ("renewal_risk", "renewal risk", "续约风险", "low;high"):
        assert not any(words in text for text in seen), words


def test_everyone_else_sees_it(renewal_risk, say):
    say.call("update_deal", deal=DEAL, other={"renewal_risk": "high"})
    assert "renewal risk" in str(say.call("get_record", record=DEAL).to_json())
