"""English number words, alone or with digits: "eighty five grand", "1.2 million"."""

from collections.abc import Sequence
from decimal import Decimal

from language.numbers.digits import Quantity, read_digits

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH_UNITS = {word: value for value, word in enumerate(_UNITS.split())}
ENGLISH_TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)} | {
    "fourty": 40,
    "ninty": 90,
}
ENGLISH_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "grand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "lakh": 10**5,
    "crore": 10**7,
}
ENGLISH_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}


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
        case ["three", "quarters", "of", "a", scale] if scale in ENGLISH_SCALES:
            return Quantity(ENGLISH_SCALES[scale] * Decimal("0.75"), scale=ENGLISH_SCALES[scale])
        case [("half" | "quarter") as part, "a", scale] if scale in ENGLISH_SCALES:
            pass
        case [("half" | "quarter") as part, "of", "a", scale] if scale in ENGLISH_SCALES:
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
        self.decimals, self.last = "", ""  # the digits behind "point"; the word before
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
            of_scale = self.ceiling if self.total and not self.current else 1
            self.current += ENGLISH_FRACTIONS[word] * of_scale
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
