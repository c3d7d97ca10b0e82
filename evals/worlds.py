"""Worlds: folders of CSV files with a world.json. Finds and reads them; `evals.backend` loads them."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import FixedClock
from core.errors import OperatorFixableError
from evals.cases import Case

_PROJECT_WORLDS = Path(__file__).parent / "worlds"
_END_OF_WORK = time(18, 0)


class WorldError(OperatorFixableError):
    """A world cannot be found or read; the message names where it was looked for, or the file."""


@dataclass(frozen=True, slots=True)
class World:
    """A company as files; `timezones` are those of its users by e-mail address."""

    name: str
    folder: Path
    today: date
    timezones: Mapping[str, str]

    def timezone_of(self, email: str) -> str:
        """The user's time zone; raises WorldError for someone who is not in users.csv."""
        if email not in self.timezones:
            raise WorldError(f"{self.folder / 'users.csv'}: there is no user {email}")
        return self.timezones[email]

    def clock_of(self, case: Case) -> FixedClock:
        """A clock at the case's `now` for the speaker, else at 18:00 of the world's today."""
        zone = ZoneInfo(self.timezone_of(case.speaker))
        now = case.now or datetime.combine(self.today, _END_OF_WORK)
        return FixedClock(now if now.tzinfo else now.replace(tzinfo=zone))

    def start(self) -> FixedClock:
        """A clock at the beginning of the world's today, for loading it."""
        return FixedClock(datetime.combine(self.today, time(), tzinfo=ZoneInfo("UTC")))


def find_world(name: str, suite: Path, worlds: Path | None = None) -> World:
    """The world of that name: in `worlds`, else in `../worlds` seen from the suite's folder, else the project's.

    Raises:
        WorldError: it is in none of these places, or its files cannot be read.
    """
    places = [*([worlds] if worlds else []), suite.absolute().parent.parent / "worlds", _PROJECT_WORLDS]
    for place in places:
        if (place / name / "world.json").is_file():
            return _read(name, place / name)
    raise WorldError(f"no world {name!r} in {_listed(places)}: a world is a folder with CSV files and world.json")


def _read(name: str, folder: Path) -> World:
    try:
        facts = json.loads((folder / "world.json").read_text(encoding="utf-8"))
        with (folder / "users.csv").open(encoding="utf-8-sig", newline="") as file:
            timezones = {row["email"]: row.get("timezone") or "UTC" for row in csv.DictReader(file)}
        return World(name, folder, date.fromisoformat(facts["today"]), timezones)
    except (OSError, KeyError, ValueError) as error:
        raise WorldError(f"{folder}: {type(error).__name__}: {error}") from error


def _listed(places: Sequence[Path]) -> str:
    return ", ".join(str(place) for place in places)
