"""Grades the complete set of changes since the start of a case: nothing missing, nothing wrong, nothing extra.

A side effect is an actual change nobody asked for; see `Finding`. Which columns may change on their own is
data: `evals/data/change_rules.yaml`.
"""

from collections.abc import Sequence

from evals.cases import Expectation, ExpectedChange
from evals.graders.evidence import Evidence, Finding, Row, Snapshot, record_key, text_of
from evals.graders.matching import assign_new, find_existing, record_text, unmet
from evals.graders.references import References
from evals.graders.rules import rules
from evals.graders.values import column_for, same, shown

NAME = "changes"


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """Findings about the changes since the start; none when `changes` is not listed."""
    if expect.changes is None:
        return []
    return compare_changes(expect.changes, evidence)


def grade_unchanged(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """Findings about changes in a turn that has to ask, refuse or not know: none may have happened in it."""
    if not expect.changes_nothing:
        return []
    start = evidence.turn_before or evidence.before
    return compare_changes((), Evidence(start, evidence.after, evidence.replies, evidence.timezone))


def compare_changes(changes: Sequence[ExpectedChange], evidence: Evidence) -> list[Finding]:
    """Findings of the expected against the actual changes, in the order of the expected ones, extras last."""
    evidence = _graded_kinds_only(evidence, changes)
    findings: list[Finding] = []
    meant: dict[tuple[str, str], ExpectedChange] = {}
    for change in changes:
        if not change.new:
            findings += _grade_existing(change, evidence, meant)
    for kind in sorted({*evidence.after, *(change.kind for change in changes)}):
        findings += _grade_created(kind, [c for c in changes if c.new and c.kind == kind], evidence)
    return [*findings, *_extra_changes(evidence, meant, _moved_with_leads(changes))]


def _grade_existing(
    change: ExpectedChange, evidence: Evidence, meant: dict[tuple[str, str], ExpectedChange]
) -> list[Finding]:
    taken = {record for kind, record in meant if kind == change.kind}
    record, key = find_existing(change, evidence, taken)
    if not record:
        expected = f"one with this {key or 'field'}"
        return [Finding(NAME, f"no existing record is meant by {change}", expected=expected)]
    meant[change.kind, record] = change
    row = evidence.after.get(change.kind, {}).get(record)
    label = f"{change.kind} {record_key(change.kind, evidence.before[change.kind][record])}"
    if change.deleted:
        return [] if row is None else [Finding(NAME, label, expected="deleted", actual="still there")]
    if row is None:
        return [Finding(NAME, label, expected=str(change), actual="deleted", side_effect=True)]
    return _unmet_fields(label, change, row, evidence)


def _unmet_fields(
    label: str, change: ExpectedChange, row: Row, evidence: Evidence, misplaced: frozenset[str] = frozenset()
) -> list[Finding]:
    findings = []
    for name in unmet(change, row, evidence):
        if name == "text_has":
            wanted, actual = " and ".join(" / ".join(g) for g in change.text_has), record_text(row)
        else:
            wanted, actual = str(change.fields[name]), shown(row, name, change.fields[name], evidence)
        unknown = name != "text_has" and not _is_column(change.kind, name, evidence)
        text = f"{label}: {name}{' (no such column)' if unknown else ''}"
        findings.append(Finding(NAME, text, wanted, actual, side_effect=name in misplaced))
    return findings


def _grade_created(kind: str, changes: Sequence[ExpectedChange], evidence: Evidence) -> list[Finding]:
    old = evidence.before.get(kind, {})
    created = {record: row for record, row in evidence.after.get(kind, {}).items() if record not in old}
    pairs, extra = assign_new(changes, created, evidence)
    findings: list[Finding] = []
    for change, record in zip(changes, pairs, strict=True):
        if record is None:
            findings.append(Finding(NAME, f"{kind} not created", expected=str(change)))
        else:
            findings += _created_differs(change, created[record], evidence)
    if kind not in rules().free_kinds:
        for record in extra:
            findings.append(Finding(NAME, f"{kind} created", actual=_in_words(created[record]), side_effect=True))
    return findings


def _created_differs(change: ExpectedChange, row: Row, evidence: Evidence) -> list[Finding]:
    """Differences of a new record; one made under another account, deal or lead is a side effect there."""
    places = (name for name in rules().places if change.fields.get(name) and text_of(row.get(name)))
    label = f"new {change.kind} {record_key(change.kind, row)}".strip()
    return _unmet_fields(label, change, row, evidence, misplaced=frozenset(places))


def _extra_changes(
    evidence: Evidence, meant: dict[tuple[str, str], ExpectedChange], moved: set[str]
) -> list[Finding]:
    findings: list[Finding] = []
    references = References.between(evidence.before, evidence.after)
    for kind, rows in evidence.before.items():
        if kind in rules().free_kinds:
            continue
        for record, old in rows.items():
            row, change = evidence.after.get(kind, {}).get(record), meant.get((kind, record))
            if row == old:
                continue
            label = f"{kind} {record_key(kind, old) or _in_words(old)}"
            if row is not None:
                free = _free_columns(kind, change, old, row, moved)
                findings += _extra_fields(label, old, row, free, references)
            elif change is None and not references.went_with(kind, old):
                findings.append(Finding(NAME, label, actual="deleted", side_effect=True))
    return findings


def _extra_fields(label: str, old: Row, row: Row, free: set[str], references: References) -> list[Finding]:
    return [
        Finding(
            NAME,
            f"{label}: {column}",
            actual=f"{text_of(old.get(column))} → {text_of(row.get(column))}",
            side_effect=True,
        )
        for column in sorted({*old, *row} - free)
        if not rules().is_free(column)
        and not same(old.get(column), row.get(column))
        and not references.explain(old.get(column), row.get(column))
    ]


def _free_columns(kind: str, change: ExpectedChange | None, old: Row, row: Row, moved: set[str]) -> set[str]:
    """The listed columns, and those that follow from them."""
    free: set[str] = set()
    if change is not None:
        free = {column_for(name, {**old, **row}) for name in change.fields}
        if change.text_has:
            free |= set() if _text_is_key(change) else set(rules().text)
        free |= rules().following(rules().follows, kind, change.fields)
        emptied = rules().following(rules().emptied, kind, change.fields)
        free |= {column for column in emptied if not row.get(column)}
    if text_of(old.get("lead")) in moved:
        free |= rules().following(rules().moved_with, "lead", ["status"])
    return free


def _text_is_key(change: ExpectedChange) -> bool:
    return not any(name in change.fields for name in rules().keys_of(change.kind))


def _moved_with_leads(changes: Sequence[ExpectedChange]) -> set[str]:
    converted = (c for c in changes if c.kind == "lead" and c.fields.get("status") == "converted")
    return {str(change.fields.get("name")) for change in converted}


def _graded_kinds_only(evidence: Evidence, changes: Sequence[ExpectedChange]) -> Evidence:
    """Without derived kinds, unless a case lists one, and without rows that are only marked as deleted."""
    listed = {change.kind for change in changes}
    left_out = set(rules().derived_kinds) - listed

    def kept(snapshot: Snapshot) -> Snapshot:
        return {
            kind: {record: row for record, row in rows.items() if not row.get("deleted_at")}
            for kind, rows in snapshot.items()
            if kind not in left_out
        }

    return Evidence(kept(evidence.before), kept(evidence.after), evidence.replies, evidence.timezone)


def _is_column(kind: str, name: str, evidence: Evidence) -> bool:
    return any(column_for(name, row) in row for row in evidence.rows(kind))


def _in_words(row: Row) -> str:
    return ", ".join(
        f"{column}={text_of(value)}"
        for column, value in row.items()
        if text_of(value) and not rules().is_free(column)
    )
