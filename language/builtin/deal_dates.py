"""What one clause says about a deal's close date: a day, a move from the present one, or nothing."""

import re
from collections.abc import Iterator, Sequence
from datetime import date as Day

from language.builtin.clauses import Clause, Outline, dates_in, new_dates_in
from language.builtin.deal_mentions import index_of, is_about_deal
from language.builtin.field_change import FieldChange
from language.builtin.patterns import Hit
from language.builtin.spoken import spoken_date
from language.builtin.vocabulary import load_words
from language.dates import DateMention

_BARE_DAY = re.compile(r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?|\d{1,2}\s*[号號日]", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
# A correction that says nothing but a day has no more words than these.
_FEW = 4
_EVENTS = ("task_word", "contact_noun", "plan")


def close_date_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """The new close date that a clause gives a deal; weak when it is only told."""
    dates = [each for each in new_dates_in(clause) if each.bound not in ("from", "since")]
    if (
        not dates
        or clause.has("task_new")
        or (clause.has("to_stage") and not clause.has("close_word", "push", "pull"))
    ):
        return
    date = _date_of_deal(outline, clause, dates)
    at = index_of(outline, clause, date)
    word, push, pull = clause.hit("close_word"), clause.hit("push"), clause.hit("pull")
    named = is_about_deal(clause) or _goes_on_about_deal(clause, before)
    is_event = clause.has(*_EVENTS) or _has_event_noun(clause)
    if word and (
        named
        or clause.things("account")
        or _is_date_noun(outline, word)
        or word.first <= clause.first + 1
        or clause.has("polite")
    ):
        sign = -1 if pull and not push else 1
        yield FieldChange("close_date", spoken_date(date, sign=sign), at)
    elif named and date.shift and _is_terse_shift(clause):
        yield FieldChange("close_date", spoken_date(date), at)
    elif (push or pull) and (named or not is_event) and (named or clause.things("account") or date.shift):
        yield FieldChange("close_date", spoken_date(date, sign=-1 if pull and not push else 1), at)
    elif _needs_till(clause, date) or _lives_until(outline, clause, before, date):
        yield FieldChange("close_date", spoken_date(date), at)
    elif clause.has("move") and named and not is_event and date.on and date.on > outline.reading.situation.today:
        yield FieldChange("close_date", spoken_date(date), at, weak=not _moves_to(clause, at))
    elif named and date.on and clause.has("move"):
        yield FieldChange("close_date", spoken_date(date), at, weak=True)


def _goes_on_about_deal(clause: Clause, before: Clause | None) -> bool:
    """ "The linkspan deal can't sign in July, move to 15 August": an order without an object behind a clause about a
    deal."""
    if before is None or before.sentence != clause.sentence or not is_about_deal(before) or before.has(*_EVENTS):
        return False
    verb = clause.hit("move", "push", "pull")
    covered = {
        i
        for hit in clause.all("move", "push", "pull", "joint", "filler", "polite", "stage_verb")
        for i in range(hit.first, hit.after)
    }
    loose = load_words("deal_words")["beside_terse_date"]
    rest = [
        word
        for i, word in enumerate(clause.words, clause.first)
        if i not in covered and word.canon[0].isalnum() and "date" not in word.kinds and word.canon not in loose
    ]
    return verb is not None and not rest


def _needs_till(clause: Clause, date: DateMention) -> bool:
    """ "The bars need till 9 October", and nobody only wishes so."""
    return clause.has("needs_till") and not clause.has("wished") and (date.bound == "until" or date.is_deadline)


def _lives_until(outline: Outline, clause: Clause, before: Clause | None, date: DateMention) -> bool:
    """ "It lives on, but at the end of June": nothing but a day behind a deal that goes on."""
    if (
        date.on is None
        or date.on <= outline.reading.situation.today
        or before is None
        or before.sentence != clause.sentence
        or not before.has("lives_on")
    ):
        return False
    loose = load_words("deal_words")["beside_terse_date"]
    words = [word for word in clause.words if word.canon[0].isalnum() and "date" not in word.kinds]
    return all(word.canon in loose for word in words)


def _date_of_deal(outline: Outline, clause: Clause, dates: Sequence[DateMention]) -> DateMention:
    """The last date, but the first behind "close date" when a task or promise is spoken of behind that."""
    word, task = clause.hit("close_word"), clause.hit("task_word", "task_new", "promise")
    if word is None or task is None or task.first < word.first:
        return dates[-1]
    behind = [each for each in dates if word.first <= index_of(outline, clause, each) <= task.first]
    return behind[0] if behind else dates[-1]


def _is_terse_shift(clause: Clause) -> bool:
    """ "Retrofit 3 weeks later pls": nothing but a deal and a move."""
    polite = {i for hit in clause.all("polite", "joint") for i in range(hit.first, hit.after)}
    words = [word for i, word in enumerate(clause.words, clause.first) if word.canon.isalnum() and i not in polite]
    return all(word.kinds & {"deal", "date"} for word in words) or len(words) <= 2


def _moves_to(clause: Clause, at: int) -> bool:
    return any(hit.first < at for hit in clause.all("move"))


def _is_date_noun(outline: Outline, hit: Hit) -> bool:
    text = " ".join(word.canon for word in outline.words[hit.first : hit.after])
    return any(noun in text.replace(" ", "") or noun in text for noun in load_words("deal_words")["date_nouns"])


def _has_event_noun(clause: Clause) -> bool:
    return any(word.canon in load_words("deal_words")["events"] for word in clause.words)


def bare_day_of(before: str, clause: Clause) -> str:
    """ "25th, typo": nothing but a day of the month, in the month of the day that it corrects."""
    ordinals = _ORDINAL.findall(clause.text.casefold())
    words = [word for word in clause.words if word.canon[0].isalnum()]
    if len(ordinals) != 1 or dates_in(clause) or len(words) > _FEW:
        return ""
    try:
        return Day.fromisoformat(before).replace(day=int(ordinals[0])).isoformat()
    except ValueError:
        return ""


def in_month_of(before: str, clause: Clause, value: str) -> str:
    """A bare day in the month of the day that it corrects: "May 31, no, the 27th" is 27 May."""
    days = [each for each in dates_in(clause) if each.on]
    if not days or not _BARE_DAY.fullmatch(days[-1].span.text.strip()):
        return value
    try:
        return Day.fromisoformat(before).replace(day=Day.fromisoformat(value).day).isoformat()
    except ValueError:
        return value
