"""Time zones by the names that people use: “Europe/Berlin”, “Berlin”, “New York”, “Pacific”, 北京."""

from collections import defaultdict
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import yaml

from core.errors import InvalidArgumentError

_FILE = Path(__file__).parent / "data" / "zones.yaml"
# Areas of the database that hold cities; the others repeat them under older names.
_AREAS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})


def known_zone(name: str) -> str:
    """The zone's name in the database, from that name or what people call it.

    Raises:
        InvalidArgumentError: there is no such zone, or several.
    """
    words = " ".join(name.casefold().replace("_", " ").split())
    found = _by_name().get(words)
    if found is not None:
        return found
    try:
        ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidArgumentError(
            f"There is no time zone “{name[:40]}”; write for example Europe/Berlin.",
            argument="timezone",
            zh=f"没有时区“{name[:40]}”；例如Europe/Berlin。",
        ) from error
    return name.strip()


@cache
def _by_name() -> dict[str, str]:
    cities: dict[str, set[str]] = defaultdict(set)
    for zone in available_timezones():
        area, _, rest = zone.partition("/")
        if area in _AREAS:
            cities[rest.rpartition("/")[2].replace("_", " ").casefold()].add(zone)
            cities[zone.replace("_", " ").casefold()].add(zone)
    own: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {city: next(iter(zones)) for city, zones in cities.items() if len(zones) == 1} | own
