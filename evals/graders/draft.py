"""Grades follow-up drafts: for whom, in which language, with and without what, how long."""

import re
from collections.abc import Sequence

from evals.cases import DraftExpectation, Expectation
from evals.graders.evidence import Evidence, Finding
from evals.graders.phrases import has_phrase, missing_groups, plain

NAME = "draft"

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+(?:['’.,@/:-][^\W_\u3400-\u9fff]+)*")
_ADDRESS = re.compile(r"<([^<>]+)>\s*$")


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """Findings about the draft that fits best; forbidden words count in every draft."""
    wanted = expect.draft
    if wanted is None:
        return []
    drafts = evidence.drafts()
    if not drafts:
        return [Finding(NAME, "no draft was saved", expected=f"to {', '.join(wanted.to or ())}")]
    graded = [_grade_one(wanted, to, subject, body, evidence) for to, subject, body, _ in drafts]
    forbidden = [
        Finding(NAME, "draft holds what it must not", expected=f"never {phrase}", actual=body)
        for _, subject, body, _ in drafts
        for phrase in wanted.never_has
        if has_phrase(f"{subject}\n{body}", phrase)
    ]
    return [*min(graded, key=len), *forbidden]


def count_words(text: str) -> float:
    """Words of a text, a Chinese character as half a word."""
    return len(_WORD.findall(text)) + len(_CJK.findall(text)) / 2


def language_of(text: str) -> str:
    """`zh` or `en`, by which of the two has more words; names in the other script do not turn it."""
    return "zh" if len(_CJK.findall(text)) / 2 > len(_WORD.findall(text)) else "en"


def _grade_one(
    wanted: DraftExpectation, to: Sequence[str], subject: str, body: str, evidence: Evidence
) -> list[Finding]:
    text = f"{subject}\n{body}"
    findings = [
        Finding(NAME, "draft lacks", expected=group, actual=body) for group in missing_groups(text, wanted.has)
    ]
    if wanted.to is not None and {plain(name) for name in wanted.to} != _names(to, evidence):
        findings.append(Finding(NAME, "draft to", expected=", ".join(wanted.to), actual=", ".join(to)))
    if wanted.language is not None and language_of(body) != wanted.language:
        findings.append(Finding(NAME, "draft language", expected=wanted.language, actual=language_of(body)))
    if wanted.max_words is not None and count_words(body) > wanted.max_words:
        findings.append(
            Finding(
                NAME, "draft length in words", expected=f"≤ {wanted.max_words}", actual=f"{count_words(body):g}"
            )
        )
    return findings


def _names(to: Sequence[str], evidence: Evidence) -> set[str]:
    """Recipients as names, whether they are given as names, addresses or `Name <address>`."""
    by_address = evidence.contact_names()
    found = set()
    for recipient in to:
        address = _ADDRESS.search(recipient)
        known = by_address.get(plain(address.group(1) if address else recipient))
        found.add(plain(known or _ADDRESS.sub("", recipient)))
    return found
