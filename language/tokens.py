"""Cuts text into tagged tokens (numbers, date words, units, currencies) for the rules of `language.grammar`.

Both languages go through here; what the words mean is `data/words.yaml` and `data/money.yaml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from jellyfish import damerau_levenshtein_distance

from language.numbers import (
    ENGLISH_SCALES,
    ENGLISH_TENS,
    ENGLISH_UNITS,
    Quantity,
    chinese_number,
    english_number,
    read_digits,
)
from language.resources import load_data

NUMBER_TAGS = frozenset({"INT", "YEAR", "NUM", "SNUM"})
NUMBER_WORDS = frozenset([*ENGLISH_UNITS, *ENGLISH_TENS, *ENGLISH_SCALES, "half", "quarter", "point"])
JOINTS = frozenset({"and", "a", "an", "of", "-", "half", "quarter", "quarters", "point"})
LONGEST_NUMBER = 14


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: where it stands, its tag and value, and whether a blank follows it."""

    start: int
    end: int
    tag: str
    canon: str
    value: Any = None
    blank_after: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the data files, ready for look-up."""

    words: Mapping[str, tuple[str, Any]]
    phrases: Mapping[str, Sequence[tuple[str, ...]]]
    weak: Mapping[str, frozenset[str]]
    chinese: Mapping[str, tuple[str, Any]]
    scales: Mapping[str, int]
    spaced_scales: frozenset[str]
    master: re.Pattern[str]
    folding: Mapping[int, int]


def fold(text: str) -> str:
    """The text with full-width signs and traditional characters replaced one for one: offsets stay."""
    return text.translate(vocabulary().folding)


@lru_cache(maxsize=64)
def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of `text` from left to right; offsets are those of the original string."""
    vocab = vocabulary()
    folded = fold(text)
    raw = [token for found in vocab.master.finditer(folded) for token in _read(found, vocab)]
    spaced = [
        replace(token, blank_after=True) if folded[token.end : token.end + 1].isspace() else token for token in raw
    ]
    return tuple(_merge_numbers(_weaken(_merge_phrases(spaced, vocab), vocab), vocab))


def _read(found: re.Match[str], vocab: Vocabulary) -> Iterator[Token]:
    kind, text = found.lastgroup or "", found[0]
    start, end = found.span()
    match kind:
        case "WORD" | "SPELT":
            yield _read_word(start, end, text.lower(), vocab)
        case "CHINESE" | "WEEK" | "DECOYS":
            tag, value = vocab.chinese[text]
            yield Token(start, end, tag, text, value)
        case "NUMERAL":
            yield _number_token(start, end, chinese_number(text.replace(" ", "")), text)
        case "DIGITS":
            value = read_digits(text)
            yield _number_token(start, end, Quantity(value) if value is not None else None, text)
        case "ORDINAL":
            yield Token(start, end, "NTH", text.lower(), int(re.sub(r"\D", "", text)))
        case "CURRENCY":
            yield Token(start, end, "CUR", text.lower(), text.upper())
        case "SIGN":
            yield Token(start, end, "SIGN", "semicolon" if text == ";" else text)
        case "FOLD":
            yield Token(start, end, "FOLD", text, text[:-1])
        case "OTHER":
            yield Token(start, end, "X", text)
        case _:
            yield Token(start, end, kind, "", text)


def _number_token(start: int, end: int, number: Quantity | None, text: str) -> Token:
    if number is None:
        return Token(start, end, "ID", "", text)
    if number.scale > 1:
        return Token(start, end, "SNUM", "", number)
    whole = number.value == number.value.to_integral_value() and "." not in text and "," not in text
    if not whole or number.low is not None:
        return Token(start, end, "NUM", "", number)
    tag = "YEAR" if 1990 <= number.value < 2100 and len(text) == 4 else "INT"
    return Token(start, end, tag if number.value < 10_000 else "NUM", text if len(text) < 5 else "", number)


def _read_word(start: int, end: int, word: str, vocab: Vocabulary) -> Token:
    entry = vocab.words.get(word) or vocab.words.get(_corrected(word) or "")
    if entry:
        return Token(start, end, entry[0], word, entry[1])
    return Token(start, end, "WORDNUM" if word in NUMBER_WORDS else "X", word)


@lru_cache(maxsize=4096)
def _corrected(word: str) -> str | None:
    """The date word that was meant by a misspelt one; None for every other word."""
    rules = load_data("words")["misspelt"]
    if word in rules["aliases"]:
        return str(rules["aliases"][word])
    unvoiced = next((str(right) for right in rules["words"] if _without_vowels(right) == word), None)
    if unvoiced or word in rules["never"] or len(word) < 5:
        return unvoiced
    for right in rules["words"]:
        slips = rules["slips"].get(min(len(right), 8), 0)
        near = right[0] == word[0] and abs(len(right) - len(word)) <= slips
        if near and damerau_levenshtein_distance(word, right) <= slips:
            return str(right)
    return None


def _without_vowels(word: str) -> str:
    return word[0] + "".join(char for char in word[1:] if char not in "aeiou")


def _merge_phrases(tokens: Sequence[Token], vocab: Vocabulary) -> list[Token]:
    """Joins the longest phrases of the vocabulary ("day after tomorrow") into one token each."""
    merged: list[Token] = []
    i = 0
    while i < len(tokens):
        size = 0
        for phrase in vocab.phrases.get(tokens[i].canon, ()):
            if tuple(token.canon for token in tokens[i : i + len(phrase)]) == phrase:
                size = len(phrase)
                break
        if size:
            last = tokens[i + size - 1]
            canon = " ".join(token.canon for token in tokens[i : i + size]).replace(" - ", "-")
            tag, value = vocab.words[canon]
            merged.append(Token(tokens[i].start, last.end, tag, canon, value, last.blank_after))
        else:
            merged.append(tokens[i])
        i += size or 1
    return merged


def _weaken(tokens: Sequence[Token], vocab: Vocabulary) -> list[Token]:
    """Untags words such as "may" or "sat" where nothing around them speaks for a date."""
    kept = list(tokens)
    for i, token in enumerate(kept):
        if token.canon in vocab.weak and not _is_date_context(kept, i, vocab):
            kept[i] = replace(token, tag="X", value=None)
    return kept


def _is_date_context(tokens: Sequence[Token], i: int, vocab: Vocabulary) -> bool:
    if len(tokens) == 1:
        return True
    before, after = tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None
    if before and (before.canon in vocab.weak[tokens[i].canon] or before.tag in ("NTH", "INT", "WEEKDAY", "EDGE")):
        return True
    if before and before.canon in ("-", "/") and i > 1 and tokens[i - 2].tag == tokens[i].tag == "WEEKDAY":
        return True
    if before and before.canon in ("-", "of") and i > 1 and tokens[i - 2].tag in ("EDGE", "NTH", "ORDINAL", "INT"):
        return True
    if not after:
        return False
    if tokens[i].tag == "WEEKDAY" and after.canon in load_data("words")["behind_weekday"]:
        return True
    if after.canon in ENGLISH_TENS or (after.tag == "ORDINAL" and after.value > 3):
        return True
    if after.canon in ("-", "/") and i + 2 < len(tokens):
        return tokens[i + 2].tag in ("INT", tokens[i].tag)
    return after.tag in ("NTH", "INT", "YEAR", "CLOCK") or (after.tag == "MONTH" and after.canon not in vocab.weak)


def _merge_numbers(tokens: Sequence[Token], vocab: Vocabulary) -> list[Token]:
    """Joins number words and scales: "eighty five grand", "1.2 million", "85k", "half a million"."""
    merged: list[Token] = []
    i = 0
    while i < len(tokens):
        size, token = _number_at(tokens, i, vocab)
        merged.append(token if token else tokens[i])
        i += size
    return merged


def _number_at(tokens: Sequence[Token], i: int, vocab: Vocabulary) -> tuple[int, Token | None]:
    first = tokens[i]
    if first.tag in ("INT", "YEAR", "NUM") and i + 1 < len(tokens) and _scales(first, tokens[i + 1], vocab):
        scale = vocab.scales.get(tokens[i + 1].canon)
        glued_more = i + 2 < len(tokens) and tokens[i + 2].canon == "/" and not tokens[i + 1].blank_after
        if scale and not (glued_more and tokens[i + 1].canon == "w"):
            value = first.value.value * scale
            return 2, _spanning(first, tokens[i + 1], "SNUM", Quantity(value, scale))
    if first.tag in ("INT", "NUM") and [token.canon for token in tokens[i + 1 : i + 3]] == ["个", "亿"]:
        return 3, _spanning(first, tokens[i + 2], "SNUM", Quantity(first.value.value * 10**8, 10**8))
    if first.tag not in ("WORDNUM", "INT", "YEAR", "NUM") and first.canon not in ("a", "an"):
        return 1, None
    run = _run_of_number_words(tokens, i)
    for size in range(len(run), 1 if first.tag in NUMBER_TAGS else 0, -1):
        number = english_number(run[:size])
        if number and not (size == 1 and run[0] in ENGLISH_SCALES):
            last = tokens[i + size - 1]
            exact = number.value == number.value.to_integral_value() and number.value < 10_000
            tag = "SNUM" if number.scale > 1 else "INT" if exact else "NUM"
            return size, _spanning(first, last, tag, number)
    return 1, None


def _scales(number: Token, scale: Token, vocab: Vocabulary) -> bool:
    return not number.blank_after or scale.canon in vocab.spaced_scales


def _spanning(first: Token, last: Token, tag: str, value: Quantity) -> Token:
    return Token(first.start, last.end, tag, "", value, last.blank_after)


def _run_of_number_words(tokens: Sequence[Token], i: int) -> list[str]:
    """The words from `i` on that could belong to one number."""
    run: list[str] = []
    for token in tokens[i : i + LONGEST_NUMBER]:
        if not run and token.tag in ("INT", "YEAR", "NUM"):
            run.append(format(token.value.value, "f"))
        elif token.tag == "WORDNUM" or token.canon in JOINTS:
            run.append(token.canon)
        else:
            break
    return run


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the data files, compiled on first use."""
    data, money = load_data("words"), load_data("money")
    words: dict[str, tuple[str, Any]] = {}
    for tag, values in [*data["words"].items(), *money["words"].items()]:
        for value, spellings in values.items():
            words.update((str(spelling), (tag, value)) for spelling in spellings)
    chinese = {word: entry for word, entry in words.items() if not word.isascii()}
    chinese |= {word: ("X", None) for word in data["particles"] if word not in chinese}
    chinese |= {word: ("DECOY", None) for word in data["decoys"]}
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for word in words:
        parts = tuple(re.findall(r"[a-z]+|-", word)) if word.isascii() else ()
        if len(parts) > 1:
            phrases.setdefault(parts[0], []).append(parts)
    for group in phrases.values():
        group.sort(key=len, reverse=True)
    weak = {word: frozenset(entry["after"]) for word, entry in data["weak"].items()}
    return Vocabulary(
        words,
        phrases,
        weak,
        chinese,
        money["glued_scales"],
        frozenset(money["spaced_scales"]),
        _master(chinese, money),
        str.maketrans(data["fold"]["from"], data["fold"]["to"]) | {ord("！") + i: ord("!") + i for i in range(94)},
    )


def _master(chinese: Mapping[str, Any], money: Mapping[str, Any]) -> re.Pattern[str]:
    def either(options: Sequence[str]) -> str:
        return "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))

    weekday = "(?:周|星期|礼拜)[一二三四五六日天1-6]"
    weekdays = [word for word in chinese if re.fullmatch(weekday, word)]
    pieces = {**load_data("tokens")["patterns"]}
    filled = {
        name: pattern.replace("{codes}", either(money["codes"]))
        .replace("{signs}", rf"{either(money['signs'])}|(?<![A-Za-z])(?:{either(money['letters'])})(?=\s?\d)")
        .replace("{weekdays}", either(weekdays))
        .replace("{chinese}", either(list(chinese)))
        .replace("{decoys}", either([word for word, entry in chinese.items() if entry[0] == "DECOY"]))
        for name, pattern in pieces.items()
    }
    return re.compile("|".join(f"(?P<{_group(name)}>{pattern})" for name, pattern in filled.items()))


def _group(name: str) -> str:
    return name.split(" ", 1)[0]


def quantity(token: Token) -> Quantity:
    """The number a number token carries."""
    value = token.value
    return value if isinstance(value, Quantity) else Quantity(Decimal(value))
