"""The invented company that a file of marked messages is about, as the situation of the person who writes."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from language.builtin.situation import Situation
from language.lexicon import Entry, Lexicon


def situation_of(cast: Mapping[str, Any]) -> Situation:
    """The situation of `speaker` on the day `today`, with all names of the cast in the lexicon."""
    speaker = str(cast["speaker"])
    values = {("deal", "competitor"): tuple(map(str, cast.get("competitors") or ()))}
    return Situation(
        Lexicon(_entries(cast)), _day(cast["today"]), f"user_{speaker}", speaker, "manager", values=values
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _entries(cast: Mapping[str, Any]) -> Iterator[Entry]:
    for name in cast["users"]:
        yield _entry("user", name)
    for name, aliases in cast["stages"].items():
        yield _entry("stage", name, *(aliases or ()))
    for name, account in cast["accounts"].items():
        home = f"account_{name}"
        yield _entry("account", name, *(account.get("aliases") or ()))
        for person, title in (account.get("contacts") or {}).items():
            yield Entry("contact", f"contact_{person}", str(person), (), home, title=str(title or ""))
        for deal in account.get("deals") or ():
            yield Entry("deal", f"deal_{deal}", str(deal), (), home)
    for person, company in (cast.get("leads") or {}).items():
        yield _entry("lead", person, company)
    for name in cast.get("products") or ():
        yield _entry("product", name)
    for title in cast.get("tasks") or ():
        yield _entry("task", title)
    for number, subject in (cast.get("tickets") or {}).items():
        yield _entry("ticket", number, subject)


def _entry(kind: str, name: object, *aliases: object) -> Entry:
    return Entry(kind, f"{kind}_{name}", str(name), tuple(map(str, aliases)))
