"""Facts of a company told in a sentence: "they employ 310 people by now and belong in the Enterprise segment"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from language.builtin.clauses import Clause, Outline
from language.builtin.situation import FieldInfo
from language.builtin.vocabulary import load_words, patterns
from language.lexicon import Mention
from language.spans import Span, cut

_NUMBERS = frozenset({"integer", "amount"})
_BARRED = frozenset({"negation", "condition", "undecided", "hearsay", "hedge", "keep", "question"})
_DIGITS = re.compile(r"[^\d]")
# A letter that no word has.
_NAME = "\u01c1"


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of an account with its new value, told in `clause` in the words of `span`."""

    info: FieldInfo
    value: str
    clause: Clause
    span: Span


def account_facts(outline: Outline) -> Iterator[Fact]:
    """The facts of accounts that a message tells as new, or wants to be put right."""
    fields = {info.name: info for info in outline.reading.situation.fields.get("account", ())}
    for sentence in sorted({clause.sentence for clause in outline.clauses}):
        clauses = [each for each in outline.clauses if each.sentence == sentence]
        if not _is_new(outline, sentence):
            continue
        start, end = clauses[0].start, clauses[-1].end
        text = _masked(outline, start, end)
        for info, rule in _rules(outline, fields):
            found = rule.search(text)
            clause = next(
                (each for each in clauses if found and each.start <= start + found.start() < each.end), None
            )
            if found is None or clause is None or _is_barred(clauses, start, found):
                continue
            value = (
                _DIGITS.sub("", found["value"])
                if info.type in _NUMBERS
                else _choice(info, outline, found["value"])
            )
            yield Fact(info, value, clause, cut(outline.text, clause.start, start + found.end()))


def _rules(outline: Outline, fields: dict[str, FieldInfo]) -> Iterator[tuple[FieldInfo, re.Pattern[str]]]:
    words = load_words("account_facts")
    values = "|".join(re.escape(each) for each in _segments(outline, fields))
    for name in ("employees", "segment"):
        for source in words[name] if name in fields and (name != "segment" or values) else ():
            yield fields[name], _compiled(source.replace("VALUES", values))
    for info in fields.values():
        if info.custom and info.type in _NUMBERS:
            label = "|".join(re.escape(each) for each in info.labels)
            for source in words["labelled"]:
                yield info, _compiled(source.replace("LABEL", label))


def _compiled(source: str) -> re.Pattern[str]:
    number = load_words("account_facts")["number"]
    return re.compile(source.replace("NUMBER", number).replace("NAME", f"{_NAME}+"), re.IGNORECASE)


def _segments(outline: Outline, fields: dict[str, FieldInfo]) -> list[str]:
    info = fields.get("segment")
    known = outline.reading.situation.values.get(("account", "segment"), ())
    return sorted({*(info.choices if info else ()), *known}, key=len, reverse=True)


def _choice(info: FieldInfo, outline: Outline, said: str) -> str:
    """The company's own spelling of a segment."""
    known = (*info.choices, *outline.reading.situation.values.get(("account", info.name), ()))
    return next((each for each in known if each.casefold() == said.casefold()), said)


def _is_new(outline: Outline, sentence: int) -> bool:
    near = [each for each in outline.clauses if abs(each.sentence - sentence) <= 1]
    text = outline.own_text(near[0].start, near[-1].end)
    return any(each.search(text) for each in patterns("account_facts", "told_new"))


def _is_barred(clauses: list[Clause], start: int, found: re.Match[str]) -> bool:
    first, after = start + found.start(), start + found.end()
    return any(
        each.moods & _BARRED or each.has("reported") for each in clauses if each.start < after and first < each.end
    )


def _masked(outline: Outline, start: int, end: int) -> str:
    """The text with the names of accounts blotted out."""
    signs = list(outline.own_text(start, end))
    for word in outline.words:
        if start <= word.start and word.end <= end and "account" in word.kinds and isinstance(word.thing, Mention):
            signs[word.start - start : word.end - start] = [_NAME] * (word.end - word.start)
    return "".join(signs)
