"""Numbers written in English words or Chinese numerals; those in digits are read in `evals.graders.numbers`."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent.parent / "data" / "number_words.yaml"


def english(text: str) -> Iterator[tuple[float, bool]]:
    """(value, is a percentage) of each number in English words; a lone "one" counts only before what it counts."""
    for match in _english_pattern().finditer(text):
        tokens = re.findall(r"[a-z]+", match["number"])
        if tokens == ["one"] and not _counted_pattern().match(text, match.end("number")):
            continue
        yield float(_english_value(tokens)), bool(match["percent"])


def chinese(text: str) -> Iterator[tuple[float, bool]]:
    """(value, is a percentage) of each number in Chinese numerals; a lone digit needs a measure word after it."""
    words = _words()["chinese"]
    for match in _chinese_pattern().finditer(text):
        numeral, percent = match["number"], bool(match["percent"])
        lone = len(numeral) == 1 and not percent
        if lone and not text[match.end() :].startswith(tuple(words["measure"])):
            continue
        if all(char in words["scales"] for char in numeral) and numeral[0] != "十":
            continue
        yield _chinese_value(numeral), percent


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return data


@cache
def _english_pattern() -> re.Pattern[str]:
    words = _words()["english"]
    ones, scales = "|".join([*words["ones"]]), "|".join(words["scales"])
    atom = rf"(?:{ones}|{scales})"
    return re.compile(
        rf"(?<![a-z-])(?P<number>(?:{ones})(?:(?:[\s-]+|\s+and\s+){atom})*)(?P<percent>\s+per\s?cent)?(?![a-z-])"
    )


@cache
def _counted_pattern() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:\w+\s+)?(?:{'|'.join(_words()['english']['counted'])})")


@cache
def _chinese_pattern() -> re.Pattern[str]:
    words = _words()["chinese"]
    chars = "".join([*words["digits"], *words["scales"]])
    point = words["point"]
    return re.compile(
        rf"(?P<percent>{words['percent']})?(?<![\d.])(?P<number>[{chars}]+(?:{point}[{chars}]+)?)(?!{words['percent'][1:]})"
    )


def _english_value(tokens: list[str]) -> int:
    words = _words()["english"]
    total = group = 0
    for token in tokens:
        if token in words["ones"]:
            group += words["ones"][token]
        elif token == "hundred":
            group *= 100
        elif token in words["scales"]:
            total, group = total + group * words["scales"][token], 0
    return total + group


def _chinese_value(numeral: str) -> float:
    words = _words()["chinese"]
    whole, _, decimals = numeral.partition(words["point"])
    value = _chinese_whole(whole)
    if not decimals:
        return float(value)
    tail = decimals.rstrip("".join(words["scales"]))
    scale = 1
    for char in decimals[len(tail) :]:
        scale *= words["scales"][char]
    return float(f"{value}.{''.join(str(words['digits'][char]) for char in tail)}") * scale


def _chinese_whole(numeral: str) -> int:
    """Positional (二〇二六) or multiplicative (一百零八万); 五万八 is 58,000."""
    words = _words()["chinese"]
    digits, scales = words["digits"], words["scales"]
    if all(char in digits for char in numeral):
        return int("".join(str(digits[char]) for char in numeral) or "0")
    total = group = digit = 0
    last_scale, last_char = 1, ""
    for char in numeral:
        if char in digits:
            digit = digits[char]
        elif scales[char] < 10_000:
            group, digit, last_scale = group + (digit or 1) * scales[char], 0, scales[char]
        else:
            total, group, digit, last_scale = (total + group + digit) * scales[char], 0, 0, scales[char]
        last_char = char if char == "零" or char in scales else last_char
    short = digit and last_char != "零" and last_scale > 10
    return total + group + (digit * last_scale // 10 if short else digit)
