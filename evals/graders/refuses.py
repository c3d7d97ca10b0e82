"""Grades that the agent declined, or did not know; that nothing changed is graded in `changes`."""

from evals.cases import Expectation
from evals.graders.evidence import Evidence, Finding
from evals.reply_kind import reply_kind
from evals.reply_text import reply_text

NAME = "refuses"


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """A finding when the agent neither declined nor said that it does not know, or offered to do it for a yes."""
    if not expect.refuses:
        return []
    kind = reply_kind(evidence.replies)
    if any(reply.approvals for reply in evidence.replies):
        return [Finding(NAME, "asks for a yes instead of declining", expected="declines")]
    if kind.declines or kind.not_known:
        return []
    return [Finding(NAME, "does not decline", expected="declines", actual=reply_text(evidence.replies))]
