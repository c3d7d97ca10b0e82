"""Facts from conversations beside a record's own fields: what holds, who said it and when, what held before."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from analytics.history import Said, headline, shorten, with_people
from analytics.records.related import Line
from analytics.view import View
from analytics.wording import moment_text, say
from core.parts import RecordRef
from memory.facts.validity import Stated, slot_label, slots_asked, stated

# In a brief: so many of each kind.
MOST_OF_EACH = 3

_KINDS = ("account", "deal", "contact")


def facts_asked(view: View, kind: str, record: Any, words: str) -> list[Line]:
    """Facts on a record of the slots that the words of a question ask for; none where they ask for none."""
    wanted = slots_asked(words)
    return said_facts(view, kind, record, wanted) if wanted else []


def said_facts(view: View, kind: str, record: Any, only: Collection[str] = (), most: int = 12) -> list[Line]:
    """A line for each fact that holds, the newest of each slot first, with its source.

    Facts stand beside the record's own fields, never in their place.
    """
    if kind not in _KINDS:
        return []
    found = stated(view.uow, **{f"{kind}_id": record.id}, only=only)
    holding = sorted((each for each in found if each.holds), key=lambda each: each.since, reverse=True)
    kept = [each for slot in _order(holding) for each in [one for one in holding if one.fact.slot == slot][:most]]
    people = _sources(view, kept)
    return [_line(view, each, people[each.interaction_id], found) for each in kept]


def _order(facts: Iterable[Stated]) -> list[str]:
    return list(dict.fromkeys(each.fact.slot for each in facts))


def _sources(view: View, facts: Sequence[Stated]) -> dict[str, Said]:
    ids = {each.interaction_id for each in facts}
    records = [view.uow.find("interaction", interaction_id) for interaction_id in sorted(ids)]
    return {said.record.id: said for said in with_people(view, [each for each in records if each is not None])}  # type: ignore[misc]


def _line(view: View, each: Stated, said: Said, all_facts: Sequence[Stated]) -> Line:
    fact, language = each.fact, view.language
    label = slot_label(fact.slot, language)
    topic = slot_label(fact.slot, language, fact.kind) if fact.slot == "objection" else fact.value
    value = say(language, f"promise_{fact.kind}", what=topic) if fact.slot == "promise" else topic
    text = say(
        language, "said_fact", label=label[:1].upper() + label[1:], value=value, headline=headline(view, said),
        quote=shorten(fact.sentence),
    )  # fmt: skip
    earlier = [old for old in all_facts if old.superseded_by == each.interaction_id and old.fact.slot == fact.slot]
    if earlier:
        day = moment_text(language, earlier[-1].since, view.timezone)
        text += say(language, "fact_before", value=earlier[-1].fact.value, day=day)
    if each.again:
        text += say(language, "fact_again", n=len(each.again))
    return Line(text, RecordRef(kind="interaction", id=each.interaction_id, name=said.ref.name))
