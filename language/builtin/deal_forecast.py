"""What one clause says about a deal's forecast category."""

from collections.abc import Iterator

from language.builtin.clauses import Clause, Outline
from language.builtin.deal_mentions import is_about_deal
from language.builtin.field_change import FieldChange
from language.builtin.patterns import Hit
from language.builtin.vocabulary import load_words


def forecast_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """The forecast category that a clause puts a deal into."""
    for hit in (each for each in clause.all("forecast") if not _is_left(outline, each)):
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


def _is_left(outline: Outline, hit: Hit) -> bool:
    """ "From commit to best case", 从承诺降成: the category that a deal leaves."""
    return hit.first > 0 and outline.words[hit.first - 1].canon in load_words("deal_words")["before_left"]


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
