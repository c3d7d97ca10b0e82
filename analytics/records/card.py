"""A record's facts by name, its card (all that is filled in, what is going on) and its brief (for a meeting)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from analytics.attributes import attribute, attributes
from analytics.listing import Row, reference_names, value_text
from analytics.records.related import RELATED, Line, cited_by
from analytics.view import View
from analytics.wording import label_of, say
from core.parts import RecordRef
from crm_store.nouns import FieldType
from crm_store.query import Attribute, names_of, readable
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnknownFieldError

# What a card shows after the fields, by kind; a brief shows more.
CARD_SECTIONS = {
    "account": ("last_activity", "deals", "tasks"),
    "contact": ("last_activity", "tasks"),
    "deal": ("last_activity", "tasks"),
    "lead": ("last_activity", "tasks"),
    "ticket": ("tasks",),
}
BRIEF_SECTIONS = {
    "account": ("contacts", "deals", "tickets", "tasks", "interactions"),
    "contact": ("deals", "tickets", "tasks", "interactions"),
    "deal": ("contacts", "products", "tickets", "tasks", "interactions"),
}
# Fields a card leaves out: shown otherwise, or of no use to people.
_NOUN_OF = {"products": "deal_product", "deals": "deal", "tickets": "ticket", "tasks": "task"}
_UNSHOWN = frozenset({"forecast_override", "external_id", "aliases", "open_tasks"})
# What is asked of the person of a record: "the phone number on ticket 12".
_PERSON_OF = {"ticket": "contact_id", "deal": "primary_contact_id"}
_OF_PERSON = frozenset({"phone", "email", "title", "role"})
_DERIVED_ON_CARD = {
    "deal": ("status", "days_in_stage", "industry"),
    "ticket": ("age_days",),
    "contact": ("industry",),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about a record: `value` is empty when not recorded; `lines` hold what belongs to it."""

    name: str
    label: str
    value: str
    lines: tuple[Line, ...] = ()
    is_list: bool = False

    @property
    def known(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.value or self.lines)


@dataclass
class Sheet:
    """A record with facts about it and every record that they cite."""

    ref: RecordRef
    facts: list[Fact]
    records: list[RecordRef] = field(default_factory=list)


def facts(view: View, kind: str, record: Any, names: Sequence[str]) -> Sheet:
    """The facts of these names, in that order.

    Raises:
        UnknownFieldError: a name is neither a visible field nor something that belongs to the kind.
    """
    for name in names:
        _require_readable(view, kind, name)
    found = [_fact(view, kind, record, name) for name in names]
    return _sheet(view, kind, record, found)


def card(view: View, kind: str, record: Any) -> Sheet:
    """All visible fields that are filled in, the latest interaction, open tasks."""
    return _sheet(
        view, kind, record, [*_fields(view, kind, record), *_sections(view, kind, record, CARD_SECTIONS)]
    )


def brief(view: View, kind: str, record: Any) -> Sheet:
    """What one reads before a meeting: fields, people, open deals, tickets, tasks, the latest interactions."""
    return _sheet(
        view, kind, record, [*_fields(view, kind, record), *_sections(view, kind, record, BRIEF_SECTIONS)]
    )


def _sections(view: View, kind: str, record: Any, sections: dict[str, tuple[str, ...]]) -> list[Fact]:
    return [_fact(view, kind, record, name) for name in sections.get(kind, ()) if _is_readable(view, name)]


def _fields(view: View, kind: str, record: Any) -> list[Fact]:
    known = attributes(view.uow, kind)
    names = [spec.name for spec in view.uow.fields(kind) if spec.name not in _UNSHOWN]
    names += [name for name in _DERIVED_ON_CARD.get(kind, ()) if name in known]
    wanted = [known[name] for name in names]
    values = _values(view, kind, record, wanted)
    return [fact for fact in (values[each.name] for each in wanted) if fact.known]


def _require_readable(view: View, kind: str, name: str) -> None:
    """To whom the products of deals are hidden a deal has none to tell of; "none" would be a wrong answer."""
    if _key(name) in RELATED.get(kind, {}) and not _is_readable(view, name):
        near = ", ".join(sorted(attributes(view.uow, kind)))
        raise UnknownFieldError(f"A {kind} has no field “{_key(name)}”; there are: {near}.", argument=name)


def _is_readable(view: View, name: str) -> bool:
    noun = _NOUN_OF.get(_key(name))
    return noun is None or readable(view.uow, noun)


def _key(name: str) -> str:
    key = name.strip().casefold().replace(" ", "_")
    return _SYNONYMS.get(key, key)


def _fact(view: View, kind: str, record: Any, name: str) -> Fact:
    key = _key(name)
    related = RELATED.get(kind, {}).get(key)
    if related is not None:
        lines = tuple(related(view, kind, record))
        return Fact(key, say(view.language, f"section_{key}"), "", lines, is_list=True)
    if key in _OF_PERSON and key not in attributes(view.uow, kind):
        person = _person_of(view, kind, record)
        if person is not None:
            fact = _fact(view, "contact", person, key)
            return replace(fact, value=f"{fact.value} ({person.name})" if fact.value else "")
    wanted = attribute(view.uow, kind, name)
    return _values(view, kind, record, [wanted])[wanted.name]


def _person_of(view: View, kind: str, record: Any) -> Any | None:
    """Whom a ticket or deal is talked about with, as far as the asker may see that contact."""
    column = _PERSON_OF.get(kind)
    contact = getattr(record, column, None) if column else None
    return view.uow.find("contact", contact) if contact else None


def _values(view: View, kind: str, record: Any, wanted: Sequence[Attribute]) -> dict[str, Fact]:
    model: Any = NOUNS[kind].model
    asked = [each for each in wanted if each.expression is not None]
    row = view.uow.session.execute(
        select(model.id, *(each.expression for each in asked)).where(model.id == record.id)
    ).first()
    values = dict(zip([each.name for each in asked], row[1:] if row else (), strict=False))
    shown = Row(RecordRef(kind=kind, id=record.id, name=""), record, values)
    names = reference_names(view, [shown], asked)
    found = {}
    for each in wanted:
        if each.type is FieldType.REFS and each.spec is not None:
            ids = view.uow.value(each.spec, record)
            text = ", ".join(names_of(view.uow, each.ref, ids).values())
        else:
            text = value_text(view, kind, each, shown, names)
        found[each.name] = Fact(each.name, label_of(view.language, each), text)
    return found


def _sheet(view: View, kind: str, record: Any, found: list[Fact]) -> Sheet:
    ref = RecordRef(kind=kind, id=record.id, name=view.uow.name_of(kind, record))
    sheet = Sheet(ref, found, [ref])
    for fact in found:
        sheet.records.extend(each for each in cited_by(fact.lines) if each not in sheet.records)
    return sheet


_SYNONYMS = {
    "open_tasks": "tasks", "todos": "tasks", "open_deals": "deals", "people": "contacts",
    "history": "stage_history", "stages": "stage_history", "stage_changes": "stage_history",
    "last_touch": "last_activity",
    "last_contact": "last_activity", "last_interaction": "last_activity", "open_tickets": "tickets",
    "calls": "interactions", "activity": "interactions", "activities": "interactions", "notes": "interactions",
    "product": "products", "stakeholders": "contacts", "latest_activity": "last_activity",
}  # fmt: skip
