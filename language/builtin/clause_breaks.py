"""Where a message parts into clauses and sentences: at signs, at joints that the phrases give, at spaces in Chinese."""

import unicodedata
from collections.abc import Sequence

from language.builtin.patterns import Hit
from language.builtin.words import Word
from language.script import has_cjk

SENTENCE_ENDS = frozenset(".!?。！？\n;；…")
SOFT = frozenset([",", "，", ":", "：", "—", "–", "-", "(", ")", "（", "）"])
_UNBROKEN = frozenset({"task_new", "promise", "no_task", "next_step", "close_word", "left_out", "all_but"})
_LEADS = {
    "hedge": 3,
    "undecided": 3,
    "condition": 3,
    "negation": 2,
    "reported": 0,
    "promise": 6,
    "delegate": 6,
    "task_new": 3,
}
_SHORT_BRACKET = 5
_LEAST_CHINESE_CLAUSE = 4
_DOERS = frozenset("我们咱会要得需必须务前之以内再先就来上下午早晚")
_WRAPPED_LINE = 60
_FIRST_PICTURE = "\U0001f000"
_LISTED = frozenset({"contact", "user", "lead", "account"})


class Breaks:
    """The places in the words of a message at which clauses begin."""

    def __init__(self, words: Sequence[Word], hits: Sequence[Hit], text: str) -> None:
        self._words = words
        self._hits = hits
        self._text = text

    def find(self) -> set[int]:
        """The words at which a clause begins."""
        whole = [hit for hit in self._hits if hit.tag in _UNBROKEN]
        joints = {hit.first for hit in self._hits if hit.tag == "joint"}
        breaks = {at for at in joints if not any(hit.first < at < hit.after for hit in whole)}
        breaks -= {hit.first for hit in self._hits if hit.value.get("led") and self._is_led(hit)}
        short = self._short_brackets()
        for i, word in enumerate(self._words):
            if (
                word.canon in SOFT
                and not (word.kinds or i in short or self._is_in_list(i))
                and self._is_apart(word)
            ):
                breaks.add(i + 1)
        verbs = {i for hit in self._hits if hit.tag == "no_filler" for i in range(hit.first, hit.after)}
        for hit in self._hits:
            if hit.tag == "filler" and hit.first not in verbs:
                breaks |= {hit.first, hit.after}
            if hit.tag == "left_out" and self._is_chinese_deal(hit.first):
                breaks.add(hit.first)
        return breaks | self._spaced_out()

    def _is_chinese_deal(self, index: int) -> bool:
        """…改到月底设备监测那个不改: what stays begins a clause of its own, also without a comma."""
        word = self._words[index]
        return "deal" in word.kinds and has_cjk(word.canon)

    def _spaced_out(self) -> set[int]:
        """Chinese that is parted by spaces instead of commas: where both sides say more than a name."""
        found: set[int] = set()
        start = 0
        for i in range(1, len(self._words)):
            word, before = self._words[i], self._words[i - 1]
            if before.canon in SENTENCE_ENDS | SOFT:
                start = i
            gap = self._text[before.end : word.start]
            if not gap or not gap.isspace() or "\n" in gap:
                continue
            if _says_much(self._words[start:i]) and _says_much(self._run(i)):
                found.add(i)
                start = i
        return found

    def _run(self, i: int) -> list[Word]:
        """The words from `i` on that no space or sign parts."""
        run = [self._words[i]]
        for word in self._words[i + 1 :]:
            if word.start > run[-1].end or word.canon in SENTENCE_ENDS | SOFT:
                break
            run.append(word)
        return run

    def _is_led(self, joint: Hit) -> bool:
        """Whether 把 goes on with a promise or a mood word before it: 我答应周五把图纸给她, 可能要把金额改小."""
        for hit in self._hits:
            reach = _LEADS.get(hit.tag)
            between = self._words[hit.after : joint.first]
            if reach is not None and 0 <= joint.first - hit.after <= reach:
                return all(word.kinds or word.canon.isalnum() for word in between)
        return self._follows_day(joint.first)

    def _follows_day(self, index: int) -> bool:
        """Whether only a day and who does it stand before: 下周三之前我把合同发给他."""
        found = False
        for word in reversed(self._words[:index]):
            if word.canon in SENTENCE_ENDS | SOFT:
                break
            if not (word.kinds & {"date", "user"} or word.canon in _DOERS):
                return False
            found = found or "date" in word.kinds
        return found

    def _short_brackets(self) -> set[int]:
        """The words of brackets that only hold a few words ("Ben (Tallgrass)"): they part nothing."""
        found: set[int] = set()
        opened: int | None = None
        for i, word in enumerate(self._words):
            if word.canon in "(（":
                opened = i
            elif word.canon in ")）" and opened is not None and i - opened <= _SHORT_BRACKET:
                found |= set(range(opened, i + 1))
        return found

    def _is_in_list(self, i: int) -> bool:
        """A comma or bracket between names does not part clauses."""
        before, after = self._words[max(0, i - 1) : i], self._words[i + 1 : i + 2]
        return bool(before and after and before[0].kinds & _LISTED and after[0].kinds & _LISTED)

    def _is_apart(self, word: Word) -> bool:
        if word.canon not in ("-", ":", "："):
            return True
        return word.canon != "-" or self._text[word.end : word.end + 1].isspace()

    def ends_sentence(self, word: Word) -> bool:
        """Whether a sign ends a sentence, and not a figure or a wrapped line; a picture does, too."""
        if _is_picture(word.canon):
            return True
        if word.canon not in SENTENCE_ENDS or word.kinds:
            return False
        following = self._text[word.end : word.end + 1]
        if word.canon == "\n":
            line = word.start - self._text.rfind("\n", 0, word.start)
            return line < _WRAPPED_LINE or not following.islower()
        return word.canon != "." or not following or not following.isalnum()


def _is_picture(sign: str) -> bool:
    """Whether it is an emoji."""
    return len(sign) == 1 and sign >= _FIRST_PICTURE and unicodedata.category(sign) == "So"


def _says_much(words: Sequence[Word]) -> bool:
    """Whether a stretch of Chinese says more than who and how: a deal, or some words that are no names."""
    plain = [word for word in words if not word.kinds and has_cjk(word.canon)]
    valued = any(word.kinds & {"amount", "date", "stage"} for word in words)
    return len(plain) >= _LEAST_CHINESE_CLAUSE - 2 * valued or any(
        "deal" in word.kinds and has_cjk(word.canon) for word in words
    )
