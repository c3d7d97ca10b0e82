"""A tool call in the making."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A tool with its arguments; empty ones are left out. `at` is where in the message it was asked for."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    at: int = 0

    def given(self) -> dict[str, Any]:
        """The arguments that say something."""
        return {name: value for name, value in self.arguments.items() if value not in ("", None, [], {}, ())}
