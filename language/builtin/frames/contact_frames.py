"""Contacts that an English clause reports by its verb, its noun or the way it was made ("told me over the phone")."""

from collections.abc import Iterator, Sequence

from language.builtin.frames.verbs import VerbForm, form_of, kind_of, words
from language.builtin.patterns import Hit
from language.builtin.words import Word

PARTY = frozenset({"contact", "account", "lead"})
_REACH_OF_SUBJECT = 6
_REACH_OF_OBJECT = 5
_REACH_OF_PLACE = 5
_REACH_OF_LIGHT = 8
_SHORTEST_PAST = 4
_NEAR_HEAD = 3


class ContactFrames:
    """The contacts told in some words of a message; `named_before` says whether "he" may be a customer."""

    def __init__(self, clause_words: Sequence[Word], first: int, *, named_before: bool) -> None:
        self._words = clause_words
        self._first = first
        self._named_before = named_before

    def hits(self) -> list[Hit]:
        """The contacts, each as a hit with the tag `contacted`; the first of each kind of sign."""
        found: list[Hit] = []
        for read in (self._by_verb, self._by_going, self._by_noun, self._by_way, self._by_being, self._by_length):
            found += list(read())[:1]
            if found:
                break
        return found

    def _by_verb(self) -> Iterator[Hit]:
        for i, verb in self._past_verbs():
            kind, needs_with = kind_of(verb.base, "contact"), False
            if not kind:
                kind, needs_with = kind_of(verb.base, "contact_with"), True
            if not kind or kind == "with" or self._is_named_so(i):
                continue
            subject, behind = self._subject(i), self._object(i, needs_with)
            if subject == "them" and behind == "us" and kind == "visit":
                yield self._hit("meeting", "", i)
            elif subject == "them" and (behind in ("us", "") or kind in ("meeting", "visit")):
                direct = "inbound" if kind in ("call", "email", "message") and not needs_with else ""
                if behind or not needs_with:
                    yield self._hit(kind, direct, i)
            elif subject not in ("them", "other") and behind == "them":
                direct = "outbound" if kind in ("call", "email", "message") and not needs_with else ""
                at_theirs = verb.base == "spend" and any("account" in w.kinds for w in self._words[i:])
                yield self._hit("visit" if at_theirs else kind, direct, i)

    def _by_length(self) -> Iterator[Hit]:
        """ "20 minutes with Derek on Zoom": a length, and with whom."""
        for i, word in enumerate(self._words[:-2]):
            linked = self._canon(i + 1) in words("contact_with", "with") and self._words[i + 2].kinds & PARTY
            if "duration" in word.kinds and linked:
                ways = [kind_of(each.canon, "media") for each in self._words[i + 2 :] if not each.kinds]
                yield self._hit(next((way for way in ways if way), "meeting"), "", i)

    def _by_going(self) -> Iterator[Hit]:
        """ "Popped into Kirkwall Ferries", "was at their plant"; "Harold came by our office"."""
        for i, verb in self._past_verbs():
            if verb.base not in words("motion"):
                continue
            behind = self._words[i + 1 : i + 1 + _REACH_OF_PLACE]
            if not behind or behind[0].canon not in words("to_place"):
                continue
            subject = self._subject(i)
            ours = any(word.canon in words("our_places") for word in behind)
            place = any(word.canon in words("their_places") for word in behind)
            party = next((word for word in behind if word.kinds & PARTY), None)
            theirs = party is not None or (place and any(w.canon in ("their", "his", "her") for w in behind))
            if subject == "them" and (ours or place):
                yield self._hit("meeting", "", i)
            elif subject in ("us", "") and theirs and not ours:
                yield self._hit("visit", "", i)

    def _by_being(self) -> Iterator[Hit]:
        """ "Was on board with Magnus at Kirkwall", "been at their yard"."""
        for i, word in enumerate(self._words):
            if word.canon not in ("was", "were", "been") or self._subject(i) not in ("us", ""):
                continue
            if self._canon(i + 1) in words("to_place") | {
                "with",
                "there",
                "onsite",
                "on-site",
            } and not self._ahead_of(i):
                behind = self._words[i + 1 : i + 1 + _REACH_OF_OBJECT + 2]
                if any("account" in each.kinds for each in behind) or any(
                    each.canon in words("their_places") | {"board", "onsite", "on-site"} for each in behind
                ):
                    yield self._hit("visit", "", i)
                elif any(each.kinds & PARTY for each in behind):
                    yield self._hit("meeting", "", i)

    def _ahead_of(self, i: int) -> bool:
        return self._before(i) in words("ahead") or self._canon(i + 1) in ("going", "about", "supposed")

    def _by_noun(self) -> Iterator[Hit]:
        """ "Had Victor from Orion in a meeting", "voicemail for James", "a text from Hannah"."""
        for i, word in enumerate(self._words):
            kind = "" if word.kinds else kind_of(word.canon, "nouns")
            if not kind or self._follows(i, words("not_behind")):
                continue
            light = self._light_before(i)
            towards = self._party_behind(i)
            direct = self._direction_of_noun(kind, towards)
            if sent := self._sent_before(i) if kind in ("email", "message") else "":
                yield self._hit(kind, sent, i)
                continue
            if not light and towards in words("contact_with", "with") - {"to"} and i <= _NEAR_HEAD:
                yield self._hit(kind, direct, i, tag="contact_noun")
            elif light or (direct == "inbound" and towards == "from") or word.canon == "voicemail":
                yield self._hit(kind, direct, i)

    def _sent_before(self, i: int) -> str:
        """The direction of a text that "sent Elena a whatsapp" tells; empty where nobody of ours or theirs sent it."""
        for at in range(i - 1, max(-1, i - 1 - _REACH_OF_LIGHT), -1):
            verb = None if self._words[at].kinds else form_of(self._canon(at))
            if verb is None or verb.base not in words("sending") or not self._is_past(at, verb):
                continue
            subject, behind = self._subject(at), self._object(at, needs_with=False)
            if subject in ("us", "") and behind == "them":
                return "outbound"
            return "inbound" if subject == "them" and behind == "us" else ""
        return ""

    def _by_way(self) -> Iterator[Hit]:
        """ "Confirmed over WhatsApp", "followed up by email"."""
        told = [i for i, verb in self._past_verbs() if self._is_telling(i, verb)]
        unknown = self._unknown_pasts()
        party = any(word.kinds & PARTY for word in self._words) or self._named_before
        for i, word in enumerate(self._words if (told or unknown) and party else ()):
            kind = kind_of(word.canon, "media")
            verbs = told or [at for at in unknown if at < i]
            if not verbs:
                continue
            before = [each.canon for each in self._words[max(0, i - 2) : i]]
            if not kind or not any(each in words("media_before") for each in before):
                continue
            if self._follows(i, words("not_behind")) or self._is_of_something_else(verbs[0], i):
                continue
            subject = self._subject(verbs[0])
            one_way = kind in ("email", "message")
            direct = "" if not one_way else ("inbound" if subject == "them" else "outbound")
            yield self._hit(kind, direct, i)

    def _is_of_something_else(self, verb: int, way: int) -> bool:
        """ "Asked whether we could meet in person", "what Karl told me on the phone": not the contact itself."""
        between = {word.canon for word in self._words[verb + 1 : way]}
        before = {word.canon for word in self._words[:verb]}
        return bool(between & (words("ahead") - {"not", "please", "pls"})) or bool(before & words("told_of"))

    def _is_telling(self, i: int, verb: VerbForm) -> bool:
        """ "Had Karl on the phone", but not "we've got on file"."""
        if verb.base in ("have", "get"):
            return self._object(i, needs_with=False) == "them"
        return verb.base in words("telling") or self._is_done_with_them()

    def _is_done_with_them(self) -> bool:
        """ "Measured the foundation with Annelies on site"."""
        return any(
            word.canon in words("contact_with", "with") and self._words[i + 1].kinds & PARTY
            for i, word in enumerate(self._words[:-1])
        )

    def _unknown_pasts(self) -> list[int]:
        """Words that look like the past of a verb that is not listed ("okayed")."""
        return [
            i
            for i, word in enumerate(self._words)
            if not word.kinds
            and len(word.canon) > _SHORTEST_PAST
            and word.canon.endswith("ed")
            and not form_of(word.canon)
            and self._before(i) not in words("ahead") | words("be")
        ]

    def _past_verbs(self) -> Iterator[tuple[int, VerbForm]]:
        for i, word in enumerate(self._words):
            verb = None if word.kinds else form_of(word.canon)
            if verb is not None and self._is_past(i, verb):
                yield i, verb

    def _is_past(self, i: int, verb: VerbForm) -> bool:
        before = self._before(i)
        if verb.form == "past":
            return before not in words("ahead")
        if verb.form == "ing":
            return before in ("was", "were", "been", "after", "finished", "done", "off")
        return verb.form == "base" and before == "to" and self._canon(i - 2) in words("to_after")

    def _before(self, i: int) -> str:
        """The word before, adverbs passed over."""
        at = i - 1
        while at >= 0 and (self._words[at].canon in words("adverbs")):
            at -= 1
        return self._canon(at)

    def _canon(self, at: int) -> str:
        return self._words[at].canon if 0 <= at < len(self._words) else ""

    def _is_named_so(self, i: int) -> bool:
        """ "A company called X", "called off", "met the requirements"."""
        following = self._canon(i + 1)
        return self._canon(i - 1) in words("be") or following in words("called_else") | {
            "off",
            "out",
            "for",
            "into",
        }

    def _subject(self, i: int) -> str:
        """Who does it: `us`, `them`, `colleague`, or empty when the clause does not say."""
        at = i - 1
        while at >= max(0, i - _REACH_OF_SUBJECT):
            word = self._words[at]
            ahead_of_it = self._canon(at - 1)
            if word.canon in words("us") or word.canon in ("i'm", "we're"):
                return "us"
            if word.canon in words("them") and word.canon not in ("him", "her", "them"):
                return "them" if self._named_before or self._has_party() else ""
            if word.kinds & PARTY and ahead_of_it not in words("prepositions"):
                return "them"
            if "user" in word.kinds and ahead_of_it not in words("prepositions"):
                return "colleague"
            if word.canon in words("customer"):
                return "them"
            at -= 1
        return "other" if self.has_other_subject(i) else ""

    def has_other_subject(self, i: int) -> bool:
        """ "Our competitor visited Juniper": a noun right before the verb that is none of us."""
        at = i - 1
        while at >= 0 and (
            self._words[at].canon in words("adverbs") or self._words[at].canon in words("auxiliaries")
        ):
            at -= 1
        word = self._words[at] if at >= 0 else None
        if word is None or word.kinds or not word.canon.isalpha():
            return False
        known = words("prepositions") | words("before_verb") | words("us") | words("them") | words("customer")
        return word.canon not in known and form_of(word.canon) is None

    def _object(self, i: int, needs_with: bool) -> str:
        """Who is meant behind the verb: `them`, `us` or nobody; some verbs need "with" or "to" before."""
        linked = not needs_with
        for word in self._words[i + 1 : i + 1 + _REACH_OF_OBJECT]:
            if word.canon in words("contact_with", "with"):
                linked = True
            elif linked and word.kinds & PARTY:
                return "them"
            elif linked and word.canon in ("him", "her", "them", "everyone", "everybody", *words("customer")):
                return "them" if self._named_before or self._has_party() or word.canon in words("customer") else ""
            elif linked and word.canon in ("me", "us"):
                return "us"
            elif not word.kinds and form_of(word.canon) is not None and word.canon not in words("adverbs"):
                return ""
        return ""

    def _has_party(self) -> bool:
        return any(word.kinds & PARTY for word in self._words)

    def _light_before(self, i: int) -> bool:
        for at in range(i - 1, max(-1, i - 1 - _REACH_OF_LIGHT), -1):
            canon = self._canon(at)
            if canon in words("light"):
                between = {word.canon for word in self._words[at:i]}
                later = {word.canon for word in self._words[i : i + 4]}
                is_ahead = self._before(at) in words("ahead") or bool((between | later) & words("between_tells"))
                return not is_ahead
            if not self._words[at].kinds and form_of(canon) and canon not in words("adverbs"):
                return False
        return False

    def _party_behind(self, i: int) -> str:
        """The preposition behind a noun that leads to a customer ("text from Hannah")."""
        link = self._canon(i + 1)
        for word in self._words[i + 2 : i + 5]:
            if word.kinds & PARTY:
                return link
        return ""

    @staticmethod
    def _direction_of_noun(kind: str, link: str) -> str:
        if kind in ("meeting", "visit"):
            return ""
        if link in words("inbound_before"):
            return "inbound"
        return "outbound" if link in words("outbound_before") else ""

    def _follows(self, i: int, listed: frozenset[str]) -> bool:
        return self._canon(i + 1) in listed

    def _hit(self, kind: str, direction: str, at: int, *, tag: str = "contacted") -> Hit:
        value = {"type": kind, "direction": direction} if direction else {"type": kind}
        return Hit(tag, value, self._first + at, self._first + at + 1)
