"""Signatures of webhooks, after the open Standard Webhooks scheme: HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from api.errors import SignInRefusedError

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
TOLERANCE_S = 300


def new_secret() -> str:
    """A signing secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, moment: int, body: bytes) -> dict[str, str]:
    """The headers that prove where a body comes from."""
    return {ID: message_id, TIME: str(moment), SIGNATURE: f"v1,{_digest(secret, message_id, str(moment), body)}"}


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a message whose signature is right and fresh.

    Raises:
        SignInRefusedError: it is not; never says which part.
    """
    message_id, moment = headers.get(ID, ""), headers.get(TIME, "")
    given = [each.partition(",")[2] for each in headers.get(SIGNATURE, "").split(" ") if each.startswith("v1,")]
    expected = _digest(secret, message_id, moment, body)
    matches = any(hmac.compare_digest(each.encode(), expected.encode()) for each in given)
    fresh = moment.isascii() and moment.isdigit() and len(moment) < 15 and abs(now - int(moment)) <= TOLERANCE_S
    if not (matches and fresh and 0 < len(message_id) <= 200):
        raise SignInRefusedError("The signature is not right, or too old.", zh="签名不正确或已过期。")
    return message_id


def _digest(secret: str, message_id: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = message_id.encode() + b"." + moment.encode() + b"." + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
