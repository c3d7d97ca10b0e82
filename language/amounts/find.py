"""Finds amounts in a text: numbers, the currency or unit beside them, and what the words around make of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from language.amounts.context import about, direction, is_free_standing, is_named, is_off
from language.amounts.types import AmountMention, Kind
from language.dates import find_dates
from language.durations import find_durations
from language.grammar import Grammar
from language.numbers import CHINESE_DIGITS, read_digits
from language.resources import load_data
from language.spans import Span, cut, overlaps_any
from language.tokens import NUMBER_TAGS, Token, quantity, tokenize

MONEY_TAGS = frozenset({"CUR", "CURWORD", "MONEYSIGN"})
_ANY_DAY = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One number or a range of two, on tokens `first` up to, not including, `after`."""

    first: int
    after: int
    value: Decimal
    scale: int
    low: Decimal | None = None
    high: Decimal | None = None
    approximate: bool = False


def find_amounts(text: str, *, taken: Sequence[Span] | None = None) -> list[AmountMention]:
    """Every amount in `text`, left to right.

    What lies in one of the spans `taken` is skipped; without them, dates and durations are found and skipped here.
    Numbers in phone numbers, e-mails, ids, counts ("50k users") and names ("line 2") are no amounts.
    """
    tokens = tokenize(text)
    spans = _dates_and_durations(text) if taken is None else taken
    busy = _busy_tokens(tokens, spans)
    found: list[AmountMention] = []
    factors = _factors(text, tokens)
    i = 0
    while i < len(tokens):
        step = i + 1
        if i not in busy and i in factors:
            step, mention = factors[i]
            found.append(mention)
        elif i not in busy and tokens[i].tag == "FOLD":
            discount = _discount(text, tokens, i)
            found += [discount] if discount else []
        elif i not in busy and tokens[i].tag in NUMBER_TAGS:
            figure = _figure(text, tokens, i, busy)
            step = figure.after
            read = _percent(text, tokens, figure) or _money(text, tokens, figure)
            if read and not overlaps_any(read.span, [last.span for last in found[-1:]]):
                found.append(read)
        i = step
    return found


def _dates_and_durations(text: str) -> list[Span]:
    dates = [mention.span for mention in find_dates(text, today=_ANY_DAY)]
    return dates + [mention.span for mention in find_durations(text)]


def _busy_tokens(tokens: Sequence[Token], spans: Sequence[Span]) -> set[int]:
    """The tokens that lie in one of the spans."""
    busy: set[int] = set()
    ordered = sorted(spans, key=lambda span: span.start)
    at = 0
    for i, token in enumerate(tokens):
        while at < len(ordered) and ordered[at].end <= token.start:
            at += 1
        if at < len(ordered) and ordered[at].start < token.end:
            busy.add(i)
    return busy


@cache
def _grammar() -> Grammar:
    data = load_data("money")
    return Grammar(data["rules"], data["classes"])


def _factors(text: str, tokens: Sequence[Token]) -> dict[int, tuple[int, AmountMention]]:
    """ "Halve", "double it", 翻倍, 三倍: by the token where each begins."""
    found = {}
    for match, *_ in _grammar().matches(tokens):
        value = quantity_of(match.fields["n"]) if match.build == "n" else Decimal(match.build)
        span = cut(text, tokens[match.first].start, tokens[match.after - 1].end)
        found[match.first] = (match.after, AmountMention(span, value, None, "factor"))
    return found


def quantity_of(value: object) -> Decimal:
    """The decimal of a number field."""
    return Decimal(getattr(value, "value", value))  # type: ignore[arg-type]


def _figure(text: str, tokens: Sequence[Token], i: int, busy: set[int]) -> _Figure:
    """The number at token `i`, with the second one of a range ("150-180k", "between 1 and 1.2m")."""
    number = quantity(tokens[i])
    single = _Figure(i, i + 1, number.value, number.scale, number.low, number.high, number.approximate)
    link = _after_money_signs(tokens, i + 1)
    k = _after_money_signs(tokens, link + 1)
    if k >= len(tokens) or k in busy or tokens[k].tag not in NUMBER_TAGS:
        return single
    other = quantity(tokens[k])
    inherits = number.scale == 1 < other.scale and number.value < 1000
    low = number.value * other.scale if inherits else number.value
    opener = {token.canon for token in tokens[max(0, i - 3) : i]}
    if low >= other.value or not _links_range(tokens[link].canon, opener, inherits or number.scale == 1):
        return single
    return _Figure(i, k + 1, (low + other.value) / 2, max(number.scale, other.scale), low, other.value, True)


def _after_money_signs(tokens: Sequence[Token], i: int) -> int:
    while i < len(tokens) and tokens[i].tag in MONEY_TAGS:
        i += 1
    return i


def _links_range(link: str, opener: set[str], is_short: bool) -> bool:
    """True for "150-180k", "150 to 180k" and "between 150k and 180k"; "from 150k to 180k" names a change."""
    if link == "and":
        return "between" in opener
    if link not in load_data("money")["links"] or opener & {"from", "从"}:
        return False
    return is_short or link not in ("to", "到", "至")


def _percent(text: str, tokens: Sequence[Token], figure: _Figure) -> AmountMention | None:
    """10%, "ten percent", 百分之十, "10% off"."""
    before = tokens[figure.first - 1] if figure.first else None
    after = tokens[figure.after] if figure.after < len(tokens) else None
    if before and before.canon == "百分之":
        first, end = figure.first - 1, figure.after
    elif after and (after.canon == "%" or after.tag == "PERCENT"):
        first, end = figure.first, figure.after + 1
    else:
        return None
    mention = _mention(text, tokens, replace(figure, first=first, after=end), "percent", None)
    off = is_off(tokens, first, end)
    return replace(mention, off=off, direction=-1 if off else mention.direction)


def _discount(text: str, tokens: Sequence[Token], i: int) -> AmountMention | None:
    """6折 leaves 60 %, 八五折 and 85折 leave 85 %."""
    digits = "".join(str(CHINESE_DIGITS.get(char, char)) for char in tokens[i].value)
    kept = Decimal(digits) * (10 if "." in digits or len(digits) == 1 else 1)
    if not 0 < kept < 100:
        return None
    whole = _Figure(i, i + 1, 100 - kept, 1)
    return replace(_mention(text, tokens, whole, "percent", None), off=True, direction=-1)


def _money(text: str, tokens: Sequence[Token], figure: _Figure) -> AmountMention | None:
    first, after, currency = _currency(tokens, figure)
    token = tokens[figure.first]
    if currency in load_data("money")["dot_groups"] and figure.after == figure.first + 1:
        regrouped = read_digits(text[token.start : token.end], european=True)
        figure = replace(figure, value=regrouped) if regrouped is not None else figure
    framed = replace(figure, first=first, after=after)
    if currency:
        return _mention(text, tokens, framed, "money", currency)
    if is_named(tokens, figure.first, figure.after):
        return None
    if figure.scale > 1:
        return _mention(text, tokens, framed, "money", None)
    if is_free_standing(text, tokens, figure.first, figure.after):
        return _mention(text, tokens, framed, "plain", None)
    return None


def _currency(tokens: Sequence[Token], figure: _Figure) -> tuple[int, int, str | None]:
    """The figure's borders with its currency signs taken in, and the currency; codes win over signs."""
    first, after = figure.first, figure.after
    found: list[Token] = []
    is_signed = bool(first) and tokens[first - 1].tag == "MONEYSIGN"
    if after < len(tokens) and tokens[after].tag in MONEY_TAGS and not _opens_next(tokens, after, is_signed):
        found.append(tokens[after])
        after += 1
    while first and tokens[first - 1].tag in MONEY_TAGS and first > figure.first - 2:
        if tokens[first - 1].tag == "CURWORD" and not _leads(tokens, first - 1):
            break
        first -= 1
        found.append(tokens[first])
    inner = [token for token in tokens[figure.first : figure.after] if token.tag in MONEY_TAGS]
    return first, after, _code([*found, *inner])


def _leads(tokens: Sequence[Token], i: int) -> bool:
    """True when a currency's name belongs to the number behind it (港币三十万), not to one before it."""
    return not tokens[i].canon.isascii() and not (i and tokens[i - 1].tag in NUMBER_TAGS)


def _opens_next(tokens: Sequence[Token], i: int, is_signed: bool) -> bool:
    """True when a currency sign belongs to the number behind it ("5 $40", "$ 5 $ 40")."""
    if tokens[i].tag != "MONEYSIGN" or i + 1 >= len(tokens):
        return False
    return tokens[i + 1].tag in NUMBER_TAGS and (is_signed or not tokens[i].blank_after)


def _code(signs: Sequence[Token]) -> str | None:
    data = load_data("money")
    for token in sorted(signs, key=lambda token: token.tag != "CUR"):
        code = {**data["signs"], **data["letters"]}[token.value] if token.tag == "MONEYSIGN" else str(token.value)
        return str(data["aliases"].get(code, code))
    return None


def _mention(
    text: str, tokens: Sequence[Token], figure: _Figure, kind: Kind, currency: str | None
) -> AmountMention:
    span = cut(text, tokens[figure.first].start, tokens[figure.after - 1].end)
    value = figure.value.normalize() if figure.value else Decimal(0)
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() and value < 10**20 else value
    return AmountMention(
        span,
        value,
        currency,
        kind,
        figure.low,
        figure.high,
        approximate=figure.approximate or about(tokens, figure.first, figure.after),
        direction=direction(tokens, figure.first),
    )
