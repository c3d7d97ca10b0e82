"""What each reader finds in an item of a specification, in the forms of `specs`."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from evals.parsing.items import Item, shift_form
from evals.parsing.readers import Reader
from evals.parsing.specs import SpecItem, matches
from language.amounts import AmountMention, find_amounts
from language.dates import DateMention, Tense, find_dates
from language.durations import find_durations

# Which kinds the other libraries can answer at all.
ABLE: Mapping[str, frozenset[str]] = {
    "dateparser": frozenset({"date", "nothing"}),
    "jionlp": frozenset({"date", "daterange", "nothing", "currency"}),
}


def ours_is_right(item: SpecItem) -> bool:
    """True when we find the same; the specification lists a past and a future reading, either may be it."""
    if item.kind in ("currency", "no money"):
        money = [found for found in find_amounts(item.text) if found.kind == "money"]
        return matches(item, [frozenset({_money_form(found)}) for found in money])
    return any(matches(item, _times(item, tense)) for tense in Tense)


def rival_is_right(name: str, read: Reader, item: SpecItem) -> bool | None:
    """The same for another library; None where it does not do such items."""
    if item.kind not in ABLE[name]:
        return None
    table = "amounts" if item.kind == "currency" else "dates"
    answers = [read(Item(table, item.text, "", item.today, tense)) for tense in Tense]
    if None in answers:
        return None
    return any(
        matches(item, [frozenset({_rival_form(part)}) for part in answer.split(" | ") if part != "none"])
        for answer in answers
        if answer is not None
    )


def _rival_form(answer: str) -> str:
    """An amount of the tables ("15 USD money") in the form of the specification; a date stays as it is."""
    if not answer.endswith(" money"):
        return answer
    number, *code = answer.removesuffix(" money").split()
    return f"{float(number.split('-')[0]):.4f} {code[0] if code else 'CNY'}"


def _money_form(found: AmountMention) -> str:
    return f"{float(found.value):.4f} {found.currency}"


def _times(item: SpecItem, tense: Tense) -> list[frozenset[str]]:
    found = [
        (mention.span.start, frozenset(_date_forms(mention)))
        for mention in find_dates(item.text, today=item.today, tense=tense)
    ]
    found += [(length.span.start, frozenset({f"{length.minutes} min"})) for length in find_durations(item.text)]
    return [forms for _, forms in sorted(found, key=lambda pair: pair[0])]


def _date_forms(mention: DateMention) -> Iterator[str]:
    if mention.shift:
        yield shift_form(mention.shift)
        return
    if mention.period:
        start, end = mention.period.start, mention.period.end
        yield f"{start}/{end}"
    elif mention.on:
        start = end = mention.on
        yield mention.on.isoformat()
    else:
        return
    yield from _bound_forms(mention.bound, start, end)


def _bound_forms(bound: str, start: date, end: date) -> Iterator[str]:
    """ "By the 5th" takes the day in and "before the 5th" does not; we keep one deadline, so both forms count."""
    after = end + timedelta(days=1) if end < date.max else end
    if bound in ("before", "until"):
        yield f"<{start}"
        yield f"<{after}"
    elif bound == "after":
        yield f">={after}"
        yield f">={start}"
    elif bound in ("since", "from"):
        yield f">={start}"
