"""Forecasts against quotas, and how good they were."""

from collections.abc import Callable

from tests.analytics.reference.asker import Answer, Reference, listed


def quota(ref: Reference) -> float | None:
    whose = "1" if ref.own is None else f"user_id IN {listed(ref.own)}"
    rows = ref.numbers(
        f"SELECT coalesce(max(CASE period WHEN '{ref.calendar.label}' THEN amount END),"
        " max(CASE period WHEN 'quarterly' THEN amount END)) / 100.0"
        f" FROM quota WHERE {whose} GROUP BY user_id"
    )
    return sum(rows) if rows else None


def attainment(ref: Reference) -> float | None:
    target = quota(ref)
    return closed(ref) / target if target else None


def closed(ref: Reference) -> float:
    return ref.money(f"{ref.won()} AND {ref.figures}", base=True)


def still_open(ref: Reference, category: str = "") -> float:
    return ref.money(f"{ref.due(category)} AND {ref.figures}", base=True)


def forecast(ref: Reference, *categories: str) -> float:
    parts = " OR ".join(f"({each})" for each in (ref.won(), *(ref.due(name) for name in categories)))
    return ref.money(f"({parts}) AND {ref.figures}")


def landing(ref: Reference) -> float:
    weight = "(CASE s.status WHEN 'won' THEN 100 ELSE s.probability END)"
    return ref.money(f"(({ref.won()}) OR ({ref.due()})) AND {ref.figures}", weight)


def gap(ref: Reference, *, commit: bool = False) -> float | None:
    target = quota(ref)
    return None if target is None else target - closed(ref) - (still_open(ref, "commit") if commit else 0)


def coverage(ref: Reference) -> float | None:
    missing = gap(ref)
    return still_open(ref) / missing if missing is not None and missing > 0 else None


def judged(ref: Reference) -> tuple[float | None, float]:
    """Closed won + open commit in the snapshot of the last quarter's first day, and what was won in it."""
    whose = "1" if ref.own is None else f"owner_id IN {listed(ref.own)}"
    begin = ref.calendar.last[0]
    rows = ref.numbers(
        "SELECT json_extract(figures, '$.closed') + json_extract(figures, '$.commit') FROM snapshot"
        f" WHERE period = '{ref.calendar.last_label}' AND taken_on = '{begin}'"
        f" AND json_extract(figures, '$.is_known') AND {whose}"
    )
    came = ref.money(f"{ref.won(ref.calendar.last)} AND {ref.figures}", base=True)
    return (sum(rows) if rows else None), came


def accuracy(ref: Reference) -> float | None:
    said, came = judged(ref)
    return None if said is None or not came else 1 - abs(said - came) / came


def bias(ref: Reference) -> float | None:
    said, came = judged(ref)
    return None if said is None or not came else (said - came) / came


FORECAST: dict[str, Callable[[Reference], Answer]] = {
    "commit_forecast": lambda ref: forecast(ref, "commit"),
    "best_case_forecast": lambda ref: forecast(ref, "commit", "best_case"),
    "expected_landing": landing,
    "quota": quota,
    "quota_attainment": attainment,
    "gap": gap,
    "to_go": lambda ref: gap(ref, commit=True),
    "coverage": coverage,
    "forecast_accuracy": accuracy,
    "forecast_bias": bias,
}
