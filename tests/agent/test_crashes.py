"""Killing the process between any two durable steps of a turn leaves exactly one effect."""

import shutil
import subprocess
import sys
import textwrap
from datetime import timedelta
from itertools import count

import pytest

from agent import Turn, build_runtime, run_turn
from core.clock import FixedClock
from core.parts import ChangeReceipt
from core.settings import Settings
from crm_store.principals import SYSTEM
from tests.agent.conftest import MARCUS

MESSAGE = "remind me on Friday to send Leah Whitman the contract"
# Dies without any clean-up before or after the n-th durable step.
VICTIM = textwrap.dedent(
    """
    import os, sys
    from datetime import datetime
    from pathlib import Path
    from agent import Turn, build_runtime, run_turn
    from core.clock import FixedClock
    from core.settings import Settings
    from crm_store.conversation_log import ConversationLog
    from crm_store.unit_of_work import UnitOfWork

    url, now, step, when, user, message = sys.argv[1:]
    steps = 0

    def deadly(owner, name):
        real = getattr(owner, name)
        def wrapped(*args, **kwargs):
            global steps
            steps += 1
            mine = steps == int(step)
            if mine and when == "before":
                os._exit(9)
            result = real(*args, **kwargs)
            if mine and when == "after":
                os._exit(9)
            return result
        setattr(owner, name, wrapped)

    for owner, name in ((ConversationLog, "begin_turn"), (ConversationLog, "keep"),
                        (UnitOfWork, "commit"), (ConversationLog, "finish_turn")):
        deadly(owner, name)
    settings = Settings(home=Path(url.removeprefix("sqlite:///")).parent, database_url=url)
    runtime = build_runtime(settings, clock=FixedClock(datetime.fromisoformat(now)))
    run_turn(runtime, Turn(user, message, conversation_id="conv_crash", key="message-1"))
    """
)


@pytest.mark.slow
def test_a_killed_turn_is_taken_up_and_has_one_effect(northstar_now, northstar_template, tmp_path):
    died = 0
    for step, when in ((number, side) for number in count(1) for side in ("before", "after")):
        path = tmp_path / f"{step}-{when}.sqlite3"
        shutil.copyfile(northstar_template, path)
        if not _kill_and_take_up(f"sqlite:///{path}", northstar_now, step, when):
            break  # The turn has fewer steps than that.
        died += 1
    assert died >= 8


def _kill_and_take_up(url, now, step, when) -> bool:
    arguments = [url, now.isoformat(), str(step), when, MARCUS, MESSAGE]
    victim = subprocess.run([sys.executable, "-c", VICTIM, *arguments], timeout=120, check=False)
    if victim.returncode == 0:
        return False
    assert victim.returncode == 9
    clock = FixedClock(now + timedelta(minutes=5))
    runtime = build_runtime(Settings(database_url=url), clock=clock)
    for _ in range(2):
        reply = run_turn(runtime, Turn(MARCUS, MESSAGE, conversation_id="conv_crash", key="message-1"))
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        made = [task for task in uow.all("task") if "contract" in task.title]
    runtime.close()
    assert len(made) == 1, (step, when)
    assert len(reply.of_type(ChangeReceipt)) == 1, (step, when)
    return True
