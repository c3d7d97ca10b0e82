"""What came of a tool call: for the model, for the person, and as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from core.parts import AnyPart, RecordRef

_PARTS: TypeAdapter[list[AnyPart]] = TypeAdapter(list[AnyPart])
_RECORDS: TypeAdapter[list[RecordRef]] = TypeAdapter(list[RecordRef])


@dataclass
class Outcome:
    """What came of a call: JSON for the model, parts and citations for the person."""

    result: dict[str, Any]
    parts: list[AnyPart] = field(default_factory=list)
    records: list[RecordRef] = field(default_factory=list)
    failed: bool = False
    shows_foreign_text: bool = False

    def to_json(self) -> dict[str, Any]:
        """The outcome as it is kept with its message and in the effect ledger."""
        return {
            "result": self.result,
            "parts": [part.model_dump(mode="json") for part in self.parts],
            "records": [record.model_dump(mode="json") for record in self.records],
            "failed": self.failed,
            "shows_foreign_text": self.shows_foreign_text,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Outcome":
        """The outcome that `to_json` kept."""
        return cls(
            result=kept["result"],
            parts=_PARTS.validate_python(kept["parts"]),
            records=_RECORDS.validate_python(kept["records"]),
            failed=kept["failed"],
            shows_foreign_text=kept.get("shows_foreign_text", False),
        )


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """What came of a call that was run as several."""
    if len(outcomes) == 1:
        return outcomes[0]
    result: dict[str, Any] = {}
    for outcome in outcomes:
        for name, value in outcome.result.items():
            there = result.setdefault(name, value)
            if there is not value and isinstance(there, list) and isinstance(value, list):
                result[name] = [*there, *(each for each in value if each not in there)]
    return Outcome(
        result,
        [part for outcome in outcomes for part in outcome.parts],
        list(dict.fromkeys(record for outcome in outcomes for record in outcome.records)),
        failed=all(outcome.failed for outcome in outcomes),
        shows_foreign_text=any(outcome.shows_foreign_text for outcome in outcomes),
    )
