"""A new value for a field of a deal, as one clause gives it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's new value in the server's words. A `weak` one is only reported: it counts when the person
    says to apply it."""

    field: str
    value: str
    at: int
    weak: bool = False
