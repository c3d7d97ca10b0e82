"""What a report is, and the registry of all: answers that a single metric cannot give (a forecast with its range,
what changed, a waterfall, chances with reasons, cohorts), asked for by name like a metric."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from analytics.measure import OWNER_COLUMNS
from analytics.view import View
from analytics.wording import period_text, say
from core.parts import AnyPart, NotKnown, RecordRef
from core.registry import Registry
from crm_store.nouns import Label
from crm_store.query import Condition, clauses
from crm_store.schema import NOUNS
from language.dates import Period
from language.dates.calendar import range_period, unit_period


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: whose records (None: everyone's that are visible) and who that is in words, when,
    under which conditions. `since` bounds what it is compared with."""

    view: View
    people: frozenset[str] | None = None
    who: str = ""
    period: Period | None = None
    conditions: tuple[Condition, ...] = ()
    since: Period | None = None

    @property
    def filter_in_words(self) -> str:
        """Whose, when and which, in one line."""
        language = self.view.language
        words = [say(language, "whose", who=self.who)]
        if self.period is not None:
            words.append(say(language, "when", period=period_text(language, self.period)))
        words += [each.words for each in self.conditions if each.words]
        return say(language, "and_then").join(words)

    def records(self, kind: str) -> Select[Any]:
        """The ids of the visible records of a kind that are meant."""
        model: Any = NOUNS[kind].model
        where: list[Any] = list(clauses(self.view.uow, self.conditions))
        if self.people is not None and kind in OWNER_COLUMNS:
            where.append(getattr(model, OWNER_COLUMNS[kind]).in_(sorted(self.people)))
        return select(model.id).where(*where)

    def query_hash(self, name: str) -> str:
        """The same for the same question of the same asker."""
        whose = ",".join(sorted(self.people)) if self.people is not None else "*"
        when = "/".join(each.label for each in (self.period, self.since) if each is not None)
        filters = ";".join(f"{each.attribute.name}{each.op}{each.values}" for each in self.conditions)
        text = "\n".join((name, self.view.uow.principal.user_id, whose, when, filters))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass
class Told:
    """What a report says: short facts for a model, parts for a person, the records behind them."""

    content: dict[str, Any] = field(default_factory=dict)
    parts: list[AnyPart] = field(default_factory=list)
    records: list[RecordRef] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """A report under its name, in both languages; `kind` is what it is about, `own_only` as with metrics.

    `default_period`: "quarter", "week back" or empty.
    """

    name: str
    label: Label
    formula: Label
    kind: str
    run: Callable[[Asked], Told]
    words: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    own_only: bool = False
    default_period: str = ""


REPORTS: Registry[Report] = Registry("report", "analytics.reports")


def add_report(report: Report) -> Report:
    """Registers a report under its name."""
    return REPORTS.add(report.name, report)


def usual_period(view: View, name: str) -> Period | None:
    """The period that is meant where none is said."""
    if name == "quarter":
        return unit_period("quarter", view.today, view.fiscal)
    if name == "last quarter":
        current = unit_period("quarter", view.today, view.fiscal)
        return unit_period("quarter", current.start - timedelta(days=1), view.fiscal) if current else None
    if name == "week back":
        return range_period(view.today - timedelta(days=7), view.today)
    return None


def nothing_known(text: str) -> Told:
    """An answer that there is nothing to tell."""
    return Told({"not_known": text}, [NotKnown(text=text)])
