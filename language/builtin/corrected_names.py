"""The name of a record that was just made, spelt right: "surname is Castilho", "Marc with a c", 晨字不对，是宸."""

import re
from collections.abc import Mapping, Sequence

from jellyfish import damerau_levenshtein_distance

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.dialogue import PastCall
from language.builtin.people_facts import EMAIL, email_in, phone_in
from language.builtin.vocabulary import load_words, patterns
from language.names.normalise import pinyin
from language.names.vocabulary import known_words
from language.script import CJK, has_cjk

_NAMED = ("name", "company")
_PEOPLE = frozenset({"contact", "lead"})
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_RUN = re.compile(rf"[{CJK}]+")
_LEAST_ALIKE = 0.5


def corrected_name(outline: Outline, past: PastCall) -> list[Call]:
    """The change of the name or company that the message spells anew; none where it spells neither."""
    found = next(
        ((kind, record_id) for kind, record_id, _ in past.records if past.call.tool == f"create_{kind}"), None
    )
    if found is None:
        return []
    given = {field: str(past.call.arguments.get(field) or "") for field in _NAMED}
    text = EMAIL.sub(" ", outline.text)
    meant = [field for field in _NAMED if given[field] and field in _fields_meant(text)]
    fields = _in_latin(text, {field: given[field] for field in meant if not has_cjk(given[field])})
    fields |= {field: _in_chinese(text, given[field]) for field in meant if has_cjk(given[field])}
    changed = {field: new for field, new in fields.items() if new and new != given[field]}
    if found[0] in _PEOPLE:
        changed |= facts_given(outline)
    kind, record_id = found
    return [Call("update_record", {"kind": kind, "record": record_id, "fields": changed})] if changed else []


def facts_given(outline: Outline) -> dict[str, str]:
    """An address or number that the message gives for the person who was just entered."""
    found = {"email": email_in(outline.text), "phone": phone_in(outline.text)}
    return {field: value for field, value in found.items() if value}


def _fields_meant(text: str) -> Sequence[str]:
    """Which names may be meant: the one that the message speaks of, else any."""
    folded = text.casefold()
    said = [field for field in _NAMED if any(str(word) in folded for word in load_words("corrections")[field])]
    return said if len(said) == 1 else _NAMED


def _in_latin(text: str, given: Mapping[str, str]) -> dict[str, str]:
    """The names with the words in them that the message spells otherwise."""
    parts = {field: name.split() for field, name in given.items()}
    known = {part.casefold() for each in parts.values() for part in each}
    small = load_words("corrections")["small"]
    said = [found[0] for found in _WORD.finditer(text) if _may_be_name(found[0], is_first=not found.start())]
    said = [word for word in said if word.casefold() not in small]
    said = [word for word in said if word.casefold() not in known]
    place = _place_meant(text)
    if place is not None and len(said) == 1 and "name" in parts:
        parts["name"][place] = _cased(said[0], parts["name"][place])
        return {"name": " ".join(parts["name"])}
    for word in said:
        options = [
            (_likeness(word, part), field, i) for field, each in parts.items() for i, part in enumerate(each)
        ]
        likeness, field, i = max(options, default=(0.0, "", 0))
        if likeness >= _LEAST_ALIKE:
            parts[field][i] = _cased(word, parts[field][i])
    return {field: " ".join(each) for field, each in parts.items()}


def _may_be_name(word: str, *, is_first: bool) -> bool:
    """Whether a word is written like a name or is no word of the language: "email" is no way to write Emil."""
    return word.casefold() not in known_words() or (word[:1].isupper() and not is_first)


def _place_meant(text: str) -> int | None:
    """Which part of a person's name the message speaks of: the first or the last one."""
    words = load_words("corrections")
    for key, place in (("first_name", 0), ("last_name", -1)):
        if any(str(each) in text.casefold() for each in words[key]):
            return place
    return None


def _likeness(one: str, other: str) -> float:
    """1 for the same letters, less for each letter that differs; nothing for very short or quite other words."""
    longest = max(len(one), len(other))
    return 1 - damerau_levenshtein_distance(one.casefold(), other.casefold()) / longest if longest > 2 else 0.0


def _cased(word: str, old: str) -> str:
    return word[:1].upper() + word[1:] if word.islower() and old[:1].isupper() else word


def _in_chinese(text: str, old: str) -> str:
    """A whole name of the same length that shares a sign, or the old name with one sign in the place of another."""
    for pattern in patterns("corrections", "signs"):
        for found in pattern.finditer(text):
            new = _with_sign(old, found.groupdict().get("wrong") or "", found["right"])
            if new:
                return new
    for run in _RUN.findall(text):
        for at in range(len(run) - len(old) + 1):
            piece = run[at : at + len(old)]
            same = sum(a == b for a, b in zip(piece, old, strict=True))
            if piece != old and same and same >= len(old) // 2 and _is_apart(run, at, len(old)):
                return str(piece)
    return ""


def _is_apart(run: str, at: int, size: int) -> bool:
    """Whether a stretch of signs stands alone but for 是, 叫 and the like in front."""
    return at + size == len(run) and (not at or run[at - 1] in str(load_words("corrections")["before_name"]))


def _with_sign(old: str, wrong: str, right: str) -> str:
    """The old name with one sign instead of another: the one that is called wrong, else the one that sounds alike."""
    if right in old:
        return ""
    at = old.find(wrong) if wrong else -1
    if at < 0:
        sound = pinyin(right)
        alike = [i for i, sign in enumerate(old) if pinyin(sign) == sound]
        at = alike[0] if len(alike) == 1 else -1
    return "" if at < 0 else f"{old[:at]}{right}{old[at + 1 :]}"
