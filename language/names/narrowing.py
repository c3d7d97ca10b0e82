"""Weighs readings against each other: an account named in the text lifts its own people and deals and drops namesakes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from language.names.entries import PERSON_KINDS, Entry, Scored
from language.names.support import Surroundings
from language.names.vocabulary import scoring, words

_BOUND = frozenset({"contact", "deal", "task", "ticket", "account"})
_LINKS_AFTER = frozenset({"", " ", "  ", ": ", ":", " - ", " – ", "/", " / ", ", ", "的"})


@dataclass(slots=True)
class Reading:
    """A chosen stretch of tokens and the records it may mean."""

    start: int
    end: int
    candidates: dict[str, Scored] = field(default_factory=dict)

    def offer(self, entry: Entry, score: float, how: str) -> None:
        """Keeps the best way of reading this stretch as `entry`."""
        known = self.candidates.get(entry.id)
        if known is None or known.score < score:
            self.candidates[entry.id] = Scored(entry, score, how)

    @property
    def best(self) -> float:
        """The best candidate's score; 0 without candidates."""
        return max((item.score for item in self.candidates.values()), default=0.0)

    def top(self) -> list[Scored]:
        """The candidates that are about as good as the best."""
        margin = float(scoring("decide")["margin"])
        return [item for item in self.candidates.values() if item.score > self.best - margin]

    def accounts(self) -> set[str]:
        """The accounts of the top candidates; empty when one of them belongs to none."""
        homes = {item.entry.home_account for item in self.top()}
        return set() if None in homes else {home for home in homes if home}

    def rescore(self, item: Scored, score: float) -> None:
        """Gives a candidate another score, kept within 0 and 1."""
        self.candidates[item.entry.id] = Scored(item.entry, min(1.0, max(0.0, score)), item.how)


def narrow(readings: Sequence[Reading], around: Surroundings) -> None:
    """Lifts candidates whose account the text names, drops their namesakes, and doubts people of other accounts."""
    for firm in (True, False):
        anchors = [(reading, next(iter(reading.accounts()))) for reading in readings if _is_anchor(reading, firm)]
        for reading in readings:
            _narrow_one(reading, [pair for pair in anchors if pair[0] is not reading], around, firm)
    _agree(readings)


def _is_anchor(reading: Reading, firm: bool) -> bool:
    """True when the reading fixes one account; a firm anchor is an account, a deal or a full name."""
    if len(reading.accounts()) != 1 or reading.best < float(scoring("decide")["certain"]):
        return False
    return not firm or all(item.entry.kind != "contact" or item.score >= 0.9 for item in reading.top())


def _narrow_one(reading: Reading, anchors: Sequence[tuple[Reading, str]], around: Surroundings, firm: bool) -> None:
    linked = {account for anchor, account in anchors if _is_linked(reading, anchor, around)}
    wanted = linked or {account for _, account in anchors}
    if not wanted or not reading.candidates:
        return
    inside = [item for item in reading.candidates.values() if item.entry.home_account in wanted]
    outside = [item for item in reading.candidates.values() if item.entry.home_account not in wanted]
    if inside and firm:
        lift = float(scoring("context")["mentioned"])
        for item in inside:
            reading.rescore(item, item.score if item.score >= 0.97 else min(0.99, item.score + lift))
    for item in outside:
        if item.entry.kind in _BOUND and inside and item.score < 0.97:
            del reading.candidates[item.entry.id]
        elif item.entry.kind in _BOUND and not inside and item.score < 0.9 and item.entry.kind != "account":
            if firm and _names_company(anchors):
                reading.rescore(item, item.score * (float(scoring("context")["stranger"]) if linked else 0.75))
        elif item.entry.kind == "lead" and inside and firm and item.score < 0.97:
            del reading.candidates[item.entry.id]
        elif item.entry.kind == "user" and inside and firm and linked and item.score < 0.97:
            del reading.candidates[item.entry.id]


def _names_company(anchors: Sequence[tuple[Reading, str]]) -> bool:
    return any(item.entry.kind in ("account", "deal") for anchor, _ in anchors for item in anchor.top())


def _is_linked(reading: Reading, anchor: Reading, around: Surroundings) -> bool:
    """True for "Anita from Kestrel", "Anita (Kestrel)", "Kestrel's Anita", "the CFO at Sable", 远航的杨明."""
    if not any(item.entry.kind in ("account", "deal") for item in anchor.top()):
        return False
    if anchor.start >= reading.end:
        gap = [around.word(i) for i in range(reading.end, anchor.start)]
        between = around.between(reading.end - 1)
        if not gap:
            return any(sign in between for sign in "(@/-–") or between == " "
        return len(gap) <= 2 and set(gap) <= words("support", "link_before_account") | {"the"} and not set(between) & set(",.;\n")
    if anchor.end <= reading.start:
        gap = [around.word(i) for i in range(anchor.end, reading.start)]
        return (not gap and around.between(anchor.end - 1).strip("'’s ") in _LINKS_AFTER) or gap in (["的"], ["那", "边", "的"], ["家", "的"])
    return False


def _agree(readings: Sequence[Reading]) -> None:
    """Without one clear account: candidates whose account other ambiguous readings share are lifted."""
    lift = float(scoring("context")["mentioned"])
    homes = [
        {item.entry.account_id for item in reading.candidates.values() if item.entry.account_id} if len(reading.accounts()) > 1 else set()
        for reading in readings
    ]
    for reading, own in zip(readings, homes, strict=True):
        others: set[str | None] = set().union(*(home for home in homes if home is not own))
        shared = own & others
        if shared and shared != own:
            for item in list(reading.candidates.values()):
                if item.entry.account_id in shared and item.score < 0.9:
                    reading.rescore(item, item.score + lift)


def doubt_strangers(readings: Sequence[Reading], around: Surroundings) -> None:
    """Lowers a lone first or last name that stands beside a name part nobody on record has ("Derek Fraser")."""
    covered = {i: reading for reading in readings for i in range(reading.start, reading.end)}
    factor = float(scoring("context")["stranger"])
    for reading in readings:
        for item in list(reading.candidates.values()):
            if item.entry.kind not in PERSON_KINDS or item.score >= 0.9 or reading.end - reading.start > 1:
                continue
            is_last = item.how == "last name"
            beside = reading.start - 1 if is_last else reading.end
            gap = around.between(beside if is_last else reading.end - 1)
            if gap == " " and _is_odd_neighbour(covered.get(beside), beside, around, is_last):
                reading.rescore(item, item.score * factor)


def _is_odd_neighbour(other: Reading | None, i: int, around: Surroundings, is_before: bool) -> bool:
    if other is None:
        return around.is_stranger(i) and around.word(i) not in words("titles", "en_honorifics")
    hows = {item.how for item in other.candidates.values()}
    kinds = {item.entry.kind for item in other.candidates.values()}
    if not kinds <= PERSON_KINDS or other.best >= 0.9:
        return False
    return "first name" in hows if is_before else hows <= {"last name", "typo", "phonetic"} and "last name" in hows
