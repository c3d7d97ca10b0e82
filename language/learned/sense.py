"""Whether what the network reads makes sense: nothing is logged before it took place, no deal is won with its closing
ahead, and what is told is no task."""

from language.amounts import AmountMention
from language.builtin.clauses import Outline, dates_in
from language.builtin.outcomes import stage_of_outcome
from language.builtin.vocabulary import load_words, patterns
from language.dates import DateMention
from language.learned.acts import Part
from language.learned.calls import LearnedCall, Value
from language.learned.thresholds import VERY_SURE, certainty, clauses_of

_LEAST_SUM = 1000
# So many words beside who, when and how long tell what was said.
_LEAST_OF_TOLD = 5
# What a day of an act may be, other than when it took place.
_OTHER_DAYS = ("due", "due-by", "close", "close-by", "not")


def is_known(outline: Outline, record: str) -> bool:
    """Whether a record is on record, or was made or shown in this talk."""
    talked = (past.records for turn in outline.reading.dialogue.turns for past in turn.calls)
    return outline.reading.situation.lexicon.get(record) is not None or any(
        record_id == record for records in talked for _, record_id, _ in records
    )


def is_log_of_others(outline: Outline, learned: LearnedCall) -> bool:
    """Whether somebody else is to log what they did: "Ben should log his call" is no task of his here."""
    title = learned.values["title"].part
    return "assignee" in learned.values and any(
        hit.tag == "log" and title.first <= hit.first <= title.after for hit in outline.all_hits
    )


def is_told(outline: Outline, learned: LearnedCall) -> bool:
    """Whether the title tells a contact that took place, "Ben sent Marek the terms", puts something right, or names
    things only: no task."""
    title = learned.values["title"].part
    if outline.has("no_task") or _is_detail_asked(outline, title):
        return True
    if any(hit.tag == "correction" and title.first <= hit.first < title.after for hit in outline.all_hits):
        return True
    if all(word.kinds or not word.canon.isalnum() for word in title.words):
        return True
    if certainty(learned) >= VERY_SURE and "assignee" in learned.values:
        return False
    verb = title.words[0].canon
    if verb.endswith("ed") or verb in load_words("task_words")["told_verbs"]:
        return True
    is_order = verb in load_words("verbs")["orders"]  # "Book the site walk" tells of no walk.
    return any(
        (
            hit.tag == "contacted"
            and hit.first < title.after
            and title.first < hit.after
            and not (is_order and hit.first > title.first)
        )
        or (hit.tag == "contact_noun" and hit.first == title.first and learned.act.sure < VERY_SURE)
        for hit in outline.all_hits
    )


def _is_detail_asked(outline: Outline, title: Part) -> bool:
    """Whether a title is a person and a detail of theirs: "need Ada's email address" asks for it."""
    details = load_words("people")["details"]
    named = [word for word in title.words if word.kinds & {"contact", "lead", "account"}]
    others = [word.canon for word in title.words if not word.kinds and word.canon.isalpha()]
    return bool(named and others) and all(word in details for word in others)


def lies_ahead(outline: Outline, learned: LearnedCall) -> bool:
    """Whether what is told begins with a day to come, or took place on one.

    A bare "Tuesday" lies behind us where the message tells what was said, ahead where it names who and when alone.
    """
    today = outline.reading.situation.today
    begin = min(clauses_of(outline, learned)[0].after, learned.act.after)
    stretches = [(learned.act.first, begin), *((part.first, part.after) for part in learned.act.all("when"))]
    of_others = {i for part in learned.act.all(*_OTHER_DAYS) for i in range(part.first, part.after)}
    places = {i for first, after in stretches for i in range(first, after)} - of_others
    words = [outline.words[i] for i in sorted(places)]
    said = [word.thing for word in words if isinstance(word.thing, DateMention)]
    told = [
        day
        for day in outline.reading.past_dates
        if any(word.start < day.span.end and day.span.start < word.end for word in words)
    ]
    days = told if _tells_more(outline, learned) else [*told, *said]
    return any(day.shift or (day.on is not None and day.on > today) for day in days)


def _tells_more(outline: Outline, learned: LearnedCall) -> bool:
    """Whether a message has words beside those that say what kind of contact it was, with whom and when."""
    parts = {i for part in learned.act.parts for i in range(part.first, part.after)}
    beside = [
        i for i, word in enumerate(outline.words) if not word.kinds and word.canon.isalpha() and i not in parts
    ]
    return len(beside) >= _LEAST_OF_TOLD


def is_sensible(outline: Outline, learned: LearnedCall, name: str, value: Value) -> bool:
    """No deal closes today or before without being won or lost, none is won with its closing ahead, a small figure
    without a scale is no sum, and one that deals are compared with is no new amount."""
    dates = [word.thing for word in value.part.words if isinstance(word.thing, DateMention)]
    amounts = [word.thing for word in value.part.words if isinstance(word.thing, AmountMention)]
    ends = any(part.role in ("won", "lost") for part in learned.act.parts)
    if name == "close_date" and dates and dates[0].on is not None:
        return ends or dates[0].on > outline.reading.situation.today
    if name == "stage" and value.said == stage_of_outcome(outline.reading.situation, "won"):
        days = [
            date.on for clause in clauses_of(outline, learned) for date in dates_in(clause) if date.on is not None
        ]
        return all(day <= outline.reading.situation.today for day in days)
    if name == "amount" and amounts:
        if _is_compared(outline, amounts[0]) or _is_share(outline, str(value.said), amounts[0]):
            return False
        return amounts[0].kind != "plain" or amounts[0].value >= _LEAST_SUM
    return True


def _is_share(outline: Outline, said: str, amount: AmountMention) -> bool:
    """ "Raised to 60 %": a share of something, no change of a sum."""
    before = outline.reading.text[: amount.span.start].rstrip().casefold()
    return said.endswith("%") and before.endswith((" to", " at", "到", "至", "为"))


def _is_compared(outline: Outline, amount: AmountMention) -> bool:
    """ "Above 80k", "less than 1m": a bound, which tells no amount."""
    before = outline.reading.text[: amount.span.start]
    return any(pattern.search(before) for pattern in patterns("question_patterns", "compared"))
