"""Composes a briefing from records, without a model: sections in their places, cut to the room there is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from analytics.view import View
from analytics.wording import day_text, load_table
from briefings.line import SECTIONS, Briefing, BriefingKind, Desk, Line, kind_for, load_texts
from core.parts import RecordRef
from core.settings import Settings
from crm_store.principals import Principal
from crm_store.rewind import unit_of_work_as_of
from crm_store.store import Store
from crm_store.unit_of_work import UnitOfWork
from language.dates import FiscalCalendar
from memory.facts.wordings import wordings

# The title is a line, too (definitions §6).
MOST_LINES: dict[BriefingKind, int] = {"rep": 12, "manager": 16, "manager_weekly": 20}


def read_tables() -> None:
    """Reads the tables that composing needs, so that a process's first briefing is as quick as the next."""
    for name in ("actions", "choices", "fields", "hygiene", "kinds", "next_actions", "texts", "value_words"):
        load_table(name)
    load_texts()
    wordings()


def compose(
    uow: UnitOfWork,
    settings: Settings,
    *,
    kind: BriefingKind | None = None,
    language: str = "",
    shared: dict[Any, Any] | None = None,
) -> Briefing:
    """The briefing of the unit of work's person at its moment.

    Args:
        uow: Reads only; on the records as they are or as they were.
        settings: The fiscal calendar and thresholds.
        kind: Which briefing; the one that fits the role when not given.
        language: "en" or "zh"; the person's own when empty.
        shared: Kept between the briefings of one run on the same records, for what several people see alike.
    """
    principal = uow.principal
    language = language or ("zh" if principal.locale.startswith("zh") else "en")
    fiscal = FiscalCalendar(settings.fiscal_year_first_month)
    view = View(uow, language, fiscal, shared=shared if shared is not None else {})
    desk = Desk(view, kind or kind_for(principal.role), settings)
    title = desk.say(f"title_{desk.kind}", name=principal.name, day=day_text(language, view.today))
    parts = sorted((each for each in SECTIONS if desk.kind in each.kinds), key=lambda each: each.place)
    lines = _fitted([each.compose(desk) for each in parts], MOST_LINES[desk.kind] - 1, desk)
    if not lines:
        nothing = Line(desk.say("nothing", name=principal.name, day=day_text(language, view.today)))
        return Briefing(desk.kind, title, (nothing,), uow.now, language, is_empty=True)
    return Briefing(desk.kind, title, tuple(lines), uow.now, language)


@contextmanager
def desk_as_of(store: Store, principal: Principal, moment: datetime | None) -> Iterator[UnitOfWork]:
    """A unit of work to compose with: on today's records, or on those of a past moment."""
    if moment is None:
        with store.unit_of_work(principal, writes=False) as uow:
            yield uow
        return
    with unit_of_work_as_of(store, principal, moment) as uow:
        yield uow


def brief(
    store: Store,
    principal: Principal,
    settings: Settings,
    *,
    as_of: datetime | None = None,
    kind: BriefingKind | None = None,
    language: str = "",
) -> Briefing:
    """The briefing of a person, now or as of a past moment."""
    with desk_as_of(store, principal, as_of) as uow:
        return compose(uow, settings, kind=kind, language=language)


def _fitted(parts: Sequence[list[Line]], room: int, desk: Desk) -> list[Line]:
    """The lines that fit: the first of every section, then the second, …; what is left out is counted."""
    taken = [0] * len(parts)
    while room > 0 and any(taken[n] < len(part) for n, part in enumerate(parts)):
        for n, part in enumerate(parts):
            if room > 0 and taken[n] < len(part):
                taken[n], room = taken[n] + 1, room - 1
    found: list[Line] = []
    for number, part in zip(taken, parts, strict=True):
        kept = list(part[:number])
        left = sum(1 for line in part[number:] if not line.indented)
        if kept and left:
            kept[-1] = replace(kept[-1], text=kept[-1].text + desk.say("more", n=left))
        found += kept
    return found


def cited(briefing: Briefing) -> list[RecordRef]:
    """Every record that the briefing cites, once, in order."""
    return list(dict.fromkeys(ref for line in briefing.lines for ref in line.records))
