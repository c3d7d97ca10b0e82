"""What the built-in model knows of the asker's CRM: names, visible fields and values; cached a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

from core.settings import Settings
from crm_store.journal_marks import Mark, entries_after, is_at_end, mark_journal
from crm_store.names import NameIndex
from crm_store.nouns import FieldSpec, FieldType
from crm_store.principals import Principal, Role
from crm_store.query import attribute_of, distinct_values, readable
from crm_store.unit_of_work import UnitOfWork
from language.builtin.situation import FieldInfo, Situation

# Kinds whose fields people ask about, and the text fields whose values they name ("our food customers").
NAMED_VALUES: Mapping[str, tuple[str, ...]] = {
    "account": ("industry", "segment", "country"),
    "contact": (),
    "deal": ("source", "competitor", "lost_reason"),
    "lead": ("source", "region", "product_interest"),
    "task": (),
    "ticket": ("channel",),
    "interaction": (),
    "product": ("category",),
    "user": (),
    "stage": (),
}
MOST_VALUES = 200
_ALWAYS = ("field", "campaign", "team")
_NAMEABLE = frozenset({FieldType.TEXT, FieldType.CHOICE})


@dataclass(frozen=True, slots=True)
class _Known:
    mark: Mark
    fields: Mapping[str, tuple[FieldInfo, ...]]
    values: Mapping[tuple[str, str], tuple[str, ...]]


_known: WeakKeyDictionary[NameIndex, dict[Principal, _Known]] = WeakKeyDictionary()
_lock = Lock()


def read_situation(uow: UnitOfWork, names: NameIndex, settings: Settings) -> Situation:
    """The situation of the unit of work's principal, with everything committed so far and done in it.

    Values of free texts are kept for the lifetime of `names` and read again when one of them may have changed;
    a field with more than 200 different values counts as prose and lists none.
    """
    known = _read_known(uow, names)
    return Situation(
        lexicon=names.lexicon(uow),
        today=uow.today,
        asker_id=uow.principal.user_id,
        asker_name=uow.principal.name,
        role=uow.principal.role.value,
        base_currency=uow.base_currency,
        fiscal_first_month=settings.fiscal_year_first_month,
        fields=known.fields,
        values=known.values,
    )


def _read_known(uow: UnitOfWork, names: NameIndex) -> _Known:
    with _lock:
        cached = _known.setdefault(names, {}).get(uow.principal)
    if cached is not None and is_at_end(uow, cached.mark):
        return cached
    mark = mark_journal(uow)
    if cached is not None and not _stale(uow, cached):
        fresh = replace(cached, mark=mark)
    else:
        fresh = _Known(mark, dict(_fields(uow)), dict(_values(uow)))
    if not uow.changes:
        with _lock:
            _known[names][uow.principal] = fresh
    return fresh


def _stale(uow: UnitOfWork, cached: _Known) -> bool:
    watched: dict[str, set[str]] = {}
    for kind, name in cached.values:
        watched.setdefault(kind, set()).add(name)
    changes = entries_after(uow, cached.mark, [*NAMED_VALUES, *_ALWAYS])
    return any(each.kind in _ALWAYS or set(each.after) & watched.get(each.kind, set()) for each in changes)


def _fields(uow: UnitOfWork) -> Iterator[tuple[str, tuple[FieldInfo, ...]]]:
    for kind in NAMED_VALUES:
        if readable(uow, kind):
            yield kind, tuple(_info(spec) for spec in uow.fields(kind))


def _info(spec: FieldSpec) -> FieldInfo:
    labels = tuple(dict.fromkeys((spec.label.en, spec.label.zh)))
    return FieldInfo(spec.name, spec.type.value, labels, spec.choices, spec.custom)


def _values(uow: UnitOfWork) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    for kind, named in NAMED_VALUES.items():
        if not readable(uow, kind):
            continue
        for spec in uow.fields(kind):
            nameable = spec.name in named or (spec.custom and spec.type in _NAMEABLE)
            if nameable:
                found = distinct_values(uow, kind, attribute_of(kind, spec))
                yield (kind, spec.name), tuple(found) if len(found) <= MOST_VALUES else ()
    yield ("user", "team"), _selling_teams(uow)
    campaigns = tuple(each.name for each in uow.all("campaign")) if readable(uow, "campaign") else ()
    for kind in ("deal", "lead"):
        if campaigns and readable(uow, kind):
            yield (kind, "campaign"), campaigns


def _selling_teams(uow: UnitOfWork) -> tuple[str, ...]:
    """The teams that own deals: those with a rep or a manager."""
    selling = {user.team_id for user in uow.all("user") if user.role in (Role.REP, Role.MANAGER)}
    return tuple(sorted(team.name for team in uow.all("team") if team.id in selling))
