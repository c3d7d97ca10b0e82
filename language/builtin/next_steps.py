"""The next step that a clause gives for a deal, in the person's words: behind its label, before it, or as what comes
next."""

from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.patterns import Hit
from language.builtin.quoted import quoted_in
from language.builtin.todo import ACTS
from language.builtin.vocabulary import load_words

_COLONS = frozenset({":", "："})
# So many signs may stand before a quotation that is the whole text.
_LEAD = 4
_NEAR = 2
_EDGES = " \t\n,.;:!?=-–—>→\"'“”‘’，。；：！？、「」()（）"


def next_step_in(outline: Outline, clause: Clause) -> str:
    """The next step that a clause gives for a deal; empty when it gives none."""
    behind = clause.hit("next_step_behind")
    hit = clause.hit("next_step")
    if clause.has("next_step_lacks"):
        return _filled_in(outline, clause)
    if behind is not None and clause.is_plain:
        if not _announces(outline, behind):
            return _before_label(outline, clause, behind)
        hit = behind
    if hit is None or (clause.moods & {"negation", "question", "condition"} and not _has_quote(outline, hit)):
        return _replaced_next_step(outline, clause)
    if hit.value.get("told") == "yes" and (instead := _should_be(outline, clause)) is not None:
        return instead
    start = outline.words[hit.after - 1].end
    return _without_deal(outline, clause, _clean(outline.own_text(start, max(start, _end(outline, clause)))))


def _end(outline: Outline, clause: Clause) -> int:
    """Where a next step ends that begins in a clause: before what asks for something else."""
    end = clause.end
    is_announced = clause.words[-1].canon in _COLONS
    for following in outline.clauses[clause.index + 1 :]:
        if is_announced and following.index == clause.index + 1:
            end = following.end
            continue
        if (
            following.sentence != clause.sentence
            or following.has(*ACTS, "promise")
            or (following.has("draft") and outline.asks_for_draft)
            or following.has("to_stage")
            or (following.has("forecast") and following.has("forecast_verb"))
        ):
            break
        end = following.end
    return end


def _announces(outline: Outline, hit: Hit) -> bool:
    """Whether a colon stands behind it: "write as the next step: budget approval"."""
    behind = outline.words[hit.after :][:1]
    return bool(behind) and behind[0].canon in _COLONS


def _before_label(outline: Outline, clause: Clause, behind: Hit) -> str:
    """ "Put X as the next step", "first comes X, that's the next step": what stands before the label."""
    start, label = clause.start, outline.words[behind.first].start
    text = outline.own_text(start, label)
    if not text.strip(_EDGES):
        before = outline.clauses[clause.index - 1] if clause.index else None
        is_told = before is not None and before.sentence == clause.sentence and before.is_plain
        return _without_lead(outline, before) if is_told and before is not None else ""
    if (quoted := quoted_in(text)) is not None:
        return quoted.text
    verbs = load_words("deal_texts")["step_verbs"]
    words = [word for word in clause.words if word.start < label]
    first = next((i + 1 for i, word in enumerate(words) if word.canon in verbs), 0)
    if not first and words[0].canon in load_words("deal_texts")["no_step_begins"]:
        return ""
    if not first:
        return _without_lead(outline, clause, label)
    while first < len(words) and words[-1].canon in load_words("deal_texts")["behind_step"]:
        words.pop()
    return _clean(outline.own_text(words[first].start, words[-1].end)) if first < len(words) else ""


def _without_lead(outline: Outline, clause: Clause, until: int | None = None) -> str:
    """What a clause says, without "before anything else comes" or "on the retrofit first" at its head."""
    lead = clause.hit("step_lead")
    start = outline.words[lead.after - 1].end if lead is not None else clause.start
    return _without_deal(outline, clause, _clean(outline.own_text(start, until or clause.end)))


def _filled_in(outline: Outline, clause: Clause) -> str:
    """ "It lacks a next step, enter “survey”": the quoted words of the order behind."""
    if clause.moods & {"question", "condition", "hearsay"}:
        return ""
    for following in _behind(outline, clause):
        quoted = quoted_in(following.text)
        verbs = load_words("deal_texts")["step_verbs"]
        if quoted is not None and following.is_plain and any(word.canon in verbs for word in following.words):
            return quoted.text
    return ""


def _should_be(outline: Outline, clause: Clause) -> str | None:
    """The words behind "it should be", where the label only told what stands there now; None without such."""
    for following in _behind(outline, clause):
        hit = following.hit("it_should_be")
        if hit is not None and following.is_plain:
            return _clean(outline.own_text(outline.words[hit.after - 1].end, following.end))
        if following.has("correction", "negation"):
            return ""
    return None


def _behind(outline: Outline, clause: Clause) -> Sequence[Clause]:
    """The clauses right behind one, also of the next sentence."""
    near = outline.clauses[clause.index + 1 : clause.index + 1 + _NEAR]
    return [each for each in near if each.sentence <= clause.sentence + 1]


def _without_deal(outline: Outline, clause: Clause, text: str) -> str:
    """The next step without "on the Harbor retrofit" or "on it" before it."""
    for word in clause.things("deal"):
        name = outline.own_text(word.start, word.end)
        for lead in load_words("deal_texts")["of_deal"]:
            for article in ("", "the "):
                head = f"{lead} {article}{name}"
                if text.casefold().startswith(head.casefold()):
                    return _clean(text[len(head) :])
    return text


def _replaced_next_step(outline: Outline, clause: Clause) -> str:
    """ "The next step isn't a demo any more, it's a reference call"."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    if (
        before is None
        or before.sentence != clause.sentence
        or "negation" not in before.moods
        or not before.has("next_step")
    ):
        return ""
    lead = next((w for w in load_words("deal_texts")["instead"] if clause.text.lower().startswith(w)), "")
    return _clean(clause.text[len(lead) :]) if lead else ""


def _has_quote(outline: Outline, hit: Hit) -> bool:
    start = outline.words[hit.after - 1].end
    return outline.own_text(start, start + 2).strip()[:1] in "\"'“‘「"


def _clean(text: str) -> str:
    quoted = quoted_in(text)
    if quoted is not None and quoted.start < _LEAD:
        return quoted.text
    text = text.strip(_EDGES)
    words = load_words("deal_texts")
    for lead in words["before"]:
        if text.lower().startswith(lead):
            text = text[len(lead) :].strip(_EDGES)
    for tail in words["after"]:
        if text.lower().endswith(tail):
            text = text[: -len(tail)].strip(_EDGES)
    return text
