"""Grades that the agent asked, naming the choice; that nothing changed is graded in `changes`."""

from core.parts import Question
from evals.cases import Expectation
from evals.graders.evidence import Evidence, Finding
from evals.graders.phrases import has_phrase
from evals.reply_kind import reply_kind
from evals.reply_text import part_lines, reply_text

NAME = "asks"


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """Findings when no question is asked, or when it does not name each of the listed."""
    if expect.asks is None:
        return []
    text = reply_text(evidence.replies)
    if not reply_kind(evidence.replies).asks:
        return [Finding(NAME, "does not ask", expected=" or ".join(expect.asks), actual=text)]
    questions = [part for part in evidence.parts() if isinstance(part, Question)]
    asked = "\n".join(line for part in questions for line in part_lines(part)) or text
    return [
        Finding(NAME, "the question does not name", expected=name, actual=asked)
        for name in expect.asks
        if not has_phrase(asked, name)
    ]
