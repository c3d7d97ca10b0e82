"""Which account a question is about without naming one that is known: "do they have tickets", "deals at zorblax"."""

import re

from language.builtin.dialogue import PastTurn
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import unknown_name
from language.lexicon import Lexicon
from language.names.vocabulary import is_no_word
from language.script import has_cjk

OF_ACCOUNT = frozenset({"contact", "deal", "ticket", "task", "interaction"})
_THERE = frozenset({"there", "over there", "那边", "那家", "那里"})
_GOES_ON = re.compile(r"\s+(?:are|is|was|were|any)\b", re.IGNORECASE)
# "Do they have tickets", "tickets with them", "their tickets": whose they are, not what is told of them.
_OWNER = r"(?P<owner>it|they|them|(?:this|that|the) (?:account|customer|client|company))"
_HAVING = re.compile(
    rf"\b(?:(?:do|does|did|have|has|had)\s+)?{_OWNER}\s+(?:(?:still|currently|also|already|even|now)\s+)?(?:have|has|got)\b",
    re.IGNORECASE,
)
_WITH = re.compile(rf"\b(?:at|with|for|from|of|by)\s+{_OWNER}\b", re.IGNORECASE)
_PLURAL = frozenset({"they", "them", "their"})
_HAS = re.compile(r"\s+(?:has|have|had|got)\b", re.IGNORECASE)
_NEAR = 8
_LAST_TURNS = 3
_SHORTEST_NAME_ZH, _SHORTEST_NAME_IN_EN = 3, 2
_OF_ZH = ("的", "有", "那")
_AT = ("at", "for", "of", "with", "from")
_OWNING = ("'s ", "’s ", " ", "的")


def account_pointed_at(slots: Slots, kind: str) -> str:
    """The account that "there", "they" or 那边 means for records of a kind: named before in the message, or the one
    talked about; the words themselves where there is none, so that nothing is told of all; else empty."""
    if slots.named("account", "deal", "contact"):
        return ""
    there = any(
        mark.has("pronoun") and mark.text.lower() in _THERE and not _GOES_ON.match(slots.reading.text, mark.end)
        for mark in slots.marks
    )
    owner = _owner_said(slots, kind) if kind in OF_ACCOUNT else ""
    if not (there or owner):
        return ""
    found = _named_before(slots) or _talked_about(slots)
    is_colleague = owner.lower() in _PLURAL and slots.reading.dialogue.focus("user") is not None
    return found if found or is_colleague else owner


def account_spoken_of(slots: Slots) -> str:
    """The account that "that customer" means: named before, asked about in this message, or talked about last."""
    said = slots.earlier.arguments.get("filters", []) if slots.earlier is not None else []
    asked = [str(each["value"]) for each in said if each["field"] == "account" and each.get("op", "=") == "="]
    return _named_before(slots) or (asked[0] if len(asked) == 1 else "") or _talked_about(slots)


def unknown_account(slots: Slots) -> str:
    """ "Contacts at Zebra Corp", "zorblax deals", 宏达轴承的联系人: a name that no account has; the server says so."""
    name = unknown_name(slots.marks)
    text = slots.reading.text
    at = text.find(name) if name else -1
    if at < 0:
        return ""
    before, behind = text[:at].casefold().split(), text[at + len(name) :]
    is_at = bool(before) and before[-1] in _AT
    is_of = any(mark.start - at - len(name) == len(_gap(behind)) for mark in slots.marks_of("kind"))
    has_them = not text[slots.clause.start : at].strip() and _HAS.match(behind) is not None
    if has_cjk(name):
        if slots.reading.language == "en":
            return name if len(name) >= _SHORTEST_NAME_IN_EN and (is_at or is_of) else ""
        return name if len(name) >= _SHORTEST_NAME_ZH and behind.lstrip()[:1] in _OF_ZH else ""
    strange = any(is_no_word(word) for word in name.split())
    return name if (is_at and name[0].isupper()) or ((is_at or is_of or has_them) and strange) else ""


def _owner_said(slots: Slots, kind: str) -> str:
    """The words that tell whose the records of a kind are; empty where none do."""
    text = slots.reading.text
    kinds = [mark for mark in slots.marks if kind in mark.values("kind")]
    for found in _HAVING.finditer(text, slots.clause.start, slots.clause.end):
        if kinds:
            return found["owner"]
    for found in _WITH.finditer(text, slots.clause.start, slots.clause.end):
        if any(0 <= found.start() - mark.end <= _NEAR for mark in kinds):
            return found["owner"]
    for mark in slots.marks_of("pronoun"):
        following = [other for other in slots.marks if other.start >= mark.end and not other.is_filler]
        owned = [other for other in following if not other.has("state") or other.has("kind")]
        if mark.text.lower() in ("its", "their") and owned and owned[0] in kinds:
            return mark.text
    return ""


def _named_before(slots: Slots) -> str:
    for thing in reversed(slots.before):
        if subject := thing.as_kind(["account"]):
            return subject.reference
        if subject := thing.as_kind(["deal", "contact"]):
            return subject.account_id
    return ""


def _talked_about(slots: Slots) -> str:
    """The account that the last turn which was about any was about; none where it was about several."""
    lexicon = slots.reading.situation.lexicon
    for turn in reversed(slots.reading.dialogue.turns[-_LAST_TURNS:]):
        found = _accounts_of(turn, lexicon)
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _accounts_of(turn: PastTurn, lexicon: Lexicon) -> set[str]:
    asked = {
        str(each.get("value", ""))
        for past in turn.calls
        for each in past.call.arguments.get("filters", [])
        if each.get("field") == "account" and not past.failed
    }
    cited = {
        record_id if kind == "account" else (entry.account_id or "") if entry is not None else ""
        for past in turn.calls
        for kind, record_id, _ in past.records
        for entry in [lexicon.get(record_id)]
    }
    return asked or cited - {""}


def _gap(text: str) -> str:
    """What stands between a name and the kind of records that it is said of: blanks, "'s" or 的."""
    return next((text[: len(each)] for each in _OWNING if text.startswith(each)), "")
