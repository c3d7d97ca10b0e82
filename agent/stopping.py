"""Stopping a turn that is under way: nothing is written and no model is asked after the person has said so."""

from collections.abc import Callable

from core.errors import PersonFixableError

Stopped = Callable[[], bool]


class TurnStoppedError(PersonFixableError):
    """The person stopped the turn; what it had changed before stands and can be undone."""

    def __init__(self) -> None:
        super().__init__("You stopped this; nothing was changed after that.", zh="您已停止，之后没有做任何修改。")


def never() -> bool:
    """For channels in which a turn cannot be stopped."""
    return False


def go_on(stopped: Stopped) -> None:
    """Returns when the turn may go on.

    Raises:
        TurnStoppedError: the person has stopped it.
    """
    if stopped():
        raise TurnStoppedError
