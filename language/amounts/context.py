"""What the words around a number say of it: vague, taken away, added, counting things, or part of a name."""

from collections.abc import Collection, Sequence

from language.resources import load_data
from language.tokens import NUMBER_TAGS, Token, quantity

_CJK_FIRST, _CJK_LAST = "\u4e00", "\u9fff"


def _canon(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].canon if 0 <= i < len(tokens) else ""


def about(tokens: Sequence[Token], first: int, after: int) -> bool:
    """True for "about 40k", 40万左右."""
    data = load_data("money")
    return _canon(tokens, first - 1) in data["about_before"] or _canon(tokens, after) in data["about_after"]


def is_off(tokens: Sequence[Token], first: int, after: int) -> bool:
    """True for "10% off", "a discount of 10%", 优惠10%."""
    data = load_data("money")
    return _canon(tokens, after) in data["off_after"] or _reaches(tokens, first, data["off_before"])


def direction(tokens: Sequence[Token], first: int) -> int:
    """+1 for "up by 4,500" and 加五万, -1 for "down by 5k" and 降五千, 0 for a value to set ("up to 90k")."""
    data = load_data("money")
    if _canon(tokens, first - 1) == "by":
        verbs = [token.canon for token in tokens[max(0, first - 10) : first]]
        down = any(verb in data["down_before"] for verb in verbs)
        return -1 if down else int(any(verb in data["up_before"] for verb in verbs))
    if _reaches(tokens, first, data["down_before"]):
        return -1
    return 1 if _reaches(tokens, first, data["up_before"]) else 0


def _reaches(tokens: Sequence[Token], first: int, words: Collection[str]) -> bool:
    """True when one of `words` stands before the number with nothing but steps ("by", "it", 了) between."""
    steps = load_data("money")["steps"]
    i = first - 1
    while i >= 0 and i > first - 6 and tokens[i].canon in steps and tokens[i].canon not in words:
        i -= 1
    return _canon(tokens, i) in words


def is_named(tokens: Sequence[Token], first: int, after: int) -> bool:
    """True when the number is part of a name or counts things: "line 2", "50k users", 两百台."""
    data = load_data("money")
    following = _canon(tokens, after)
    if following in data["about_after"] and following not in ("左右", "上下"):
        following = _canon(tokens, after + 1)
    if following + _canon(tokens, after + 1) in data["not_counted"]:
        following = ""
    glued = after < len(tokens) and not tokens[after - 1].blank_after and tokens[after].canon.isascii()
    if glued and tokens[after].tag in ("X", "ID", "WORDNUM") and tokens[after].canon.isalpha():
        return True
    if _canon(tokens, first - 1) == "of" and first > 1:
        return tokens[first - 2].canon == "out" or tokens[first - 2].tag in NUMBER_TAGS
    if _canon(tokens, first - 1) == "number" and _canon(tokens, first - 2) in data["figure_adjectives"]:
        return following in data["counted"]
    if _canon(tokens, first - 1) == "no" and first > 1 and tokens[first - 2].tag in NUMBER_TAGS:
        # "Eighty no eighty two thousand" takes the first figure back.
        return following in data["counted"]
    return following in data["counted"] or _canon(tokens, first - 1) in data["id_before"]


def is_free_standing(text: str, tokens: Sequence[Token], first: int, after: int) -> bool:
    """True for digits, or words from a hundred up, that stand alone, so that they may be an amount."""
    token = tokens[first]
    if not (text[token.start].isdecimal() or quantity(token).value >= 100) or not _starts_freely(text, token):
        return False
    data = load_data("money")
    if token.tag == "YEAR" and len(tokens) > 1 and _canon(tokens, first - 1) not in data["amount_words"]:
        return False
    if after >= len(tokens):
        return True
    following = tokens[after]
    sign = text[following.start : following.end]
    if following.tag == "SIGN":
        if sign == ")" and "(" not in [token.canon for token in tokens[max(0, first - 8) : first]]:
            return False
        return sign not in "/:°*" and not (sign in "-'" and not tokens[after - 1].blank_after)
    return following.canon in data["follows"] or sign[0] in data["follows_zh"] or following.tag == "MASK"


def _starts_freely(text: str, token: Token) -> bool:
    before = text[token.start - 1] if token.start else " "
    return not (before.isascii() and (before.isalnum() or before in "-_/#.:@"))
