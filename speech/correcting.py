"""Puts names of records right in a transcript: what sounds like a name becomes the name, and is marked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# How alike a stretch and a name have to be, by letters and by sound, and by how much the best beats the second.
LETTERS, SOUNDS, LEAD = 0.74, 0.86, 0.05
# Words that no name begins or ends with.
_SMALL = frozenset(
    {
        "a",
        "an",
        "the",
        "and",
        "or",
        "to",
        "at",
        "from",
        "of",
        "in",
        "on",
        "for",
        "with",
        "by",
        "as",
        "about",
        "into",
    }
    | {"than", "then", "is", "was", "has", "had", "met", "saw"}
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’&.-]*")
_ZH_NAME = re.compile(r"[一-鿿]{2,}")


@dataclass(frozen=True, slots=True)
class Correction:
    """What was heard at a place, and the name that was meant."""

    heard: str
    meant: str


def correct(text: str, names: Iterable[str]) -> tuple[str, list[Correction]]:
    """The transcript with names put right, and what was changed, in order.

    Only stretches that are written like names (capitals) or, in Chinese, sound exactly like one are touched;
    two names that come equally near change nothing.
    """
    known = list(dict.fromkeys(name.strip() for name in names if len(name.strip()) > 1))
    text = _simplified(text)
    corrections: list[Correction] = []
    text = _latin(text, [name for name in known if name.isascii()], corrections)
    return _chinese(text, [name for name in known if not name.isascii()], corrections), corrections


def _latin(text: str, names: Sequence[str], corrections: list[Correction]) -> str:
    """Longest stretches first, from left to right."""
    if not names:
        return text
    forms = {part.casefold(): part for name in names for part in _parts(name)}
    said = _stretches(names)
    out, at = [], 0
    words = list(_WORD.finditer(text))
    i = 0
    while i < len(words):
        replaced = False
        for length in (3, 2, 1):
            some = words[i : i + length]
            if len(some) < length or not _reads_as_name(text, some):
                continue
            heard = text[some[0].start() : some[-1].end()]
            ending = re.search(r"(?:['’]s|['’]|[.])$", heard)
            bare = heard[: ending.start()] if ending else heard
            if bare.casefold() in said:
                i, replaced = i + length, True
                break
            meant = "" if _is_more_than_a_name(text, words, i, length, forms) else _nearest(bare, forms)
            if meant:
                out += [text[at : some[0].start()], meant]
                at = some[0].start() + len(bare)
                corrections.append(Correction(bare, meant))
                i, replaced = i + length, True
                break
        if not replaced:
            i += 1
    return "".join([*out, text[at:]])


def _is_more_than_a_name(
    text: str, words: Sequence[re.Match[str]], i: int, length: int, forms: Mapping[str, str]
) -> bool:
    """Whether a stretch has a word too many ("Met Miguel Tanaka", "Ironbridge to") or is cut out of a longer name.

    What is heard as "Carl Denise Kowalski" is one person, and no Carla.
    """
    some = [word[0].casefold() for word in words[i : i + length]]
    if length > 1:
        rests = [rest for rest in (some[1:], some[:-1]) if len(rest) > 1]
        return not _SMALL.isdisjoint((some[0], some[-1])) or any(" ".join(rest) in forms for rest in rests)
    following = words[i + 1] if i + 1 < len(words) else None
    goes_on = following is not None and following[0][0].isupper() and _reads_as_name(text, (words[i], following))
    return some[0] in _SMALL or goes_on


def _parts(name: str) -> Iterator[str]:
    """A name, and its first telling word (and a person's last): people say "Brightwater" for Brightwater Foods."""
    yield name
    words = name.split()
    if len(words) > 1:
        yield from (word for word in (words[0], words[-1]) if len(word) >= 5 and word[0].isupper())


def _stretches(names: Sequence[str]) -> set[str]:
    """Every run of words inside a name: what is part of one as it stands needs no correction."""
    found: set[str] = set()
    for name in names:
        words = name.casefold().split()
        found |= {
            " ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(len(words), i + 3) + 1)
        }
    return found


def _reads_as_name(text: str, some: Sequence[re.Match[str]]) -> bool:
    between = (text[a.end() : b.start()] for a, b in pairwise(some))
    return any(word[0][0].isupper() for word in some) and all(gap in (" ", "-", " - ") for gap in between)


def _nearest(heard: str, forms: dict[str, str]) -> str:
    if len(heard) < 4:
        return ""
    scored = sorted(((_likeness(heard, form), meant) for form, meant in forms.items()), reverse=True)[:2]
    if not scored or scored[0][0] <= 0:
        return ""
    if len(scored) > 1 and scored[0][0] - scored[1][0] < LEAD and not _same_name(scored[0][1], scored[1][1]):
        return ""
    return scored[0][1]


def _same_name(one: str, other: str) -> bool:
    """Whether one is the beginning of the other: "Brightwater" and "Brightwater Foods"."""
    shorter, longer = sorted((one, other), key=len)
    return longer.split()[: len(shorter.split())] == shorter.split()


def _likeness(heard: str, form: str) -> float:
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    spoken, named = heard.casefold().replace(" ", ""), form.replace(" ", "")
    if abs(len(spoken) - len(named)) > max(2, len(named) // 4) or spoken[0] not in (
        named[0],
        *_TWINS.get(named[0], ""),
    ):
        return 0.0
    letters = Levenshtein.normalized_similarity(spoken, named)
    sounds = JaroWinkler.similarity(_sound(spoken), _sound(named))
    return (letters + sounds) / 2 if letters >= LETTERS and sounds >= SOUNDS else 0.0


_TWINS = {
    "c": "ks",
    "k": "cq",
    "s": "cz",
    "z": "s",
    "f": "p",
    "p": "f",
    "j": "g",
    "g": "j",
    "q": "k",
    "y": "i",
    "i": "ey",
}


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    import jellyfish

    return jellyfish.metaphone(word) or word


def _chinese(text: str, names: Sequence[str], corrections: list[Correction]) -> str:
    """A stretch of the same length and sound; names of two characters need the same tones, too."""
    for name in sorted(names, key=len, reverse=True):
        for core in _ZH_NAME.findall(name):
            if core not in text:
                text = _replaced(text, core, corrections)
    return text


def _replaced(text: str, name: str, corrections: list[Correction]) -> str:
    toned = len(name) == 2
    wanted = _syllables(name, toned)
    at = 0
    while at + len(name) <= len(text):
        heard = text[at : at + len(name)]
        if _ZH_NAME.fullmatch(heard) and heard != name and _same(_syllables(heard, toned), wanted, toned):
            text = text[:at] + name + text[at + len(name) :]
            corrections.append(Correction(heard, name))
            at += len(name)
        else:
            at += 1
    return text


def _same(heard: tuple[str, ...], wanted: tuple[str, ...], toned: bool) -> bool:
    if heard == wanted:
        return True
    # In a longer name one syllable may be a near one: zh/z, sh/s, ch/c, -ng/-n, l/n.
    near = sum(a != b for a, b in zip(heard, wanted, strict=True))
    return not toned and len(wanted) >= 3 and near == 1 and all(map(_close, heard, wanted))


def _close(a: str, b: str) -> bool:
    return _blurred(a) == _blurred(b)


def _blurred(syllable: str) -> str:
    syllable = re.sub(r"^([zcs])h", r"\1", syllable)
    return re.sub(r"ng$", "n", re.sub(r"^n", "l", syllable))


@lru_cache(maxsize=20_000)
def _syllables(text: str, toned: bool) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.TONE3 if toned else Style.NORMAL))


def _simplified(text: str) -> str:
    if not _ZH_NAME.search(text):
        return text
    from opencc import OpenCC

    return str(OpenCC("t2s").convert(text))
