"""Runs every grader over what a turn, or a whole case, was expected to do."""

from collections.abc import Callable

from evals.cases import Expectation
from evals.graders import answer, asks, changes, draft, records, refuses, unknown
from evals.graders.evidence import Evidence, Finding

GRADERS: tuple[Callable[[Expectation, Evidence], list[Finding]], ...] = (
    changes.grade,
    changes.grade_unchanged,
    answer.grade,
    records.grade,
    asks.grade,
    refuses.grade,
    unknown.grade,
    draft.grade,
)


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """All findings, each once; an empty list is a pass."""
    return list(dict.fromkeys(finding for grader in GRADERS for finding in grader(expect, evidence)))
