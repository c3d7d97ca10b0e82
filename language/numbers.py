"""Numbers as people write them: digits with separators, English number words, Chinese numerals.

Pure conversions of one number; finding numbers in a sentence is `language.tokens`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CHINESE_TENS = {"廿": 20, "卅": 30}
CHINESE_SMALL = {"十": 10, "百": 100, "千": 1000}
CHINESE_LARGE = {"万": 10**4, "亿": 10**8}
CHINESE_VAGUE = "几多来余"
ENGLISH_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
ENGLISH_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
} | {"fourty": 40, "ninty": 90}
ENGLISH_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "grand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "lakh": 10**5,
    "crore": 10**7,
}
ENGLISH_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_GROUPED = re.compile(r"\d{1,3}(?:([,.'\u00a0\u202f ])\d{3})(?:\1\d{3})*")
_SHORT_TAIL = re.compile(r"(.*[十百千万亿])([1-9一二三四五六七八九])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number read from words: `value`, the scale that its unit gave it, and whether it was vague."""

    value: Decimal
    scale: int = 1
    approximate: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


def read_digits(literal: str, *, european: bool = False) -> Decimal | None:
    """The value of digits with separators: "1,200", "1.2", "1,200.50", "40.000,50", "1'200".

    A dot before exactly three digits is a decimal point, unless it repeats ("1.200.000") or `european` says
    that dots group. A comma before exactly three digits groups; before any other number it is a decimal comma.
    None when the separators make no number ("1.2.3", "1,23,4").
    """
    text = literal.replace("’", "'")
    last_dot, last_comma = text.rfind("."), text.rfind(",")
    if last_dot >= 0 and last_comma >= 0:
        point = "." if last_dot > last_comma else ","
        return _grouped_with_point(text, point)
    grouped = _GROUPED.fullmatch(text)
    if grouped and (grouped[1] != "." or european or text.count(".") > 1):
        return Decimal(re.sub(r"\D", "", text))
    return _plain_decimal(text.replace(",", "."))


def _grouped_with_point(text: str, point: str) -> Decimal | None:
    whole, _, fraction = text.rpartition(point)
    grouped = _GROUPED.fullmatch(whole)
    if not grouped or grouped[1] == point or not fraction.isdigit():
        return None
    return Decimal(re.sub(r"\D", "", whole) + "." + fraction)


def _plain_decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text) else None


def english_number(words: Sequence[str]) -> Quantity | None:
    """The value of English number words, or of digits with scale words; None when they make no number.

    "eighty five grand" is 85,000, "half a million" 500,000, "two and a half" 2.5, "1.2 million" 1,200,000.
    """
    for i, word in enumerate(words):
        if word == "-" and not (0 < i < len(words) - 1 and words[i - 1].isalpha() and words[i + 1].isalpha()):
            return None
    words = [word for word in words if word != "-"]
    fraction = _fraction_of_scale(words)
    if fraction is not None:
        return fraction
    reader = _EnglishReader()
    return reader.result() if words and all(reader.take(word) for word in words) else None


def _fraction_of_scale(words: Sequence[str]) -> Quantity | None:
    match list(words):
        case [("half" | "quarter") as part, "a" | "of a", scale] if scale in ENGLISH_SCALES:
            pass
        case ["a", ("half" | "quarter") as part, scale] if scale in ENGLISH_SCALES:
            pass
        case _:
            return None
    factor = ENGLISH_SCALES[scale]
    return Quantity(ENGLISH_FRACTIONS[part] * factor, scale=factor)


class _EnglishReader:
    """Adds up number words from left to right; `take` says whether the word may stand there."""

    def __init__(self) -> None:
        self.total, self.current, self.scale = Decimal(0), Decimal(0), 1
        self.decimals, self.last = "", ""
        self.ceiling = 10**30

    def take(self, word: str) -> bool:
        taken = self._take(word)
        self.last = word
        return taken

    def _take(self, word: str) -> bool:
        if self.last == "point" or self.decimals:
            return self._take_decimal(word)
        if word in ENGLISH_UNITS:
            return self._add(ENGLISH_UNITS[word], tens=self.last in ENGLISH_TENS)
        if word in ENGLISH_TENS:
            return self._add(ENGLISH_TENS[word], tens=False)
        if word in ENGLISH_SCALES:
            return self._scale(ENGLISH_SCALES[word])
        return self._take_joint(word)

    def _take_joint(self, word: str) -> bool:
        if word in ("and", "point"):
            return bool(self.last) and self.last not in ("and", "point", "a", "an")
        if word in ("a", "an"):
            return self.last in ("", "and")
        if word in ENGLISH_FRACTIONS:
            self.current += ENGLISH_FRACTIONS[word]
            return self.last == "a" and self.total + self.current >= 1
        value = read_digits(word) if word[:1].isdigit() else None
        if value is None or self.last:
            return False
        self.current = value
        return True

    def _take_decimal(self, word: str) -> bool:
        if word in ENGLISH_SCALES:
            self._settle_decimals()
            return self._scale(ENGLISH_SCALES[word])
        if ENGLISH_UNITS.get(word, 10) > 9:
            return False
        self.decimals += str(ENGLISH_UNITS[word])
        return True

    def _settle_decimals(self) -> None:
        if self.decimals:
            self.current += Decimal("0." + self.decimals)
            self.decimals = ""

    def _add(self, value: int, *, tens: bool) -> bool:
        fresh = self.last in ("", "hundred", "and") or self.last in ENGLISH_SCALES
        if not fresh and not (tens and 0 < value < 10):
            return False
        if self.last == "and" and self.current and self.current % 100:
            return False
        if self.last == "and" and not self.current and not self.total:
            return False
        self.current += value
        return True

    def _scale(self, factor: int) -> bool:
        if self.last in ("and", "point"):
            return False
        self.current = self.current or Decimal(1 if self.last in ("a", "an") else 0)
        if not self.current:
            return False
        if factor == 100:
            self.current *= 100
            return self.current < 10**5
        if factor >= self.ceiling:
            return False
        self.total += self.current * factor
        self.current, self.ceiling, self.scale = Decimal(0), factor, max(self.scale, factor)
        return True

    def result(self) -> Quantity | None:
        if self.last in ("", "and", "point", "a", "an"):
            return None
        self._settle_decimals()
        return Quantity(self.total + self.current, scale=self.scale)


def chinese_number(text: str) -> Quantity | None:
    """The value of a Chinese numeral, digits allowed in it; None when it makes no number.

    三百五十万 is 3,500,000; 六万六 66,000; 1.2亿 120,000,000; 二〇二六 2026; 两三百 and 十几 are vague, with
    `low` and `high`; the value of a vague one is its middle.
    """
    if not text or not any(c in _CHINESE_CHARS for c in text):
        return None
    digits = [CHINESE_DIGITS.get(c) for c in text]
    if len(text) >= 3 and all(digit is not None for digit in digits):
        return Quantity(Decimal("".join(str(digit) for digit in digits)))
    pair = _vague_pair(text)
    if pair is not None:
        return pair
    if "几" in text:
        low, high = _chinese_value(text.replace("几", "一")), _chinese_value(text.replace("几", "九"))
        if low is None or high is None:
            return None
        return Quantity((low + high) / 2, _chinese_scale(text), True, low, high)
    exact = re.sub("[多来余]", "", text)
    value = _chinese_value(exact)
    return None if value is None else Quantity(value, _chinese_scale(text), exact != text)


def _vague_pair(text: str) -> Quantity | None:
    """两三百, 七八十万: two neighbouring digits in front of a unit (or alone) span a range."""
    found = re.search(r"(?<![零〇])([一二三四五六七八两])([二三四五六七八九])", text)
    if not found or CHINESE_DIGITS[found[2]] != CHINESE_DIGITS[found[1]] + 1:
        if not found or CHINESE_DIGITS[found[2]] != CHINESE_DIGITS[found[1]] + 2:
            return None
    low = _chinese_value(text[: found.start()] + found[1] + text[found.end() :])
    high = _chinese_value(text[: found.start()] + found[2] + text[found.end() :])
    if low is None or high is None:
        return None
    return Quantity((low + high) / 2, _chinese_scale(text), True, low, high)


def _chinese_scale(text: str) -> int:
    return max((factor for unit, factor in CHINESE_LARGE.items() if unit in text), default=1)


def _chinese_value(text: str) -> Decimal | None:
    """Adds up units; a lone last digit counts in the next lower unit (六万六 = 66,000, 两千三 = 2,300)."""
    short = _SHORT_TAIL.fullmatch(text)
    if short and not short[1].endswith("十"):
        head = _chinese_value(short[1])
        unit = {**CHINESE_SMALL, **CHINESE_LARGE}[short[1][-1]]
        tail = CHINESE_DIGITS.get(short[2]) or int(short[2])
        return None if head is None else head + Decimal(tail * unit) / 10
    total = section = Decimal(0)
    pending: Decimal | None = None
    for piece in re.findall(r"\d+(?:[.,]\d+)*|\D", text):
        if piece[0].isdecimal() or piece in CHINESE_DIGITS:
            if pending:
                return None
            pending = Decimal(CHINESE_DIGITS[piece]) if piece in CHINESE_DIGITS else read_digits(piece)
            if pending is None:
                return None
        elif piece in CHINESE_TENS:
            section += CHINESE_TENS[piece]
        elif piece in CHINESE_SMALL:
            section += (1 if pending is None else pending or 1) * CHINESE_SMALL[piece]
            pending = None
        elif piece in CHINESE_LARGE:
            amount = section + (pending or 0)
            total = (total + amount) * CHINESE_LARGE[piece] if piece == "亿" else total + amount * CHINESE_LARGE[piece]
            section, pending = Decimal(0), None
        elif piece == "点":
            return _chinese_decimal(text)
        elif piece.strip():
            return None
    return total + section + (pending or 0)


def _chinese_decimal(text: str) -> Decimal | None:
    found = re.fullmatch(r"([^点]+)点([零〇一二三四五六七八九]+)([百千万亿]*)", text)
    whole = _chinese_value(found[1]) if found else None
    if not found or whole is None:
        return None
    fraction = "".join(str(CHINESE_DIGITS[c]) for c in found[2])
    factor = 1
    for unit in found[3]:
        factor *= {**CHINESE_SMALL, **CHINESE_LARGE}[unit]
    return (whole + Decimal("0." + fraction)) * factor


def to_chinese(number: int) -> str:
    """The Chinese numeral of a whole number from 0 to 10^12: 66000 is 六万六千, 108 一百零八."""
    if number == 0:
        return "零"
    for unit, factor in (("亿", 10**8), ("万", 10**4)):
        if number >= factor:
            head, rest = divmod(number, factor)
            gap = "零" if rest and rest < factor // 10 else ""
            return to_chinese(head) + unit + gap + (to_chinese(rest) if rest else "")
    text, gap = "", False
    for unit, factor in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, factor)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + unit
        gap = not digit
    return text


_CHINESE_CHARS = frozenset([*CHINESE_DIGITS, *CHINESE_TENS, *CHINESE_SMALL, *CHINESE_LARGE, *CHINESE_VAGUE])
