"""A task put right: another day, another person that it is about, or a colleague who is to do it."""

from datetime import date, timedelta

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.deal_dates import in_month_of
from language.builtin.denials import is_denied
from language.builtin.dialogue import PastCall
from language.builtin.spoken import spoken_date
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import top_candidates
from language.dates import DateMention
from language.lexicon import Mention


def corrected_task(outline: Outline, past: PastCall) -> list[Call]:
    """The change of the task that the message asks for; none where it says nothing of it."""
    task = next((record_id for kind, record_id, _ in past.records if kind == "task"), "")
    fields: dict[str, str] = {}
    for clause in outline.clauses:
        days = [
            each
            for each in dates_in(clause)
            if (each.on or (each.shift and past.call.tool == "create_task"))
            and not is_denied(outline, clause, each)
        ]
        if days:
            fields["due"] = _due(outline, past, clause, days[-1])
        for hit in clause.all("priority"):
            fields["priority"] = hit.value["priority"]
    fields |= _other_person(outline, past, task) | _other_colleague(outline) | _other_deal(outline, past, task)
    return [Call("update_record", {"kind": "task", "record": task, "fields": fields})] if fields and task else []


def _due(outline: Outline, past: PastCall, clause: Clause, day: DateMention) -> str:
    """The day that is meant: a bare one in the month that it corrects; "a day later" counts from the task's own day,
    "no, two weeks" from today."""
    if day.on is None and any(word in day.span.text.casefold() for word in load_words("task_words")["relative"]):
        return spoken_date(day)
    if day.on is None and day.shift is not None:
        return day.shift.apply(outline.reading.situation.today).isoformat()
    before = str(past.call.arguments.get("due") or "")[: len("2026-01-01")]
    return _in_week_of(before, clause, day) or in_month_of(before, clause, spoken_date(day))


def _in_week_of(before: str, clause: Clause, day: DateMention) -> str:
    """ "Wednesday to Thursday" of a task that is due next Wednesday: the Thursday of that week; else empty."""
    said = [each for each in dates_in(clause) if each.on is not None and not any(map(str.isdigit, each.span.text))]
    if len(said) < 2 or said[-1] is not day or day.on is None or not before:
        return ""
    old, first = date.fromisoformat(before), said[0].on
    if first is None or first.weekday() != old.weekday():
        return ""
    return (old + timedelta(days=day.on.weekday() - old.weekday())).isoformat()


def _other_person(outline: Outline, past: PastCall, task: str) -> dict[str, str]:
    """The contact that a task is really about, with the title's name changed too."""
    targets = Targets(outline)
    made = next(iter(outline.reading.dialogue.calls_on(task)), past)
    old = targets.get(str(made.call.arguments.get("contact", "")))
    for clause in outline.clauses:
        for word in clause.things("contact"):
            if not isinstance(word.thing, Mention) or is_denied(outline, clause, word.thing):
                continue
            entries = [item.entry for item in top_candidates(word.thing) if item.entry.kind == "contact"]
            if len(entries) == 1 and (old is None or entries[0].id != old.id):
                title = str(made.call.arguments.get("title", ""))
                name = renamed(title, old.name if old else "", entries[0].name)
                fields = {"contact": entries[0].id, "account": entries[0].account_id or ""}
                return {**fields, "title": name} if name != title else fields
    return {}


def _other_deal(outline: Outline, past: PastCall, task: str) -> dict[str, str]:
    """搞混了，是试点的: the deal that a task is really about, with its account; its name changes in the title, too."""
    targets = Targets(outline)
    made = next(iter(outline.reading.dialogue.calls_on(task)), past)
    old = targets.get(str(made.call.arguments.get("deal", "")))
    for clause in outline.clauses:
        for word in clause.things("deal"):
            if not isinstance(word.thing, Mention) or is_denied(outline, clause, word.thing):
                continue
            entry = targets.deal_of_mention(word.thing, ours=False).entry
            if entry is not None and (old is None or entry.id != old.id):
                fields = {"deal": entry.id, "account": entry.account_id or ""}
                title = str(made.call.arguments.get("title", ""))
                name = title.replace(old.name, entry.name, 1) if old else title
                return {**fields, "title": name} if name != title else fields
    return {}


def _other_colleague(outline: Outline) -> dict[str, str]:
    """ "No, that one is for Ben", "that's mine now": who is to do it."""
    if outline.has("mine") and not any(clause.things("user") for clause in outline.clauses):
        return {"assignee": outline.reading.situation.asker_id}
    for clause in outline.clauses:
        for word in clause.things("user"):
            if isinstance(word.thing, Mention) and "contact" not in word.kinds:
                found = Targets(outline).person_of(word.thing, "user").entry
                if found is not None and not is_denied(outline, clause, word.thing):
                    return {"assignee": found.id}
    return {}


def renamed(title: str, old: str, new: str) -> str:
    """A title with another person's name in the place of the old one, also of its first or last name alone."""
    at = title.casefold()
    for part in (old, *old.split()):
        start = at.find(part.casefold()) if part else -1
        if start >= 0:
            return f"{title[:start]}{new}{title[start + len(part) :]}"
    return title
