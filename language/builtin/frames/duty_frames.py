"""What somebody of ours is to do by a day, by the clause's verb: "will ring again Friday", "have Sam look into it by
Monday", 下周一前寄新报价给她. Gives tags that the tasks read: `promise`, `do_later`, `delegate`."""

from collections.abc import Sequence

from language.builtin.frames.contact_frames import PARTY
from language.builtin.frames.verbs import form_of, words
from language.builtin.patterns import Hit
from language.builtin.words import Word

_REACH_OF_DUTY = 3
_BEFORE_ORDER = frozenset(["and", "also", "then", "please", "pls", "so", "plus", ",", "-", "•", "*", "plz"])
_NOT_BEHIND_ORDER = frozenset(
    [
        "from",
        "with",
        "w/",
        "at",
        "is",
        "was",
        "went",
        ":",
        "note",
        "notes",
        "call",
        ",",
        "to",
        "-",
        "–",
        "in",
        "on",
    ]
)


def duties(clause_words: Sequence[Word], first: int) -> list[Hit]:
    """The first duty that the words tell, as the phrase in front of its verb."""
    verbs = [i for i, word in enumerate(clause_words) if not word.kinds and _is_act(word.canon)]
    for read in (_delegated, _owed, _ordered):
        for i in verbs:
            found = read(clause_words, i, first)
            if found is not None:
                return [found]
    return []


def _is_act(word: str) -> bool:
    verb = form_of(word)
    return verb is not None and verb.form == "base" and verb.base in words("acts")


def _owed(listed: Sequence[Word], i: int, first: int) -> Hit | None:
    """ "Will try again", "we plan to send"."""
    for at in range(i - 1, max(-1, i - 1 - _REACH_OF_DUTY), -1):
        canon = listed[at].canon
        if canon in words("duty"):
            start = at
            subject = [word for word in listed[max(0, at - 2) : at] if word.canon.isalnum() or word.kinds]
            actor = subject[-1] if subject else None
            if actor is not None and not _is_ours(actor, listed, at):
                return None
            return Hit("promise", {}, first + start, first + i)
        if not (canon in words("adverbs") or canon in ("to", "be", "to,") or canon == "not"):
            return None
    return None


def _is_ours(actor: Word, listed: Sequence[Word], at: int) -> bool:
    if actor.canon in words("us"):
        return True
    loose = actor.canon in ("and", "so", "then", "but", "also", "i'll") or actor.canon in words("adverbs")
    others = any(
        word.kinds & PARTY or word.canon in words("them") or word.canon in words("customer")
        for word in listed[:at]
    )
    return loose and not others


def _ordered(listed: Sequence[Word], i: int, first: int) -> Hit | None:
    """ "Print the agenda", "and send her the plan": an order at the head of the clause."""
    if listed[i].canon not in words("orders"):
        return None
    if any(word.canon not in _BEFORE_ORDER or word.kinds for word in listed[:i]):
        return None
    following = listed[i + 1] if i + 1 < len(listed) else None
    if following is None or following.canon in _NOT_BEHIND_ORDER:
        return None
    return Hit("do_then", {}, first + i, first + i + 1)


def _delegated(listed: Sequence[Word], i: int, first: int) -> Hit | None:
    """ "Have Sam look into it", "Sam to send the file", "ask Sam to call her"."""
    at = i - 1
    while at >= 0 and (
        listed[at].canon in ("to", "please", "pls", "should", "must", "will")
        or listed[at].canon in words("adverbs")
    ):
        at -= 1
    if at < 0 or "user" not in listed[at].kinds or "contact" in listed[at].kinds:
        return None
    before = listed[at - 1].canon if at else ""
    led = before in words("delegating")
    linked = any(word.canon in ("to", "please", "pls", "should", "must", "will") for word in listed[at + 1 : i])
    if not (led or linked) or before in ("with", "to", "for", "from"):
        return None
    return Hit("delegate", {}, first + (at - 1 if led else at), first + i)
