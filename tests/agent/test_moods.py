"""A condition, a denial, a question, hearsay or a wish changes nothing, whatever action it speaks of."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from agent import Turn, build_runtime, run_turn
from core.clock import FixedClock
from core.settings import Settings

MOODS = yaml.safe_load((Path(__file__).parent / "moods.yaml").read_text(encoding="utf-8"))
FRAMES = [(language, frame) for language, table in MOODS.items() for frame in table["frames"]]
CHANGES = "SELECT count(*) FROM audit_entry"


@pytest.fixture(scope="module")
def company(northstar_template, northstar_now, tmp_path_factory):
    """A runtime for the whole module, and how many changes its audit holds."""
    folder = tmp_path_factory.mktemp("moods")
    path = folder / "store.sqlite3"
    shutil.copyfile(northstar_template, path)
    settings = Settings(home=folder, database_url=f"sqlite:///{path}")
    runtime = build_runtime(settings, clock=FixedClock(northstar_now))
    with closing(sqlite3.connect(path)) as connection:
        yield runtime, lambda: connection.execute(CHANGES).fetchone()[0]
    runtime.close()


@pytest.mark.parametrize(("language", "frame"), FRAMES)
def test_nothing_is_changed(company, language, frame):
    runtime, changes = company
    changed = []
    for number, action in enumerate(MOODS[language]["actions"]):
        said = frame.format(a=action)
        before = changes()
        run_turn(runtime, Turn(MOODS[language]["speaker"], said, conversation_id=f"conv_{frame}_{number}"))
        if changes() != before:
            changed.append(said)
    assert changed == []


def test_the_actions_themselves_are_understood(company):
    """Without a frame they do change records or ask for a yes: the silence above is no deafness."""
    runtime, _ = company
    deaf = []
    for language, table in MOODS.items():
        for number, action in enumerate(table["actions"]):
            reply = run_turn(runtime, Turn(table["speaker"], action, conversation_id=f"bare_{language}_{number}"))
            if not any(part.type in ("change", "approval", "question") for part in reply.parts):
                deaf.append((action, [part.type for part in reply.parts]))
    assert deaf == []
