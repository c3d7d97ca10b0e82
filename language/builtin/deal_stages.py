"""What one clause says about the stage of a deal: a move to one, or that it is won or lost."""

from collections.abc import Iterator

from language.builtin.clauses import Clause, Outline
from language.builtin.deal_mentions import is_labelled
from language.builtin.field_change import FieldChange
from language.builtin.patterns import Hit
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.lexicon import Mention
from language.script import has_cjk

OUTCOMES = ("won", "lost")
_BARE = 4
_SURE = 0.9


def stage_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """The stage that a deal is moved to, by a verb or by its bare name."""
    hit = clause.hit("to_stage")
    if hit is None:
        yield from _terse_stage(outline, clause)
        return
    word = next((w for w in outline.words[hit.first : hit.after] if "stage" in w.kinds), None)
    if word is not None and (_is_compound(outline, hit) or _names_reason(outline, hit)):
        return
    has_verb = any(verb.first <= hit.first for verb in clause.all("stage_verb", "counts_as"))
    if word is None or not (has_verb or _follows_deal(outline, hit) or _is_labelled(outline, hit)):
        yield from _terse_stage(outline, clause)
        return
    yield FieldChange("stage", stage_reference(word.thing), hit.first)


def _is_compound(outline: Outline, hit: Hit) -> bool:
    """试点方案, 续约报价: a deal's and a stage's name written as one word name a thing, not a move."""
    found = outline.words[hit.first : hit.after]
    return (
        len(found) == 2 and "deal" in found[0].kinds and found[0].end == found[1].start and has_cjk(found[1].canon)
    )


def _terse_stage(outline: Outline, clause: Clause) -> Iterator[FieldChange]:
    """ "So: Offer, 205k", "- Offer": nothing but a stage, in a message that speaks of a deal."""
    stages = clause.things("stage")
    passed = {i for hit in clause.all("joint", "filler", "polite") for i in range(hit.first, hit.after)}
    loose = load_words("deal_words")["beside_terse"]
    others = [
        word
        for i, word in enumerate(clause.words, clause.first)
        if i not in passed
        and word.canon.isalnum()
        and not word.kinds & {"stage", "deal", "amount", "date"}
        and word.canon not in loose
    ]
    if len(stages) != 1 or others or not _is_stage_alone(outline, clause, stages[0]):
        return
    index = next(i for i, word in enumerate(clause.words, clause.first) if word is stages[0])
    yield FieldChange("stage", stage_reference(stages[0].thing), index)


def _is_stage_alone(outline: Outline, clause: Clause, stage: Word) -> bool:
    """Whether the word can only mean the stage: an event's name ("Demo, 40 min") needs "so", "now" or a deal."""
    deals = [word for word in outline.words if "deal" in word.kinds and word.start < stage.start]
    is_plain = stage.canon not in load_words("deal_words")["events"] and not clause.things("duration")
    is_marked = clause.has("joint") or any(w.canon in ("now", "then") for w in clause.words)
    names_deal_before = any(word in clause.words for word in deals)
    is_whole_name = isinstance(stage.thing, Mention) and stage.thing.candidates[0].score >= _SURE
    speaks_of_deal = bool(deals) or outline.has("deal_word") or outline.reading.dialogue.focus("deal") is not None
    if outline.has("draft", "task_word") and not deals:
        return False
    return speaks_of_deal and is_whole_name and (is_plain or is_marked or names_deal_before)


def stage_reference(thing: object) -> str:
    """The id of the stage that a name means; empty when it means none."""
    entries = [item.entry for item in top_candidates(thing) if item.entry.kind == "stage"]  # type: ignore[arg-type]
    return entries[0].id if entries else ""


def _follows_deal(outline: Outline, hit: Hit) -> bool:
    """ "Orion rollout to Negotiation", "pilot → proposal"."""
    before = [
        word for word in outline.words[max(0, hit.first - 2) : hit.first + 1] if word.canon not in (",", ":")
    ]
    return any("deal" in word.kinds for word in before)


def _is_labelled(outline: Outline, hit: Hit) -> bool:
    return outline.words[hit.first].canon in load_words("deal_words")["stage_labels"]


def outcome_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """Won and lost, also without the stage's name."""
    for tag in OUTCOMES:
        hit = clause.hit(tag) or _bare_outcome(outline, clause, tag)
        if hit is not None and _names_reason(outline, hit):
            continue
        named = (
            clause.things("deal")
            or clause.has("it", "deal_word", "close_it", "pick")
            or _names_account(outline, hit)
        )
        if hit and (named or _is_bare(clause, hit)):
            yield FieldChange("outcome", tag, hit.first)
        elif (hit is None and is_labelled(before, clause) and _says_only(clause, tag)) or (
            tag == "lost" and hit is None and went_to_rival(outline, clause)
        ):
            yield FieldChange("outcome", tag, clause.first)


def _names_reason(outline: Outline, hit: Hit) -> bool:
    """ "The lost reason of the pilot", 丢单原因: the field, not a loss."""
    return outline.text[outline.words[hit.after - 1].end :].lstrip().casefold().startswith(("reason", "原因"))


def _says_only(clause: Clause, tag: str) -> bool:
    """ "- gateway upgrade: lost": nothing but the outcome behind a deal's label."""
    return [word.canon for word in clause.words if word.canon[0].isalnum()] == [tag]


def went_to_rival(outline: Outline, clause: Clause) -> bool:
    """ "The expansion went to Sensoria": a deal, and a known rival right behind."""
    hit = clause.hit("lost_to")
    if hit is None or not any(word.start < outline.words[hit.first].start for word in clause.things("deal")):
        return False
    behind = outline.own_text(outline.words[hit.after - 1].end, clause.end).casefold()
    rivals = outline.reading.situation.values.get(("deal", "competitor"), ())
    return any(name and behind.strip().startswith(name.casefold()) for name in rivals)


def _names_account(outline: Outline, hit: Hit | None) -> bool:
    """ "We lost Halden": the account stands in the phrase or right behind it."""
    return hit is not None and any("account" in word.kinds for word in outline.words[hit.first : hit.after + 1])


def _bare_outcome(outline: Outline, clause: Clause, tag: str) -> Hit | None:
    """ "Closed won", "标成丢单": a stage whose name says the outcome."""
    names = load_words("deal_words")[f"outcome_words_{tag}"]
    for i, word in enumerate(clause.words, clause.first):
        if "stage" in word.kinds and any(name in word.canon for name in names):
            marked = clause.has("stage_verb", "close_it", "to_stage", "apply") or len(clause.words) <= 4
            return Hit(tag, {}, i, i + 1) if marked else None
    return None


def _is_bare(clause: Clause, hit: Hit) -> bool:
    """Whether a clause says little more than the outcome: "closed won", "we lost"."""
    return len([word for word in clause.words if word.canon.isalnum()]) <= _BARE or hit.after == clause.after
