"""From acts to tool calls: each kind of act has one function that says what its parts fill in.

Which record a name means, how a day or an amount is written for the server, is shared with the phrase-based requests.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.deal_stages import stage_reference
from language.builtin.deal_texts import lost_reason_for
from language.builtin.outcomes import stage_of_outcome
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Target, Targets
from language.builtin.words import Word, top_candidates
from language.dates import DateMention
from language.learned.acts import Act, Part, Understood
from language.lexicon import Mention
from language.names.decide import decide


@dataclass(frozen=True, slots=True)
class Sure:
    """A value of an argument, the chance that it is meant, and the words that it comes from."""

    value: Any
    chance: float
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class LearnedCall:
    """A tool call as the network understands it: `sure` is the chance that anything of the kind is asked for."""

    tool: str
    record: str
    arguments: Mapping[str, Sure]
    sure: float
    act: Act
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first word of the act."""
        return self.act.first
