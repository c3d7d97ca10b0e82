"""Numbers as people write them: digits with separators, English number words, Chinese numerals.

Pure conversions of one number; finding numbers in a sentence is `language.tokens`.
"""

from language.numbers.chinese import CHINESE_DIGITS, chinese_number, to_chinese
from language.numbers.digits import Quantity, read_digits
from language.numbers.english import ENGLISH_SCALES, ENGLISH_TENS, ENGLISH_UNITS, english_number

__all__ = [
    "CHINESE_DIGITS",
    "ENGLISH_SCALES",
    "ENGLISH_TENS",
    "ENGLISH_UNITS",
    "Quantity",
    "chinese_number",
    "english_number",
    "read_digits",
    "to_chinese",
]
