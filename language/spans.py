"""A stretch of the original text: what every reader in this package hands back beside its value."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in the source: `text == source[start:end]`, offsets in the unchanged string."""

    start: int
    end: int
    text: str

    def overlaps(self, other: "Span") -> bool:
        """True when the two share a character."""
        return self.start < other.end and other.start < self.end


def cut(source: str, start: int, end: int) -> Span:
    """The span of `source` from `start` to `end`."""
    return Span(start, end, source[start:end])


def overlaps_any(span: Span, taken: Iterable[Span]) -> bool:
    """True when `span` shares a character with one of `taken`."""
    return any(span.overlaps(other) for other in taken)
