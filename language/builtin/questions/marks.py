"""Every meaningful stretch of a message: vocabulary, names, dates, amounts, values and custom fields."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

from language.amounts import AmountMention
from language.builtin.questions.campaigns import FIELDS as CAMPAIGN_FIELDS
from language.builtin.questions.campaigns import campaign_spans
from language.builtin.questions.currencies import currency_names, currency_terms
from language.builtin.questions.tense import dates_of
from language.builtin.questions.terms import Found, TermIndex, Unit, corrected, index_of, units_of
from language.builtin.reading import Reading
from language.builtin.situation import FieldInfo, Situation
from language.builtin.vocabulary import load_words, patterns
from language.dates import DateMention
from language.lexicon import Mention
from language.names.companies import company_forms
from language.script import CJK, has_cjk
from language.tokens import NUMBER_TAGS, quantity, tokenize

FILES = ("metrics", "kinds", "fields", "filters", "shape", "words")
# Tables of those files that are no word lists.
_LOOKUPS = frozenset(
    {
        "kinds_of",
        "instead",
        "asking",
        "states",
        "kind_of_state",
        "sorts",
        "one_of",
        "of_person",
        "of_person_fields",
    }
)
_SEPARATOR = "\t"
_SURE = 0.9
_SHORTEST_HEAD, _OF = 2, ("的", "有", "那")
_WEAK_ROLES = ("contact_verb", "lack", "also")
_EMPTY_ROLES = ("filler", "noise", "number", *_WEAK_ROLES)
_ARTICLE = re.compile(r"^(?:an?|the) ")
_CHINESE_RUN = re.compile(rf"[{CJK}]{{3,}}")
Values = tuple[tuple[str, str], tuple[str, ...]]
Fields = tuple[str, tuple[FieldInfo, ...]]


@dataclass(frozen=True)
class Mark:
    """A stretch of text with everything it may mean: `readings` are (role, value) pairs of the vocabulary."""

    start: int
    end: int
    text: str
    readings: tuple[tuple[str, str], ...] = ()
    mention: Mention | None = None
    date: DateMention | None = None
    amount: AmountMention | None = None

    def values(self, role: str) -> list[str]:
        """The values it has in a role."""
        return [value for found, value in self.readings if found == role]

    def has(self, role: str) -> bool:
        """Whether it may have a role."""
        return any(found == role for found, _ in self.readings)

    @property
    def is_filler(self) -> bool:
        """Whether it says nothing by itself."""
        only_words = self.mention is None and self.date is None and self.amount is None
        return only_words and all(role in _EMPTY_ROLES for role, _ in self.readings)

    @property
    def is_weak(self) -> bool:
        """Whether it counts only beside other marks of the clause."""
        named = self.mention is not None or self.date is not None or self.amount is not None
        return not named and bool(self.readings) and all(role in _WEAK_ROLES for role, _ in self.readings)


@dataclass(frozen=True)
class Marks:
    """The marks of a text, left to right, and the words between them."""

    text: str
    units: Sequence[Unit]
    marks: Sequence[Mark]

    def __iter__(self) -> Iterator[Mark]:
        return iter(self.marks)

    def within(self, start: int, end: int) -> "Marks":
        """The same for a part of the text."""
        return Marks(
            self.text,
            [unit for unit in self.units if start <= unit.start and unit.end <= end],
            [mark for mark in self.marks if start <= mark.start and mark.end <= end],
        )

    @cached_property
    def leftovers(self) -> list[Unit]:
        """Words and numbers that no mark covers; a verb of contact or a "nobody" alone tells too little to count."""
        covering = [mark for mark in self.marks if not mark.is_weak]
        return [
            unit
            for unit in self.units
            if unit.form[:1].isalnum() and not any(m.start < unit.end and unit.start < m.end for m in covering)
        ]


def find_marks(reading: Reading) -> Marks:
    """All marks of a message. The longest one wins where several overlap; equal ones are joined."""
    units = corrected(units_of(reading.text), _known_words(), reading.text)
    terms = [*_vocabulary().find(units), *_words_of(reading.situation).find(units)]
    candidates = [_of_term(reading.text, units, found) for found in terms]
    candidates = [mark for mark in candidates if not _is_plural_pronoun(mark)]
    candidates += [Mark(m.span.start, m.span.end, m.span.text, mention=m) for m in reading.mentions]
    candidates += [Mark(d.span.start, d.span.end, d.span.text, date=d) for d in dates_of(reading)]
    candidates += list(_campaigns(reading.text, units, terms))
    candidates += list(_numbers(reading.text))
    candidates += [
        Mark(*found.span("verb"), found["verb"], (("follow", "narrow"),))
        for pattern in patterns("question_patterns", "left_out")
        for found in pattern.finditer(reading.text)
    ]
    candidates += [
        Mark(*found.span(), found[0], (("filler", "word"),))
        for pattern in patterns("question_patterns", "own_use")
        for found in pattern.finditer(reading.text)
    ]
    candidates += [Mark(a.span.start, a.span.end, a.span.text, amount=a) for a in reading.amounts]
    candidates = [mark for mark in candidates if not _is_in_opening(mark, reading.text)]
    if reading.language == "en":
        candidates = [mark for mark in candidates if not _is_in_foreign_name(mark, reading)]
    found = Marks(reading.text, units, [_as_shown(mark, reading.text) for mark in _without_overlaps(candidates)])
    return Marks(reading.text, units, [mark for mark in found if not _ends_strange_name(found, mark)])


def _as_shown(mark: Mark, text: str) -> Mark:
    """ "…, pounds please": the name of a currency by itself behind a figure is the one to show it in."""
    if not mark.has("of_currency"):
        return mark
    alone = any(
        found.span("name") == (mark.start, mark.end)
        for pattern in patterns("question_patterns", "shown_in")
        for found in pattern.finditer(text)
    )
    readings = tuple(("currency" if role == "of_currency" else role, value) for role, value in mark.readings)
    return replace(mark, readings=readings) if alone else mark


def _ends_strange_name(marks: Marks, mark: Mark) -> bool:
    """宏远食品的商机: a value that ends the Chinese name of a company that nobody knows."""
    named = mark.mention is not None or mark.date is not None or mark.amount is not None
    if named or not mark.has("value") or not all(has_cjk(char) for char in mark.text):
        return False
    left = {unit.start for unit in marks.leftovers if has_cjk(unit.form)}
    before = mark.start - _SHORTEST_HEAD
    whole = before >= 0 and all(at in left for at in range(before, mark.start))
    return whole and marks.text[mark.end : mark.end + 1] in _OF


def _is_in_opening(mark: Mark, text: str) -> bool:
    """ "I lost track of which …": its words tell nothing of records."""
    return any(
        found.start() <= mark.start and mark.end < found.end() and not mark.is_filler
        for pattern in patterns("question_patterns", "forgotten")
        for found in pattern.finditer(text)
    )


def _is_in_foreign_name(mark: Mark, reading: Reading) -> bool:
    """Whether a word is only a part of a Chinese name inside an English sentence."""
    for run in _CHINESE_RUN.finditer(reading.text):
        inside = run.start() <= mark.start and mark.end <= run.end()
        if inside and mark.mention is None and mark.end - mark.start < run.end() - run.start():
            return True
    return False


def value_reading(kind: str, field: str, value: str) -> tuple[str, str]:
    """The reading of a text that is a field's value."""
    return "value", _SEPARATOR.join((kind, field, value))


def split_value(packed: str) -> tuple[str, str, str]:
    """(kind, field, value) of such a reading."""
    kind, field, value = packed.split(_SEPARATOR)
    return kind, field, value


@cache
def table(name: str, key: str) -> dict[str, object]:
    """One look-up table of the question files."""
    return dict(load_words(f"question_{name}")[key])


def _campaigns(text: str, units: Sequence[Unit], terms: Sequence[Found]) -> Iterator[Mark]:
    for start, end, name in campaign_spans(text, units, terms):
        yield Mark(start, end, text[start:end], tuple(value_reading(*field, name) for field in CAMPAIGN_FIELDS))


def _numbers(text: str) -> Iterator[Mark]:
    for token in tokenize(text):
        if token.tag in NUMBER_TAGS:
            number = quantity(token).value
            yield Mark(token.start, token.end, text[token.start : token.end], (("number", format(number, "f")),))


def _of_term(text: str, units: Sequence[Unit], found: Found) -> Mark:
    start, end = units[found.first].start, units[found.after - 1].end
    readings = (*found.readings, *_asking(units[found.first].form, text[start:end]))
    return Mark(start, end, text[start:end], tuple(dict.fromkeys(readings)))


def _is_plural_pronoun(mark: Mark) -> bool:
    """ "The deals" points to no single record, although it compares equal to "the deal"."""
    return mark.values("pronoun") == ["it"] and mark.text.lower().endswith("s") and " " in mark.text


def _asking(first: str, text: str) -> Iterator[tuple[str, str]]:
    """A term that itself asks ("what stage", 哪个阶段) is a question word, too."""
    words = table("words", "asking")
    if first in words:
        yield "ask", str(words[first])
    yield from (("ask", str(value)) for word, value in words.items() if not word.isascii() and word in text)


def _without_overlaps(candidates: Iterable[Mark]) -> list[Mark]:
    """Longest first, but no word takes a part of a date or of a stage; equal stretches keep all they may mean."""
    chosen: list[Mark] = []
    every = list(candidates)
    kept_whole = [mark for mark in every if mark.date is not None or _is_stage(mark)]
    whole = [mark for mark in every if not any(_cuts(mark, other) for other in kept_whole)]
    for mark in sorted(whole, key=lambda m: (m.start - m.end, m.date is None, m.start)):
        same = next(
            (i for i, other in enumerate(chosen) if (other.start, other.end) == (mark.start, mark.end)), None
        )
        if same is not None:
            chosen[same] = _joined(chosen[same], mark)
        elif not any(other.start < mark.end and mark.start < other.end for other in chosen):
            chosen.append(mark)
    return sorted(chosen, key=lambda mark: mark.start)


def _is_stage(mark: Mark) -> bool:
    """Whether it surely names a stage."""
    best = mark.mention.candidates[:1] if mark.mention is not None else ()
    return any(item.entry.kind == "stage" and item.score >= _SURE for item in best)


def _cuts(mark: Mark, date: Mark) -> bool:
    """Whether a mark overlaps a date or name without holding all of it: 在谈 in 在谈判阶段."""
    return (
        mark.date is None
        and mark.start < date.end
        and date.start < mark.end
        and not (mark.start <= date.start and date.end <= mark.end)
    )


def _joined(one: Mark, other: Mark) -> Mark:
    readings = (*one.readings, *(each for each in other.readings if each not in one.readings))
    return Mark(
        one.start,
        one.end,
        one.text,
        readings,
        one.mention or other.mention,
        one.date or other.date,
        one.amount or other.amount,
    )


@cache
def _vocabulary() -> TermIndex:
    tables: dict[str, dict[str, list[str]]] = {}
    for name in FILES:
        for role, values in load_words(f"question_{name}").items():
            if role not in _LOOKUPS:
                tables.setdefault(role, {}).update(values)
    for code, terms in currency_terms().items():
        tables["currency"][code] = [*tables["currency"].get(code, ()), *terms]
    tables["of_currency"] = dict(currency_names())
    return index_of(tables)


@cache
def _known_words() -> frozenset[str]:
    return _vocabulary().words()


def _words_of(situation: Situation) -> TermIndex:
    return _company_words(tuple(situation.values.items()), tuple(situation.fields.items()))


@lru_cache(maxsize=64)
def _company_words(values: Iterable[Values], fields: Iterable[Fields]) -> TermIndex:
    """The values and custom fields of the company at hand, with common translations of such values."""
    index = TermIndex()
    translations = _translations()
    for (kind, field), texts in values:
        for value in texts:
            plain = _plain(value)
            short = (name for name, _ in company_forms(value)) if field == "competitor" and has_cjk(value) else ()
            for spelling in {plain, *short, *translations.get(plain, ())}:
                index.add(_ARTICLE.sub("", spelling), value_reading(kind, field, value))
    for kind, infos in fields:
        for info in infos:
            _add_field(index, kind, info)
    return index


def _add_field(index: TermIndex, kind: str, info: FieldInfo) -> None:
    for choice in info.choices:
        packed = value_reading(kind, info.name, choice)
        plain = _plain(choice)
        for spelling in {plain, *_translations().get(plain, ())}:
            index.add(spelling, ("choice", packed[1]))
            if info.custom and len(spelling) > 1:
                index.add(spelling, packed)
    for label in (*info.labels, info.name.replace("_", " ")) if info.custom else ():
        index.add(_plain(label), ("field", info.name))


def _plain(value: str) -> str:
    """A value as a term: without signs that have a meaning in terms."""
    return " ".join(value.lower().replace("&", " and ").translate(str.maketrans("_/[]-", "     ")).split())


@cache
def _translations() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for same in load_words("question_values")["same"]:
        for word in same:
            found[str(word)] = (*found.get(str(word), ()), *(str(other) for other in same if other != word))
    return found
