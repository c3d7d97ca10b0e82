"""What one clause says about fields of a deal: new values as the server reads them, each with how surely it
is meant."""

from collections.abc import Callable, Iterator, Sequence

from language.amounts import AmountMention
from language.builtin.clauses import Clause, Outline, amounts_in, dates_in
from language.builtin.deal_mentions import is_about_deal, is_labelled
from language.builtin.deal_roles import contact_in, owner_in
from language.builtin.deal_stages import outcome_in, stage_in, stage_reference
from language.builtin.field_change import FieldChange
from language.builtin.patterns import Hit
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.vocabulary import load_words
from language.dates import DateMention

_MOST_BESIDE_NEW = 5
_EVENTS = ("task_word", "contact_noun", "plan")


def fields_in(outline: Outline, clause: Clause, before: Clause | None) -> list[FieldChange]:
    """All changes of deal fields in a clause, given the clause before it."""
    found = [change for read in _READERS for change in read(outline, clause, before)]
    if "reported" in clause.moods or clause.has("reported"):
        return [FieldChange(each.field, each.value, each.at, weak=True) for each in found]
    return found


def value_for(outline: Outline, clause: Clause, name: str) -> str:
    """The value of the right type for a field in a clause that gives nothing else: a corrected day or amount."""
    if name == "close_date":
        days = [each for each in dates_in(clause) if each.on or each.shift]
        return spoken_date(days[-1]) if days else ""
    if name == "amount":
        amounts = _new_amounts(outline, clause)
        return spoken_amount(amounts[-1], 0) if amounts else ""
    if name == "stage":
        stages = clause.things("stage")
        return stage_reference(stages[-1].thing) if stages else ""
    return ""


def _amount(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    mentions = _new_amounts(outline, clause)
    if not mentions or _is_noise(outline, clause, mentions[-1]):
        return
    mention = mentions[-1]
    at = _index_of(outline, clause, mention)
    verb = _last(clause.all("amount_verb"), at)
    change = _last(clause.all("amount_change"), at)
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


def _new_amounts(outline: Outline, clause: Clause) -> list[AmountMention]:
    """The amounts of a clause but those that are called old ("not 43", "instead of 19.6")."""
    old = {id(w.thing) for hit in clause.all("old_value") for w in outline.words[hit.first : hit.after]}
    mentions = [mention for mention in amounts_in(clause) if id(mention) not in old]
    return [mention for mention in mentions if not _is_list_number(outline, mention)]


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
    at = _index_of(outline, clause, mention)
    return any(at - 4 <= hit.first <= at + 2 or hit.after == at for hit in clause.all("amount_noise"))


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


def _close_date(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    old = {id(w.thing) for hit in clause.all("old_value") for w in outline.words[hit.first : hit.after]}
    dates = [each for each in dates_in(clause) if id(each) not in old and each.bound not in ("from", "since")]
    if (
        not dates
        or clause.has("task_new")
        or (clause.has("to_stage") and not clause.has("close_word", "push", "pull"))
    ):
        return
    date = _date_of_deal(outline, clause, dates)
    at = _index_of(outline, clause, date)
    word, push, pull = clause.hit("close_word"), clause.hit("push"), clause.hit("pull")
    named = is_about_deal(clause) or _goes_on_about_deal(clause, before)
    is_event = clause.has(*_EVENTS) or _has_event_noun(clause)
    if word and (
        named
        or clause.things("account")
        or _is_date_noun(outline, word)
        or word.first <= clause.first + 1
        or clause.has("polite")
    ):
        sign = -1 if pull and not push else 1
        yield FieldChange("close_date", spoken_date(date, sign=sign), at)
    elif named and date.shift and _is_terse_shift(clause):
        yield FieldChange("close_date", spoken_date(date), at)
    elif (push or pull) and (named or not is_event) and (named or clause.things("account") or date.shift):
        yield FieldChange("close_date", spoken_date(date, sign=-1 if pull and not push else 1), at)
    elif clause.has("move") and named and not is_event and date.on and date.on > outline.reading.situation.today:
        yield FieldChange("close_date", spoken_date(date), at, weak=not _moves_to(clause, at))
    elif named and date.on and clause.has("move"):
        yield FieldChange("close_date", spoken_date(date), at, weak=True)


def _goes_on_about_deal(clause: Clause, before: Clause | None) -> bool:
    """ "The linkspan deal can't sign in July, move to 15 August": an order without an object behind a clause about a
    deal."""
    if before is None or before.sentence != clause.sentence or not is_about_deal(before) or before.has(*_EVENTS):
        return False
    verb = clause.hit("move", "push", "pull")
    covered = {
        i
        for hit in clause.all("move", "push", "pull", "joint", "filler", "polite", "stage_verb")
        for i in range(hit.first, hit.after)
    }
    loose = load_words("deal_words")["beside_terse_date"]
    rest = [
        word
        for i, word in enumerate(clause.words, clause.first)
        if i not in covered and word.canon[0].isalnum() and "date" not in word.kinds and word.canon not in loose
    ]
    return verb is not None and not rest


def _date_of_deal(outline: Outline, clause: Clause, dates: Sequence[DateMention]) -> DateMention:
    """The last date, but the first behind "close date" when a task is spoken of behind that."""
    word, task = clause.hit("close_word"), clause.hit("task_word", "task_new")
    if word is None or task is None or task.first < word.first:
        return dates[-1]
    behind = [each for each in dates if word.first <= _index_of(outline, clause, each) <= task.first]
    return behind[0] if behind else dates[-1]


def _is_terse_shift(clause: Clause) -> bool:
    """ "Retrofit 3 weeks later pls": nothing but a deal and a move."""
    polite = {i for hit in clause.all("polite", "joint") for i in range(hit.first, hit.after)}
    words = [word for i, word in enumerate(clause.words, clause.first) if word.canon.isalnum() and i not in polite]
    return all(word.kinds & {"deal", "date"} for word in words) or len(words) <= 2


def _moves_to(clause: Clause, at: int) -> bool:
    return any(hit.first < at for hit in clause.all("move"))


def _is_date_noun(outline: Outline, hit: Hit) -> bool:
    text = " ".join(word.canon for word in outline.words[hit.first : hit.after])
    return any(noun in text.replace(" ", "") or noun in text for noun in load_words("deal_words")["date_nouns"])


def _has_event_noun(clause: Clause) -> bool:
    return any(word.canon in load_words("deal_words")["events"] for word in clause.words)


def _forecast(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    for hit in clause.all("forecast"):
        is_out = hit.value["category"] == "omitted"
        led = any(each.after == hit.first for each in clause.all("forecast_verb"))
        if not is_out and (
            _is_category_alone(outline, clause, before, hit) or (_joins_stage(outline, clause, hit))
        ):
            yield FieldChange("forecast_category", hit.value["category"], hit.first)
            return
        if is_out and (clause.has("forecast_change", "stage_verb") or is_about_deal(clause)):
            yield FieldChange("forecast_category", "omitted", hit.first)
            return
        changed = clause.has("forecast_change", "stage_verb") or _is_labelled_forecast(outline, hit)
        led = led or _is_labelled_forecast(outline, hit)
        if not is_out and led and changed and not clause.has("to_stage"):
            yield FieldChange("forecast_category", hit.value["category"], hit.first)
            return


def _is_labelled_forecast(outline: Outline, hit: Hit) -> bool:
    """ "Forecast best case", 预测：承诺."""
    before = [word.canon for word in outline.words[max(0, hit.first - 3) : hit.after]]
    return bool({"forecast", "category", "测", "别"} & set(before))


def _joins_stage(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "To Negotiation and commit": the category right behind a move to a stage."""
    moves = [each for each in clause.all("to_stage") if each.after <= hit.first]
    between = [word.canon for word in outline.words[moves[-1].after : hit.first]] if moves else []
    return bool(moves) and all(
        each in ("and", ",", "/", "in", "to", "into", "as", "&", "+", "和", "，", "、") for each in between
    )


def _is_category_alone(outline: Outline, clause: Clause, before: Clause | None, hit: Hit) -> bool:
    """ "Solstice pilot best case", "to Negotiation, commit": nothing but the category, with or right behind a deal
    or its stage."""
    told = {
        i
        for each in clause.all("filler", "joint", "polite", "forecast_change")
        for i in range(each.first, each.after)
    }
    loose = load_words("deal_words")["beside_terse"]
    rest = [
        word
        for i, word in enumerate(clause.words, clause.first)
        if not hit.first <= i < hit.after
        and i not in told
        and word.canon.isalnum()
        and not word.kinds & {"deal", "stage", "amount"}
        and word.canon not in loose
        and word.canon not in ("to", "as", "in", "into")
    ]
    if rest or not clause.is_plain:
        return False
    follows = before is not None and before.sentence == clause.sentence
    deals = {word.canon for word in outline.words if "deal" in word.kinds}
    if hit.first == clause.first and len(deals) == 1 and not clause.things("amount"):
        return True
    return bool(clause.things("deal", "stage")) or (
        follows and before is not None and (before.has("to_stage") or bool(before.things("deal", "stage")))
    )


def _last(hits: Sequence[Hit], at: int) -> Hit | None:
    before = [hit for hit in hits if hit.first < at]
    return before[-1] if before else None


def _index_of(outline: Outline, clause: Clause, thing: object) -> int:
    return next(i for i in range(clause.first, clause.after) if outline.words[i].thing is thing)


_READERS: Sequence[Callable[[Outline, Clause, Clause | None], Iterator[FieldChange]]] = (
    stage_in,
    outcome_in,
    _amount,
    _close_date,
    _forecast,
    owner_in,
    contact_in,
)
