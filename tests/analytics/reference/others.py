"""Leads, tickets, tasks, interactions, customers and campaigns."""

from collections.abc import Callable

from tests.analytics.reference.asker import WON, Answer, Reference, between, middle

_FIRST_OUTBOUND = "SELECT min(i.occurred_at) FROM interaction i WHERE i.direction = 'outbound'"


def hours(ref: Reference, table: str, start: str, link: str, where: str) -> float | None:
    first = f"({_FIRST_OUTBOUND} AND i.{link} = t.id AND i.id IN (SELECT id FROM interaction WHERE {ref.talks}))"
    return middle(ref.numbers(
        f"SELECT (julianday({first}) - julianday(t.{start})) * 24 FROM {table} t"
        f" WHERE t.id IN (SELECT id FROM {table} WHERE {where}) AND {ref.within('t.' + start)}"
    ))  # fmt: skip


def resolution(ref: Reference) -> float | None:
    return middle(ref.numbers(
        "SELECT julianday(resolved_at) - julianday(opened_at) FROM ticket"
        f" WHERE {ref.tickets} AND {ref.within('opened_at')}"
    ))  # fmt: skip


def csat(ref: Reference) -> float | None:
    return ref.one(f"SELECT avg(csat) FROM ticket WHERE {ref.tickets} AND {ref.within('opened_at')}")


def ltv(ref: Reference) -> float | None:
    priced = ref.count(f"{ref.won(ref.year)} AND d.amount IS NOT NULL")
    customers = ref.one(
        "SELECT count(DISTINCT d.account_id) FROM deal d JOIN stage s ON s.id = d.stage_id"
        f" WHERE {ref.deals} AND {ref.won(ref.year)}"
    )
    if not priced:
        return None
    return ref.money(ref.won(ref.year), base=True) / priced * ref.count(ref.won(ref.year)) / customers * 3


def nps(ref: Reference) -> float | None:
    scores = ref.numbers(f"SELECT json_extract(custom, '$.nps') FROM contact WHERE {ref.contacts}")
    share = sum(each >= 9 for each in scores) - sum(each <= 6 for each in scores)
    return 100 * share / len(scores) if scores else None


def roi(ref: Reference) -> dict[str, float | None]:
    """By campaign: each won deal goes to the campaign that its source names, else to the latest that ran then."""
    costs = ref.db.execute(
        "SELECT name, source, start_on, coalesce(end_on, ?), coalesce(amount, 0) / 100.0, currency FROM campaign"
        f" WHERE start_on {between(ref.quarter)} ORDER BY start_on DESC, name DESC", (ref.today,),
    ).fetchall()  # fmt: skip
    won = ref.db.execute(
        f"SELECT d.source, {ref.day('d.created_at')}, d.amount / 100.0, d.currency FROM deal d"
        f" JOIN stage s ON s.id = d.stage_id WHERE {ref.deals} AND {WON} AND d.amount IS NOT NULL"
    ).fetchall()
    brought = {row[0]: 0.0 for row in costs}
    for source, day, amount, currency in won:
        fitting = [name for name, its, start, end, _, _ in costs
                   if source == name or (source == its and start <= day <= end)]  # fmt: skip
        if fitting:
            brought[fitting[0]] += amount * ref.rates[currency]
    return {
        name: (brought[name] - cost * ref.rates[currency]) / (cost * ref.rates[currency]) if cost else None
        for name, _, _, _, cost, currency in costs
    }


def _opened(ref: Reference) -> str:
    return f"{ref.tickets} AND {ref.within('opened_at')}"


def _due(ref: Reference) -> str:
    return f"{ref.tasks} AND due {between(ref.quarter)}"


OTHERS: dict[str, Callable[[Reference], Answer]] = {
    "lead_count": lambda ref: ref.rows("lead", f"{ref.leads} AND {ref.within('created_at')}"),
    "ticket_count": lambda ref: ref.rows("ticket", _opened(ref)),
    "open_ticket_count": lambda ref: ref.rows("ticket", f"{_opened(ref)} AND status IN ('open', 'pending')"),
    "task_count": lambda ref: ref.rows("task", _due(ref)),
    "open_task_count": lambda ref: ref.rows("task", f"{_due(ref)} AND status = 'open'"),
    "overdue_task_count": lambda ref: ref.rows("task", f"{_due(ref)} AND status = 'open' AND due < '{ref.today}'"),
    "interaction_count": lambda ref: ref.rows("interaction", f"{ref.talks} AND {ref.within('occurred_at')}"),
    "account_count": lambda ref: ref.rows("account", f"{ref.accounts} AND {ref.within('created_at')}"),
    "contact_count": lambda ref: ref.rows("contact", f"{ref.contacts} AND {ref.within('created_at')}"),
    "lead_response_time": lambda ref: hours(ref, "lead", "created_at", "lead_id", ref.leads),
    "first_response_time": lambda ref: hours(ref, "ticket", "opened_at", "ticket_id", ref.tickets),
    "resolution_time": resolution,
    "csat": csat,
    "ltv": ltv,
    "nps": nps,
    "campaign_roi": roi,
}
