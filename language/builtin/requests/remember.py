""" "Remember that Leah prefers mornings", 记住…: a note on those whom the sentence names, and no contact with them."""

import re
from collections.abc import Sequence
from functools import cache

from language.builtin.calls import Call
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.lexicon import Mention


@request(precedence=47, exclusive=True)
def remember(reading: Reading) -> Sequence[Call] | Intent:
    """One sentence that is to be kept; longer messages and questions are read by the other requests."""
    opening = next((found for found in (each.match(reading.text.strip()) for each in _openings()) if found), None)
    outline = reading.outline
    kept = reading.text.strip()[opening.end() :].strip() if opening is not None else ""
    if not kept or reading.pasted or len({clause.sentence for clause in outline.clauses}) > 1:
        return ()
    if any("question" in clause.moods for clause in outline.clauses) or _is_for_others(reading, opening):
        return ()
    if any(day.on is not None and day.on > reading.situation.today for day in reading.dates):
        return ()  # what is to be remembered for a day to come is a task
    targets = Targets(outline)
    named: dict[str, list[str]] = {"contact": [], "account": [], "deal": [], "lead": []}
    for word in (word for clause in outline.clauses for word in clause.words):
        kind = next((each for each in named if each in word.kinds), "")
        if kind and isinstance(word.thing, Mention):
            reference = _reference(targets, word.thing, kind)
            named[kind] += [reference] if reference not in named[kind] else []
    if not any(named.values()):
        words = load_words("remember")["about_whom"]
        return Intent(answer=words[reading.language], kind="question")
    arguments = {
        "type": "note",
        "contacts": named["contact"],
        "text": kept,
        **{kind: named[kind][0] for kind in ("account", "deal", "lead") if named[kind]},
    }
    return [Call("log_interaction", arguments)]


def _is_for_others(reading: Reading, opening: re.Match[str] | None) -> bool:
    """ "Note that I called Leah": said of something that took place or changes a field, and not to be remembered."""
    words = load_words("remember")
    if opening is None or re.search(words["unless"], opening[0], re.IGNORECASE):
        return False
    return reading.outline.has(*words["never"])


def _reference(targets: Targets, mention: Mention, kind: str) -> str:
    if kind == "account":
        return targets.account_of(mention).reference
    if kind == "deal":
        return targets.deal_of_mention(mention, ours=False).reference
    return targets.person_of(mention, kind).reference


@cache
def _openings() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in load_words("remember")["opens"])
