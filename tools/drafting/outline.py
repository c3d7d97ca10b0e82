"""From points as a rep says them to the sentences of a draft: thanks, steps, statements and the ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from language.drafting.asks import ask_of
from language.drafting.clauses import split_clauses
from language.drafting.days import find_days, with_absolute_days
from language.drafting.perspective import is_promise, sentence, thanks_of, to_reader, without_lead_in
from language.drafting.translation import translate
from language.script import language_of
from tools.drafting.rules import internal_words, load_rules, mentions_topic


@dataclass(frozen=True, slots=True)
class Voice:
    """How a draft speaks: its language, the day it is written on, and what the reader is called in the points."""

    language: str
    today: date
    reader: tuple[str, ...]
    fiscal: int = 1


@dataclass
class Outline:
    """The sentences of a draft by what they do. `kept_inside` are clauses that were left out, with the reason."""

    thanks: str | None = None
    thanks_when: str = ""
    steps: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    kept_inside: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing yet."""
        return self.thanks is None and not (self.steps or self.told or self.asks)


def make_outline(
    voice: Voice, points: Sequence[str], ask: str, *, leave_out: Sequence[str], secret: Sequence[str]
) -> Outline:
    """Sorts the clauses of the points and the ask; what is left out, internal or secret stays inside."""
    outline = Outline()
    for text, asked in (*((point, False) for point in points), (ask, True)):
        for clause in split_clauses(text):
            if mentions_topic(clause, leave_out) or internal_words(clause, secret):
                outline.kept_inside.append(clause)
            else:
                _place(outline, voice, clause, asked=asked)
    return outline


def _place(outline: Outline, voice: Voice, clause: str, *, asked: bool) -> None:
    said_in = language_of(clause)
    thanks = thanks_of(clause, said_in)
    if thanks is not None and not asked:
        _thank(outline, voice, thanks)
        return
    question = ask_of(clause, said_in, asked=asked)
    if question is not None:
        template, rest = question
        outline.asks.append(_asked(outline, voice, template, rest, said_in))
        return
    plain = without_lead_in(clause, said_in)
    if plain:
        said = sentence(_said(outline, voice, plain), voice.language)
        (outline.steps if is_promise(plain, said_in) else outline.told).append(said)


def _thank(outline: Outline, voice: Voice, rest: str) -> None:
    outline.thanks = ""
    days = find_days(rest, voice.today, past=True, fiscal=voice.fiscal)
    without = rest
    for mention in reversed(days):
        without = without[: mention.span.start] + without[mention.span.end :]
    said = with_absolute_days(rest, voice.today, voice.language, past=True, fiscal=voice.fiscal)
    if days and not without.strip(" 的时间,."):
        outline.thanks_when = said.removesuffix("的时间").removesuffix("的")
    elif rest:
        outline.thanks = _said(outline, voice, rest, past=True)


def _asked(outline: Outline, voice: Voice, template: str, rest: str, said_in: str) -> str:
    if said_in != voice.language:
        return sentence(_translated(outline, voice, template.replace("{rest}", rest), said_in), voice.language)
    said = _said(outline, voice, rest).rstrip("。.?？ ")
    return sentence(template.replace("{rest}", said), voice.language)


def _said(outline: Outline, voice: Voice, clause: str, *, past: bool = False) -> str:
    said_in = language_of(clause)
    if said_in != voice.language:
        return _translated(outline, voice, clause, said_in, past=past)
    dated = with_absolute_days(clause, voice.today, voice.language, past=past, fiscal=voice.fiscal)
    return to_reader(dated, names=voice.reader, language=voice.language)


def _translated(outline: Outline, voice: Voice, clause: str, said_in: str, *, past: bool = False) -> str:
    """The clause in the draft's language, or in brackets as it was said where the small glossary does not do."""
    turned = to_reader(clause, names=voice.reader, language=said_in)
    other = translate(turned, said_in, voice.language, voice.today, past=past)
    if other is not None:
        return other
    outline.untranslated.append(clause)
    return str(load_rules()[voice.language]["untranslated"].format(text=clause))
