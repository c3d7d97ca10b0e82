"""Every metric of definitions §3 as plain SQL over the tables, for one asker; written from the definitions alone."""

import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from statistics import median

from tests.analytics.small_world import RATES, STAGES

QUARTER = ("2027-04-01", "2027-06-30")
LAST = ("2027-01-01", "2027-03-31")
YEAR = ("2026-05-20", "2027-05-19")
TODAY = "2027-05-19"
OPENING = "2027-04-01 00:00:00.000000"

_WON = "s.status = 'won'"
_LOST = "s.status = 'lost'"
_OPEN = "s.status = 'open'"
_QUALIFIED = "s.position > (SELECT min(position) FROM stage WHERE status = 'open')"
_OUTBOUND = "SELECT min(i.occurred_at) FROM interaction i WHERE i.direction = 'outbound'"
# The last stage, the close date and the amount that a deal had when the quarter began.
_STAGE_THEN = (
    f"(SELECT to_stage_id FROM stage_change c WHERE c.deal_id = d.id AND c.changed_at < '{OPENING}'"
    " ORDER BY changed_at DESC LIMIT 1)"
)
_OPEN_THEN = f"{_STAGE_THEN} IN (SELECT id FROM stage WHERE status = 'open')"


def _then(field: str, now: str) -> str:
    return (
        f"coalesce((SELECT json_extract(a.before, '$.{field}') FROM audit_entry a WHERE a.record_id = d.id"
        f" AND a.at >= '{OPENING}' AND json_type(a.before, '$.{field}') IS NOT NULL ORDER BY a.seq LIMIT 1), {now})"
    )


@dataclass
class Reference:
    """Who asks: `reach` are the people whose records they read, `own` those whose figures; None: everyone's."""

    db: sqlite3.Connection
    role: str
    me: str
    reach: Collection[str]
    own: Collection[str] | None
    regions: Collection[str]
    hours: int

    def __post_init__(self) -> None:
        limited = self.role in ("rep", "manager")
        mine = f"owner_id IN {_ids(self.reach)}"
        self.accounts = mine if limited else "1"
        of_accounts = f"account_id IN (SELECT id FROM account WHERE {self.accounts})"
        self.contacts = of_accounts
        self.tickets = of_accounts if limited else "1"
        people = self.reach if self.role == "manager" else [self.me]
        self.tasks = "1" if self.role == "admin" else (
            f"(assignee_id IN {_ids(people)} OR created_by_id IN {_ids(people)})"
        )  # fmt: skip
        unassigned = f"(owner_id IS NULL AND region IN {_ids(self.regions)})"
        self.leads = f"(owner_id IN {_ids(people)} OR {unassigned})" if limited else "1"
        of_leads = f"lead_id IN (SELECT id FROM lead WHERE {self.leads})"
        self.talks = f"({of_accounts} OR owner_id = '{self.me}' OR {of_leads})" if limited else "1"
        self.deals = f"d.{mine}" if limited else "1"
        self.figures = "1" if self.own is None else f"d.owner_id IN {_ids(self.own)}"

    def day(self, moment: str) -> str:
        return f"date({moment}, '+{self.hours} hours')"

    def within(self, moment: str, period: tuple[str, str] = QUARTER) -> str:
        return f"{self.day(moment)} BETWEEN '{period[0]}' AND '{period[1]}'"

    def one(self, sql: str) -> float:
        return self.db.execute(sql).fetchone()[0]

    def numbers(self, sql: str) -> list[float]:
        return [row[0] for row in self.db.execute(sql) if row[0] is not None]

    def count(self, where: str) -> int:
        return self.one(
            f"SELECT count(*) FROM deal d JOIN stage s ON s.id = d.stage_id WHERE {self.deals} AND {where}"
        )

    def money(self, where: str, weight: str = "100", *, base: bool = False, amount: str = "d.amount") -> float:
        """In the one currency that there is, else in the base currency."""
        rows = self.db.execute(
            f"SELECT d.currency, sum({amount} * {weight}) / 10000.0 FROM deal d JOIN stage s ON s.id = d.stage_id"
            f" WHERE {self.deals} AND ({where}) AND {amount} IS NOT NULL GROUP BY 1"
        ).fetchall()
        if len(rows) == 1 and not base:
            return rows[0][1]
        return sum(round(total * float(RATES[currency]), 2) for currency, total in rows)

    def won(self, period: tuple[str, str] = QUARTER) -> str:
        return f"{_WON} AND {self.within('d.closed_at', period)}"

    def lost(self, period: tuple[str, str] = QUARTER) -> str:
        return f"{_LOST} AND {self.within('d.closed_at', period)}"

    def due(self, category: str = "") -> str:
        in_it = f"{_OPEN} AND d.close_date BETWEEN '{QUARTER[0]}' AND '{QUARTER[1]}'"
        return f"{in_it} AND d.forecast_category = '{category}'" if category else in_it

    def quota(self) -> float | None:
        whose = "1" if self.own is None else f"user_id IN {_ids(self.own)}"
        rows = self.numbers(
            "SELECT coalesce(max(CASE period WHEN '2027-Q2' THEN amount END),"
            " max(CASE period WHEN 'quarterly' THEN amount END)) / 100.0"
            f" FROM quota WHERE {whose} GROUP BY user_id"
        )
        return sum(rows) if rows else None


def _ids(names: Collection[str]) -> str:
    return "(" + ", ".join(f"'{each}'" for each in sorted(names)) + ")"


def _mean(total: float, number: int) -> float | None:
    return total / number if number else None


def _middle(numbers: list[float]) -> float | None:
    return median(numbers) if numbers else None


def _average(ref: Reference, where: str) -> float | None:
    return _mean(ref.money(where), ref.count(f"{where} AND d.amount IS NOT NULL"))


def _cycles(ref: Reference, period: tuple[str, str]) -> list[float]:
    return ref.numbers(
        "SELECT julianday(d.closed_at) - julianday(d.created_at) FROM deal d JOIN stage s ON s.id = d.stage_id"
        f" WHERE {ref.deals} AND {ref.won(period)}"
    )


def _velocity(ref: Reference) -> float | None:
    won, lost, days = ref.count(ref.won(YEAR)), ref.count(ref.lost(YEAR)), _middle(_cycles(ref, YEAR))
    priced = ref.count(f"{ref.won(YEAR)} AND d.amount IS NOT NULL")
    if not days or not priced:
        return None
    average = ref.money(ref.won(YEAR), base=True) / priced
    return ref.count(f"{_OPEN} AND {_QUALIFIED}") * average * won / (won + lost) / days


def _ltv(ref: Reference) -> float | None:
    priced = ref.count(f"{ref.won(YEAR)} AND d.amount IS NOT NULL")
    customers = ref.one(
        "SELECT count(DISTINCT d.account_id) FROM deal d JOIN stage s ON s.id = d.stage_id"
        f" WHERE {ref.deals} AND {ref.won(YEAR)}"
    )
    if not priced:
        return None
    return ref.money(ref.won(YEAR), base=True) / priced * ref.count(ref.won(YEAR)) / customers * 3


def _conversion(ref: Reference) -> dict[str, float | None]:
    cohort = f"SELECT id FROM deal d WHERE {ref.deals} AND {ref.within('d.created_at')}"
    found: dict[str, float | None] = {}
    for place, (name, status, _, _) in enumerate(STAGES, 1):
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


def _durations(ref: Reference) -> dict[str, float | None]:
    rows = ref.db.execute(
        f"SELECT s.name, julianday(coalesce({ref.day('following')}, '{TODAY}')) - julianday({ref.day('changed_at')})"
        " FROM (SELECT *, lead(changed_at) OVER (PARTITION BY deal_id ORDER BY changed_at, id) AS following"
        " FROM stage_change) c JOIN stage s ON s.id = c.to_stage_id JOIN deal d ON d.id = c.deal_id"
        f" WHERE s.status = 'open' AND {ref.deals} AND {ref.within('d.created_at')}"
    ).fetchall()
    return {name: median([days for stage, days in rows if stage == name]) for name in {row[0] for row in rows}}


def _slippage(ref: Reference) -> float | None:
    due = (
        f"d.created_at < '{OPENING}' AND {_OPEN_THEN}"
        f" AND {_then('close_date', 'd.close_date')} BETWEEN '{QUARTER[0]}' AND '{QUARTER[1]}'"
    )
    amount = _then("amount", "d.amount / 100.0") + " * 100"
    gone = f"{due} AND d.closed_at IS NULL AND d.close_date > '{QUARTER[1]}'"
    whole = ref.money(due, base=True, amount=amount)
    return ref.money(gone, base=True, amount=amount) / whole if whole else None


def _pushes(ref: Reference) -> float:
    return ref.one(
        "SELECT count(*) FROM audit_entry a JOIN deal d ON d.id = a.record_id WHERE a.kind = 'deal'"
        " AND a.undone_by = '' AND a.undoes = '' AND json_extract(a.after, '$.close_date') >"
        f" json_extract(a.before, '$.close_date') AND {ref.within('a.at')} AND {ref.deals}"
    )


def _nps(ref: Reference) -> float | None:
    scores = ref.numbers(f"SELECT json_extract(custom, '$.nps') FROM contact WHERE {ref.contacts}")
    share = sum(each >= 9 for each in scores) - sum(each <= 6 for each in scores)
    return 100 * share / len(scores) if scores else None


def _roi(ref: Reference) -> dict[str, float | None]:
    """By campaign: each won deal goes to the campaign that its source names, else to the latest that ran then."""
    costs = ref.db.execute(
        "SELECT name, source, start_on, coalesce(end_on, ?), coalesce(amount, 0) / 100.0, currency FROM campaign"
        f" WHERE start_on BETWEEN '{QUARTER[0]}' AND '{QUARTER[1]}' ORDER BY start_on DESC, name DESC", (TODAY,),
    ).fetchall()  # fmt: skip
    won = ref.db.execute(
        f"SELECT d.source, {ref.day('d.created_at')}, d.amount / 100.0, d.currency FROM deal d"
        f" JOIN stage s ON s.id = d.stage_id WHERE {ref.deals} AND {_WON} AND d.amount IS NOT NULL"
    ).fetchall()
    brought = {row[0]: 0.0 for row in costs}
    for source, day, amount, currency in won:
        fitting = [name for name, its, start, end, _, _ in costs
                   if source == name or (source == its and start <= day <= end)]  # fmt: skip
        if fitting:
            brought[fitting[0]] += amount * float(RATES[currency])
    return {
        name: (brought[name] - cost * float(RATES[currency])) / (cost * float(RATES[currency])) if cost else None
        for name, _, _, _, cost, currency in costs
    }


def _judged(ref: Reference) -> tuple[float | None, float]:
    whose = "1" if ref.own is None else f"owner_id IN {_ids(ref.own)}"
    rows = ref.numbers(
        "SELECT json_extract(figures, '$.closed') + json_extract(figures, '$.commit') FROM snapshot"
        f" WHERE period = '2027-Q1' AND taken_on = '2027-01-01' AND json_extract(figures, '$.is_known') AND {whose}"
    )
    return (sum(rows) if rows else None), ref.money(f"{ref.won(LAST)} AND {ref.figures}", base=True)


def _accuracy(ref: Reference) -> float | None:
    said, came = _judged(ref)
    return None if said is None or not came else 1 - abs(said - came) / came


def _bias(ref: Reference) -> float | None:
    said, came = _judged(ref)
    return None if said is None or not came else (said - came) / came


def _closed(ref: Reference) -> float:
    return ref.money(f"{ref.won()} AND {ref.figures}", base=True)


def _open(ref: Reference, category: str = "") -> float:
    return ref.money(f"{ref.due(category)} AND {ref.figures}", base=True)


def _forecast(ref: Reference, *categories: str) -> float:
    parts = " OR ".join(f"({each})" for each in (ref.won(), *(ref.due(name) for name in categories)))
    return ref.money(f"({parts}) AND {ref.figures}")


def _landing(ref: Reference) -> float:
    weight = "(CASE s.status WHEN 'won' THEN 100 ELSE s.probability END)"
    return ref.money(f"(({ref.won()}) OR ({ref.due()})) AND {ref.figures}", weight)


def _less(ref: Reference, *, commit: bool = False) -> float | None:
    quota = ref.quota()
    return None if quota is None else quota - _closed(ref) - (_open(ref, "commit") if commit else 0)


def _coverage(ref: Reference) -> float | None:
    gap = _less(ref)
    return _open(ref) / gap if gap is not None and gap > 0 else None


def _hours(ref: Reference, table: str, start: str, link: str, where: str) -> float | None:
    first = f"({_OUTBOUND} AND i.{link} = t.id AND i.id IN (SELECT id FROM interaction WHERE {ref.talks}))"
    if ref.role == "support" and table == "lead":
        return None
    return _middle(ref.numbers(
        f"SELECT (julianday({first}) - julianday(t.{start})) * 24 FROM {table} t"
        f" WHERE t.id IN (SELECT id FROM {table} WHERE {where}) AND {ref.within('t.' + start)}"
    ))  # fmt: skip


def _rows(table: str, where: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE {where}"


_DUE = f"due BETWEEN '{QUARTER[0]}' AND '{QUARTER[1]}'"
Answer = float | None | dict[str, float | None]
REFERENCE: dict[str, Callable[[Reference], Answer]] = {
    "pipeline_value": lambda ref: ref.money(ref.due()),
    "weighted_pipeline": lambda ref: ref.money(ref.due(), "s.probability"),
    "closed_won": lambda ref: ref.money(ref.won()),
    "closed_lost": lambda ref: ref.money(ref.lost()),
    "open_commit": lambda ref: ref.money(ref.due("commit")),
    "win_rate": lambda ref: _mean(ref.count(ref.won()), ref.count(ref.won()) + ref.count(ref.lost())),
    "win_rate_by_value": lambda ref: _mean(
        ref.money(ref.won(), base=True), ref.money(ref.won(), base=True) + ref.money(ref.lost(), base=True)
    ),
    "average_deal_size": lambda ref: _average(ref, ref.won()),
    "average_open_deal": lambda ref: _average(ref, ref.due()),
    "sales_cycle": lambda ref: _middle(_cycles(ref, QUARTER)),
    "velocity": _velocity,
    "ltv": _ltv,
    "deal_count": lambda ref: ref.count(f"d.close_date BETWEEN '{QUARTER[0]}' AND '{QUARTER[1]}'"),
    "open_deal_count": lambda ref: ref.count(ref.due()),
    "new_deal_count": lambda ref: ref.count(ref.within("d.created_at")),
    "won_count": lambda ref: ref.count(ref.won()),
    "lost_count": lambda ref: ref.count(ref.lost()),
    "commit_forecast": lambda ref: _forecast(ref, "commit"),
    "best_case_forecast": lambda ref: _forecast(ref, "commit", "best_case"),
    "expected_landing": _landing,
    "quota": lambda ref: ref.quota(),
    "quota_attainment": lambda ref: _closed(ref) / ref.quota() if ref.quota() else None,
    "gap": _less,
    "to_go": lambda ref: _less(ref, commit=True),
    "coverage": _coverage,
    "forecast_accuracy": _accuracy,
    "forecast_bias": _bias,
    "stage_conversion": _conversion,
    "stage_duration": _durations,
    "slippage": _slippage,
    "push_count": _pushes,
    "lead_count": lambda ref: ref.one(_rows("lead", f"{ref.leads} AND {ref.within('created_at')}")),
    "ticket_count": lambda ref: ref.one(_rows("ticket", f"{ref.tickets} AND {ref.within('opened_at')}")),
    "open_ticket_count": lambda ref: ref.one(
        _rows("ticket", f"{ref.tickets} AND {ref.within('opened_at')} AND status IN ('open', 'pending')")
    ),
    "task_count": lambda ref: ref.one(_rows("task", f"{ref.tasks} AND {_DUE}")),
    "open_task_count": lambda ref: ref.one(_rows("task", f"{ref.tasks} AND {_DUE} AND status = 'open'")),
    "overdue_task_count": lambda ref: ref.one(
        _rows("task", f"{ref.tasks} AND {_DUE} AND status = 'open' AND due < '{TODAY}'")
    ),
    "interaction_count": lambda ref: ref.one(_rows("interaction", f"{ref.talks} AND {ref.within('occurred_at')}")),
    "account_count": lambda ref: ref.one(_rows("account", f"{ref.accounts} AND {ref.within('created_at')}")),
    "contact_count": lambda ref: ref.one(_rows("contact", f"{ref.contacts} AND {ref.within('created_at')}")),
    "lead_response_time": lambda ref: _hours(ref, "lead", "created_at", "lead_id", ref.leads),
    "first_response_time": lambda ref: _hours(ref, "ticket", "opened_at", "ticket_id", ref.tickets),
    "resolution_time": lambda ref: _middle(ref.numbers(
        "SELECT julianday(resolved_at) - julianday(opened_at) FROM ticket"
        f" WHERE {ref.tickets} AND {ref.within('opened_at')}"
    )),
    "csat": lambda ref: ref.one(
        f"SELECT avg(csat) FROM ticket WHERE {ref.tickets} AND {ref.within('opened_at')}"
    ),
    "nps": _nps,
    "campaign_roi": _roi,
}  # fmt: skip
