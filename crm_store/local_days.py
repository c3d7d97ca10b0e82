"""Many moments put on the asker's calendar at once, as the database gives them: no datetime is made of each."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, type_coerce

from core.clock import local_date
from crm_store.base import UtcDateTime
from crm_store.query import day_start
from crm_store.unit_of_work import UnitOfWork


def raw_moment(column: Any) -> ColumnElement[Any]:
    """A column of times whose values come as the database's driver gives them."""
    return type_coerce(column, String)


class LocalDays:
    """Ordinals of the asker's calendar days that raw moments, none but those given, lie in."""

    def __init__(self, uow: UnitOfWork, moments: Iterable[Any]) -> None:
        known = list(moments)
        dialect = uow.session.get_bind().dialect
        kind = UtcDateTime().dialect_impl(dialect)
        read: Any = kind.result_processor(dialect, None)
        write: Any = kind.bind_processor(dialect)
        self._first, last = (
            (local_date(read(edge(known)), uow.principal.timezone).toordinal() for edge in (min, max))
            if known
            else (0, 0)
        )
        following = range(self._first + 1, last + 1)
        self._starts = [write(day_start(uow, date.fromordinal(day))) for day in following]

    def __call__(self, moment: Any) -> int:
        """The ordinal of the day."""
        return self._first + bisect_right(self._starts, moment)
