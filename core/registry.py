"""One place each for things that can be added: tools, metrics, hygiene rules, grammar of requests."""

import importlib
import pkgutil
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateNameError(RuntimeError):
    """Two things were registered under one name; a programming mistake, found at start."""


class UnknownNameError(LookupError):
    """Nothing is registered under this name; the message lists near matches."""


class Registry(Generic[T]):
    """Named things of one sort, filled by importing every module of a package once.

    Import errors propagate; a duplicate name raises; an unknown one names near matches.
    """

    def __init__(self, sort: str, package: str | None = None) -> None:
        self.sort, self._package = sort, package
        self._items: dict[str, T] = {}
        self._discovered = package is None

    def add(self, name: str, item: T) -> T:
        """Registers `item`; raises DuplicateNameError when the name is taken."""
        if name in self._items:
            raise DuplicateNameError(f"two {self.sort}s are called {name!r}")
        self._items[name] = item
        return item

    def get(self, name: str) -> T:
        """The item of that name; raises UnknownNameError with near matches."""
        self._discover()
        if name not in self._items:
            near = ", ".join(get_close_matches(name, self._items, n=3)) or "none"
            raise UnknownNameError(f"no {self.sort} is called {name!r}; near: {near}")
        return self._items[name]

    def names(self) -> list[str]:
        """All names, in the order of registration."""
        self._discover()
        return list(self._items)

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._items

    def __iter__(self) -> Iterator[T]:
        self._discover()
        return iter(self._items.values())

    def _discover(self) -> None:
        if self._discovered or self._package is None:
            return
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")
        self._discovered = True
