"""Runs something whose failure is a result here and not the end of the run."""

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[T]):
    """The value, or what went wrong: in one line, and with its trace."""

    value: T | None = None
    error: str = ""
    trace: str = ""


def attempt(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Attempt[T]:
    """Calls `work` in a thread of its own, so that whatever it raises comes back as an error."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        future = executor.submit(work, *args, **kwargs)
        error = future.exception()
    if error is None:
        return Attempt(value=future.result())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})" if frames else ""
    line = f"{type(error).__name__}: {error}{place}"
    return Attempt(error=line, trace="".join(traceback.format_exception(error)))
