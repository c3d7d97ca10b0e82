"""Campaigns by the names that people call them by."""

from difflib import get_close_matches

from analytics.matching import match_values
from core.errors import Candidate, RecordNotFoundError
from tools.registry import ToolContext


def read_campaigns(ctx: ToolContext, words: str) -> tuple[list[str], str]:
    """The campaigns that the words mean: that name, else all that have these words, else the one spelt nearly so.

    Raises:
        RecordNotFoundError: there is none; the campaigns there are come with it.
    """
    campaigns = {each.name: each.id for each in ctx.uow.all("campaign")}
    found = match_values(words, list(campaigns)) or _spelt_nearly(words, list(campaigns))
    if not found:
        near = [Candidate("campaign", id, name) for name, id in sorted(campaigns.items())]
        raise RecordNotFoundError("campaign", words, near[:5])
    return [campaigns[name] for name in found], ", ".join(found)


def _spelt_nearly(words: str, names: list[str]) -> list[str]:
    """The one name that has each of the words, or one close to it."""
    wanted = words.casefold().split()
    near = [
        name for name in names if all(get_close_matches(each, name.casefold().split(), 1, 0.8) for each in wanted)
    ]
    return near if len(near) == 1 else []
