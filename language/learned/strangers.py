"""People with whom something took place, as the network hears it, though no visible record is called so."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from language.builtin.clauses import Outline
from language.learned.acts import Act, Part, Understood, understood
from language.learned.network import network
from language.names.vocabulary import is_no_word
from language.resources import load_data
from language.script import has_cjk

# From these chances on something took place, and words name who took part.
TOOK_PLACE, WITH = 0.5, 0.6
_SUBJECTS = ("on", "at")
_RECORDS = frozenset({"account", "deal", "contact", "lead"})


def unknown_participants(outline: Outline) -> tuple[str, ...]:
    """Their names as written, in order; empty where somebody on record took part as well."""
    seen = understood(outline)
    acts = [act for act in seen.acts if act.kind == "log" and act.sure >= TOOK_PLACE]
    settled = [part for act in acts for part in act.all("with")]
    people = [part for part in settled if part.sure >= WITH]
    if not settled:
        people = [part for act in acts for part in _likeliest(outline, seen, act)]
    if any(word.kinds for part in people for word in part.words):
        return ()
    named = ((_whole_name(outline, part), part) for part in people)
    return tuple(dict.fromkeys(name for name, part in named if _is_name(name, part)))


def _whole_name(outline: Outline, part: Part) -> str:
    """The name as written; a surname alone has the sign behind it, too: 跟王刚通了电话 tells of 王刚, not of a 王."""
    behind = outline.words[part.after : part.after + 1]
    is_surname = len(part.text) == 1 and part.text in load_data("introductions")["surnames"]
    if not is_surname or not behind or not has_cjk(behind[0].canon) or behind[0].kinds:
        return part.text
    return outline.own_text(part.words[0].start, behind[0].end)


def _likeliest(outline: Outline, seen: Understood, act: Act) -> Iterator[Part]:
    """The words that are likelier participants than anything else, where the network settles on none."""
    roles = network().roles
    column, best = roles.index("with"), seen.chances.roles[act.first : act.after].argmax(1)
    for is_with, some in groupby(range(act.first, act.after), key=lambda i: best[i - act.first] == column):
        places = list(some)
        if is_with:
            words = outline.words[places[0] : places[-1] + 1]
            text = outline.own_text(words[0].start, words[-1].end)
            sure = float(seen.chances.roles[places, column].mean())
            yield Part("with", places[0], places[-1] + 1, text, sure, words)


def unknown_subject(outline: Outline) -> str:
    """Whom something is said of or to change at, as written, though no visible record is called so; empty without."""
    seen = understood(outline)
    parts = [*(part for act in seen.acts if act.sure >= TOOK_PLACE for part in act.parts), *seen.loose]
    named = [part for part in parts if part.role in _SUBJECTS and part.sure >= WITH]
    if any(word.kinds & _RECORDS for part in named for word in part.words):
        return ""
    return next((part.text for part in named if _is_name(part.text, part)), "")


def _is_name(text: str, part: Part) -> bool:
    """Whether it reads as a name: "the team", 客户 and "her" do not."""
    return _chinese_name().fullmatch(text) is not None or any(is_no_word(word.canon) for word in part.words)


@cache
def _chinese_name() -> re.Pattern[str]:
    return re.compile(f"[{load_data('introductions')['surnames']}][一-鿿]{{1,2}}")
