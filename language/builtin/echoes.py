"""Changes that are only an echo of what the same words ask or make otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Clause
from language.builtin.reading import Reading


def without_echoes(calls: Sequence[Call], reading: Reading) -> list[Call]:
    """Without changes of a deal that are only what a question narrows deals by: 竞争对手是鼎沸的单子有几个, "my deals
    closing this quarter"; and without changes of a task by what a new one is told, unless its title is said."""
    made = [call.given() for call in calls if call.tool == "create_task"]
    calls = [
        call
        for call in calls
        if not (
            call.tool == "update_task" and _is_told_of_new(call, made) and not _names(reading, call.at, "task")
        )
    ]
    asked = {call.at for call in calls if call.tool in ("list_records", "query_metric")}
    return [
        call
        for call in calls
        if not (
            call.tool == "update_deal"
            and call.at in asked
            and (f"{call.arguments['deal']}的" in reading.text or not _names_deal(reading, call.at))
        )
    ]


def _is_told_of_new(call: Call, made: Sequence[Mapping[str, Any]]) -> bool:
    told = {name: value for name, value in call.given().items() if name != "task"}
    return any(told.items() <= new.items() for new in made)


def _names_deal(reading: Reading, at: int) -> bool:
    """Whether the clause at a place names or points at a deal or an account."""
    return _names(reading, at, "deal", "account") or any(each.has("it") for each in _clauses_at(reading, at))


def _names(reading: Reading, at: int, *kinds: str) -> bool:
    return any(each.things(*kinds) for each in _clauses_at(reading, at))


def _clauses_at(reading: Reading, at: int) -> list[Clause]:
    return [each for each in reading.outline.clauses if each.start <= at < each.end]
