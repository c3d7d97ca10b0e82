"""Signs in a clause that an interaction took place: told from what is planned, asked, denied, called off or
known by hearsay.

Which signs make one interaction is `encounters`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.patterns import Hit
from language.builtin.people_facts import email_in
from language.builtin.vocabulary import load_words
from language.dates import DateMention

_UNREAL = frozenset({"condition", "undecided"})
_REACH_OF_OFF = 5
_REACH_OF_FIELD = 1
_AHEAD = (
    "plan",
    "task_new",
    "task_move",
    "task_word",
    "promise",
    "next_step",
    "next_step_behind",
    "step_lead",
    "called_off",
)
_NOT_BARE = (*_AHEAD, "reported", "no_log", "task_done")


@dataclass(frozen=True, slots=True)
class Sign:
    """A phrase that tells of a contact, in its clause."""

    clause: Clause
    hit: Hit


@lru_cache(maxsize=16)
def is_commanded(outline: Outline) -> bool:
    """Whether the person says to log something."""
    return any(is_command(clause) for clause in outline.clauses)


def is_command(clause: Clause) -> bool:
    """Whether a clause says to log something."""
    return _commands(clause) and not clause.has("no_log") and not clause.moods & (_UNREAL | {"question"})


def _commands(clause: Clause) -> bool:
    """Whether "log" or "note" is said as a verb: not "show me the log"."""
    nouns = clause.all("log_noun")
    fields = clause.all("next_step", "close_word", "amount_word", "stage_word", "competitor")
    return any(
        not any(noun.first < hit.after and hit.first < noun.after for noun in nouns)
        and not any(hit.after <= field.first <= hit.after + _REACH_OF_FIELD for field in fields)
        for hit in clause.all("log", "note")
    )


def signs_in(outline: Outline, clause: Clause) -> list[Sign]:
    """The signs of one clause; a mere noun only where it lies behind or the person says to log."""
    if (
        clause.moods & _UNREAL
        or ("question" in clause.moods and not is_commanded(outline))
        or clause.has("no_log")
    ):
        return []
    commanded = is_commanded(outline)
    found = [hit for hit in clause.all("contacted") if _took_place(outline, clause, hit)]
    found = [hit for hit in found if not _is_to_do(outline, clause, hit)]
    if not commanded:
        found = [hit for hit in found if not _is_content(outline, clause, hit)]
    if commanded or _lies_behind(outline, clause):
        found += [
            hit
            for hit in clause.all("contact_noun")
            if (commanded or not clause.has("plan", "task_move", "task_word"))
            and not (_is_called_off(outline, clause, hit) or _is_order(outline, clause, hit))
        ]
    found += [hit for hit in clause.all("contact_reply") if commanded]
    if not found:
        found += [hit for hit in clause.all("terse_channel")[:1] if _heads_line(outline, clause, hit)]
    found += [hit for hit in clause.all("note") if commanded]
    return [Sign(clause, hit) for hit in found if not (_is_next_step(clause, hit) or _is_address(clause, hit))]


def _is_address(clause: Clause, hit: Hit) -> bool:
    """ "His mail is ada@…": an address, no mail that came."""
    return hit.tag == "contact_noun" and hit.value.get("type") == "email" and bool(email_in(clause.text))


def _is_to_do(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "And book the site walk": what an order at the head of a clause is about."""
    orders = load_words("verbs")["orders"]
    head = [word.canon for word in outline.words[clause.first : min(hit.first, clause.first + 2)]]
    return bool(head) and (head[0] in orders or (clause.has("joint") and head[-1] in orders))


def _is_next_step(clause: Clause, hit: Hit) -> bool:
    """ "Next step: site visit with Ben", "a site visit with Ben is the next step": what is still to come."""
    label, behind = clause.hit("next_step", "step_lead"), clause.hit("next_step_behind")
    return (label is not None and label.first <= hit.first) or (behind is not None and hit.first < behind.first)


def _is_content(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "I think about what Karl told me on the phone": the contact is only where a thought comes from."""
    told_of = load_words("verbs")["told_of"]
    return any(word.canon in told_of for word in outline.words[clause.first : hit.first])


def bare_signs(outline: Outline, clauses: Sequence[Clause]) -> list[Sign]:
    """The mere nouns of a terse note ("Ben + Ivy (Tallgrass), online meeting yesterday, 1h"), where no
    other sign is; one a sentence."""
    found: list[Sign] = []
    for clause in clauses:
        noun = clause.hit("contact_noun", "contact_bare")
        if noun is None or clause.moods or _is_order(outline, clause, noun) or clause.has(*_NOT_BARE):
            continue
        told = [
            each for each in clauses if each.sentence == clause.sentence and abs(each.index - clause.index) < 4
        ]
        is_further = bool(found) and (found[-1].clause.sentence == clause.sentence or not is_terse(clause))
        is_reported = is_commanded(outline) or is_terse(clause)
        if not is_further and is_reported and _is_told_of_past(outline, clause, told):
            found.append(Sign(clause, noun))
    return found


def _is_order(outline: Outline, clause: Clause, noun: Hit) -> bool:
    """ "Call Ben, 10 min": a verb in front of a name, unless the person says to log it."""
    order = clause.hit("do_later")
    following = outline.words[noun.after] if noun.after < clause.after else None
    is_name = following is not None and bool(following.kinds & {"contact", "account", "lead"})
    is_verb = order is not None and (order.first, order.after) == (noun.first, noun.after)
    return is_verb and is_name and not is_commanded(outline)


def _is_told_of_past(outline: Outline, clause: Clause, told: Sequence[Clause]) -> bool:
    """Whether days, a length or a command near a noun set it behind, and no day or plan sets it ahead."""
    today = outline.reading.situation.today
    if any(each.has(*_AHEAD) for each in told if each.index <= clause.index):
        return False
    own = {clause.index, clause.index + 1} if is_commanded(outline) else {each.index for each in told}
    dates = [
        date for each in told if each.index in own for date in outline.reading.past_dates if _is_in(date, each)
    ]
    days = [date.on for date in dates if date.on]
    if any(day > today for day in days) or (not is_commanded(outline) and _has_day_ahead(outline, told)):
        return False
    measured = any(each.things("duration") or any(hit.value.get("behind") for hit in each.hits) for each in told)
    return bool(days) or measured or (is_commanded(outline) and is_terse(clause))


def _has_day_ahead(outline: Outline, clauses: Sequence[Clause]) -> bool:
    today = outline.reading.situation.today
    dates = [date for clause in clauses for date in dates_in(clause)]
    days = [date.on or (date.period.start if date.period else None) for date in dates]
    return any(day is not None and day > today for day in days)


def _is_wished_for(clause: Clause) -> bool:
    """ "Ben wants a 30 min call": said before the noun, with no past day."""
    noun, said = clause.hit("contact_noun", "contact_bare"), clause.hit("reported")
    return noun is not None and said is not None and said.first < noun.first and not clause.has("just_now")


def _is_in(date: DateMention, clause: Clause) -> bool:
    return clause.start <= date.span.start < clause.end


def is_terse(clause: Clause) -> bool:
    """Whether a clause holds only names, days, lengths, the nouns of a contact and small words."""
    loose = load_words("people")["in_lists"]
    tags = ("contact_noun", "contact_bare", "log", "filler", "joint", "title_word")
    told = {i for hit in clause.all(*tags) for i in range(hit.first, hit.after)}
    return all(
        word.kinds or i in told or word.canon in loose or not word.canon[0].isalnum()
        for i, word in enumerate(clause.words, clause.first)
    )


def _took_place(outline: Outline, clause: Clause, hit: Hit) -> bool:
    reach = hit.first + 1 if hit.value.get("tried") else hit.after
    denied = (
        any(each.tag == "negation" and each.first < reach for each in clause.hits) and "negation" in clause.moods
    ) or _is_called_off(outline, clause, hit)
    planned = any(each.tag == "plan" and each.first <= hit.first < each.after + 4 for each in clause.hits)
    ahead = _is_ahead(outline, clause, hit)
    if denied or planned or ahead:
        return False
    return is_commanded(outline) or not _is_of_colleague(outline, clause, hit)


def _is_called_off(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "The meeting with Ben was cancelled": close behind the contact, with no deal or field between."""
    for off in clause.all("called_off"):
        between = outline.words[hit.after : off.first]
        if off.first - hit.after <= _REACH_OF_OFF and not any("deal" in word.kinds for word in between):
            return off.first >= hit.first and not clause.has("close_word")
    return False


def _is_ahead(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """Whether the clause sets the contact to a time that lies ahead, even where bare weekdays are read as
    past ones."""
    today = outline.reading.situation.today
    until = outline.words[min(hit.after + 1, clause.after - 1)].end
    dates = [date for date in outline.reading.past_dates if clause.start <= date.span.start < until]
    days = [date.on or (date.period.start if date.period else None) for date in dates]
    opens_past = any(day is not None and day <= today for day in days)
    return any(day is not None and day > today for day in days) and not opens_past


def _is_of_colleague(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "Tom called Ben": somebody else's call, told in passing."""
    if "hearsay" in clause.moods:
        return True
    words = [
        word
        for word in outline.words[clause.first : hit.after]
        if "user" in word.kinds and "contact" not in word.kinds
    ]
    if not words or any(word.canon in ("i", "we", "me", "us", "我", "我们") for word in clause.words):
        return False
    last = outline.words.index(words[-1])
    following = outline.words[last + 1].canon if last + 1 < len(outline.words) else ""
    return following not in ("'s", "'", "的") and last <= hit.first


def _lies_behind(outline: Outline, clause: Clause) -> bool:
    """Whether a mere noun ("call with Ben") is said of the past: a past day, a length, "just now", or a
    heading."""
    today = outline.reading.situation.today
    dates = dates_in(clause)
    told = [each for each in outline.clauses if each.sentence == clause.sentence and is_terse(each)]
    if _has_day_ahead(outline, [clause, *told]) or clause.has("plan", "task_new", "promise"):
        return False
    if _is_wished_for(clause):
        return False
    if any(date.on and date.on <= today for date in dates) or clause.things("duration"):
        return True
    if any(hit.value.get("behind") for hit in clause.hits):
        return True
    noun = clause.hit("contact_noun")
    return noun is not None and _heads_message(outline, clause, noun)


def _heads_line(outline: Outline, clause: Clause, channel: Hit) -> bool:
    """A line of a Chinese log, "10:15 电话 启明 施平 …": the channel among names at the head, and a time, a length
    or 了 that sets it behind."""
    rest = outline.words[channel.after : clause.after]
    before = [word for word in outline.words[clause.first : channel.first] if word.canon[0].isalnum()]
    opens = clause.index == 0 and all(word.kinds or word.canon[0].isdigit() for word in before)
    named = any(word.kinds & {"account", "contact"} for word in (*before, *rest[:2]))
    clock = any(word.canon[0].isdigit() and ":" in word.canon for word in before)
    told = clock or bool(clause.things("duration")) or clause.has("took_place")
    return opens and named and told and not _has_day_ahead(outline, [clause]) and not clause.has(*_AHEAD)


def _heads_message(outline: Outline, clause: Clause, noun: Hit) -> bool:
    """ "Call with Ben: he wants …": the noun opens the message, and something is told after it."""
    opens = all(word.kinds or not word.canon.isalnum() for word in outline.words[: noun.first])
    tells = clause.index + 1 < len(outline.clauses) and outline.clauses[clause.index + 1].is_plain
    is_number = bool(noun.first) and outline.words[noun.first - 1].canon == "的"
    return opens and tells and not is_number and not clause.has("task_move", "move")
