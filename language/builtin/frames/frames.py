"""The tags that a clause gets by its structure, beside those that its phrases give."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from language.builtin.frames.contact_frames import PARTY, ContactFrames
from language.builtin.frames.contact_frames_zh import chinese_contacts
from language.builtin.frames.duty_frames import duties
from language.builtin.frames.duty_frames_zh import chinese_duties
from language.builtin.frames.verbs import form_of, kind_of, words
from language.builtin.patterns import Hit
from language.script import has_cjk

if TYPE_CHECKING:
    from language.builtin.clauses import Clause, Outline

_CONTACT = ("contacted", "contact_noun", "contact_bare")
_DEAL_TALK = ("to_stage", "push", "pull", "close_word")
_LONGEST_AHEAD = timedelta(days=200)
_NO_CONTACT = ("contacted", "task_new", "task_done", "no_log", "called_off", "create", "convert")
_NO_DUTY = (
    "task_new",
    "promise",
    "delegate",
    "do_later",
    "colleague_does",
    "task_done",
    "task_move",
    "draft",
    "log",
    "create",
    "convert",
    "next_step",
)
# How far 的 may stand before the task: 的那个任务.
_NOUN_LEADS = frozenset({"a", "an", "the", "another", "this", "that", "one", "his", "her", "their", "new"})
_SHORT_LINK = 3


def without_compounds(clause: "Clause") -> Sequence[Hit]:
    """The phrases of a clause but contacts whose noun only tells of what kind a thing is, "the demo prep", and orders
    to create whose verb only tells which ones are meant, "every open deal", or is part of another word, 更新商机."""
    kept = []
    for hit in clause.hits:
        following = clause.words[hit.after - clause.first] if hit.after < clause.after else None
        last = clause.words[min(hit.after, clause.after) - clause.first - 1]
        is_noun = bool(kind_of(last.canon, "nouns"))
        if hit.tag in _CONTACT and following is not None and is_noun and following.canon in words("not_behind"):
            continue
        if (
            hit.tag == "contacted"
            and following is not None
            and last.canon == "called"
            and following.canon in words("called_else")
        ):
            continue
        if hit.tag == "contacted" and _is_of_others(clause, hit):
            continue
        if hit.tag in _CONTACT and tells_which_task(clause, hit):
            continue
        if hit.tag == "create" and _tells_which(clause, hit):
            continue
        if hit.tag in ("log", "note") and _is_inside(clause, hit, "task_new"):
            continue
        kept.append(hit)
    return kept


def _is_inside(clause: "Clause", hit: Hit, tag: str) -> bool:
    """ "Note that as a to-do": a phrase that is part of another one."""
    return any(each.tag == tag and each.first <= hit.first and hit.after <= each.after for each in clause.hits)


def _tells_which(clause: "Clause", hit: Hit) -> bool:
    before = clause.words[hit.first - clause.first - 1] if hit.first > clause.first else None
    if before is None:
        return False
    joined = before.canon + clause.words[hit.first - clause.first].canon
    return before.canon in words("determiners") or joined in words("zh_no_creation")


def tells_which_task(clause: "Clause", hit: Hit) -> bool:
    """打给施敏的那个任务: a contact that only says which task is meant."""
    tasks = [each.first for each in clause.hits if each.tag == "task_word" and each.first >= hit.after]
    between = clause.words[hit.after - clause.first - 1 : tasks[0] - clause.first] if tasks else ()
    return any(word.canon == "的" for word in between[-_SHORT_LINK:])


def _is_of_others(clause: "Clause", hit: Hit) -> bool:
    """ "Our competitor visited Juniper": a verb whose subject is neither one of us nor the customer."""
    at = hit.first - clause.first
    verb = form_of(clause.words[at].canon) if not clause.words[at].kinds else None
    if at and clause.words[at - 1].canon in _NOUN_LEADS:
        return False  # "An email that came in": no verb.
    known = verb is not None and bool(kind_of(verb.base, "contact") or kind_of(verb.base, "contact_with"))
    return known and ContactFrames(clause.words, clause.first, named_before=True).has_other_subject(at)


def structural_hits(outline: "Outline", clause: "Clause") -> list[Hit]:
    """The contacts and duties that a clause tells without one of the known phrases."""
    found: list[Hit] = []
    if not clause.has(*_NO_CONTACT):
        found += _contacts(outline, clause)
    if (not found and not clause.has(*_NO_DUTY, "contacted")) or clause.has("do_later"):
        duties_found = _duties(outline, clause)
        others = clause.has(*_DEAL_TALK, "do_later")
        found += [hit for hit in duties_found if hit.tag == "delegate" or not others]
    return found


def _contacts(outline: "Outline", clause: "Clause") -> Sequence[Hit]:
    if "question" in clause.moods or (clause.has("polite") and not clause.has("log")):
        return ()
    named = any(word.kinds & PARTY for word in outline.words[: clause.first])
    if has_cjk(clause.text):
        return chinese_contacts(
            clause.words, clause.first, is_behind=_is_behind(outline, clause), named_before=named
        )
    return ContactFrames(clause.words, clause.first, named_before=named).hits()


def _is_behind(outline: "Outline", clause: "Clause") -> bool:
    today = outline.reading.situation.today
    days = [date.on for date in outline.reading.dates if clause.start <= date.span.start < clause.end]
    known = [day for day in days if day is not None]
    return any(day < today for day in known) or (
        bool(clause.things("duration")) and not any(d > today for d in known)
    )


def _duties(outline: "Outline", clause: "Clause") -> Sequence[Hit]:
    dates = [date for date in outline.reading.dates if clause.start <= date.span.start < clause.end]
    ahead = [date.on - outline.reading.situation.today for date in dates if date.on is not None]
    if not any(timedelta(0) < days < _LONGEST_AHEAD for days in ahead):
        return ()
    if has_cjk(clause.text):
        return chinese_duties(clause.words, clause.first)
    return duties(clause.words, clause.first)
