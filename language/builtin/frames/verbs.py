"""Forms of English verbs from their base forms, and word lists of `data/verbs.yaml` as sets."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from language.builtin.vocabulary import load_words

Form = Literal["base", "past", "ing", "third"]

_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One form of a verb; `past` stands for the participle, too."""

    base: str
    form: Form


@cache
def words(*path: str) -> frozenset[str]:
    """The words of a list in `data/verbs.yaml`, by its key or keys."""
    content = load_words("verbs")
    for key in path:
        content = content[key]
    return frozenset(content)


@cache
def kind_of(word: str, *path: str) -> str:
    """The key under which a word is listed ("call" for "phone" in `contact`); empty when it is not."""
    content = load_words("verbs")
    for key in path:
        content = content[key]
    return next((str(kind) for kind, listed in content.items() if word in listed), "")


def form_of(word: str) -> VerbForm | None:
    """The verb that a word is a form of; the base form where several would do."""
    return _forms().get(word)


@cache
def _forms() -> dict[str, VerbForm]:
    content = load_words("verbs")
    bases = {*content["motion"], *content["telling"], *content["acts"], *content["irregular"]}
    bases |= {verb for group in ("contact", "contact_with") for verbs in content[group].values() for verb in verbs}
    found: dict[str, VerbForm] = {}
    for base in sorted(bases):
        past = content["irregular"].get(base) or [regular_past(base)]
        found |= {each: VerbForm(base, "past") for each in past}
        found[_ing(base)] = VerbForm(base, "ing")
        found[base + ("es" if base.endswith(("s", "x", "sh", "ch", "o")) else "s")] = VerbForm(base, "third")
    return found | {base: VerbForm(base, "base") for base in bases if base not in _same_in_past(content)}


def _same_in_past(content: dict[str, dict[str, list[str]]]) -> set[str]:
    """Verbs such as "put", whose base form may be the past."""
    return {base for base, past in content["irregular"].items() if base == past[0]}


def regular_past(base: str) -> str:
    """ "called", "stopped", "replied", "phoned"."""
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return f"{base[:-1]}ied"
    return f"{base}{base[-1] if _doubles(base) else ''}ed"


def _ing(base: str) -> str:
    if base.endswith("e") and not base.endswith("ee"):
        return f"{base[:-1]}ing"
    return f"{base}{base[-1] if _doubles(base) else ''}ing"


def _doubles(base: str) -> bool:
    short = len(base) <= 4 and base[-1] not in _VOWELS | set("wxy")
    return short and len(base) > 2 and base[-2] in _VOWELS and base[-3] not in _VOWELS
