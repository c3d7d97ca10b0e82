"""Turns clauses about a customer into words to the customer: "she sends us the plan" → "you send us the plan"."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from language.drafting.wording import compiled, load_wording

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def to_reader(clause: str, *, names: Sequence[str], language: str) -> str:
    """The clause as said to its reader, who is also called by one of `names` in it."""
    if language == "zh":
        return _to_reader_zh(clause, names)
    said = _to_reader_en(clause, names)
    for better in _speech("en")["better"]:
        said = compiled(better["match"]).sub(better["say"], said)
    return said


def without_lead_in(clause: str, language: str) -> str:
    """The clause without words that only introduce it ("tell her that", 告诉他)."""
    before = None
    while before != clause:
        before = clause
        for pattern in _speech(language)["lead_ins"]:
            clause = compiled(pattern).sub("", clause, count=1)
    return clause.strip()


def is_promise(clause: str, language: str) -> bool:
    """Whether somebody does something by it: a next step, rather than a plain statement."""
    return compiled(_speech(language)["promise"]).search(clause) is not None


def is_agreed(clause: str, language: str) -> bool:
    """Whether a clause of a log tells what one of the two sides agreed to do."""
    return compiled(_speech(language)["agreed"]).match(clause) is not None


def thanks_of(clause: str, language: str) -> str | None:
    """What a clause gives thanks for (may be empty), or None when it gives none."""
    found = compiled(_speech(language)["thanks"]).match(clause)
    return found["rest"].strip(" ,，。.") if found else None


def sentence(clause: str, language: str) -> str:
    """The clause with a capital and a full stop."""
    clause = clause.strip(" ,，;；。.")
    if language == "zh":
        return clause if clause.endswith(("？", "?", "！")) else f"{clause}。"
    clause = re.sub(r"\bi\b(?=[ ']|$)", "I", clause)
    clause = clause[:1].upper() + clause[1:]
    return clause if clause.endswith(("?", "!")) else f"{clause}."


def _to_reader_zh(clause: str, names: Sequence[str]) -> str:
    speech = _speech("zh")
    for name in sorted(filter(None, names), key=len, reverse=True):
        clause = clause.replace(name, "您")
    for team in speech["team"]:
        clause = clause.replace(team, "贵方")
    for plural in ("他们", "她们"):
        clause = clause.replace(plural, "您这边")
    for subject in speech["subjects"]:
        clause = re.sub(rf"{subject}(?!人|处|的话)", "您", clause)
    return re.sub(r"您(?:那边)?(?:[，,])?您", "您", clause)


def _to_reader_en(clause: str, names: Sequence[str]) -> str:
    for name in sorted(filter(None, names), key=len, reverse=True):
        clause = re.sub(rf"\b{re.escape(name)}['’]s\b(?=\s+\w)", "your", clause, flags=re.IGNORECASE)
        clause = re.sub(rf"\b{re.escape(name)}\b", "\x00", clause, flags=re.IGNORECASE)
    words = list(re.finditer(r"\x00|[^\W\d_]+(?:['’][^\W\d_]+)?|\d\S*", clause))
    out: list[str] = []
    end = 0
    agree = False
    for number, found in enumerate(words):
        before = words[number - 1][0].lower() if number else ""
        after = words[number + 1][0].lower() if number + 1 < len(words) else ""
        said, agree = _turned(found[0], before, after, agree)
        out += [clause[end : found.start()], said]
        end = found.end()
    return "".join(out) + clause[end:]


def _turned(word: str, before: str, after: str, agree: bool) -> tuple[str, bool]:
    """The word as said to the reader, and whether the next word is the verb of a subject that became "you"."""
    lower = word.lower().replace("’", "'")
    stem, _, ending = lower.partition("'")
    if agree:
        if lower in _set("adverbs"):
            return word, True
        return _second_person(word), False
    if stem in _set("subjects") and ending:
        done = ending == "s" and after.endswith("ed")
        return "you" + ("'ve" if done else _speech("en")["contractions"].get("'" + ending, "'" + ending)), False
    if lower in _set("subjects"):
        return "you", True
    if word == "\x00":
        return "you", not _is_object(before)
    if lower in ("his", "their", "hers", "theirs"):
        return {"hers": "yours", "theirs": "yours"}.get(lower, "your"), False
    if lower in ("himself", "herself", "themselves"):
        return "yourself", False
    if lower == "her":
        return _her(before, after), False
    if lower == "him" or (lower == "them" and _is_object(before)):
        return "you", False
    return word, False


def _her(before: str, after: str) -> str:
    person = not after or after in _set("no_noun") or after[0].isdigit()
    return "you" if person or before in _set("takes_person") else "your"


def _is_object(before: str) -> bool:
    return before in _set("takes_person") or before in _set("before_person")


def _second_person(word: str) -> str:
    lower = word.lower()
    irregular: dict[str, str] = _speech("en")["third_person"]
    if lower in irregular:
        return irregular[lower]
    if not lower.endswith("s") or lower.endswith(("ss", "us", "'s")) or lower in _set("never_stripped"):
        return word
    if lower.endswith("ies") and len(lower) > 4:
        return f"{word[:-3]}y"
    if lower.endswith(("shes", "ches", "xes", "sses", "zes", "oes")):
        return word[:-2]
    return word[:-1]


def _speech(language: str) -> dict[str, Any]:
    content: dict[str, Any] = load_wording("speech")["zh" if language == "zh" else "en"]
    return content


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_speech("en")[name].split())
