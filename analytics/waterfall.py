"""The waterfall of a period's pipeline since a day: start, what came, changed and went, end; it balances to 0."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from analytics.changes import Moved, moved_since, status_at
from analytics.view import View
from core.clock import local_date
from core.parts import RecordRef
from crm_store.deal_states import DealState
from language.dates import Period

# Definitions §3, and what else can happen to a deal; the latter is shown only where it did.
STEPS = ("created", "pulled_in", "amount_change", "pushed_out", "lost", "won")
FURTHER = ("reopened", "taken_over", "handed_over")


@dataclass
class Step:
    """What one kind of change added (negative: took away), and the deals with what each of them added."""

    name: str
    amount: Decimal = Decimal(0)
    deals: list[tuple[RecordRef, Decimal]] = field(default_factory=list)


@dataclass
class Waterfall:
    """Open deals closing in the period, when the day began (`start`) and now (`end`), in one currency.

    start + Σ steps = end. `unconverted` are currencies without a stored rate, left out at both ends;
    `not_known` counts deals whose amount and close date of that day are not recorded and taken as first recorded.
    """

    period: Period
    since: date
    currency: str
    start: Decimal
    start_n: int
    end: Decimal
    end_n: int
    steps: list[Step]
    unconverted: list[str]
    not_known: int

    def step(self, name: str) -> Step:
        """The step of that name, empty where nothing of it happened."""
        return next((each for each in self.steps if each.name == name), Step(name))


@dataclass(frozen=True, slots=True)
class _Side:
    """A deal at one end: whether it counts there, and its worth."""

    counts: bool
    worth: Decimal


def waterfall(view: View, period: Period, since: date, people: frozenset[str] | None = None) -> Waterfall:
    """The waterfall over the visible deals that are or were of these people (None: everyone's)."""
    moved = list(moved_since(view, since, people))
    currencies = {state.currency for each in moved for state in (each.then, each.now) if state is not None}
    rates = view.rates
    currency = next(iter(currencies)) if len(currencies) == 1 else rates.base
    unconverted = sorted(code for code in currencies if rates.convert(Decimal(1), code, currency) is None)
    found = Waterfall(period, since, currency, Decimal(0), 0, Decimal(0), 0, [Step(each) for each in STEPS], [], 0)
    found.unconverted = unconverted
    further = {name: Step(name) for name in FURTHER}
    steps = {**{each.name: each for each in found.steps}, **further}
    for each in moved:
        if {state.currency for state in (each.then, each.now) if state is not None} & set(unconverted):
            continue
        _take_in(view, found, steps, each, people)
    found.steps += [step for step in further.values() if step.deals]
    return found


def _take_in(
    view: View, found: Waterfall, steps: dict[str, Step], moved: Moved, people: frozenset[str] | None
) -> None:
    then = _side(view, found, moved.then, people)
    now = _side(view, found, moved.now, people)
    if then.counts:
        found.start, found.start_n = found.start + then.worth, found.start_n + 1
        found.not_known += bool(moved.then and not moved.then.is_known)
    if now.counts:
        found.end, found.end_n = found.end + now.worth, found.end_n + 1
    ref = RecordRef(kind="deal", id=moved.deal.id, name=moved.deal.name)
    for name, amount in _split(view, found, moved, then, now, people):
        if amount or name != "amount_change":
            steps[name].amount += amount
            steps[name].deals.append((ref, amount))


def _split(
    view: View, found: Waterfall, moved: Moved, then: _Side, now: _Side, people: frozenset[str] | None
) -> Iterator[tuple[str, Decimal]]:
    """What the deal's change adds, step by step; its sum is worth at the end − worth at the start."""
    closed = _closed_in(view, found, moved.now, people)
    if not then.counts and not now.counts and not (closed and _came(view, moved, found.since)):
        return
    if then.counts and (now.counts or closed):
        yield "amount_change", now.worth - then.worth
    elif not then.counts and (now.counts or closed):
        yield _entry(view, moved, people), now.worth
    if closed:
        yield closed, -now.worth
    elif then.counts and not now.counts:
        yield _exit(view, moved, people), -then.worth


def _side(view: View, found: Waterfall, state: DealState | None, people: frozenset[str] | None) -> _Side:
    if state is None:
        return _Side(False, Decimal(0))
    due = state.close_date is not None and found.period.start <= state.close_date <= found.period.end
    ours = people is None or state.owner_id in people
    worth = view.rates.convert(state.amount or Decimal(0), state.currency, found.currency) or Decimal(0)
    return _Side(due and ours and status_at(view, state) == "open", worth)


def _closed_in(view: View, found: Waterfall, now: DealState, people: frozenset[str] | None) -> str:
    """ "won" or "lost" for a deal of these people that is closed now, in the period; else empty."""
    status = status_at(view, now)
    if status == "open" or not (people is None or now.owner_id in people):
        return ""
    day = local_date(now.closed_at, view.timezone) if now.closed_at else now.close_date
    return status if day is not None and found.period.start <= day <= found.period.end else ""


def _came(view: View, moved: Moved, since: date) -> bool:
    """Whether a deal that is closed now was open or not there when the day began."""
    return moved.then is None or status_at(view, moved.then) == "open"


def _entry(view: View, moved: Moved, people: frozenset[str] | None) -> str:
    if moved.then is None:
        return "created"
    if people is not None and moved.then.owner_id not in people:
        return "taken_over"
    return "pulled_in" if status_at(view, moved.then) == "open" else "reopened"


def _exit(view: View, moved: Moved, people: frozenset[str] | None) -> str:
    if people is not None and moved.now.owner_id not in people:
        return "handed_over"
    status = status_at(view, moved.now)
    return "pushed_out" if status == "open" else status
