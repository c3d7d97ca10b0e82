"""Logging: one call for each interaction that the message reports, with who, when, how long and about which
deal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date as date_type
from datetime import timedelta
from itertools import pairwise

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.dialogue import Dialogue
from language.builtin.encounter_lists import announces_list
from language.builtin.encounter_people import Company, company_of, contacts_of, speakers_told
from language.builtin.encounter_signs import is_commanded, is_terse
from language.builtin.encounters import Encounter, find_encounters
from language.builtin.partly_named import only_partly_named
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.restated import taken_back
from language.builtin.senders import sender_of, speakers_of
from language.builtin.strangers import names_stranger
from language.builtin.targets import Targets
from language.builtin.todo import find_todos
from language.builtin.vocabulary import load_words
from language.dates import DateMention
from language.durations import clock_range
from language.learned.acts import understood
from language.learned.calls import learned_calls
from language.learned.merging import is_legible
from language.learned.replacing import VAGUE
from language.learned.sense import lies_ahead
from language.learned.strangers import unknown_participants
from language.lexicon import Mention

_NEAR = 3
_NAMES = frozenset({"account", "deal", "contact", "lead", "ticket"})
# Beside a change of a ticket, what a customer said is the reason for it and no log of its own.
_TICKET_WORK = ("create", "status", "assign", "priority")
_POINTING = frozenset({(before, "it") for before in ("on", "to", "under", "against", "for")})
_LONGEST_PAST = timedelta(days=183)
_OWN_DATES = ("close_word", "to_stage", "push", "move", "amount_change", "promise", "task_move")


@request(precedence=200)
def log_interactions(reading: Reading) -> Sequence[Call] | Intent:
    """The interactions that took place, or that the person says to log."""
    outline = reading.outline
    if reading.situation.role == "support" and outline.has(*_TICKET_WORK) and not is_commanded(outline):
        return ()
    found = find_encounters(outline)
    calls: list[Call] = []
    for number, encounter in enumerate(found):
        until = found[number + 1].index if number + 1 < len(found) else len(outline.clauses)
        start = 0 if number == 0 else encounter.index
        call = _call(outline, encounter, outline.clauses[start:until], len(found) > 1)
        if call is not None and len(found) > 1 and not call.arguments["when"]:
            call = replace(call, arguments={**call.arguments, "when": _when_of_all(outline, found[0].index)})
        if call is not None:
            calls.append(call)
    if found and not calls and is_commanded(outline):
        return Intent(answer=_which_account(reading), kind="question")
    return calls


@request(precedence=900)
def name_strangers(reading: Reading) -> Sequence[Call]:
    """A report on people of whom none is on record: logging it says who was not found, and nothing is lost unsaid."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft or reading.pasted or log_interactions(reading):
        return ()
    if not is_legible(outline) or any(
        clause.things("account", "deal", "lead", "ticket") for clause in outline.clauses
    ):
        return ()
    if not (names := unknown_participants(outline)):
        return ()
    logs = [each for each in learned_calls(outline, understood(outline)) if each.tool == "log_interaction"]
    told = [each.call(outline) for each in logs if not lies_ahead(outline, each)]
    return [replace(call, arguments={"type": VAGUE, **call.given(), "contacts": list(names)}) for call in told[:1]]


def _call(outline: Outline, encounter: Encounter, part: Sequence[Clause], several: bool) -> Call | None:
    open_part = _without_tasks(outline, part)
    company = company_of(outline, encounter, part)
    contacts = contacts_of(outline, encounter, open_part, company)
    contacts += [each for each in speakers_of(outline.reading, company.id) if each not in contacts]
    if not contacts and outline.reading.pasted:
        sender = sender_of(outline.reading, company.id)
        contacts = [sender] if sender else []
    contacts = contacts or _in_focus(outline, encounter, company)
    deal = _deal(outline, part, company)
    ticket = next((w.canon for clause in part for w in clause.things("ticket")), "")
    lead = company.lead if not contacts else ""
    if not (company.reference or contacts or lead or ticket or deal):
        return None
    arguments = {
        "type": encounter.type,
        "direction": encounter.direction or _direction_told(outline, encounter, open_part, company, contacts),
        "account": company.reference,
        "contacts": contacts,
        "deal": deal,
        "lead": lead,
        "ticket": ticket,
        "when": _when(outline, encounter, open_part),
        "duration": _duration(outline, open_part),
        "text": outline.own_text(part[0].start, part[-1].end).strip() if several else "",
    }
    return Call("log_interaction", arguments, encounter.at)


def _direction_told(
    outline: Outline, encounter: Encounter, part: Sequence[Clause], company: Company, contacts: Sequence[str]
) -> str:
    """ "WhatsApp: Ivy says …": what tells only the words of the customer's person came in."""
    is_written = encounter.type in ("message", "email")
    speaks = bool(contacts) and speakers_told(outline, encounter, part, company) == list(contacts)
    return "inbound" if is_written and speaks else ""


def _in_focus(outline: Outline, encounter: Encounter, company: Company) -> list[str]:
    """The person whom the last turn was about, meant by "her", or by a bare "log this call"."""
    focus = Dialogue(outline.reading.dialogue.turns[-1:]).focus("contact")
    entry = Targets(outline).get(focus[0]) if focus else Targets(outline).person_told()
    if entry is None or company.id not in ("", entry.account_id) or names_stranger(outline):
        return []
    pronouns = {str(each) for each in load_words("people")["pronouns"]}
    pointed = any(word.canon in pronouns for clause in encounter.anchors for word in clause.words)
    return [entry.id] if pointed or (is_commanded(outline) and not company.reference) else []


def _without_tasks(outline: Outline, part: Sequence[Clause]) -> list[Clause]:
    taken = {
        clause.index
        for todo in find_todos(outline)
        for clause in todo.clauses
        if not clause.has("log", "contacted")
    }
    return [clause for clause in part if clause.index not in taken]


def _when(outline: Outline, encounter: Encounter, part: Sequence[Clause]) -> str:
    """The day it happened, as an ISO date; the words of a past week or month, of which the server asks for a day; empty
    for today."""
    today = outline.reading.situation.today
    replaced = taken_back(outline)
    for clause in (*encounter.anchors, *_dated_near(outline, encounter, part)):
        days = [
            date.on
            for date in outline.reading.past_dates
            if _is_in(date, clause) and date.span.start not in replaced and _may_be_told_of(date, today)
        ]
        if days:
            return "" if days[0] in (today, None) else days[0].isoformat()
        if any(hit.value.get("behind") == "now" for hit in clause.hits) and clause in encounter.anchors:
            break
    return next((_span_of(outline, clause, today) for clause in encounter.anchors), "")


def _span_of(outline: Outline, clause: Clause, today: date_type) -> str:
    """ "Met Ivy last week": the only date that tells when it was, where that is no day."""
    dates = [date for date in outline.reading.past_dates if _is_in(date, clause)]
    period = dates[0].period if len(dates) == 1 and dates[0].on is None else None
    is_past = period is not None and period.end < today and period.end > period.start
    return dates[0].span.text if is_past and not dates[0].is_deadline else ""


def _when_of_all(outline: Outline, first: int) -> str:
    """ "Two from Monday, both Waikato: I phoned Hemi …": the day that stands above several interactions."""
    today = outline.reading.situation.today
    for clause in outline.clauses[:first]:
        if not (clause.has("several_told") or announces_list(outline, clause)):
            continue
        days = [date.on for date in outline.reading.past_dates if _is_in(date, clause) and date.on is not None]
        if days and timedelta(0) < today - days[0] <= _LONGEST_PAST:
            return days[0].isoformat()
    return ""


def _may_be_told_of(date: DateMention, today: date_type) -> bool:
    """Whether a date may be the day of something past: no deadline, not ahead, and not by the wrong year."""
    if date.on is None or date.is_deadline or date.bound in ("from", "until"):
        return False
    return timedelta(0) <= today - date.on <= _LONGEST_PAST


def _dated_near(outline: Outline, encounter: Encounter, part: Sequence[Clause]) -> list[Clause]:
    """The clauses beside the report that may hold its day: headings, bare days, corrections, the command to
    log."""
    found = [
        clause
        for clause in part
        if clause not in encounter.anchors
        and not clause.has(*_OWN_DATES)
        and not _is_value(outline, clause)
        and (
            clause.has("log")
            or _says_when(clause)
            or is_terse(clause)
            or _is_heading(clause, encounter)
            or _corrects_day(outline, encounter, clause)
        )
    ]
    return sorted(found, key=lambda clause: abs(clause.index - encounter.index))


def _is_value(outline: Outline, clause: Clause) -> bool:
    """ "Close date: Sept 30": the day belongs to the label in front."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    labelled = before is not None and before.words[-1].canon in (":", "：", "=", "-")
    return labelled and before is not None and before.has(*_OWN_DATES, "next_step", "task_new", "task_word")


def _says_when(clause: Clause) -> bool:
    """ "Came in yesterday", "that was on Friday": said of the contact itself, as its head."""
    hit = clause.hit("when_told")
    return hit is not None and hit.first == clause.first


def _is_heading(clause: Clause, encounter: Encounter) -> bool:
    return clause.index < encounter.index and not clause.moods and not clause.has("task_new", "reported")


def _corrects_day(outline: Outline, encounter: Encounter, clause: Clause) -> bool:
    """ "… on Thursday.. no, it was Friday": close behind the report, with nothing of its own between."""
    before = [each.index for each in encounter.anchors if 0 < clause.index - each.index <= _NEAR]
    if not before or clause in encounter.anchors:
        return False
    between = outline.clauses[max(before) + 1 : clause.index + 1]
    return any(each.has("correction") for each in between) and not any(each.has(*_OWN_DATES) for each in between)


def _is_in(date: DateMention, clause: Clause) -> bool:
    return clause.start <= date.span.start < clause.end


def _duration(outline: Outline, part: Sequence[Clause]) -> str:
    replaced = taken_back(outline)
    for clause in part:
        for word in (each for each in clause.things("duration") if each.start not in replaced):
            return f"{word.thing.minutes} min"  # type: ignore[union-attr]
    told = [clause for clause in part if not clause.has("task_new", "promise", "next_step")]
    minutes = clock_range(outline.own_text(told[0].start, told[-1].end)) if told else 0
    return f"{minutes} min" if minutes else ""


def _deal(outline: Outline, part: Sequence[Clause], company: Company) -> str:
    """The deal it was about: the one to log under, else the only one named at the account; else the
    account's only one that changes."""
    targets = Targets(outline)
    commanded = [clause for clause in part if clause.has("log", "note")]
    told = [clause for clause in part if not clause.has("task_done", "task_move", "task_give", "task_drop")]
    for clauses in (commanded, part, told):
        found: dict[str, str] = {}
        for clause in clauses:
            if clause.has("keep") and clauses is not commanded:
                continue
            for word in clause.things("deal"):
                if isinstance(word.thing, Mention):
                    target = targets.deal_of_mention(word.thing, ours=False)
                    if target.entry is None or not company.id or target.entry.account_id == company.id:
                        found[target.reference] = target.reference
        if len(found) == 1:
            return next(iter(found))
    if any(_points_at_deal(clause) for clause in commanded) or _goes_on_about_deal(outline):
        focus = outline.reading.dialogue.focus("deal")
        entry = targets.get(focus[0]) if focus else None
        if entry is not None and company.id in ("", entry.account_id):
            return entry.id
    return _only_open_deal(targets, part, company)


def _goes_on_about_deal(outline: Outline) -> bool:
    """ "He rang a minute ago", told right after an answer on a deal, and nobody else is named."""
    names = any(word.kinds & _NAMES for word in outline.words)
    return outline.reading.dialogue.is_about_deals and not names and not names_stranger(outline)


def _points_at_deal(clause: Clause) -> bool:
    """ "Put a note on it", "log that under this deal"."""
    words = [word.canon for word in clause.words]
    pointing = {(before, word) for before, word in pairwise(words)}
    return bool(pointing & _POINTING) or clause.has("deal_word")


def _only_open_deal(targets: Targets, part: Sequence[Clause], company: Company) -> str:
    deals = targets.open_deals(company.id) if company.id else []
    talks = any(
        clause.has("deal_word", "to_stage", "close_word", "amount_word", "next_step", "won", "lost")
        for clause in part
    )
    if len(deals) == 1 and talks:
        return deals[0].id
    account = targets.get(company.id) if company.id else None
    said = " ".join(clause.text for clause in part if not clause.has("not_about", "keep"))
    only = only_partly_named(deals, account, said) if account is not None else None
    return only.id if only is not None else ""


def _which_account(reading: Reading) -> str:
    return str(load_words("answers")["questions"]["which_account"][reading.language])
