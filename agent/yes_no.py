"""Reads a message as the answer to a request for a yes: yes or no in many wordings, and what goes beyond."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

import yaml

from language.script import has_cjk, to_simplified

_WORDS = Path(__file__).parent / "data" / "yes_no.yaml"
_GROUPS = ("yes", "no", "filler", "echo", "goes_on", "takes_back")
_SIGN = re.compile(r"[\s\W_]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SHORTEST_ECHO_ZH = 2
_APART = frozenset(",，.。!！;；:：-—\n")
_EDGES = " \t\n,，.。!！;；:：-—"


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or a no, and the rest of the message when it goes on with something else."""

    yes: bool
    rest: str = ""


def read_answer(text: str, proposed: str = "") -> Answer | None:
    """The yes or no that a message gives; None when it is something else.

    A yes may repeat what was `proposed` and go on with "and also …"; with a reservation it is none.
    A no may go on with anything ("no, only to 130k").
    """
    folded, known = _folded(text), _folded(proposed)
    said: list[tuple[str, int]] = []
    at = _skip(folded, 0)
    while at < len(folded):
        found = _phrase_at(folded, at)
        groups = {group for group, _ in said}
        if found is None or found[1] == "takes_back":
            end = _echo_at(folded, at, known) if found is None and "yes" in groups else at
            if end == at:
                return _plain_no(text, folded, said)
            at = _skip(folded, end)
            continue
        length, group = found
        if _begins_more(folded, at, length, groups):
            return Answer("no" not in groups, text[at:].strip())
        said.append((group, at + length))
        at = _skip(folded, at + length)
    groups = {group for group, _ in said}
    if "no" in groups:
        return Answer(False)
    return Answer(True) if "yes" in groups else None


def _plain_no(text: str, folded: str, said: Sequence[tuple[str, int]]) -> Answer | None:
    """What was read before something else counts when it is a no, set apart or followed by what to do instead."""
    telling = [(group, end) for group, end in said if group in ("yes", "no")]
    noes = [end for _, end in takewhile(lambda each: each[0] == "no", telling)]
    if not noes:
        return None
    rest = folded[noes[-1] :]
    following = _phrase_at(folded, _skip(folded, noes[-1]))
    instead = following is not None and following[1] in ("echo", "takes_back")
    return Answer(False, text[noes[-1] :].strip(_EDGES)) if rest[:1] in _APART or instead else None


def _begins_more(folded: str, at: int, length: int, said: Collection[str]) -> bool:
    """Whether "and", 另外 begins something that is no answer any more."""
    if folded[at : at + length] not in _groups()["goes_on"] or not {"yes", "no"} & set(said):
        return False
    words = [found[0] for found in _WORD.finditer(folded[at + length :])]
    left = [word for word in words if _group_of(word) is None]
    return bool(left)


def _phrase_at(folded: str, at: int) -> tuple[int, str] | None:
    """The longest phrase that begins here: its length and group; a yes or a no before the others."""
    best: tuple[int, str] | None = None
    for phrase, group in _by_first().get(folded[at], ()):
        end = at + len(phrase)
        whole = has_cjk(phrase) or not folded[end : end + 1].isalnum() or not phrase[-1].isalnum()
        if whole and folded.startswith(phrase, at) and (best is None or len(phrase) > best[0]):
            best = len(phrase), group
    return best


def _echo_at(folded: str, at: int, known: str) -> int:
    """Where a stretch ends that stands in what was proposed, too; `at` itself when none begins here."""
    word = _WORD.match(folded, at)
    if word is None:
        return at
    if not has_cjk(word[0][:1]):
        return word.end() if word[0] in set(_WORD.findall(known)) else at
    for size in range(len(word[0]), _SHORTEST_ECHO_ZH - 1, -1):
        if word[0][:size] in known:
            return at + size
    return at


def _folded(text: str) -> str:
    """In lower case and simplified characters, one for one."""
    lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text.replace("’", "'"))
    return to_simplified(lower)


def _skip(folded: str, at: int) -> int:
    """Past signs, but not past one that is an answer by itself."""
    while at < len(folded) and _SIGN.match(folded[at]) and folded[at] not in _by_first():
        at += 1
    return at


def _group_of(word: str) -> str | None:
    return next((group for group, words in _groups().items() if word in words), None)


@cache
def _groups() -> dict[str, frozenset[str]]:
    # The base loader keeps every word a text: YAML's own `yes` and `no` would become booleans.
    loaded = yaml.load(_WORDS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return {group: frozenset(loaded[group]) for group in _GROUPS}


@cache
def _by_first() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for phrase, group in _phrases():
        found.setdefault(phrase[0], []).append((phrase, group))
    return found


def _phrases() -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for group, phrases in _groups().items():
        for phrase in phrases - seen:
            yield phrase, group
        seen |= phrases
