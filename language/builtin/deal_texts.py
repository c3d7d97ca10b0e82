"""Fields of a deal that are free text in a message: the competitor, why it was lost, a new name; `next_steps` has the
next step."""

import re
from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.deal_stages import went_to_rival
from language.builtin.outcomes import stage_of_outcome
from language.builtin.patterns import Hit
from language.builtin.quoted import quoted_in
from language.builtin.vocabulary import load_words, patterns
from language.builtin.words import top_candidates
from language.lexicon import Mention
from language.script import has_cjk

_RIVAL = 40
_SURE_NAME = 0.7
_EDGES = " \t\n,.;:!?=-–—>→\"'“”‘’，。；：！？、「」"
_NAME = re.compile(r"[A-Z][\w&.-]*(?: (?:& )?[A-Z][\w&.-]*)*")
_CJK_NAME = re.compile(r"[\u4e00-\u9fff]{2,6}")


def cleared_in(clause: Clause) -> list[str]:
    """The fields that a clause says to empty."""
    hit = clause.hit("clear_field")
    if hit is None or not clause.is_plain:
        return []
    said = "".join(word.canon for word in clause.words[hit.first - clause.first : hit.after - clause.first])
    names = load_words("deal_texts")["cleared"]
    return list(dict.fromkeys(field for word, field in names.items() if word.replace(" ", "") in said))


def competitor_in(outline: Outline, clause: Clause, earlier: Sequence[Clause]) -> str:
    """The rival that the clause says to set, or that a deal was lost to; a rival named in passing is none."""
    if clause.has("clear_field") or clause.words[0].canon in load_words("deal_texts")["asks_who"]:
        return ""
    following = outline.clauses[clause.index + 1 : clause.index + 2]
    near = [clause, *earlier[-1:], *(each for each in following if each.sentence <= clause.sentence + 1)]
    told = any(each.has("lost") and each.is_plain for each in near)
    lost = clause.hit("lost_to") if told or clause.is_plain else None
    if lost is not None and not told and not went_to_rival(outline, clause):
        lost = None
    if lost is not None and not told:
        return known_rival(
            outline, outline.own_text(outline.words[lost.after - 1].end, clause.end).strip()[:_RIVAL]
        )
    if lost is not None and _says_lost_to(outline, lost):
        if lost.value.get("sure") == "no":
            return known_rival(outline, outline.own_text(outline.words[lost.after - 1].end, clause.end))
        return rival_beside(outline, lost.after, clause, behind=True)
    if named := _replaced_competitor(outline, clause) or _winner(outline, clause):
        return named
    hit = clause.hit("competitor")
    if hit is None or clause.moods & {"negation", "question", "condition", "hedge"}:
        return ""
    is_set = clause.has("competitor_set", "apply") or (
        _gives_value(outline, hit) and not _is_mentioned(outline, hit)
    )
    if not is_set and not any(each.has("apply") for each in following):
        return ""
    is_label = outline.words[hit.first].canon != "as" and not outline.words[hit.first].canon.startswith(
        ("up", "against")
    )
    found = rival_beside(outline, hit.after, clause, behind=True) if is_label else ""
    if not found and not clause.things("deal") and not is_set_here(clause):
        return ""
    return found or rival_beside(outline, hit.first, clause, behind=False) or _rival_earlier(outline, earlier)


def _is_lost(outline: Outline, clause: Clause) -> bool:
    """Whether a clause says that a deal is lost, also by the name of that stage."""
    lost = stage_of_outcome(outline.reading.situation, "lost")
    stages = [word.thing for word in clause.things("stage") if isinstance(word.thing, Mention)]
    return clause.has("lost") or any(each.candidates[0].entry.id == lost for each in stages)


def _winner(outline: Outline, clause: Clause) -> str:
    """The rival that the message tells to have got a lost deal ("they give it to Voltaic"); nobody on record is one."""
    if not (_is_lost(outline, clause) and clause.is_plain):
        return ""
    known = [word for word in outline.words if word.kinds]
    for pattern in patterns("deal_texts", "rival_won"):
        for found in pattern.finditer(outline.text):
            start, end = found.span("rival")
            is_on_record = any(word.start < end and start < word.end for word in known)
            if not is_on_record and found["rival"].casefold() not in load_words("deal_texts")["no_rivals"]:
                return found["rival"]
    return ""


def _replaced_competitor(outline: Outline, clause: Clause) -> str:
    """ "The rival isn't A, it's B": B of a clause behind one that denies A."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    if before is None or before.sentence != clause.sentence or not before.has("competitor", "competitor_denied"):
        return ""
    if not clause.is_plain or not (before.has("negation") or "negation" in before.moods):
        return ""
    words = load_words("deal_texts")["instead"]
    if not any(clause.text.lower().startswith(word) for word in words):
        return ""
    start = max(len(word) for word in words if clause.text.lower().startswith(word))
    text = clause.text[start:]
    return known_rival(outline, text) or _unknown_rival(text, behind=True)


def is_set_here(clause: Clause) -> bool:
    """Whether the clause itself says to fill in the rival."""
    return clause.has("competitor_set", "apply", "competitor")


def _says_lost_to(outline: Outline, hit: Hit) -> bool:
    return outline.words[hit.after - 1].canon in load_words("deal_texts")["lost_to"]


def _is_mentioned(outline: Outline, hit: Hit) -> bool:
    """ "Our competitor visited them": the word alone behind "our" or "a" says no value."""
    before = outline.words[hit.first - 1].canon if hit.first else ""
    return hit.after - hit.first == 1 and before in load_words("deal_texts")["mentioned_behind"]


def _gives_value(outline: Outline, hit: Hit) -> bool:
    return outline.words[hit.after - 1].canon in load_words("deal_texts")["links"]


def rival_beside(outline: Outline, index: int, clause: Clause, *, behind: bool) -> str:
    """The name right behind word `index`, or the last one of the clause before it."""
    if behind:
        start = outline.words[index].start if index < len(outline.words) else len(outline.reading.text)
        text = outline.own_text(start, clause.end)
    else:
        text = outline.own_text(clause.start, outline.words[index].start)
    known = known_rival(outline, text)
    if known:
        return known
    text = _without_names(outline, text)
    quoted = quoted_in(text)
    if quoted is not None:
        return quoted.text
    return _unknown_rival(text, behind=behind)


def _without_names(outline: Outline, text: str) -> str:
    """The text without the names of our own records, which are no rivals."""
    for mention in outline.reading.mentions:
        if top_candidates(mention) and top_candidates(mention)[0].score >= _SURE_NAME:
            text = text.replace(mention.span.text, " ")
    return text


def _unknown_rival(text: str, *, behind: bool) -> str:
    words = load_words("deal_texts")
    names = [name for name in _NAME.findall(text) if name.lower() not in words["no_rivals"]]
    names = [name for name in names if name.split()[0].lower() not in words["no_rivals"]]
    if names:
        return str(names[0] if behind else names[-1])
    if behind and has_cjk(text):
        rest = text.strip(_EDGES)
        for tail in words["after_rival_zh"]:
            rest = rest.split(tail)[0]
        found = _CJK_NAME.match(rest)
        return found[0] if found else ""
    if behind:
        first = text.strip(_EDGES).split(" ")[0].strip(_EDGES)
        return first if first.isalpha() and first.lower() not in words["no_rivals"] else ""
    return ""


def _rival_earlier(outline: Outline, earlier: Sequence[Clause]) -> str:
    for clause in reversed(earlier[-2:]):
        found = known_rival(outline, clause.text) or _unknown_rival(clause.text, behind=False)
        if found:
            return found
    return ""


def known_rival(outline: Outline, text: str) -> str:
    """The rival of the records that a text names; empty without one."""
    known = outline.reading.situation.values.get(("deal", "competitor"), ())
    folded = text.casefold()
    return next((name for name in known if name and name.casefold() in folded), "")


def lost_reason_for(outline: Outline, clause: Clause) -> str:
    """The reason for a loss, said in the clause or near it; empty when none was given."""
    near = sorted(outline.clauses, key=lambda each: (abs(each.index - clause.index), each.index))
    for each in near:
        if abs(each.sentence - clause.sentence) > 2:
            continue
        hits = [hit for hit in each.all("lost_reason") if not _is_stage(outline, hit)]
        if hits and not ({"question", "condition"} & each.moods):
            return hits[-1].value["reason"] if each is not clause else _best(hits)
    return ""


def _is_stage(outline: Outline, hit: Hit) -> bool:
    """ "Shelved", where a stage is called so."""
    return all("stage" in word.kinds for word in outline.words[hit.first : hit.after])


def _best(hits: Sequence[Hit]) -> str:
    return hits[0].value["reason"]


def new_name_in(outline: Outline, clause: Clause) -> str:
    """ "Rename it to X"."""
    hit = clause.hit("rename")
    if hit is None or not clause.is_plain:
        return ""
    text = outline.own_text(outline.words[hit.after - 1].end, clause.end)
    quoted = quoted_in(text)
    if quoted is not None:
        return quoted.text
    parts = re.split(r"\s(?:to|as|into)\s|改成|改为|叫", text, maxsplit=1)
    named = hit.value.get("named") == "yes" or any(
        w.canon == "名" or "name" in w.canon for w in outline.words[hit.first : hit.after]
    )
    return parts[-1].strip(_EDGES) if len(parts) > 1 or named else ""
