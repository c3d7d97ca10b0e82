"""How Chinese names sound: their Latin spellings, and forms that a recogniser may write with other characters."""

from collections.abc import Iterable, Iterator

from language.names.companies import form_score
from language.names.entries import PERSON_KINDS, Form
from language.names.forms import HOW
from language.names.normalise import fold, pinyin, split_person_name
from language.names.vocabulary import everyday_words
from language.resources import load_data
from language.script import has_cjk

_HEARD_KINDS = PERSON_KINDS | {"account", "deal"}


def by_pinyin(forms: Iterable[Form]) -> Iterator[tuple[str, Form]]:
    """Forms of Chinese names as they are written or heard without characters, by their squashed spelling."""
    for form in forms:
        if not form.spaced.isascii():
            for text, score, how in _spellings(form):
                key = text.replace(" ", "")
                yield key, Form(form.entry, score, how, text, how == "last name")


def by_sound(forms: Iterable[Form]) -> Iterator[tuple[str, Form]]:
    """Chinese forms of people, companies and deals by how they sound, for characters that a recogniser got wrong."""
    for form in forms:
        if not form.spaced.isascii() and form.entry.kind in _HEARD_KINDS:
            yield " ".join(pinyin(form.key)), form


def _spellings(form: Form) -> Iterator[tuple[str, float, str]]:
    """The Latin spellings of one Chinese form: "zhang wei", "wei zhang", and a surname in its usual variants."""
    is_person = form.entry.kind in PERSON_KINDS
    syllables = pinyin(form.key, is_person=is_person and form.how == "exact")
    if form.how not in ("exact", "alias", "short name") or len(syllables) < 2:
        return
    factor = form.score * form_score("pinyin")
    yield " ".join(syllables), factor, HOW["pinyin"]
    if not is_person or form.how != "exact" or not has_cjk(form.entry.name):
        return
    size = len(split_person_name(fold(form.entry.name))[1])
    surname, given = syllables[:size], syllables[size:]
    yield " ".join([*given, *surname]), factor, HOW["pinyin"]
    variants = load_data("names/surnames")["english_variants"].get("".join(surname), [])
    for spelling in ["".join(surname), *variants]:
        yield spelling, form_score("last"), "last name"
    for spelling in variants:
        yield f"{spelling} {' '.join(given)}", factor * 0.95, HOW["pinyin"]
        yield f"{' '.join(given)} {spelling}", factor * 0.95, HOW["pinyin"]
    given_text = "".join(given)
    if len(given) > 1 and given_text not in everyday_words():
        yield given_text, form_score("pinyin_short"), HOW["pinyin"]
