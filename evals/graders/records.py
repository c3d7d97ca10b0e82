"""Grades which records an answer cites; what it says about them is graded in `answer`."""

from collections.abc import Iterable, Sequence

from evals.cases import Expectation
from evals.graders.evidence import Evidence, Finding, record_key
from evals.graders.phrases import has_phrase, plain
from evals.reply_text import cited, reply_text

NAME = "records"


def grade(expect: Expectation, evidence: Evidence) -> list[Finding]:
    """Findings about the cited records.

    `records` and `records_in_order` are compared within the kinds of the listed records only. A reply that
    cites no record at all is read for their names.
    """
    answer = expect.answer
    if answer is None:
        return []
    findings: list[Finding] = []
    for wanted, in_order in ((answer.records, False), (answer.records_in_order, True)):
        if wanted is not None:
            findings += _exactly(wanted, evidence, in_order=in_order)
    text, names = reply_text(evidence.replies), {plain(evidence.key(ref)) for ref in cited(evidence.replies)}
    for name in answer.records_include:
        if plain(name) not in names and not has_phrase(text, name):
            findings.append(Finding(NAME, "record not cited", expected=name, actual=", ".join(sorted(names))))
    for name in answer.records_exclude:
        if plain(name) in names or has_phrase(text, name):
            findings.append(
                Finding(NAME, "record cited that must not be", expected=f"without {name}", actual=name)
            )
    return findings


def _exactly(wanted: Sequence[str], evidence: Evidence, *, in_order: bool) -> list[Finding]:
    kinds = kinds_of(wanted, evidence)
    refs = cited(evidence.replies)
    actual = list(dict.fromkeys(plain(evidence.key(ref)) for ref in refs if not kinds or ref.kind in kinds))
    if not refs:
        actual = _named_in_text(kinds, evidence)
    listed = [plain(name) for name in wanted]
    if actual == listed or (not in_order and sorted(actual) == sorted(set(listed))):
        return []
    missing, extra = [n for n in listed if n not in actual], [n for n in actual if n not in listed]
    if not missing and not extra:
        return [Finding(NAME, "records in another order", expected=", ".join(wanted), actual=", ".join(actual))]
    text = f"records: {len(missing)} missing, {len(extra)} too many"
    return [Finding(NAME, text, expected=f"with {missing}", actual=f"too many: {extra}")]


def kinds_of(names: Iterable[str], evidence: Evidence) -> set[str]:
    """The fewest kinds that hold all the names, so that a name of two kinds takes that of the others."""
    left = {plain(name) for name in names}
    by_kind: dict[str, set[str]] = {}
    for kind in evidence.before.keys() | evidence.after.keys():
        held = {plain(record_key(kind, row)) for row in evidence.rows(kind)} & left
        if held:
            by_kind[kind] = held
    kinds: set[str] = set()
    while left and by_kind:
        best = max(sorted(by_kind), key=lambda kind: len(by_kind[kind] & left))
        if not by_kind[best] & left:
            break
        left -= by_kind.pop(best)
        kinds.add(best)
    return kinds


def _named_in_text(kinds: set[str], evidence: Evidence) -> list[str]:
    """Names of records that the text holds, by first place; one inside a longer found name does not count."""
    text = plain(reply_text(evidence.replies))
    names = {plain(record_key(kind, row)) for kind in kinds for row in evidence.rows(kind)} - {""}
    places: dict[str, int] = {}
    for name in sorted(names, key=len, reverse=True):
        if has_phrase(text, name):
            places[name] = text.index(name)
            text = text.replace(name, "\x00" * len(name))
    return sorted(places, key=lambda name: places[name])
