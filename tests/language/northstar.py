"""Reads the demo world's records as lexicon entries, without a store."""

import csv
from pathlib import Path

from language.lexicon import Entry

WORLD = Path(__file__).resolve().parents[2] / "evals" / "worlds" / "northstar"
STAGE_ALIASES = {
    "Negotiation": ("谈判",),
    "Proposal": ("方案", "报价"),
    "Closed Won": ("赢单", "won"),
    "Closed Lost": ("丢单", "lost"),
}


def _rows(name: str) -> list[dict[str, str]]:
    with (WORLD / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def northstar_entries() -> list[Entry]:
    """All records of the demo world; ids are `kind:name`."""
    entries = [
        Entry("account", f"account:{r['name']}", r["name"], (r["aliases"], r["domain"])) for r in _rows("accounts")
    ]
    entries += [
        Entry("user", f"user:{r['name']}", r["name"], (r["email"],), title=r["role"]) for r in _rows("users")
    ]
    entries += [
        Entry(
            "contact",
            f"contact:{r['name']}@{r['account']}",
            r["name"],
            (r["email"],),
            f"account:{r['account']}",
            title=r["title"],
        )
        for r in _rows("contacts")
    ]
    entries += [
        Entry(
            "deal",
            f"deal:{r['name']}",
            r["name"],
            (),
            f"account:{r['account']}",
            is_open=not r["stage"].startswith("Closed"),
        )
        for r in _rows("deals")
    ]
    entries += [
        Entry("lead", f"lead:{r['name']}@{r['company']}", r["name"], (r["company"], r["email"]))
        for r in _rows("leads")
    ]
    entries += [
        Entry(
            "task",
            f"task:{n}",
            r["title"],
            (),
            f"account:{r['account']}",
            f"deal:{r['deal']}",
            is_open=r["status"] == "open",
        )
        for n, r in enumerate(_rows("tasks"))
    ]
    entries += [
        Entry(
            "ticket",
            f"ticket:{r['number']}",
            r["number"],
            (r["subject"],),
            f"account:{r['account']}",
            is_open=r["status"] != "resolved",
        )
        for r in _rows("tickets")
    ]
    entries += [Entry("product", f"product:{r['name']}", r["name"], (r["sku"],)) for r in _rows("products")]
    entries += [
        Entry("stage", f"stage:{r['name']}", r["name"], STAGE_ALIASES.get(r["name"], ())) for r in _rows("stages")
    ]
    return entries
