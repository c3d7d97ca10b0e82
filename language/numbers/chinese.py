"""Chinese numerals, digits allowed in them: 三百五十万, 六万六, 1.2亿."""

import re
from decimal import Decimal

from language.numbers.digits import Quantity, read_digits

CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CHINESE_TENS = {"廿": 20, "卅": 30}
CHINESE_SMALL = {"十": 10, "百": 100, "千": 1000}
CHINESE_LARGE = {"万": 10**4, "亿": 10**8}
CHINESE_VAGUE = "几多来余"
_CHARS = frozenset([*CHINESE_DIGITS, *CHINESE_TENS, *CHINESE_SMALL, *CHINESE_LARGE, *CHINESE_VAGUE])
_SHORT_TAIL = re.compile(r"(.*[十百千万亿])([1-9一二三四五六七八九])")


def chinese_number(text: str) -> Quantity | None:
    """The value of a Chinese numeral, digits allowed in it; None when it makes no number.

    三百五十万 is 3,500,000; 六万六 66,000; 1.2亿 120,000,000; 二〇二六 2026; 两三百 and 十几 are vague, with
    `low` and `high`; the value of a vague one is its middle.
    """
    if not text or not any(c in _CHARS for c in text):
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
    if not found or CHINESE_DIGITS[found[2]] - CHINESE_DIGITS[found[1]] not in (1, 2):
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
    if "点" in text:
        return _chinese_decimal(text)
    reader = _ChineseReader()
    pieces = re.findall(r"\d+(?:[.,]\d+)*|\D", text)
    return reader.result() if all(reader.take(piece) for piece in pieces) else None


class _ChineseReader:
    """Adds up digits and units from left to right; `take` says whether the piece may stand there."""

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.pending: Decimal | None = None

    def take(self, piece: str) -> bool:
        if piece in CHINESE_TENS:
            self.section += CHINESE_TENS[piece]
        elif piece in CHINESE_SMALL:
            self.section += (1 if self.pending is None else self.pending or 1) * CHINESE_SMALL[piece]
            self.pending = None
        elif piece in CHINESE_LARGE:
            self._take_large(piece)
        else:
            value = Decimal(CHINESE_DIGITS[piece]) if piece in CHINESE_DIGITS else read_digits(piece)
            if self.pending or value is None:
                return False
            self.pending = value
        return True

    def _take_large(self, unit: str) -> None:
        amount = self.section + (self.pending or 0)
        factor = CHINESE_LARGE[unit]
        self.total = (self.total + amount) * factor if unit == "亿" else self.total + amount * factor
        self.section, self.pending = Decimal(0), None

    def result(self) -> Decimal:
        return self.total + self.section + (self.pending or 0)


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
    text, is_gap = "", False
    for unit, factor in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, factor)
        if digit:
            text += ("零" if is_gap and text else "") + "零一二三四五六七八九"[digit] + unit
        is_gap = not digit
    return text
