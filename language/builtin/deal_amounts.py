"""What one clause says about a deal's amount: a new sum, a change of the present one, or nothing."""

from collections.abc import Iterator
from decimal import Decimal

from language.amounts import AmountMention
from language.builtin.clauses import Clause, Outline, amounts_in
from language.builtin.deal_mentions import index_of, is_about_deal, is_labelled, last_before
from language.builtin.field_change import FieldChange
from language.builtin.patterns import Hit
from language.builtin.spoken import spoken_amount
from language.builtin.vocabulary import load_words
from language.tokens import NUMBER_TAGS, quantity, tokenize

_MOST_BESIDE_NEW = 5
# A free-standing number below this is no sum of a deal.
_LEAST_SUM = 1000
# What a figure may leave out of a sum that was just said in full, and how far apart the two may be.
_SCALES, _NEARLY = (Decimal(1000), Decimal(10_000), Decimal(1_000_000)), 2


def amount_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """The new amount that a clause gives a deal; weak when it is only told."""
    mentions = new_amounts(outline, clause)
    if not mentions or _is_noise(outline, clause, mentions[-1]):
        return
    mention = mentions[-1]
    at = index_of(outline, clause, mention)
    verb = last_before(clause.all("amount_verb"), at)
    change = last_before(clause.all("amount_change"), at)
    named = is_about_deal(clause) or is_labelled(before, clause)
    sign = _direction(outline, change, mention, at)
    if mention.kind == "percent" and not sign and not clause.has("amount_word"):
        return
    if mention.kind == "percent" and _before(outline, at) in load_words("deal_words")["absolute_before"]:
        return
    if (clause.has("amount_word") and not clause.has("no_amount")) or (
        ((change or (verb and named) or _is_settled(clause, at)) and mention.kind != "plain")
        or ((change or verb) and named)
        or _is_pointed_at(outline, clause, mention, at, named=named)
        or _comes_to(outline, clause, mention, at)
    ):
        yield FieldChange("amount", spoken_amount(mention, sign), at)
    elif (
        _is_terse(outline, clause, before)
        or _is_result(outline, clause, mention)
        or _replaces(outline, clause, before)
    ):
        yield FieldChange("amount", spoken_amount(mention, _written_sign(outline, mention)), at)
    elif is_about_deal(clause) and mention.kind in ("money", "factor"):
        yield FieldChange("amount", spoken_amount(mention, sign), at, weak=True)


def new_amounts(outline: Outline, clause: Clause) -> list[AmountMention]:
    """The amounts of a clause but those that are called old ("not 43", "instead of 19.6")."""
    old = {id(w.thing) for hit in clause.all("old_value") for w in outline.words[hit.first : hit.after]}
    mentions = [mention for mention in amounts_in(clause) if id(mention) not in old]
    return [mention for mention in mentions if not _is_list_number(outline, mention)]


def in_scale_of(before: str, outline: Outline, clause: Clause) -> str:
    """A bare figure in the scale of the sum that it corrects: "ninety-nine thousand. Sorry, ninety-eight" is 98,000.

    Empty where the clause holds no such figure, or it comes nowhere near that sum.
    """
    figure, old = _bare_figure(outline, clause), before.split(maxsplit=1)[0] if before else ""
    if figure is None or not old.replace(".", "", 1).isdigit() or not 0 < figure < _LEAST_SUM <= Decimal(old):
        return ""
    near = [sum_ for scale in _SCALES if 1 / _NEARLY < (sum_ := figure * scale) / Decimal(old) < _NEARLY]
    return " ".join([f"{near[0].normalize():f}", *before.split()[1:]]) if near else ""


def _bare_figure(outline: Outline, clause: Clause) -> Decimal | None:
    """The last figure of a clause that stands alone, also in words."""
    told = {id(word.thing) for hit in clause.all("old_value") for word in outline.words[hit.first : hit.after]}
    denied = load_words("corrections")["not_before"]
    busy = [
        word
        for before, word in zip([None, *clause.words], clause.words, strict=False)
        if (word.kinds and not word.kinds & {"amount"})
        or id(word.thing) in told
        or (before is not None and before.canon in denied)
    ]
    found = [
        token
        for token in tokenize(clause.text)
        if token.tag in NUMBER_TAGS
        and not any(w.start < clause.start + token.end and clause.start + token.start < w.end for w in busy)
    ]
    behind = [word for word in clause.words if found and word.start >= clause.start + found[-1].end][:1]
    counts = any(word.canon[0].isalnum() and word.canon not in _behind_figure() for word in behind)
    return None if counts or not found else quantity(found[-1]).value


def _behind_figure() -> frozenset[str]:
    """Words that may follow a figure that counts nothing."""
    return frozenset(map(str, load_words("deal_words")["behind_figure"]))


def told_amounts(outline: Outline, clause: Clause) -> list[AmountMention]:
    """The amounts of a clause that may be a deal's new one, though it only tells them: sums, and percentages off."""
    return [
        mention
        for mention in new_amounts(outline, clause)
        if not _is_noise(outline, clause, mention)
        and (
            mention.kind in ("money", "factor")
            or (mention.kind == "plain" and mention.value >= _LEAST_SUM)
            or (mention.kind == "percent" and (mention.off or mention.direction))
        )
    ]


def _is_list_number(outline: Outline, mention: AmountMention) -> bool:
    """ "2) move it": the number of a list item."""
    text, span = outline.reading.text, mention.span
    starts = not text[: span.start].strip(" \t") or text[: span.start].rstrip(" \t").endswith("\n")
    starts = starts or ("(" not in text[: span.start] and text[span.start - 1 : span.start].isspace())
    return (
        mention.kind == "plain"
        and starts
        and (
            text[span.end : span.end + 1] in (")", "、", "）")
            or (text[span.end : span.end + 2] in (". ", ".") and not text[: span.start].strip(" \t"))
        )
    )


def _is_noise(outline: Outline, clause: Clause, mention: AmountMention) -> bool:
    at = index_of(outline, clause, mention)
    named = {hit.after for hit in clause.all("amount_word")}
    # "Amount up to 240k" names the new one.
    noise = [hit for hit in clause.all("amount_noise") if not (hit.first in named and hit.after == at)]
    return any(at - 4 <= hit.first <= at + 2 or hit.after == at for hit in noise)


def _before(outline: Outline, at: int) -> str:
    return outline.words[at - 1].canon if at else ""


def _is_pointed_at(outline: Outline, clause: Clause, mention: AmountMention, at: int, *, named: bool) -> bool:
    """ "They cut one conveyor → 128k"; "52k instead of 48k for the retrofit"."""
    if _before(outline, at) in load_words("deal_words")["arrows"]:
        return mention.kind != "percent"
    replaced = any(
        "amount" in word.kinds for hit in clause.all("old_value") for word in outline.words[hit.first : hit.after]
    )
    return replaced and named


def _comes_to(outline: Outline, clause: Clause, mention: AmountMention, at: int) -> bool:
    """ "Two installs fewer, which brings us to 48,200": what was spoken of comes to that, no other thing."""
    result = next((hit for hit in clause.all("amount_result") if hit.after == at), None)
    if result is None or mention.kind == "percent" or mention.value < _LEAST_SUM:
        return False
    small = load_words("deal_words")["before_result"]
    before = outline.words[clause.first : result.first]
    return all("deal" in word.kinds or word.canon in small or not word.canon[0].isalnum() for word in before)


def _is_settled(clause: Clause, at: int) -> bool:
    """谈下来三十五万, 说好一百零八万."""
    settled = load_words("deal_words")["settled"]
    return any(
        hit.after == at
        and "".join(w.canon for w in clause.words[hit.first - clause.first : at - clause.first]) in settled
        for hit in clause.all("amount_verb")
    )


def _is_terse(outline: Outline, clause: Clause, before: Clause | None) -> bool:
    """ "Acme pilot: 45k"; or ", 5.5w" right after a change of a deal."""
    loose = load_words("deal_words")["beside_terse_amount"]
    words = [word for word in clause.words if word.canon.isalnum() or word.kinds]
    others = [word for word in words if not word.kinds & {"amount", "deal"} and word.canon not in loose]
    if others or not clause.is_plain:
        return False
    if clause.things("deal") or _before(outline, clause.first) in load_words("deal_words")["bullets"]:
        return True
    return (
        before is not None
        and (before.sentence == clause.sentence or (before.has("won") and before.sentence + 1 == clause.sentence))
        and (
            before.has("to_stage", "won", "close_word", "push", "pull")
            or bool(before.things("stage"))
            or _ends_with_deal(before)
        )
    )


def _is_result(outline: Outline, clause: Clause, mention: AmountMention) -> bool:
    """ "They cut the scope, so 430k": a sum as what follows, in a message about one deal."""
    deals = {w.canon for w in outline.words if "deal" in w.kinds}
    words = [w for w in clause.words if w.canon[0].isalnum() and "amount" not in w.kinds]
    loose = load_words("deal_words")["beside_terse_amount"]
    follows = clause.words[0].canon in ("so", "hence", "所", "那") and all(
        w.canon in loose or w.canon in "所以那就" for w in words
    )
    return follows and clause.is_plain and len(deals) == 1 and mention.kind == "money"


def _replaces(outline: Outline, clause: Clause, before: Clause | None) -> bool:
    """ "It isn't 43k, it's 45k", 扩容不是27万，是28万: the clause before denies the old amount."""
    if before is None or before.sentence != clause.sentence or not clause.is_plain:
        return False
    denied = any(
        "amount" in word.kinds for hit in before.all("old_value") for word in outline.words[hit.first : hit.after]
    )
    words = [word for word in clause.words if word.canon[0].isalnum()]
    return denied and len(words) <= _MOST_BESIDE_NEW and clause.has("amount_verb", "it", "correction")


def _ends_with_deal(clause: Clause) -> bool:
    words = [word for word in clause.words if word.canon.isalnum() or word.kinds]
    return len(words) == 1 and "deal" in words[0].kinds


def _direction(outline: Outline, change: Hit | None, mention: AmountMention, at: int) -> int:
    data = load_words("deal_words")
    before = outline.words[at - 1].canon if at else ""
    if before in data["absolute_before"]:
        return 0
    if mention.direction or mention.off:
        return mention.direction or -1
    if signed := _written_sign(outline, mention):
        return signed
    if change is None or (
        before not in data["relative_before"] and at - change.after > 0 and mention.kind != "percent"
    ):
        return 0
    verb = " ".join(word.canon for word in outline.words[change.first : change.after])
    if verb in data["up"]:
        return 1
    return -1 if verb in data["down"] else 0


def _written_sign(outline: Outline, mention: AmountMention) -> int:
    """ "-10k", "+ 5%": a sign right before the figure, with a space, a colon or nothing before it."""
    text = outline.reading.text[: mention.span.start]
    said = text.split()[-1:]
    if said and said[0].casefold() in ("minus", "less", "plus"):
        return 1 if said[0].casefold() == "plus" else -1
    sign, ahead = text[-1:], text[-2:-1]
    if not sign or not (not ahead or ahead.isspace() or ahead in ":："):
        return 0
    return {"-": -1, "−": -1, "–": -1, "+": 1, "＋": 1}.get(sign, 0)
