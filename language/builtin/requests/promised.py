"""What the asker promised in a pasted talk, as tasks, when they order just that: "put on my list what I promised".

The lines of others ask for nothing, and neither do the asker's own without such an order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.requests.tasks import create_tasks
from language.builtin.targets import Targets
from language.builtin.transcripts import lines_spoken
from language.builtin.vocabulary import load_words, patterns
from language.lexicon import Mention
from language.spans import Span, cut

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")


@request(precedence=60)
def promised_tasks(reading: Reading) -> Sequence[Call] | Intent:
    """A task for each promise in the asker's lines; a question when none can be read there."""
    orders = [_from_clause(reading, span) for span in _sentences(reading.text) if _orders_promises(span.text)]
    if not reading.pasted or not orders:
        return ()
    about = _about(reading)
    calls = [
        replace(call, arguments={**about, **call.given()}, at=orders[0].start)
        for said in _promises(reading)
        for call in _tasks_of(Reading(said, reading.situation, Dialogue()))
    ]
    found = [call for call in calls if not call.arguments.get("assignee")]
    answer = "" if found else str(load_words("answers")["no_promises"][reading.language])
    return Intent(tuple(found), answer, "question" if answer else "text", consumed=tuple(orders))


def _tasks_of(reading: Reading) -> Sequence[Call]:
    found = create_tasks(reading)
    return found.calls if isinstance(found, Intent) else found


def _sentences(text: str) -> Iterator[Span]:
    for found in _SENTENCE.finditer(text):
        if found[0].strip():
            yield cut(text, *found.span())


def _orders_promises(text: str) -> bool:
    barred = any(each.search(text) for each in patterns("promised", "barred"))
    return not barred and any(each.search(text) for each in patterns("promised", "orders"))


def _from_clause(reading: Reading, sentence: Span) -> Span:
    """The order alone: from the clause that speaks of promises to the end of its sentence."""
    at = min(
        sentence.start + found.start()
        for each in patterns("promised", "orders")
        if (found := each.search(sentence.text))
    )
    start = next((each.start for each in reading.outline.clauses if each.start <= at < each.end), sentence.start)
    return cut(reading.text, max(start, sentence.start), sentence.end)


def _promises(reading: Reading) -> Iterator[str]:
    """The asker's sentences that promise something, in words of their own."""
    speakers = _own_names(reading.situation.asker_name)
    for line in lines_spoken(reading.others.text):
        if line.speaker.casefold() not in speakers:
            continue
        for sentence in _sentences(line.span.text):
            said = sentence.text.strip()
            for rule in load_words("promised")["restated"]:
                said = re.sub(rule["said"], rule["as"], said, flags=re.IGNORECASE)
            if any(each.search(said) for each in patterns("promised", "promises")):
                yield said


def _own_names(name: str) -> frozenset[str]:
    """How the asker may be called before a line: the name, a part of it, its initials, "me"."""
    parts = name.split()
    initials = "".join(part[0] for part in parts)
    names = [name, *parts, initials, ".".join(initials) + ".", *load_words("people")["me"], "i", "我"]
    return frozenset(each.casefold() for each in names)


def _about(reading: Reading) -> dict[str, object]:
    """The deal and account that the asker's own words name."""
    targets = Targets(reading.outline)
    words = [word.thing for clause in reading.outline.clauses for word in clause.things("deal")]
    deals = {targets.deal_of_mention(each).reference for each in words if isinstance(each, Mention)}
    accounts = targets.accounts_said()
    deal = targets.get(next(iter(deals))) if len(deals) == 1 else None
    account = deal.account_id if deal else accounts[0] if len(accounts) == 1 else ""
    return {name: value for name, value in (("deal", deal.id if deal else ""), ("account", account)) if value}
