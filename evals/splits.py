"""Which cases are held out: a stable third by the hash of the id, never looked at while developing."""

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha1

from evals.cases import Case


class Split(StrEnum):
    """Which part of the cases to run."""

    DEV = "dev"
    HELD_OUT = "held_out"
    ALL = "all"


def split_of(case_id: str) -> Split:
    """The split that a case belongs to, by its id alone."""
    held_out = int(sha1(case_id.encode(), usedforsecurity=False).hexdigest(), 16) % 3 == 0
    return Split.HELD_OUT if held_out else Split.DEV


def in_split(cases: Iterable[Case], split: Split) -> list[Case]:
    """The cases of one split, in order."""
    return [case for case in cases if split is Split.ALL or split_of(case.id) is split]
