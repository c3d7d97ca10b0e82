"""Prefixed, time-ordered record ids: `deal_01k9…`. One NewType a noun that code passes around."""

import secrets
import time
from typing import NewType

UserId = NewType("UserId", str)
RecordId = NewType("RecordId", str)
ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
ApprovalId = NewType("ApprovalId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """A fresh id: prefix, `_`, 10 characters of milliseconds and 12 random ones (base 32)."""
    return f"{prefix}_{_base32(time.time_ns() // 1_000_000, 10)}{_base32(secrets.randbits(60), 12)}"


def _base32(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
