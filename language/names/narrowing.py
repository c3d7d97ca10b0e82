"""Weighs readings against each other: an account named in the text lifts its own people and deals and drops
namesakes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from language.names.entries import PERSON_KINDS, Entry, Scored
from language.names.support import Surroundings
from language.names.vocabulary import scoring, words

_BOUND = frozenset({"contact", "deal", "task", "ticket", "account"})
_REACH = 2
STRONG, WEAK = 2, 1
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
        least = self.best - float(scoring("decide")["margin"])
        return [item for item in self.candidates.values() if item.score > least]

    def accounts(self) -> set[str]:
        """The accounts of the top candidates; empty when one of them belongs to none."""
        homes = {item.entry.home_account for item in self.top()}
        return set() if None in homes else {home for home in homes if home}

    def rescore(self, item: Scored, score: float) -> None:
        """Gives a candidate another score, kept within 0 and 1."""
        self.candidates[item.entry.id] = Scored(item.entry, min(1.0, max(0.0, score)), item.how)


def narrow(readings: Sequence[Reading], around: Surroundings) -> None:
    """Lifts candidates whose account the text names, drops their namesakes, and doubts people of other
    accounts."""
    for firm in (True, False):
        homes = [next(iter(reading.accounts())) if _is_anchor(reading, firm) else "" for reading in readings]
        companies = {home for home, reading in zip(homes, readings, strict=True) if home and _is_company(reading)}
        count = Counter(home for home in homes if home)
        for n, reading in enumerate(readings):
            near = range(max(0, n - _REACH), min(len(readings), n + _REACH + 1))
            links = {k: _link(reading, readings[k], around) for k in near if k != n}
            linked = {home for k, strength in links.items() if strength for home in readings[k].accounts()}
            wanted = linked or {home for home in count if count[home] > (home == homes[n])}
            _narrow_one(
                reading,
                wanted,
                firm=firm,
                link=max((links[k] for k in links if readings[k].accounts()), default=0),
                is_company=bool(wanted & companies),
            )
    _agree(readings)


def _is_anchor(reading: Reading, firm: bool) -> bool:
    """True when the reading fixes one account; a firm anchor is an account, a deal or a full name."""
    if len(reading.accounts()) != 1 or reading.best < float(scoring("decide")["certain"]):
        return False
    return not firm or all(item.entry.kind != "contact" or item.score >= 0.9 for item in reading.top())


def _narrow_one(reading: Reading, wanted: set[str], *, firm: bool, link: int, is_company: bool) -> None:
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
        elif firm and not inside and is_company and _is_loose(item, link):
            reading.rescore(item, item.score * float(scoring("context")["stranger" if link else "elsewhere"]))
        elif (item.entry.kind == "lead" and inside and firm and item.score < 0.97) or (
            item.entry.kind == "user" and inside and firm and link and item.score < 0.97
        ):
            del reading.candidates[item.entry.id]


def _is_loose(item: Scored, link: int) -> bool:
    """True for a part of a name that another account in the text makes doubtful: "Harold at Tallgrass", who is
    elsewhere.

    Colleagues and leads are doubted only where the text says that the person is there.
    """
    doubted = PERSON_KINDS if link == STRONG else {"contact"}
    return item.score < 0.9 and (
        item.entry.kind in doubted or (item.entry.kind == "deal" and item.how == "partial")
    )


def _is_company(reading: Reading) -> bool:
    return any(item.entry.kind in ("account", "deal") for item in reading.top())


def _link(reading: Reading, anchor: Reading, around: Surroundings) -> int:
    """STRONG for "Anita from Kestrel", "Anita (Kestrel)", "Kestrel's Anita", 远航的林涛; WEAK for bare
    neighbours; else 0."""
    if not _is_company(anchor) or max(reading.start, anchor.start) - min(reading.end, anchor.end) > 3:
        return 0
    if anchor.start >= reading.end:
        gap = [around.word(i) for i in range(reading.end, anchor.start)]
        between = around.between(reading.end - 1)
        if not gap:
            return (
                STRONG if set(between) & set("(@") else WEAK if between == " " or set(between) & set("/-–") else 0
            )
        linking = words("support", "link_before_account")
        says_so = len(gap) <= 2 and bool(linking.intersection(gap)) and set(gap) <= linking | {"the"}
        return STRONG if says_so and not set(between) & set(",.;\n") else 0
    if anchor.end <= reading.start:
        gap = [around.word(i) for i in range(anchor.end, reading.start)]
        between = around.between(anchor.end - 1)
        if gap in (["的"], ["那", "边", "的"], ["家", "的"]) or (
            not gap and between in ("'s ", "’s ", "' ", "’ ")
        ):
            return STRONG
        return WEAK if not gap and between in _LINKS_AFTER else 0
    return 0


def _agree(readings: Sequence[Reading]) -> None:
    """Without one clear account: candidates whose account other ambiguous readings share are lifted."""
    lift = float(scoring("context")["mentioned"])
    homes = [_possible_homes(reading) for reading in readings]
    count = Counter(home for homes_of_one in homes for home in homes_of_one)
    for reading, own in zip(readings, homes, strict=True):
        shared = {home for home in own if count[home] > 1}
        if shared and shared != own:
            for item in list(reading.candidates.values()):
                if item.entry.account_id in shared and item.score < 0.9:
                    reading.rescore(item, item.score + lift)


def _possible_homes(reading: Reading) -> set[str]:
    if len(reading.accounts()) < 2:
        return set()
    return {item.entry.account_id for item in reading.candidates.values() if item.entry.account_id}


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
    return "first name" in hows if is_before else hows <= {"last name", "typo", "phonetic", "near"}
