"""Two invented companies' records, unlike the demo world's, for measuring how names are found."""

from pathlib import Path
from typing import Any

import yaml

from language.lexicon import Entry


def names_material() -> dict[str, Any]:
    """The content of `data/names.yaml`."""
    content: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "data" / "names.yaml").read_text(encoding="utf-8")
    )
    return content


def invented_entries(world: dict[str, list[str]]) -> list[Entry]:
    """Records of one invented company: every account with people, titles and deals, all in a fixed order."""
    entries: list[Entry] = []
    for n, name in enumerate(world["accounts"]):
        account = f"account:{name}"
        entries.append(Entry("account", account, name))
        people = world["people"][2 * n : 2 * n + 2]
        for k, person in enumerate(people):
            title = world["titles"][(n + k) % len(world["titles"])]
            entries.append(Entry("contact", f"contact:{person}", person, (), account, title=title))
        short = name.split()[0] if name.isascii() else name[2:4]
        for k in range(2):
            deal = world["deals"][(n + 2 * k) % len(world["deals"])]
            full = f"{short} {deal}" if name.isascii() else f"{short}{deal}"
            entries.append(Entry("deal", f"deal:{full}", full, (), account))
    return entries
