"""What people usually do next: a back-off n-gram over the sequence of actions. It imitates, it does not judge."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ORDER = 4


@dataclass
class Habits:
    """Counts of what followed upon up to `order` - 1 earlier labels."""

    order: int = ORDER
    counts: dict[tuple[str, ...], Counter[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, sequences: Iterable[Sequence[str]], order: int = ORDER) -> "Habits":
        """The habits in some sequences of labels."""
        habits = cls(order)
        for sequence in sequences:
            for place, label in enumerate(sequence):
                for length in range(min(order - 1, place) + 1):
                    context = tuple(sequence[place - length : place])
                    habits.counts.setdefault(context, Counter())[label] += 1
        return habits

    def next(self, earlier: Sequence[str]) -> Mapping[str, float]:
        """How likely each label comes next after `earlier`, oldest first.

        Witten-Bell smoothing (Witten and Bell 1991): a long context counts as far as it was seen, the rest comes
        from the shorter one.
        """
        chances: dict[str, float] = {}
        for length in range(self.order):
            context = tuple(earlier[len(earlier) - length :]) if length <= len(earlier) else None
            seen = self.counts.get(context) if context is not None else None
            if seen is None:
                break
            total, kinds = seen.total(), len(seen)
            trust = total / (total + kinds) if length else 1.0
            chances = {
                label: trust * seen[label] / total + (1 - trust) * chances.get(label, 0.0)
                for label in {*chances, *seen}
            }
        return chances

    def seen(self, earlier: Sequence[str]) -> Counter[str]:
        """What followed upon the last label of `earlier`, counted."""
        return self.counts.get(tuple(earlier[-1:]), Counter())
