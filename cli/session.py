"""What commands share: settings with their overrides, and a runtime for the length of a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from agent.runtime import Runtime, runtime_for
from core.settings import Settings, load_settings
from crm_store.directory import find_principal
from tools.registry import ToolContext
from tools.resolver import Resolver

AsUser = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who is speaking.", envvar="DEALHAND_USER")]


@contextmanager
def open_runtime(settings: Settings | None = None) -> Iterator[Runtime]:
    """A runtime on the configured store and model.

    Raises:
        InvalidSettingError, StoreUnavailableError, ModelUnavailableError.
    """
    with runtime_for(settings or load_settings()) as runtime:
        yield runtime


@contextmanager
def asking(as_user: str, language: str = "en") -> Iterator[ToolContext]:
    """What tools work with, on behalf of someone who only reads.

    Raises:
        UnknownUserError: there is no such user.
    """
    with open_runtime() as runtime:
        principal = find_principal(runtime.store, as_user)
        with runtime.store.unit_of_work(principal, writes=False) as uow:
            yield ToolContext(
                uow,
                Resolver(uow, runtime.names.lexicon(uow)),
                language=language,
                fiscal_first_month=runtime.settings.fiscal_year_first_month,
            )
