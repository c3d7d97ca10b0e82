"""Which record an expected change is about: existing ones by key, new ones by the best assignment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.cases import ExpectedChange
from evals.graders.evidence import Evidence, Row, text_of
from evals.graders.phrases import missing_groups
from evals.graders.rules import rules
from evals.graders.values import column_for, holds

_NEVER = 10**6
Rows = Mapping[str, Row]


def record_text(row: Row) -> str:
    """What `text_has` looks at."""
    return "\n".join(text_of(row.get(column)) for column in rules().text)


def unmet(change: ExpectedChange, row: Row, evidence: Evidence) -> list[str]:
    """The listed fields that the row does not hold, `text_has` among them."""
    names = [name for name, wanted in change.fields.items() if not holds(row, name, wanted, evidence)]
    return [*names, "text_has"] if missing_groups(record_text(row), change.text_has) else names


def find_existing(change: ExpectedChange, evidence: Evidence, taken: set[str]) -> tuple[str, str]:
    """(id, name of the key) of the existing record that is meant; the id is empty when there is none.

    The key is looked up among the records at the start, then (a rename) at the end. Where it finds several,
    columns that tell records apart narrow them, then a record that does not yet hold everything is preferred,
    then one that comes closest to the expectation in the end.
    """
    before, after = evidence.before.get(change.kind, {}), evidence.after.get(change.kind, {})
    key, is_meant = _key(change, evidence)
    found = {record: row for record, row in before.items() if record not in taken and is_meant(row)}
    if not found:
        found = {
            record: before[record]
            for record, row in after.items()
            if record in before and record not in taken and is_meant(row)
        }
    found = _narrowed(change, found, evidence)
    if len(found) > 1:
        found = {record: row for record, row in found.items() if unmet(change, row, evidence)} or found
    ranked = sorted(found, key=lambda record: len(unmet(change, after.get(record, {}), evidence)))
    return (ranked[0] if ranked else ""), key


def assign_new(
    changes: Sequence[ExpectedChange], created: Rows, evidence: Evidence
) -> tuple[list[str | None], list[str]]:
    """(the new record of each expected one or None, the new records that stand for none).

    The assignment has the fewest unmet fields in all. A record that holds less than half of what is listed is
    another one: the expected is missing and the actual is one too many.
    """
    ids = list(created)
    costs = [[_cost(change, created[record], evidence) for record in ids] for change in changes]
    chosen = best_assignment(costs)
    pairs = [
        ids[place] if place is not None and costs[index][place] < _NEVER else None
        for index, place in enumerate(chosen)
    ]
    return pairs, [record for record in ids if record not in pairs]


def best_assignment(costs: Sequence[Sequence[float]]) -> list[int | None]:
    """The column of each row so that the sum is least; None for rows that get none (fewer columns than rows).

    The Hungarian method with potentials, O(n² m).
    """
    if not costs or not costs[0]:
        return [None] * len(costs)
    columns = len(costs[0])
    width = max(columns, len(costs))
    padded = [[*row, *([_NEVER] * (width - columns))] for row in costs]
    row_of = _hungarian(padded, width)
    chosen: list[int | None] = [None] * len(costs)
    for column, row in enumerate(row_of[1:]):
        if row and column < columns:
            chosen[row - 1] = column
    return chosen


def _key(change: ExpectedChange, evidence: Evidence) -> tuple[str, Callable[[Row], bool]]:
    for name in (*rules().keys_of(change.kind), "email", "id"):
        if name in change.fields:
            return name, lambda row, name=name: holds(row, name, change.fields[name], evidence)
    if change.text_has:
        return "text_has", lambda row: not missing_groups(record_text(row), change.text_has)
    return "", lambda row: any(holds(row, name, wanted, evidence) for name, wanted in change.fields.items())


def _narrowed(change: ExpectedChange, found: dict[str, Row], evidence: Evidence) -> dict[str, Row]:
    for name, wanted in change.fields.items():
        if len(found) > 1 and _tells_apart(name, found):
            found = {r: row for r, row in found.items() if holds(row, name, wanted, evidence)} or found
    return found


def _tells_apart(name: str, found: Rows) -> bool:
    return any(column_for(name, row) in rules().identity for row in found.values())


def _cost(change: ExpectedChange, row: Row, evidence: Evidence) -> float:
    listed = len(change.fields) + bool(change.text_has)
    missed: list[Any] = unmet(change, row, evidence)
    return len(missed) if 2 * len(missed) <= listed else _NEVER


def _hungarian(costs: Sequence[Sequence[float]], width: int) -> list[int]:
    """For each column (from 1) the row (from 1) that it is given to."""
    row_potential, column_potential = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    row_of, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, len(costs) + 1):
        row_of[0], column = row, 0
        least, used = [float("inf")] * (width + 1), [False] * (width + 1)
        while True:
            used[column] = True
            current = row_of[column]
            free = [other for other in range(1, width + 1) if not used[other]]
            for other in free:
                reduced = costs[current - 1][other - 1] - row_potential[current] - column_potential[other]
                if reduced < least[other]:
                    least[other], way[other] = reduced, column
            following = min(free, key=lambda other: least[other])
            step = least[following]
            for other in range(width + 1):
                if used[other]:
                    row_potential[row_of[other]] += step
                    column_potential[other] -= step
                else:
                    least[other] -= step
            column = following
            if row_of[column] == 0:
                break
        while column:
            row_of[column], column = row_of[way[column]], way[column]
    return row_of
