"""What the errors of Slack's Web API mean for what is to be done next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TypeVar
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackRequestError

from core.errors import OperatorFixableError

T = TypeVar("T")

# The method, or what it needs, is not there: do without it.
NOT_THERE = frozenset(
    {
        "unknown_method",
        "method_not_supported_for_channel_type",
        "not_allowed_token_type",
        "missing_scope",
        "feature_not_enabled",
        "no_permission",
        "not_authed",
    }
)
# The stream has ended at Slack's side.
STREAM_OVER = frozenset(
    {"message_not_in_streaming_state", "stopped_by_user", "message_not_found", "not_in_streaming_state"}
)
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
# The text is fine, the blocks are not: a new limit of Slack, or a fault of ours.
BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
# Nothing will ever reach this place.
CLOSED = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "account_inactive", "token_revoked", "invalid_auth"}
)


class TryLaterError(OperatorFixableError):
    """Slack cannot be reached, or does not take more just now; the job is tried again."""


class UnclearError(TryLaterError):
    """A call was sent and no answer came: it may or may not have had its effect."""


def error_of(error: SlackApiError) -> str:
    """Slack's short name of an error."""
    return str(error.response.get("error", ""))


@contextmanager
def clear() -> Iterator[None]:
    """Turns a call without an answer into an UnclearError; Slack's own errors pass.

    Raises:
        UnclearError: the connection broke or the time was up.
        TryLaterError: Slack answered with its rate limit or with a fault of its own.
    """
    try:
        yield
    except SlackApiError as error:
        status = error.response.status_code
        if status == 429 or error_of(error) in ("ratelimited", "rate_limited"):
            raise TryLaterError("Slack takes no more messages just now.") from error
        if status >= 500 or error_of(error) in ("internal_error", "fatal_error", "service_unavailable"):
            raise UnclearError("Slack has a fault of its own.") from error
        raise
    except (URLError, OSError, HTTPException, SlackRequestError) as error:
        raise UnclearError("Slack gave no answer.") from error


def attempt(call: Callable[[], T]) -> T | None:
    """The result of a call that is only for comfort; None when Slack does not want it or gives no answer."""
    try:
        with clear():
            return call()
    except (SlackApiError, TryLaterError):
        return None
