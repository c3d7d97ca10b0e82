"""Puts neighbouring pieces together: edges of periods, weekday plus date, moves from a day, ranges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from language.dates.builders import valid
from language.dates.calendar import range_period, week_period
from language.dates.edge_builders import edge_of
from language.dates.types import Anchor, Meaning, Shift, add_months
from language.resources import load_data
from language.tokens import Token

Gap = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A meaning and the tokens that carry it: from `first` up to, not including, `after`."""

    first: int
    after: int
    meaning: Meaning


def compose(pieces: Sequence[Piece], tokens: Sequence[Token], anchor: Anchor) -> list[Piece]:
    """The pieces, joined with their neighbours where the words between them say so."""
    floors = [0, *(piece.after for piece in pieces)]
    edged = [_with_edges(piece, tokens, anchor, floor) for piece, floor in zip(pieces, floors, strict=False)]
    joined: list[Piece] = []
    for piece in edged:
        joined.append(_in_same_week(joined[-1], piece, tokens) if joined else piece)
        while len(joined) > 1:
            together = _join(joined[-2], joined[-1], tokens, anchor)
            if not together:
                break
            joined[-2:] = [together]
    return joined


def _with_edges(piece: Piece, tokens: Sequence[Token], anchor: Anchor, floor: int) -> Piece:
    """ "End of" in front of a period, 底 behind it, "week of" in front of a day; never words before token `floor`."""
    before = piece.first - 1
    while before >= floor and tokens[before].canon in ("the", "-"):
        before -= 1
    if piece.meaning.period and before >= floor and tokens[before].tag == "EDGE":
        meaning = edge_of(piece.meaning.period, tokens[before].value, anchor)
        return Piece(before, piece.after, meaning) if meaning else piece
    if piece.meaning.period and piece.after < len(tokens) and tokens[piece.after].tag == "TAIL":
        meaning = edge_of(piece.meaning.period, tokens[piece.after].value, anchor)
        return Piece(piece.first, piece.after + 1, meaning) if meaning else piece
    if piece.meaning.shift and piece.after < len(tokens):
        return _counted_from_today(piece, tokens[piece.after].canon, anchor)
    if piece.meaning.on:
        size = _phrase_before(tokens, piece.first, load_data("dates")["links"]["week_of"])
        if size and piece.first - size >= floor:
            return Piece(piece.first - size, piece.after, Meaning(period=week_period(piece.meaning.on)))
    return piece


def _counted_from_today(piece: Piece, following: str, anchor: Anchor) -> Piece:
    """半年后, 两个半月前, 半年内: a move that the next word counts from today."""
    classes, move = load_data("dates")["classes"], piece.meaning.shift
    if move is None or following not in [*classes["after"], *classes["ago"], *classes["inside"]]:
        return piece
    move = move.reversed() if following in classes["ago"] else move
    inside = following in classes["inside"]
    day = _moved(anchor.today, move)
    meaning = Meaning(on=day, deadline=inside, bound="before" if inside else "on")
    return Piece(piece.first, piece.after + 1, meaning) if day else piece


def _moved(day: date, move: Shift) -> date | None:
    """The day after the move; None when that is out of the calendar."""
    try:
        return move.apply(day)
    except OverflowError:
        return None


def _in_same_week(left: Piece, piece: Piece, tokens: Sequence[Token]) -> Piece:
    """ "Next Tuesday or Wednesday", 下周三到周四: the second day lies in the week of the first."""
    gap = [token.canon for token in tokens[left.after : piece.first]]
    weekday, day = piece.meaning.weekday, left.meaning.on
    if weekday is None or not day or not left.meaning.in_week or len(gap) != 1:
        return piece
    if gap[0] not in load_data("dates")["links"]["same_week"]:
        return piece
    on = day + timedelta(days=weekday - day.weekday())
    return Piece(piece.first, piece.after, piece.meaning.replaced(on=on, in_week=True))


def _phrase_before(tokens: Sequence[Token], end: int, phrases: Sequence[str]) -> int:
    """How many tokens right before `end` make the longest of the phrases; 0 when none does."""
    sizes = (len(phrase.split()) for phrase in phrases if _ends_with(tokens, end, phrase.split()))
    return max(sizes, default=0)


def _ends_with(tokens: Sequence[Token], end: int, words: Sequence[str]) -> bool:
    start = end - len(words)
    return start >= 0 and [token.canon for token in tokens[start:end]] == list(words)


def _join(left: Piece, right: Piece, tokens: Sequence[Token], anchor: Anchor) -> Piece | None:
    if right.first - left.after > 3:
        return None
    gap = tuple(token.canon for token in tokens[left.after : right.first])
    for join in _JOINS:
        meaning = join(left.meaning, gap, right.meaning, anchor)
        if meaning:
            return Piece(left.first, right.after, meaning)
    return _range(left, gap, right, tokens)


def _weekday_and_date(left: Meaning, gap: Gap, right: Meaning, anchor: Anchor) -> Meaning | None:
    """ "Weds 25 March", "Tuesday the 31st", 3月20日（周五）."""
    if gap not in ((), (",",), ("the",), (",", "the"), ("(",), ("on",)) or not left.on or not right.on:
        return None
    known, other = (left, right) if left.weekday is not None else (right, left)
    if known.weekday is None or other.weekday is not None:
        return None
    day = _fitting(other, known.weekday, anchor)
    conflict = day.weekday() != known.weekday
    if conflict and gap not in ((), ("the",), ("(",)):
        return None
    return other.replaced(on=day, conflict=conflict, at=left.at or right.at, weak=False)


def _fitting(meaning: Meaning, weekday: int, anchor: Anchor) -> date:
    """The day, or where its year or month was open, the nearest one on that weekday."""
    if meaning.on is None or meaning.on.weekday() == weekday or not meaning.monthday:
        return meaning.on or anchor.today
    month, day = meaning.monthday
    today = anchor.today
    if month:
        options = [valid(today.year + step, month, day) for step in (-1, 0, 1)]
    else:
        months = [add_months(today.replace(day=1), step) for step in range(-6, 7)]
        options = [valid(first.year, first.month, day) for first in months]
    fitting = [option for option in options if option and option.weekday() == weekday]
    return min(fitting, key=lambda option: abs(option - today), default=meaning.on)


def _weekday_in_week(left: Meaning, gap: Gap, right: Meaning, anchor: Anchor) -> Meaning | None:
    """ "Friday next week", "the Wednesday of last week", "next week on Friday", 下周的周五."""
    if left.weekday is not None and right.period and gap in ((), ("of",), ("in",), ("of", "the"), ("the",)):
        day, week = left, right.period
    elif right.weekday is not None and left.period and gap in ((), ("on",), ("的",), ("'", "s")):
        day, week = right, left.period
    else:
        return _weekday_weeks_off(left, gap, right)
    if week.days != 7 or day.weekday is None or week.start.weekday():
        return None
    return Meaning(on=week.start + timedelta(days=day.weekday), at=day.at)


def _weekday_weeks_off(left: Meaning, gap: Gap, right: Meaning) -> Meaning | None:
    """ "Friday in two weeks", 三周后的周五."""
    day, weeks = (left, right) if left.weekday is not None else (right, left)
    if (
        day.weekday is None
        or not weeks.weeks_off
        or not weeks.on
        or gap not in ((), ("的",), ("on",), ("on", "the"))
    ):
        return None
    return Meaning(on=weeks.on + timedelta(days=day.weekday - weeks.on.weekday()), at=day.at)


def _monthday_in_month(left: Meaning, gap: Gap, right: Meaning, anchor: Anchor) -> Meaning | None:
    """ "The 5th of next month", 下个月5号."""
    if left.monthday and right.period and gap in (("of",), ("in",), ()):
        open_day, month = left.monthday, right.period
    elif right.monthday and left.period and gap in ((), ("的",), ("the",), ("on", "the")):
        open_day, month = right.monthday, left.period
    else:
        return None
    if open_day[0] or not 28 <= month.days <= 31 or month.start.day != 1:
        return None
    day = valid(month.start.year, month.start.month, open_day[1])
    return Meaning(on=day) if day else None


def _move_from_day(left: Meaning, gap: Gap, right: Meaning, anchor: Anchor) -> Meaning | None:
    """ "Two weeks from Friday", "a week after the 16th", "a day before the end of March"."""
    words = tuple(word for word in gap if word not in ("the", "of", "to"))
    if not left.shift or not right.on or len(words) != 1:
        return None
    if words[0] in ("before", "ahead", "prior", "前"):
        day = _moved(right.on, left.shift.reversed())
    elif words[0] in ("from", "after", "following", "past", "on"):
        day = _moved(right.on, left.shift)
    else:
        return None
    return Meaning(on=day) if day else None


def _end_of_day(left: Meaning, gap: Gap, right: Meaning, anchor: Anchor) -> Meaning | None:
    """ "Eod Friday", "tomorrow close of business"."""
    if gap not in ((), ("on",), ("of",), (",",), ("by",)) or not left.on or not right.on:
        return None
    if left.end_of_day == right.end_of_day:
        return None
    return (right if left.end_of_day else left).replaced(deadline=True, bound="before", weak=False)


def _range(left: Piece, gap: Gap, right: Piece, tokens: Sequence[Token]) -> Piece | None:
    """ "March 3 to March 10", "between 1 April and 15 May", 三月到五月; not "move it from Friday to Monday"."""
    links = load_data("dates")["links"]
    words = tuple(word for word in gap if word not in ("the", "on"))
    opener = tokens[left.first - 1].canon if left.first else ""
    closer = tokens[right.after].canon if right.after < len(tokens) else ""
    if closer == "之间" and len(words) == 1 and words[0] in links["between"]:
        return _spanned(left, Piece(right.first, right.after + 1, right.meaning))
    if words == ("and",) and opener == "between":
        return _spanned(Piece(left.first - 1, left.after, left.meaning), right)
    if len(words) != 1 or words[0] not in links["range"]:
        return None
    if words[0] not in links["open_range"] and _is_moved(left, tokens):
        return None
    return _spanned(left, right)


def _is_moved(left: Piece, tokens: Sequence[Token]) -> bool:
    moving = load_data("dates")["moving"]
    return any(token.canon in moving for token in tokens[max(0, left.first - 12) : left.first])


def _spanned(left: Piece, right: Piece) -> Piece | None:
    start = left.meaning.on or (left.meaning.period and left.meaning.period.start)
    end = right.meaning.on or (right.meaning.period and right.meaning.period.end)
    if start and end and right.meaning.monthday and not right.meaning.monthday[0]:
        end = valid(start.year, start.month, right.meaning.monthday[1])
    if start and end and end < start and right.meaning.weekday is not None:
        end += timedelta(days=7)
    if not start or not end or end < start:
        return None
    return Piece(left.first, right.after, Meaning(period=range_period(start, end)))


_JOINS: Sequence[Callable[[Meaning, Gap, Meaning, Anchor], Meaning | None]] = (
    _end_of_day,
    _weekday_in_week,
    _weekday_and_date,
    _monthday_in_month,
    _move_from_day,
)
