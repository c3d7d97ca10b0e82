"""The order of suggestions: by score, at random among equals, with a recorded seed and the chance of each place.

Without that little chance it could never be told later what another order would have brought.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from analytics.next_best_action.suggestion import Suggestion

# Scores nearer than this count as equal.
EQUAL_WITHIN = 0.01


def seed_of(deal_id: str, user_id: str, day: date) -> int:
    """The same on one day for one person and deal, so that asking again gives the same order."""
    return int.from_bytes(sha256(f"{deal_id}|{user_id}|{day}".encode()).digest()[:4], "big")


def in_order(suggestions: Sequence[Suggestion], seed: int) -> list[Suggestion]:
    """Best first; each with the chance that it stands where it stands."""
    waiting = sorted(suggestions, key=lambda each: (-each.score, each.action))
    chance = random.Random(seed)
    ordered: list[Suggestion] = []
    while waiting:
        equals = [each for each in waiting if waiting[0].score - each.score < EQUAL_WITHIN]
        waiting = waiting[len(equals) :]
        chance.shuffle(equals)
        ordered.extend(replace(each, propensity=round(1 / len(equals), 4)) for each in equals)
    return ordered
