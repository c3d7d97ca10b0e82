"""A thumbs-down becomes a case that runs, on the records as they were before the conversation."""

from datetime import timedelta
from pathlib import Path

from agent import Turn, build_runtime, run_turn
from core.settings import Settings
from crm_store.channel_log import ChannelLog
from evals.cases import load_cases
from evals.from_feedback import write_case
from evals.runner import RunOptions, run_cases

MARCUS = "marcus@northstar.example"


def test_the_case_has_the_conversation_and_the_records_of_then(northstar_url, clock, tmp_path: Path):
    runtime = build_runtime(Settings(home=tmp_path, database_url=northstar_url), clock=clock)
    clock.advance(timedelta(minutes=1))
    first = run_turn(runtime, Turn(MARCUS, "push the Redwood renewal two weeks", conversation_id="slack:T1:D:1:u"))
    clock.advance(timedelta(minutes=1))
    second = run_turn(runtime, Turn(MARCUS, "show my open deals", conversation_id=first.conversation_id))
    log = ChannelLog(runtime.store)
    user = runtime.log.find_turn(second.turn_id).user_id
    given = log.add_feedback("T1", second.turn_id, user, "bad", "should have left the date")
    path = write_case(runtime.store, given, tmp_path / "out")
    runtime.close()

    assert "# bad: should have left the date" in path.read_text()
    (case,) = load_cases([path])
    assert [turn.say for turn in case.turns] == ["push the Redwood renewal two weeks", "show my open deals"]
    deals = (tmp_path / "out" / "worlds" / case.world / "deals.csv").read_text()
    (line,) = [line for line in deals.splitlines() if ",Redwood renewal," in line]
    assert "2026-04-07" in line
    (result,) = run_cases([case], RunOptions(here=True)).cases
    assert not result.error
