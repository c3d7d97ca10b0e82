"""A small translation of business clauses, for reps who write in one language to readers of the other.

Frames and words are `data/glossary.yaml`. A clause with an unknown word is not translated: nothing is guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from language.drafting.days import find_days, mention_in_words
from language.drafting.wording import load_wording
from language.script import has_cjk

_FIRST_SLOT = 0xE000
_DAY = "[\ue000-\ue0ff]"
_ARTICLES = re.compile(r"\b(?:the|a|an|some|any|our|your|her|his|their|my|its)\b\s*", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,%/+-]*|\s+")
_CHINESE_SKIP = "的了吧呢啊嘛"


@dataclass(frozen=True, slots=True)
class _Frame:
    pattern: re.Pattern[str]
    say: str


def translate(clause: str, source: str, target: str, today: date, *, past: bool = False) -> str | None:
    """The clause in the other language with its days said absolutely, or None when a word of it is unknown."""
    slotted, days = _without_days(clause.strip(" .。!！"), target, today, past)
    parts = re.split(r"[，,]\s*(?!可以吗)", slotted) if source == "zh" else [slotted]
    said = [_clause(part, source) for part in parts if part]
    if not said or any(part is None for part in said):
        return None
    joined = ("; " if target == "en" else "，").join(part for part in said if part)
    for slot, words in days.items():
        joined = joined.replace(slot, words)
    joined = re.sub(r"\bif on\b", "if", joined)
    return re.sub(r"\s+(?=[?.;,])", "", re.sub(r"\s{2,}", " ", joined)).strip()


def _without_days(clause: str, target: str, today: date, past: bool) -> tuple[str, dict[str, str]]:
    days: dict[str, str] = {}
    for number, mention in enumerate(reversed(find_days(clause, today, past=past))):
        slot = chr(_FIRST_SLOT + number)
        words = mention_in_words(mention, today, target)
        plain = re.match(r"(?:by|on|before|after|until|since|from|in|the)\b", words)
        days[slot] = words if target == "zh" or plain else f"on {words}"
        clause = f"{clause[: mention.span.start]}{slot}{clause[mention.span.end :]}"
    return clause, days


def _clause(text: str, source: str) -> str | None:
    text = text.strip()
    for frame in _frames(source):
        found = frame.pattern.match(text)
        if found is None:
            continue
        said = _filled(frame.say, found.groupdict(), source)
        if said is not None:
            return said
    return None


def _filled(say: str, slots: Mapping[str, str | None], source: str) -> str | None:
    values = {
        "s": "we" if source == "zh" else "",
        "r": "",
        "r2": "",
        "d": "",
        "d2": "",
        "x": "",
        "do": "",
        "done": "",
    }
    for name, words in slots.items():
        if not words:
            continue
        read = _slot(name, words, source)
        if read is None:
            return None
        values |= read
    if source == "en" and "发给{r}{r2}" in say and not (values["r"] or values["r2"]):
        values["r"] = "您" if values["s"] != "您" else "我们"
    return say.format_map({**values, "c": values.get("c", "")})


def _slot(name: str, words: str, source: str) -> dict[str, str] | None:
    people = load_wording("glossary")["people"]
    match name:
        case "d" | "d2":
            return {name: words}
        case "s":
            return {name: people[source][words.lower()]}
        case "r" | "r2":
            return {name: people[f"{source}_object"][words.lower()]}
        case "v" | "p":
            return _verb(words, source)
        case "c":
            said = _clause(words, source)
        case _:
            said = _things(words, source)
    return None if said is None else {name: said}


def _verb(words: str, source: str) -> dict[str, str]:
    if source == "en":
        return {"do": _english_verbs()[words.lower()]}
    base, done = _forms(load_wording("glossary")["verbs"][words])
    return {"do": base, "done": done}


def _things(words: str, source: str) -> str | None:
    return _things_to_english(words) if source == "zh" else _things_to_chinese(words)


def _things_to_english(words: str) -> str | None:
    out: list[str] = []
    at = 0
    while at < len(words):
        known = next((key for key in _chinese_words() if words.startswith(key, at)), "")
        if known:
            out.append(_chinese_words()[known])
            at += len(known)
        elif words[at] in _CHINESE_SKIP or "\ue000" <= words[at] <= "\ue0ff":
            out += [words[at]] if words[at] not in _CHINESE_SKIP else []
            at += 1
        elif plain := _PLAIN.match(words, at):
            out.append(plain[0].strip())
            at = plain.end()
        else:
            return None
    said = " ".join(filter(None, out))
    bare = not said or re.match(r"(?:a|an|the|two|three|our|your|new|\d|[A-Z])", said)
    return said if bare and not said.startswith("new") else f"the {said}"


def _things_to_chinese(words: str) -> str | None:
    rest = _ARTICLES.sub("", words.strip()).strip()
    out = ""
    while rest:
        known = next(
            (key for key in _english_words() if re.match(rf"{re.escape(key)}(?:e?s)?\b", rest, re.IGNORECASE)), ""
        )
        if known:
            out += _english_words()[known]
            rest = re.sub(rf"^{re.escape(known)}(?:e?s)?\b\s*", "", rest, count=1, flags=re.IGNORECASE)
        elif "\ue000" <= rest[0] <= "\ue0ff" or rest[0].isdigit() or has_cjk(rest[0]):
            found = re.match(r"\S+\s*", rest)
            out += found[0].strip() if found else ""
            rest = rest[found.end() :] if found else ""
        elif joint := re.match(r"(?:and|&)\s+", rest):
            out += "和"
            rest = rest[joint.end() :]
        else:
            return None
    return out or None


@cache
def _chinese_words() -> dict[str, str]:
    content = load_wording("glossary")
    pairs = {zh: _forms(verb)[0] for zh, verb in content["verbs"].items()}
    pairs |= {zh: _forms(words)[0] for zh, words in content["things"].items()}
    return dict(sorted(pairs.items(), key=lambda pair: -len(pair[0])))


@cache
def _english_words() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for zh, words in load_wording("glossary")["things"].items():
        for number, en in enumerate(_forms(words)):
            if number == 0 or en not in pairs:
                pairs.setdefault(en, zh)
    return dict(sorted(pairs.items(), key=lambda pair: -len(pair[0])))


@cache
def _english_verbs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for zh, words in load_wording("glossary")["verbs"].items():
        base, done = _forms(words)
        for form in (base, f"{base}s", done):
            pairs.setdefault(form, zh)
    return pairs


@cache
def _frames(source: str) -> tuple[_Frame, ...]:
    content: dict[str, Any] = load_wording("glossary")
    verbs = content["verbs"] if source == "zh" else _english_verbs()
    pieces = {
        "PEOPLE": _either(content["people"][source]),
        "OBJECT": _either(content["people"][f"{source}_object"]),
        "VERB": _either(verbs),
        "DONE": _either(verbs),
        "DAY": _DAY,
    }
    frames = []
    for frame in content["frames"][source]:
        pattern = frame["match"]
        for name, piece in pieces.items():
            pattern = pattern.replace(name, piece)
        frames.append(_Frame(re.compile(pattern, re.IGNORECASE), frame["say"]))
    return tuple(frames)


def _either(words: Mapping[str, str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


def _forms(words: str) -> list[str]:
    return [each.strip() for each in words.split(",")]
