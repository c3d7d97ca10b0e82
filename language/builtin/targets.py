"""Which record a clause is about: named in it, meant by "it", following from the account or from what was
said before.

A target is certain (an id) or words as written, which the server resolves or asks about. Nothing is guessed here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from language.builtin.account_deals import deals_told
from language.builtin.clauses import Clause, Outline
from language.builtin.dialogue import PastTurn
from language.builtin.listed import listed_lately
from language.builtin.partly_named import has_no_phase, only_partly_named, only_shown
from language.builtin.picking import compared, extreme
from language.builtin.set_aside import set_aside
from language.builtin.strangers import names_stranger
from language.builtin.words import Word, accounts_in, top_candidates
from language.lexicon import Entry, Mention
from language.script import CJK, has_cjk

_UNKNOWN_EN = re.compile(r"\b((?:[A-Z][\w&.-]+ )+(?:deal|opportunity|opp|project))\b")
_UNKNOWN_MIXED = re.compile(rf"\bthe ([{CJK}]{{4,16}}) (?:deal|opportunity|opp|project)\b", re.IGNORECASE)
_UNKNOWN_ZH = re.compile(rf"\W*(?:把|将)?([{CJK}]{{4,12}}?)(?:的|那|这)(?:个)?(?:单子|单|项目|商机)")
# What has the fields of a deal, or is moved: 把长风扩容的金额改成…, 把长风扩容推迟两周.
_OWNER_ZH = re.compile(rf"\W*(?:把|将)?([{CJK}]{{4,12}}?)的(?=[{CJK}])")
_MOVED_ZH = re.compile(rf"\W*(?:把|将)([{CJK}]{{4,12}}?)(?=[推延改调移挪提降往放])")
# What is said of a deal, not what it is called: 刚才说的那单.
_POINTING_ZH = frozenset("刚说提聊谈上前后最第这那我你他她它改推放挪")
# What leads over to a deal: 另外扩容也推迟, 现在续约改到….
_JOINING_ZH = frozenset("另外现在接着还有顺便就请帮先再把将的和跟与给都也只但")
_WHO = ("who", "and who", "so who")
_PAIR = 2
_PEOPLE_TOLD = ("primary_contact", "contact", "contacts")
# "… with both Annas": words before people rather than deals.
_BESIDE = ("with", "for", "from", "between", "by", "跟", "和", "与")
_BEFORE_NAME, _NAME_LENGTHS = ("把", "将"), range(2, 5)


@dataclass(frozen=True, slots=True)
class Target:
    """A record: `reference` is its id when it is certain, else the words that name it; `account` likewise,
    when known."""

    reference: str
    entry: Entry | None = None
    account: str = ""

    @property
    def account_id(self) -> str | None:
        """The account that it belongs to, when it is certain."""
        return self.entry.home_account if self.entry else None


def unknown_deal(clause: Clause) -> Target | None:
    """ "The Sunridge Textiles deal", 昆山博远那单, 长风扩容的金额: words that look like a name that the
    server will not find."""
    patterns = (_UNKNOWN_EN.search, _UNKNOWN_MIXED.search, _UNKNOWN_ZH.match, _OWNER_ZH.match, _MOVED_ZH.match)
    found = next((hit for each in patterns if (hit := each(clause.text))), None)
    if found and (_POINTING_ZH & set(found[1]) or _is_explained(clause, found)):
        return None
    return Target(found[1]) if found and not clause.things("account", "deal", "contact") else None


def _is_explained(clause: Clause, name: re.Match[str]) -> bool:
    """Whether phrases know a part of what would be a name: 把预计成交日推迟."""
    inside = [
        i
        for i, word in enumerate(clause.words, clause.first)
        if name.start(1) <= word.start - clause.start and word.end - clause.start <= name.end(1)
    ]
    return any(hit.first in inside for hit in clause.hits)


@lru_cache(maxsize=16)
def _homes(outline: Outline) -> tuple[tuple[int, str], ...]:
    """The accounts that a message names for sure, each with the place of the word."""
    return tuple((i, home) for i, word in enumerate(outline.words) for home in accounts_in([word]))


@lru_cache(maxsize=16)
def _people(outline: Outline) -> frozenset[str]:
    people = [word.thing for word in outline.words if word.kinds & {"contact", "user", "lead"}]
    tops = [top_candidates(thing) for thing in people if isinstance(thing, Mention)]
    return frozenset(top[0].entry.id for top in tops if len(top) == 1)


class Targets:
    """Finds targets in one message."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._situation = outline.reading.situation
        self._lexicon = outline.reading.situation.lexicon
        self._dialogue = outline.reading.dialogue

    def deal_of(self, clause: Clause, at: int | None = None) -> Target | None:
        """The deal that word `at` of a clause is about; None when nothing tells."""
        is_other = clause.has("other_one") and not clause.things("account")
        if (clause.has("pick") or is_other) and not clause.things("deal"):
            return self._picked(clause)
        if self._means_several(clause):
            return None
        return (
            self._named_deal(clause, at)
            or self._deal_of_account(clause)
            or self._earlier_deal(clause)
            or self._only_deal_near(clause)
            or self._picked_before(clause)
            or unknown_deal(clause)
            or self._deal_in_focus()
            or self._deal_of_others()
            or self._deal_of_message_account()
        )

    def deal_of_mention(self, mention: Mention, *, ours: bool = True) -> Target:
        """The deal that a name means."""
        entries = [item.entry for item in top_candidates(mention) if item.entry.kind == "deal"]
        shown = [entry for each in self._listed_ids() if (entry := self.get(each)) is not None]
        if (listed := only_shown(shown, entries, mention.span.text)) is not None:
            return Target(listed.id, listed)
        if len(entries) > 1 and (name := self._name_before(mention)):
            return Target(f"{name}{mention.span.text}")
        found = self._narrowed(entries, ours=ours)
        if len(found) == 1:
            return Target(found[0].id, found[0])
        return Target(mention.span.text)

    def _name_before(self, mention: Mention) -> str:
        """The Chinese signs that nothing explains before what several deals are called: 云帆 of 把云帆扩容推迟两周."""
        words = self._outline.words
        after = first = next((i for i, word in enumerate(words) if word.thing is mention), 0)
        explained = {hit.first for hit in self._outline.all_hits} - {0}
        while first and has_cjk(words[first - 1].canon) and not words[first - 1].kinds:
            if words[first - 1].canon in _BEFORE_NAME or first - 1 in explained:
                break
            first -= 1
        begins = first == 0 or words[first - 1].canon in _BEFORE_NAME or not words[first - 1].canon.isalnum()
        name = self._outline.own_text(words[first].start, mention.span.start) if first < after else ""
        is_name = begins and len(name) in _NAME_LENGTHS and not (_POINTING_ZH | _JOINING_ZH) & set(name)
        return name if is_name else ""

    def deal_of_account(self, mention: Mention) -> Target:
        """The only open deal of the account that a name means, else "X deal", which the server asks about."""
        return self._of_account(mention, None)

    def account_of(self, mention: Mention) -> Target:
        """The account that a name means."""
        entries = [item.entry for item in top_candidates(mention) if item.entry.kind == "account"]
        if len(entries) == 1:
            return Target(entries[0].id, entries[0])
        focus = self._dialogue.focus("account")
        known = [entry for entry in entries if focus and entry.id == focus[0]]
        return Target(known[0].id, known[0]) if len(known) == 1 else Target(mention.span.text)

    def person_of(self, mention: Mention, kind: str, accounts: Sequence[str] = ()) -> Target:
        """The contact, colleague or lead that a name means."""
        entries = [item.entry for item in top_candidates(mention) if item.entry.kind == kind]
        inside = [entry for entry in entries if entry.account_id in accounts] or entries
        inside = [entry for entry in inside if len(inside) > 1 and entry.id in self.people_said()] or inside
        if len(inside) == 1:
            return Target(inside[0].id, inside[0])
        return Target(mention.span.text)

    def open_deals(self, account_id: str) -> list[Entry]:
        """The open deals of an account that the asker may see."""
        return [
            entry for entry in self._lexicon.of_kind("deal") if entry.account_id == account_id and entry.is_open
        ]

    def people_said(self) -> frozenset[str]:
        """Ids of the people whom the message names without doubt: "Carla" is the Carla Duarte of before."""
        return _people(self._outline)

    def accounts_said(self, *, until: int | None = None) -> list[str]:
        """Ids of the accounts that the message names for sure, also by their deals and people, in order."""
        homes = _homes(self._outline)
        return list(dict.fromkeys(home for index, home in homes if until is None or index < until))

    def get(self, record_id: str) -> Entry | None:
        """The entry with that id."""
        return self._lexicon.get(record_id)

    def _picked(self, clause: Clause) -> Target | None:
        """ "The second one", "the smallest one", 日期靠后的那单, "the other one" of the deals listed last."""
        place = next((hit.value.get("place") for hit in clause.all("pick")), None)
        rows = listed_lately(self._dialogue, "deal")
        if place is not None:
            found = rows[int(place)]["id"] if -len(rows) <= int(place) < len(rows) else ""
        elif clause.has("other_one"):
            found = self._left_of(rows)
        else:
            found = extreme(self._outline.reading, rows) or compared(clause.text.casefold(), rows)
        entry = self.get(found)
        return Target(entry.id, entry) if entry else None

    def _picked_before(self, clause: Clause) -> Target | None:
        """金额最大的那个，成交日往后挪十天: the one that the same sentence picked, when it names no other record."""
        before = [each for each in self._outline.clauses[: clause.index] if each.sentence == clause.sentence]
        picking = [each for each in before if each.has("pick")]
        is_named = any(each.things("deal", "account") for each in before)
        return self._picked(picking[-1]) if picking and not is_named else None

    def _left_of(self, rows: Sequence[Mapping[str, str]]) -> str:
        """Of two that were listed the one that was not talked about since."""
        focus = self._dialogue.focus("deal")
        left = [row["id"] for row in rows if focus is None or row["id"] != focus[0]]
        return left[0] if len(rows) == _PAIR and len(left) == 1 else ""

    def _means_several(self, clause: Clause) -> bool:
        """ "Both become best case, the pilot stays": some deals, of which none is named up to here; "its next step is a
        review with both Annas" is about one."""
        said = clause.all("all_listed", "many_deals")
        if not any(
            hit.first == clause.first or self._outline.words[hit.first - 1].canon not in _BESIDE for hit in said
        ):
            return False
        return not any(word.kinds & {"deal", "account"} for word in self._outline.words[: clause.after])

    def _listed_ids(self) -> set[str]:
        """The records that the last turn showed."""
        last = self._dialogue.last
        return {record_id for past in (last.calls if last else ()) for _, record_id, _ in past.records}

    def listed_deal_of(self, account_id: str) -> Entry | None:
        """The only deal of an account that the last turn showed."""
        found = [deal for deal in self.open_deals(account_id) if deal.id in self._listed_ids()]
        return found[0] if len(found) == 1 else None

    def _named_deal(self, clause: Clause, at: int | None) -> Target | None:
        words = clause.things("deal")
        if not words:
            return None
        before = [word for word in words if at is None or word.start <= self._outline.words[at].start]
        word = before[-1] if before else words[0]
        return self.deal_of_mention(word.thing) if isinstance(word.thing, Mention) else None

    def _deal_of_account(self, clause: Clause) -> Target | None:
        """ "The Halden deal", "Tom's Tallgrass deal", "Halden is now 50k"."""
        words = [word for word in clause.things("account") if isinstance(word.thing, Mention)]
        if not words:
            return None
        mention = words[0].thing
        assert isinstance(mention, Mention)
        return self._of_account(mention, clause)

    def _of_account(self, mention: Mention, clause: Clause | None) -> Target:
        account = self.account_of(mention)
        if account.entry and has_no_phase(self.open_deals(account.entry.id), self._outline.text, mention.span.end):
            return Target(f"{account.entry.name} deal", None, account.entry.id)
        return self._one_of_account(account, clause)

    def _one_of_account(self, account: Target, clause: Clause | None) -> Target:
        if account.entry is None:
            return Target(f"{account.reference} deal")
        deals = self.open_deals(account.entry.id)
        owner = self._owner_said(clause) if clause else None
        owned = [deal for deal in deals if deal.owner_id == owner] if owner else deals
        found = owned or deals
        is_other = clause is not None and clause.has("other_one")
        listed = [deal for deal in found if (deal.id in self._listed_ids()) != is_other]
        found = listed if len(listed) == 1 else found
        only = found[0] if len(found) == 1 else only_partly_named(found, account.entry, self._outline.text)
        return Target(only.id, only) if only else Target(f"{account.entry.name} deal", None, account.entry.id)

    def _owner_said(self, clause: Clause) -> str | None:
        for index, word in enumerate(clause.words):
            if word.canon in ("my", "mine") or (word.canon == "我" and self._next(clause, index) == "的"):
                return self._situation.asker_id
            if (
                "user" in word.kinds
                and self._next(clause, index) in ("'s", "'", "的")
                and isinstance(word.thing, Mention)
            ):
                return self.person_of(word.thing, "user").reference
        return None

    def _earlier_deal(self, clause: Clause) -> Target | None:
        """The deal named last before the clause, unless another account was named since."""
        kept = [each for i, each in enumerate(self._outline.words) if i not in set_aside(self._outline)]
        words = [w for w in kept if w.start < clause.start and w.kinds & {"deal", "account"}]
        if not words or "deal" not in words[-1].kinds:
            if not words or not any("deal" in word.kinds for word in words):
                return None
            return self._last_of_same_account(words)
        return self.deal_of_mention(words[-1].thing) if isinstance(words[-1].thing, Mention) else None

    def _last_of_same_account(self, words: Sequence[Word]) -> Target | None:
        last = next(word for word in reversed(words) if "deal" in word.kinds)
        deal = self.deal_of_mention(last.thing) if isinstance(last.thing, Mention) else None
        since = [w.thing for w in words if w.start > last.start and isinstance(w.thing, Mention)]
        homes = {self.account_of(mention).reference for mention in since}
        return deal if deal and deal.entry and homes == {deal.entry.account_id} else None

    def _only_deal_near(self, clause: Clause) -> Target | None:
        """The only deal that the message names (also after the clause), or the only open one of the only
        account."""
        named = {
            target.reference: target
            for i, word in enumerate(self._outline.words)
            if "deal" in word.kinds and isinstance(word.thing, Mention) and i not in set_aside(self._outline)
            for target in [self.deal_of_mention(word.thing)]
        }
        if named:
            return next(iter(named.values())) if len(named) == 1 else None
        accounts = self.accounts_said()
        if len(accounts) == 1 and (entry := self.get(accounts[0])):
            deals = self.open_deals(entry.id)
            return Target(deals[0].id, deals[0]) if len(deals) == 1 else None
        return None

    def _deal_in_focus(self) -> Target | None:
        focus = self._dialogue.focus("deal")
        accounts = self.accounts_said()
        if focus is None or names_stranger(self._outline):
            return None
        entry = self.get(focus[0])
        if entry is None or (accounts and entry.account_id not in accounts):
            return None
        return Target(entry.id, entry)

    def _deal_of_others(self) -> Target | None:
        """The only deal of the account that the words of others name: "Sara wrote: … the upgrade. Log it there"."""
        accounts, others = self.accounts_said(), self._outline.reading.pasted
        if len(accounts) != 1 or not others:
            return None
        text = " ".join(span.text for span in others)
        found = deals_told(text, self.open_deals(accounts[0]), self._lexicon)
        return Target(found[0].id, found[0]) if len(found) == 1 else None

    def _deal_of_message_account(self) -> Target | None:
        accounts = self.accounts_said() if not set_aside(self._outline) else []
        entry = self.get(accounts[0]) if len(accounts) == 1 else None
        return self._one_of_account(Target(entry.id, entry), None) if entry else None

    def person_told(self) -> Entry | None:
        """The contact whom the last answer named as one of a record: "primary contact: Miguel Tanaka"."""
        last = self._dialogue.last
        told = [past.result.get(name) for past in (last.calls if last else ()) for name in _PEOPLE_TOLD]
        mentions = [each for text in told if isinstance(text, str) for each in self._lexicon.find_mentions(text)]
        people = {item.entry for each in mentions for item in top_candidates(each) if item.entry.kind == "contact"}
        return people.pop() if len(people) == 1 else None

    def user_in_focus(self) -> str:
        """The colleague named last in what the asker said before; empty when none was."""
        for turn in reversed(self._dialogue.turns):
            for mention in self._lexicon.find_mentions(turn.said):
                users = [item.entry for item in top_candidates(mention) if item.entry.kind == "user"]
                if len(users) == 1 and users[0].id != self._situation.asker_id:
                    return users[0].id
            if owner := self._owner_asked(turn):
                return owner
        return ""

    def _owner_asked(self, turn: PastTurn) -> str:
        """ "Who looks after the Redwood renewal?": its owner."""
        if not turn.said.casefold().startswith(_WHO):
            return ""
        owners = {self.get(record_id) for past in turn.calls for _, record_id, _ in past.records}
        found = {entry.owner_id for entry in owners if entry is not None and entry.owner_id}
        return found.pop() if len(found) == 1 else ""

    def _account_in_focus(self) -> str:
        """The account talked about last, also by one of its deals or in a call's arguments."""
        for turn in reversed(self._dialogue.turns):
            for past in reversed(turn.calls):
                ids = [record_id for _, record_id, _ in past.records]
                ids += [str(value) for value in past.call.arguments.values() if isinstance(value, str)]
                for record_id in ids:
                    entry = self.get(record_id)
                    if entry is not None and entry.home_account:
                        return entry.home_account
        return ""

    def _narrowed(self, entries: Sequence[Entry], *, ours: bool) -> Sequence[Entry]:
        """Open ones before closed ones; then those of accounts that were named; then those in focus; then
        the asker's own."""
        account = self._account_in_focus()
        said = self.accounts_said()
        tests: list[Callable[[Entry], bool]] = [
            lambda entry: entry.is_open,
            lambda entry: entry.account_id in said,
            lambda entry: entry.id in self._listed_ids(),
            lambda entry: bool(account) and not said and entry.account_id == account,
        ]
        if ours and self._situation.role == "rep":
            tests.append(lambda entry: entry.owner_id == self._situation.asker_id)
        for test in tests:
            fitting = [entry for entry in entries if test(entry)]
            entries = fitting if fitting and len(entries) > 1 else entries
        return entries

    @staticmethod
    def _next(clause: Clause, index: int) -> str:
        return clause.words[index + 1].canon if index + 1 < len(clause.words) else ""
