"""The catalogue of actions: that of definitions §5 with what administrators added, and how each is recognised."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from analytics.wording import as_language, load_table
from crm_store.query import readable
from crm_store.unit_of_work import UnitOfWork
from language.script import has_cjk

_WORDS_BEFORE = 5


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done next; `makes` is what accepting it creates: a task or a draft.

    `from_stage` is the first open stage, counted from 1, in which it makes sense; it is not offered again within
    `not_within` days; `needs` names what the deal has to have. One `only_by_rule` is no matter of experience.
    """

    name: str
    label: Mapping[str, str]
    title: Mapping[str, str]
    makes: str = "task"
    due_days: int = 3
    from_stage: int = 1
    not_within: int = 0
    needs: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    only_by_rule: bool = False

    def called(self, language: str) -> str:
        """What it is called."""
        return self.label[as_language(language)]

    def titled(self, language: str, *, deal: str, who: str) -> str:
        """The title of the task that accepting it creates."""
        return self.title[as_language(language)].format(deal=deal, who=who)


Catalogue = Mapping[str, Action]


def catalogue(uow: UnitOfWork) -> Catalogue:
    """All actions by name: the built-in ones, then those of the company's administrators."""
    own = tuple(_own(each) for each in uow.all("action")) if readable(uow, "action") else ()
    return {**_builtin(), **{action.name: action for action in own if action.name not in _builtin()}}


def recognised(known: Catalogue, *, type: str, direction: str, subject: str) -> str:
    """The action that an interaction of ours was, or "" where it was none or cannot be told.

    Signs count in the subject, unless they were only asked for; else the type decides.
    """
    if direction == "inbound" and type in ("email", "message", "call"):
        return ""
    signs = tuple((name, action.signs) for name, action in known.items() if action.signs)
    return in_words(signs, subject) or ("" if direction == "inbound" else _by_type().get(type, ""))


def in_title(known: Catalogue, title: str) -> str:
    """The action that a task's title names, or ""."""
    return _first(tuple((name, action.signs) for name, action in known.items() if action.signs), title, asked=True)


def in_words(signs: tuple[tuple[str, tuple[str, ...]], ...], subject: str) -> str:
    """The action whose sign comes first in a subject and was not merely asked for."""
    return _first(signs, subject, asked=False)


@lru_cache(maxsize=20_000)
def _first(signs: tuple[tuple[str, tuple[str, ...]], ...], text: str, *, asked: bool) -> str:
    folded = text.casefold()
    found = [
        (match.start(), -len(match[0]), name)
        for name, words in signs
        for match in [_pattern(words).search(folded)]
        if match is not None and (asked or not _was_asked_for(folded[: match.start()]))
    ]
    return min(found)[2] if found else ""


def _was_asked_for(before: str) -> bool:
    words = " ".join(before.split()[-_WORDS_BEFORE:])
    return _pattern(tuple(load_table("actions")["asked_for"])).search(words) is not None


@cache
def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) if has_cjk(word) else rf"\b{re.escape(word)}" for word in words))


@cache
def _builtin() -> Catalogue:
    entries = {
        name: entry for name, entry in load_table("actions").items() if name not in ("by_type", "asked_for")
    }
    return {name: _read(name, entry) for name, entry in entries.items()}


def _read(name: str, entry: Mapping[str, Any]) -> Action:
    lists = ("needs", "signs")
    read = {key: value for key, value in entry.items() if key not in lists}
    read |= {key: tuple(str(word).casefold() for word in entry.get(key, ())) for key in lists}
    return Action(name, **read)


def _own(record: Any) -> Action:
    title = {"en": record.title_en or f"{record.label_en}: {{deal}}", "zh": record.title_zh or record.title_en}
    title["zh"] = title["zh"] or f"{record.label_zh or record.label_en}：{{deal}}"
    label = {"en": record.label_en, "zh": record.label_zh or record.label_en}
    plain = {language: _only_known_blanks(text) for language, text in title.items()}
    signs = tuple(word.casefold() for word in (*record.signs, record.label_en, record.label_zh) if word)
    return Action(record.name, label, plain, record.makes, record.due_days, record.from_stage, 7, (), signs)


def _only_known_blanks(text: str) -> str:
    """Braces that are no blank of ours stay as they were written."""
    return re.sub(r"\{(?!(?:deal|who)\})|(?<!\{deal)(?<!\{who)\}", lambda brace: brace[0] * 2, text)


@cache
def _by_type() -> Mapping[str, str]:
    return dict(load_table("actions")["by_type"])
