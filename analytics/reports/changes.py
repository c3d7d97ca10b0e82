"""What changed since a day: the deals, what happened to each, and the sums by kind of change."""

from decimal import Decimal
from typing import Any

from analytics.changes import KINDS, DealChange, changes_since
from analytics.report import Asked, Report, Told, add_report, usual_period
from analytics.view import View
from analytics.wording import choice_word, day_text, kind_word, money_text, say
from core.parts import Column, Table, Text
from crm_store.nouns import Label
from crm_store.query import names_of

MOST_ROWS = 40


def tell_changes(asked: Asked) -> Told:
    """A table of the changes, the largest first, with a line that counts them."""
    view = asked.view
    language = view.language
    period = asked.period or usual_period(view, "week back")
    since = period.start if period else view.today
    chosen = asked.records("deal") if asked.conditions else None
    changes = _telling(changes_since(view, since, None if chosen is not None else asked.people, chosen))
    day = day_text(language, since)
    if not changes:
        text = say(language, "changes_none", day=day, who=asked.who)
        return Told({"since": str(since), "count": 0, "note": text}, [Text(text=text)])
    counts = {kind: sum(each.kind == kind for each in changes) for kind in KINDS}
    summary = say(language, "list_comma").join(
        f"{say(language, f'change_{kind}')} {number}" for kind, number in counts.items() if number
    )
    refs = list(dict.fromkeys(each.deal for each in changes))
    title = say(
        language,
        "changes_title",
        day=day,
        who=asked.who,
        n=len(refs),
        kinds=kind_word(language, "deal", len(refs)),
    )
    names = _names(view, changes)
    rows = [_row(view, each, names) for each in changes[:MOST_ROWS]]
    note = summary
    if len(changes) > MOST_ROWS:
        note += say(language, "then") + say(language, "more_rows", n=len(changes) - MOST_ROWS)
    columns = tuple(
        Column(name=name, label=say(language, f"column_{name}"), align="right" if name == "worth" else "left")
        for name in ("deal", "what", "from_to", "worth", "owner")
    )
    table = Table(
        title=title, columns=columns, rows=tuple(rows), records=tuple(each.deal for each in changes[:MOST_ROWS]),
        note=note,
    )  # fmt: skip
    content = {
        "since": f"{since} 00:00 UTC",
        "counts": {kind: number for kind, number in counts.items() if number},
        "changes": [" · ".join(filter(None, row)) for row in rows],
        "query": asked.query_hash("changes"),
    }
    return Told(content, [table], refs)


def _telling(changes: list[DealChange]) -> list[DealChange]:
    """Without categories that only followed the stage."""
    moved = {each.deal.id for each in changes if each.kind in ("advanced", "moved_back", "reopened")}
    return [each for each in changes if each.kind != "category" or each.deal.id not in moved]


def _row(view: View, change: DealChange, names: dict[str, str]) -> tuple[str, ...]:
    before, after = (_shown(view, change, value, names) for value in (change.before, change.after))
    arrow = f"{before} → {after}" if before else after
    worth = money_text(view.language, change.amount, change.currency) if change.amount is not None else ""
    what = say(view.language, f"change_{change.kind}")
    return (change.deal.name, what, arrow, worth, names.get(change.owner_id or "", ""))


def _shown(view: View, change: DealChange, value: Any, names: dict[str, str]) -> str:
    if value is None:
        return "" if change.kind == "created" else "—"
    if change.kind in ("pushed", "pulled"):
        return day_text(view.language, value)
    if isinstance(value, Decimal):
        return money_text(view.language, value, change.currency)
    if change.kind == "category":
        return choice_word(view.language, "forecast_category", value)
    return names.get(value, "—")


def _names(view: View, changes: list[DealChange]) -> dict[str, str]:
    ids = {
        value for each in changes for value in (each.before, each.after, each.owner_id) if isinstance(value, str)
    }
    return {**names_of(view.uow, "stage", ids), **names_of(view.uow, "user", ids)}


add_report(
    Report(
        "changes",
        Label("what changed", "变化"),
        Label(
            "deals now against the frozen snapshot of that day (00:00 UTC)", "现在的商机与当日快照（UTC 0点）对比"
        ),
        "deal",
        tell_changes,
        words=("what changed", "changes since", "movements", "deal changes", "有什么变化", "变化", "变动"),
        default_period="week back",
    )
)
