"""Who an assistant acts for: the holder of a token with the scope `mcp`; `write` lets it change records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.errors import PersonFixableError
from crm_store.directory import find_principal
from crm_store.principals import Principal
from crm_store.store import Store
from crm_store.tokens import find_holder

Now = Callable[[], datetime]


class TokenRefusedError(PersonFixableError):
    """The token is unknown, expired, revoked, or not for assistants."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The person an assistant acts for, and whether it may change anything."""

    principal: Principal
    may_write: bool
    token_id: str


def identify(store: Store, secret: str, now: datetime) -> Identity:
    """Whom the token with this secret speaks for; looked up for every call, so that revoking takes effect at once.

    Raises:
        TokenRefusedError: it cannot be used; the message says what would.
    """
    holder = find_holder(store, secret, now)
    if holder is None:
        raise TokenRefusedError(
            "The token is not valid: make one with `dealhand tokens create NAME --scope mcp --scope read`.",
            zh="令牌无效：请用 `dealhand tokens create NAME --scope mcp --scope read` 创建。",
        )
    if not {"mcp", "read"} <= holder.scopes:
        raise TokenRefusedError("The token lacks the scopes mcp and read.", zh="令牌缺少 mcp 和 read 权限。")
    return Identity(find_principal(store, holder.email), "write" in holder.scopes, holder.token_id)
