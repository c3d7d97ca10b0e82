"""What only HTTP can get wrong: not signed in, a scope that is missing, too much at once, a missing version."""

from core.errors import PersonFixableError


class SignInNeededError(PersonFixableError):
    """The request has no valid token or session."""


class ScopeMissingError(PersonFixableError):
    """The token may not do this; the message names the scope."""


class ForgedRequestError(PersonFixableError):
    """A change came with a session but without its CSRF word, or from another site."""


class TooManyRequestsError(PersonFixableError):
    """The limit of this token, session or address is used up for now."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many requests; try again in {seconds} s.", zh=f"请求过多，请在 {seconds} 秒后重试。"
        )
        self.seconds = seconds


class VersionNeededError(PersonFixableError):
    """A change has to say which version of the record it is of."""


class VersionOutdatedError(PersonFixableError):
    """The record has another version than the one that the change is of."""


class UnreadableBodyError(PersonFixableError):
    """The body is no JSON object, or too large."""


class NoSuchThingError(PersonFixableError):
    """There is nothing at this address, or not for the asker."""


class SignInRefusedError(PersonFixableError):
    """The password, link or single sign-on did not prove who it is."""
