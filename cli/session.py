"""What commands share: settings with their overrides, and a runtime for the length of a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from agent.runtime import Runtime, runtime_for
from core.settings import Settings, load_settings

AsUser = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who is speaking.", envvar="DEALHAND_USER")]


@contextmanager
def open_runtime(settings: Settings | None = None) -> Iterator[Runtime]:
    """A runtime on the configured store and model.

    Raises:
        InvalidSettingError, StoreUnavailableError, ModelUnavailableError.
    """
    with runtime_for(settings or load_settings()) as runtime:
        yield runtime
