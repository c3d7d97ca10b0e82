"""The records that a question names; which kind is meant is the question's choice, so all kinds are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from language.builtin.questions.marks import Mark, Marks
from language.lexicon import Lexicon, Scored
from language.names.decide import decide
from language.tokens import fold

# How far below the best candidate another kind of record may lie and still be meant.
_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class Subject:
    """One record as a call names it: its id where certain, else the words as written (the server asks)."""

    kind: str
    reference: str
    account_id: str = ""


@dataclass(frozen=True)
class Thing:
    """A name in the question with the record that it would be, for each kind that it may be."""

    mark: Mark
    by_kind: Mapping[str, Subject]
    by_title: bool = False

    def as_kind(self, kinds: Collection[str]) -> Subject | None:
        """The record of the first of these kinds."""
        return next((self.by_kind[kind] for kind in kinds if kind in self.by_kind), None)


def find_things(marks: Marks, lexicon: Lexicon) -> list[Thing]:
    """The named records of a clause."""
    return [thing for mark in marks if mark.mention for thing in [thing_of(mark, lexicon)] if thing.by_kind]


def thing_of(mark: Mark, lexicon: Lexicon) -> Thing:
    """The records that a mark may name, best kind first."""
    candidates = mark.mention.candidates if mark.mention else ()
    best = max((each.score for each in candidates), default=0.0)
    near = [each for each in candidates if each.score >= best - _MARGIN]
    by_kind: dict[str, Subject] = {}
    for each in sorted(near, key=lambda scored: -scored.score):
        kind = each.entry.kind
        if kind not in by_kind:
            by_kind[kind] = _subject(mark.text, [one for one in near if one.entry.kind == kind])
    titled = bool(near) and all(each.how == "title" for each in near)
    return Thing(mark, by_kind, titled)


def open_deals_of(account_id: str, lexicon: Lexicon) -> list[str]:
    """Ids of the deals of an account: the open ones, or all when none is open."""
    deals = [entry for entry in lexicon.of_kind("deal") if entry.account_id == account_id]
    return [entry.id for entry in deals if entry.is_open] or [entry.id for entry in deals]


def unknown_name(marks: Marks) -> str:
    """The words of a clause that may be the name of a record that is not known; empty when there are none."""
    runs: list[list[int]] = []
    weak = [mark for mark in marks if mark.is_weak]
    units = [unit for unit in marks.leftovers if not any(m.start <= unit.start < m.end for m in weak)]
    for number, unit in enumerate(units):
        glued = number and not marks.text[units[number - 1].end : unit.start].strip(" -'’&.")
        if glued:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = [(units[run[0]].start, units[run[-1]].end) for run in runs]
    named = [span for span in spans if _looks_like_name(marks.text[span[0] : span[1]])]
    if not named:
        return ""
    start, end = max(named, key=lambda span: span[1] - span[0])
    return marks.text[start:end].strip()


def with_unknown_words(mark: Mark, marks: Marks) -> str:
    """A name together with the unknown words right behind or before it ("Harbor trial")."""
    start, end = mark.start, mark.end
    for unit in marks.leftovers:
        if unit.start >= end and not marks.text[end : unit.start].strip() and _is_word(unit.form):
            end = unit.end
    for unit in reversed(marks.leftovers):
        capital = marks.text[unit.start : unit.start + 1].isupper()
        if unit.end <= start and not marks.text[unit.end : start].strip() and capital:
            start = unit.start
    return marks.text[start:end]


def _is_word(form: str) -> bool:
    return form.isascii() and form.isalpha() and len(form) > 2


def _looks_like_name(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return False
    return len(letters) >= 3 if letters[0].isascii() else len(letters) >= 2


def _subject(words: str, candidates: Sequence[Scored]) -> Subject:
    decision = decide(candidates)
    entry = (decision.chosen or candidates[0]).entry
    exact = decision.outcome == "one" or _is_whole_name(words, candidates)
    reference = entry.id if exact else words
    return Subject(entry.kind, reference, entry.home_account or "" if exact else "")


def _is_whole_name(words: str, candidates: Sequence[Scored]) -> bool:
    return len(candidates) == 1 and fold(candidates[0].entry.name).casefold() == fold(words).casefold()
