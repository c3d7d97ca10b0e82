"""Grades that the agent said it does not know; that nothing changed is graded in `changes`."""

from evals.cases import Expectation
from evals.graders.evidence import Evidence, Finding
from evals.reply_kind import reply_kind
from evals.reply_text import reply_text

NAME = "unknown"


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """A finding when the agent did not say so; declining is wrong here, since it tells that the record exists."""
    if not expect.unknown or reply_kind(evidence.replies).not_known:
        return []
    return [
        Finding(
            NAME, "does not say that it does not know", expected="unknown", actual=reply_text(evidence.replies)
        )
    ]
