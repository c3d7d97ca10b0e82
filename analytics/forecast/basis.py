"""What forecasts of the day rest on: the history, what was learnt, which rung is used, how large shocks are.

Made once for an asker, a day and a state of the records, and kept for the next question.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from analytics.forecast.backtest import Origin, Rung, choose_rung, origins, shock_of
from analytics.forecast.chances import Chances, learn
from analytics.forecast.history import OpenDeals, asof
from analytics.forecast.loading import Loaded, load_history
from analytics.view import View
from crm_store.deals import Deal, StageChange
from crm_store.journal import AuditEntry
from language.dates.calendar import step_unit, unit_period

# Past forecasts that decide: of the first day of each of this many quarters, and of its middle.
QUARTERS_BACK = 8
_DAYS_IN = (0, 45)
_MOST_KEPT = 16

_AUDIT: Any = AuditEntry
_CHANGE: Any = StageChange
_DEAL: Any = Deal


@dataclass(frozen=True)
class Basis:
    """The history as of today with what was learnt from it; `today` counts as not over."""

    loaded: Loaded
    today: date
    chances: Chances
    rung: Rung
    shock: float
    open_deals: OpenDeals

    def origin(self, end: date) -> Origin:
        """The forecast of today for what will be won by the end of a day."""
        nothing = self.open_deals.deal[:0]
        return Origin(
            self.today.toordinal(),
            end.toordinal(),
            self.chances,
            self.open_deals,
            nothing > 0,
            nothing.astype(float),
        )


_kept: "OrderedDict[tuple[Any, ...], Basis]" = OrderedDict()
_lock = Lock()


def basis_of(view: View) -> Basis:
    """The basis for the asker: learnt from the deals that they may see."""
    key = _key(view)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _make(view)
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def forget_bases() -> None:
    """Drops what is kept, for records that were changed past the unit of work."""
    with _lock:
        _kept.clear()


def past_ends(view: View, quarters: int = QUARTERS_BACK) -> Sequence[tuple[int, int]]:
    """The days and quarter ends of past forecasts whose outcome is known, oldest first."""
    found = []
    for back in range(quarters, 0, -1):
        quarter = step_unit("quarter", view.today, -back, view.fiscal)
        if quarter is not None:
            found += [
                ((quarter.start + timedelta(days=into)).toordinal(), quarter.end.toordinal()) for into in _DAYS_IN
            ]
    current = unit_period("quarter", view.today, view.fiscal)
    return [each for each in found if current is None or each[1] < current.start.toordinal()]


def _make(view: View) -> Basis:
    loaded = load_history(view)
    checked = list(origins(loaded.history, past_ends(view)))
    rung = choose_rung(checked)
    tomorrow = view.today.toordinal() + 1
    open_deals = replace(asof(loaded.history, tomorrow), day=view.today.toordinal())
    shock = shock_of([each for each in checked if _opens(view, each)], rung.name)
    return Basis(loaded, view.today, learn(loaded.history, tomorrow), rung, shock, open_deals)


def _opens(view: View, origin: Origin) -> bool:
    quarter = unit_period("quarter", date.fromordinal(origin.day), view.fiscal)
    return quarter is not None and quarter.start.toordinal() == origin.day


def _key(view: View) -> tuple[Any, ...]:
    principal = view.uow.principal
    session = view.uow.session
    newest = session.scalar(select(func.max(_AUDIT.seq)))
    counts = (session.scalar(select(func.count(_DEAL.id))), session.scalar(select(func.count(_CHANGE.id))))
    bind = session.get_bind()
    return (
        str(getattr(bind, "url", bind)), id(getattr(bind, "engine", bind)), principal.user_id, principal.role,
        principal.reach, view.today, view.fiscal, newest, counts,
    )  # fmt: skip
