"""A message with everything that the parsers found in it; requests look at this, never at raw text alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from language.amounts import AmountMention, find_amounts
from language.builtin.clauses import Outline
from language.builtin.dialogue import Dialogue
from language.builtin.pasted import blank, find_pasted
from language.builtin.situation import Situation
from language.builtin.ticket_numbers import bare_numbers
from language.dates import DateMention, FiscalCalendar, Tense, find_dates
from language.durations import DurationMention, find_durations
from language.introductions import find_introduced
from language.lexicon import Mention
from language.script import language_of
from language.spans import Span


@dataclass(frozen=True)
class Reading:
    """One message of one asker, parsed on demand. Offsets are those of `text`.

    Request kinds get the reading of `own_words()`: there `text` is what the asker says, with pasted and
    forwarded words blanked, and `full_text` the whole message with the same offsets.
    """

    text: str
    situation: Situation
    dialogue: Dialogue
    full_text: str = ""

    def __post_init__(self) -> None:
        if not self.full_text:
            object.__setattr__(self, "full_text", self.text)

    def own_words(self) -> "Reading":
        """The same message read without the words of others in it."""
        return replace(self, text=self.own_text) if self.pasted else self

    @cached_property
    def others(self) -> "Reading":
        """The words of others in the message, read by themselves: values to quote, never an instruction."""
        kept = [" "] * len(self.full_text)
        for span in self.pasted:
            kept[span.start : span.end] = span.text
        return replace(self, text="".join(kept))

    def without(self, spans: Sequence[Span]) -> "Reading":
        """The same message with some stretches of `text` blanked; offsets stay."""
        return replace(self, text=blank(self.text, spans)) if spans else self

    @cached_property
    def pasted(self) -> tuple[Span, ...]:
        """What was pasted, forwarded or quoted: data, never an instruction."""
        return find_pasted(self.full_text, self.situation.asker_name)

    @cached_property
    def own_text(self) -> str:
        """The message with pasted stretches blanked; as long as `full_text`."""
        return blank(self.full_text, self.pasted)

    @cached_property
    def outline(self) -> Outline:
        """The message as words, phrases and clauses."""
        return Outline(self)

    @cached_property
    def language(self) -> str:
        """`en` or `zh`."""
        return language_of(self.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Names of records; a part of the name of someone new ("their new CFO Robert Lang") names nobody else."""
        new = [each.span for each in find_introduced(self.text)]
        found = [
            mention
            for mention in self.situation.lexicon.find_mentions(self.text)
            if not any(_is_part(mention.span, span) for span in new)
        ]
        numbers = bare_numbers(self.text, self.situation, self.dialogue, found)
        return sorted([*found, *numbers], key=lambda mention: mention.span.start)

    @cached_property
    def dates(self) -> list[DateMention]:
        """Days, periods and shifts, with bare weekdays in the future."""
        found = find_dates(self.text, today=self.situation.today, tense=Tense.FUTURE, fiscal=self._fiscal)
        return [date for date in found if not self._is_same(date.span)]

    @cached_property
    def past_dates(self) -> list[DateMention]:
        """The same with bare weekdays in the past, for what has happened."""
        return find_dates(self.text, today=self.situation.today, tense=Tense.PAST, fiscal=self._fiscal)

    @cached_property
    def durations(self) -> list[DurationMention]:
        """Lengths of time in minutes."""
        return [length for length in find_durations(self.text) if not self._is_same(length.span)]

    @cached_property
    def amounts(self) -> list[AmountMention]:
        """Amounts, percentages and free numbers outside names, dates and durations."""
        names = [mention.span for mention in self.mentions]
        taken = [*names, *(date.span for date in self.dates), *(length.span for length in self.durations)]
        return find_amounts(self.text, taken=taken)

    def _is_same(self, span: Span) -> bool:
        """同一天, 同一周: no length of time but the day or week that was said before."""
        return span.text.startswith("一") and self.text[: span.start].endswith("同")

    @property
    def _fiscal(self) -> FiscalCalendar:
        return FiscalCalendar(self.situation.fiscal_first_month)


def _is_part(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner != outer
