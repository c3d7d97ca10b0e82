"""Grades what an answer says: numbers, phrases, and what must never be said. Cited records: `records`."""

from collections.abc import Iterable

from core.parts import Chart, Figure
from evals.cases import Expectation, Number
from evals.graders.evidence import Evidence, Finding, text_of
from evals.graders.numbers import Shown, shown_numbers, shows
from evals.graders.phrases import has_phrase, missing_groups
from evals.reply_text import reply_text

NAME = "answer"


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """Findings about the text of the turn's replies, and about forbidden words in drafts as well."""
    answer = expect.answer
    if answer is None:
        return []
    text = reply_text(evidence.replies)
    findings = [
        Finding(NAME, "does not say", expected=group, actual=text) for group in missing_groups(text, answer.says)
    ]
    findings += _numbers(answer.numbers, evidence)
    everything = "\n".join([text, *_draft_texts(evidence)])
    findings += [
        Finding(NAME, "says what it must not", expected=f"never {phrase}", actual=_around(everything, phrase))
        for phrase in answer.never_says
        if has_phrase(everything, phrase)
    ]
    return findings + _never_numbers(answer.never_numbers, everything, evidence)


def _numbers(wanted: Iterable[Number], evidence: Evidence) -> list[Finding]:
    text = reply_text(evidence.replies, workings=False)
    numbers = [*shown_numbers(text, _names(evidence)), *_typed_numbers(evidence)]
    return [
        Finding(NAME, "number not shown", expected=str(number), actual=text)
        for number in wanted
        if not shows(numbers, float(number))
    ]


def _never_numbers(forbidden: Iterable[Number], text: str, evidence: Evidence) -> list[Finding]:
    numbers = [*shown_numbers(text, _names(evidence)), *_typed_numbers(evidence)]
    without_sign = [
        Shown(abs(n.value), min(n.rounding, 0.05 * abs(n.value)), n.percent, n.decimals, n.scaled) for n in numbers
    ]
    return [
        Finding(NAME, "shows a number that it must not", expected=f"never {number}", actual=text)
        for number in forbidden
        if shows(without_sign, abs(float(number)))
    ]


def _typed_numbers(evidence: Evidence) -> list[Shown]:
    """Values that a reply carries as data beside its text: of figures and charts."""
    found = []
    for part in evidence.parts():
        if isinstance(part, Figure) and part.value is not None:
            found.append(Shown(part.value, 1e-4, percent=part.unit == "%", decimals=4))
        elif isinstance(part, Chart):
            found += [Shown(value, 1e-4, decimals=4) for series in part.series for value in series.values]
    return found


def _names(evidence: Evidence) -> set[str]:
    kinds = ("account", "contact", "deal", "lead", "product", "campaign")
    return {text_of(row.get("name")) for kind in kinds for row in evidence.rows(kind)}


def _draft_texts(evidence: Evidence) -> list[str]:
    return [f"{subject}\n{body}" for _, subject, body, _ in evidence.drafts()]


def _around(text: str, phrase: str) -> str:
    lines = [line for line in text.splitlines() if has_phrase(line, phrase)]
    return lines[0] if lines else text
