"""Values, counts and movements of deals."""

from collections.abc import Callable
from statistics import median

from tests.analytics.reference.asker import OPEN, Answer, Reference, between, mean, middle

_QUALIFIED = "s.position > (SELECT min(position) FROM stage WHERE status = 'open')"


def average(ref: Reference, where: str) -> float | None:
    return mean(ref.money(where), ref.count(f"{where} AND d.amount IS NOT NULL"))


def cycles(ref: Reference, period: tuple[str, str]) -> list[float]:
    return ref.numbers(
        "SELECT julianday(d.closed_at) - julianday(d.created_at) FROM deal d JOIN stage s ON s.id = d.stage_id"
        f" WHERE {ref.deals} AND {ref.won(period)}"
    )


def velocity(ref: Reference) -> float | None:
    won, lost, days = ref.count(ref.won(ref.year)), ref.count(ref.lost(ref.year)), middle(cycles(ref, ref.year))
    priced = ref.count(f"{ref.won(ref.year)} AND d.amount IS NOT NULL")
    if not days or not priced:
        return None
    size = ref.money(ref.won(ref.year), base=True) / priced
    return ref.count(f"{OPEN} AND {_QUALIFIED}") * size * won / (won + lost) / days


def conversion(ref: Reference) -> dict[str, float | None]:
    cohort = f"SELECT id FROM deal d WHERE {ref.deals} AND {ref.within('d.created_at')}"
    found: dict[str, float | None] = {}
    stages = ref.db.execute("SELECT name, status, position FROM stage").fetchall()
    for name, status, place in stages:
        here = (
            "SELECT deal_id FROM stage_change c JOIN stage s ON s.id = c.to_stage_id"
            f" WHERE deal_id IN ({cohort}) AND s.name = '{name}'"
        )
        came = ref.one(f"SELECT count(DISTINCT deal_id) FROM ({here})")
        on = ref.one(
            "SELECT count(DISTINCT c.deal_id) FROM stage_change c JOIN stage s ON s.id = c.to_stage_id"
            f" WHERE c.deal_id IN ({here}) AND (s.status = 'won' OR (s.status = 'open' AND s.position > {place}))"
        )
        if status == "open" and came:
            found[name] = on / came
    return found


def durations(ref: Reference) -> dict[str, float | None]:
    until = f"coalesce({ref.day('following')}, '{ref.today}')"
    rows = ref.db.execute(
        f"SELECT s.name, julianday({until}) - julianday({ref.day('changed_at')})"
        " FROM (SELECT *, lead(changed_at) OVER (PARTITION BY deal_id ORDER BY changed_at, id) AS following"
        " FROM stage_change) c JOIN stage s ON s.id = c.to_stage_id JOIN deal d ON d.id = c.deal_id"
        f" WHERE s.status = 'open' AND {ref.deals} AND {ref.within('d.created_at')}"
    ).fetchall()
    return {name: median([days for stage, days in rows if stage == name]) for name in {row[0] for row in rows}}


def slippage(ref: Reference) -> float | None:
    """Of what was due when the quarter began, by the stage, close date and amount that a deal had then.

    What a deal was worth then is known of those only that were recorded by then.
    """
    opening = ref.calendar.opening
    stage_then = (
        f"(SELECT to_stage_id FROM stage_change c WHERE c.deal_id = d.id AND c.changed_at < '{opening}'"
        " ORDER BY changed_at DESC LIMIT 1)"
    )
    recorded = f"EXISTS (SELECT 1 FROM audit_entry a WHERE a.record_id = d.id AND a.at < '{opening}')"
    due = (
        f"{recorded} AND d.created_at < '{opening}' AND {stage_then} IN (SELECT id FROM stage WHERE status = 'open')"
        f" AND {_then(opening, 'close_date', 'd.close_date')} {between(ref.quarter)}"
    )
    amount = _then(opening, "amount", "d.amount / 100.0") + " * 100"
    gone = f"{due} AND d.closed_at IS NULL AND d.close_date > '{ref.quarter[1]}'"
    whole = ref.money(due, base=True, amount=amount)
    return ref.money(gone, base=True, amount=amount) / whole if whole else None


def pushes(ref: Reference) -> float:
    return ref.one(
        "SELECT count(*) FROM audit_entry a JOIN deal d ON d.id = a.record_id WHERE a.kind = 'deal'"
        " AND a.undone_by = '' AND a.undoes = '' AND json_extract(a.after, '$.close_date') >"
        f" json_extract(a.before, '$.close_date') AND {ref.within('a.at')} AND {ref.deals}"
    )


def _then(opening: str, field: str, now: str) -> str:
    return (
        f"coalesce((SELECT json_extract(a.before, '$.{field}') FROM audit_entry a WHERE a.record_id = d.id"
        f" AND a.at >= '{opening}' AND json_type(a.before, '$.{field}') IS NOT NULL ORDER BY a.seq LIMIT 1), {now})"
    )


DEALS: dict[str, Callable[[Reference], Answer]] = {
    "pipeline_value": lambda ref: ref.money(ref.due()),
    "weighted_pipeline": lambda ref: ref.money(ref.due(), "s.probability"),
    "closed_won": lambda ref: ref.money(ref.won()),
    "closed_lost": lambda ref: ref.money(ref.lost()),
    "open_commit": lambda ref: ref.money(ref.due("commit")),
    "win_rate": lambda ref: mean(ref.count(ref.won()), ref.count(ref.won()) + ref.count(ref.lost())),
    "win_rate_by_value": lambda ref: mean(
        ref.money(ref.won(), base=True), ref.money(ref.won(), base=True) + ref.money(ref.lost(), base=True)
    ),
    "average_deal_size": lambda ref: average(ref, ref.won()),
    "average_open_deal": lambda ref: average(ref, ref.due()),
    "sales_cycle": lambda ref: middle(cycles(ref, ref.quarter)),
    "velocity": velocity,
    "deal_count": lambda ref: ref.count(f"d.close_date {between(ref.quarter)}"),
    "open_deal_count": lambda ref: ref.count(ref.due()),
    "new_deal_count": lambda ref: ref.count(ref.within("d.created_at")),
    "won_count": lambda ref: ref.count(ref.won()),
    "lost_count": lambda ref: ref.count(ref.lost()),
    "stage_conversion": conversion,
    "stage_duration": durations,
    "slippage": slippage,
    "push_count": pushes,
}
