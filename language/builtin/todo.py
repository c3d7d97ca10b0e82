"""Where a message asks for tasks: the trigger, the words of the title, the day, and which clauses belong to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from language.builtin.clauses import Clause, Outline
from language.builtin.doers import duty_told
from language.builtin.patterns import Hit
from language.builtin.todo_clauses import is_detail, loose_words, title_in, told_before
from language.builtin.todo_days import day_meant, day_of, is_day_before
from language.builtin.todo_titles import joined, needs_more
from language.builtin.todo_triggers import (
    COLONS,
    asks_question,
    given_to_them,
    is_beside,
    moves_old_task,
    put_on_list,
)
from language.builtin.vocabulary import load_words
from language.dates import DateMention

ACTS = (
    "task_new",
    "log",
    "no_log",
    "to_stage",
    "won",
    "lost",
    "next_step",
    "close_word",
    "apply",
    "create",
    "keep",
    "correction",
    "task_done",
)
# Between a title and the record that it is about.
ABOUT = " – "
_THIN_TITLE = 5
_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay"})


@dataclass(frozen=True, slots=True)
class Todo:
    """One task asked for: its title as said, the day, the clauses it takes up; `trigger` is the phrase that asks for
    it, `doer` the colleague of whom a clause before tells that it is theirs to do."""

    title: str
    due: DateMention | None
    clauses: Sequence[Clause]
    at: int
    trigger: Hit
    doer: str = ""

    @property
    def is_per_record(self) -> bool:
        """ "A task on each of these": whether the words that ask for it ask for one on each of several records."""
        return any(is_beside(self.trigger, hit) for clause in self.clauses for hit in clause.all("per_record"))


@lru_cache(maxsize=16)
def find_todos(outline: Outline) -> list[Todo]:
    """The tasks that a message asks for, in order; a promise and "put it on my list" are one."""
    if outline.is_mere_talk:
        return []
    found: list[Todo] = []
    for clause in outline.clauses:
        if any(clause in todo.clauses for todo in found):
            continue
        todo = _explicit(outline, clause) or _promised(outline, clause)
        if todo is not None and todo.title and todo.title.casefold() not in load_words("titles")["no_title"]:
            if found and _is_told_of(found[-1], todo, clause):
                todo = _both(found.pop(), todo)
            found = [other for other in found if not set(_indexes(other)) & set(_indexes(todo))]
            found.append(todo)
    return found


def _is_told_of(before: Todo, todo: Todo, trigger: Clause) -> bool:
    """让王磊周一前去趟晨光，拍几张照片，给他建个任务: an order that ends what was just said to be his to do."""
    first, last = todo.clauses[0], before.clauses[-1]
    ends = first.index < trigger.index and before.trigger.tag in ("delegate", "colleague_does")
    return ends and first.index == last.index + 1 and first.sentence == last.sentence


def _both(before: Todo, todo: Todo) -> Todo:
    """Two things to do as one task: it is the first one's, by its day."""
    title, due = joined(before.title, todo.title), before.due or todo.due
    return replace(before, title=title, due=due, clauses=[*before.clauses, *todo.clauses])


def _closes(outline: Outline, clause: Clause) -> bool:
    """…到底批没批，周四下班前弄清楚: the clause behind the title only gives the day by which it is to be settled."""
    closing = load_words("titles")["closing_zh"]
    return day_of(clause) is not None and title_in(outline, clause, clause.first) in closing


def _indexes(todo: Todo) -> list[int]:
    return [clause.index for clause in todo.clauses]


def _explicit(outline: Outline, clause: Clause) -> Todo | None:
    trigger = clause.hit("task_new") or (clause.hit("task_again") if _made_a_task(outline) else None)
    trigger = trigger or given_to_them(outline, clause) or put_on_list(outline, clause)
    if trigger is None or _asks_for_none(outline, clause, trigger) or asks_question(outline, clause, trigger):
        return None
    parts = [clause]
    begin = _behind_person(outline, clause, trigger.after)
    title = "" if _announces(outline, clause, begin) else title_in(outline, clause, begin)
    title = "" if title.casefold() in load_words("titles")["for_whom"] else title
    due = day_of(clause)
    if is_behind := trigger.after > clause.after and trigger.first > clause.first:
        title = title_in(outline, clause, clause.first, trigger.first)
        parts += [each for each in outline.clauses[clause.index + 1 :] if each.first < trigger.after]
    points = is_behind or (not title and _points_back(outline, clause, trigger))
    for following in () if points else _following(outline, clause):
        if not is_detail(following):
            closes = bool(title) and due is None and _closes(outline, following)
            if title and not closes:
                break
            title = joined(title, title_in(outline, following, following.first))
        parts.append(following)
        due = due or day_of(following)
    doer = ""
    if needs_more(title):
        before = told_before(outline, clause)
        if before is not None and not before.has("log", "to_stage", "amount_word", "close_word", "won", "lost"):
            doer, start = duty_told(outline, before) or ("", before.first)
            title = joined(title_in(outline, before, start), title)
            due = due or day_of(before)
            parts.insert(0, before)
    due = due or _day_alone(outline, parts)
    due = _corrected(outline, parts, due)
    if due is not None and due.on is not None and is_day_before(parts):
        due = replace(due, on=due.on - timedelta(days=1))
    if due is None and (event := _event_before(outline, parts[0])) is not None:
        title = joined(title_in(outline, event, event.first), title)
        due = day_of(event)
        parts.insert(0, event)
    return Todo(title, due, parts, clause.start, trigger, doer)


def _day_alone(outline: Outline, parts: list[Clause]) -> DateMention | None:
    """ "A task for Tom, get the name. Friday.": a sentence behind that is nothing but a day."""
    after = parts[-1].index + 1
    following = outline.clauses[after] if after < len(outline.clauses) else None
    day = day_of(following) if following is not None and is_detail(following) else None
    if day is not None and following is not None:
        parts.append(following)
    return day


def _announces(outline: Outline, clause: Clause, first: int) -> bool:
    """ "A task on the renewal, due Friday: check the terms": the title comes behind a colon that stands behind names,
    small words and days."""
    head = clause
    for following in _following(outline, clause):
        if head.words[-1].canon in COLONS or not is_detail(following):
            break
        head = following
    if head.words[-1].canon not in COLONS or not list(_following(outline, head)):
        return False
    words = clause.words[first - clause.first :]
    return all(word.kinds or not word.canon[0].isalnum() or word.canon in loose_words() for word in words)


def _made_a_task(outline: Outline) -> bool:
    last = outline.reading.dialogue.last
    return last is not None and any(past.call.tool == "create_task" for past in last.calls)


def _behind_person(outline: Outline, clause: Clause, first: int) -> int:
    """Where the title begins: behind the colleague who is to do it ("for Ben to …")."""
    following = outline.words[first : min(first + 2, clause.after)]
    is_person = len(following) == 2 and "user" in following[0].kinds and following[1].canon in ("to", ":", "：")
    return first + 2 if is_person else first


def _points_back(outline: Outline, clause: Clause, trigger: Hit) -> bool:
    """ "A task for that"."""
    return any(
        word.canon in load_words("titles")["back"]
        for word in outline.words[trigger.after - 1 : min(trigger.after + 2, clause.after)]
    )


def _event_before(outline: Outline, clause: Clause) -> Clause | None:
    """ "Meeting Ben on Friday, remind me to bring the sheet": the clause before gives the day."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    if (
        before is None
        or before.sentence != clause.sentence
        or before.has(*ACTS, "contacted", "contact_noun", "amount_word")
    ):
        return None
    day = day_of(before)
    ahead = day is not None and day.on is not None and day.on >= outline.reading.situation.today
    return before if ahead and not before.moods & {"question", "condition"} else None


def _promised(outline: Outline, clause: Clause) -> Todo | None:
    """ "I owe her pricing by the 16th", "call Ben on Friday": only with a day."""
    trigger = _handed_over(clause) or clause.hit("promise", "delegate") or clause.hit("do_later", "do_then")
    if (
        trigger is None
        or outline.asks_for_draft
        or outline.has("no_task")
        or clause.moods & _barred_for(clause, trigger)
        or clause.has("to_stage", "keep", "new_day")
        or moves_old_task(outline, clause)
        or _tells_close_date(outline, clause, trigger)
    ):
        return None
    if trigger.tag == "delegate" and clause.has("task_word", "task_done", "owner_change"):
        return None
    if trigger.tag == "do_later" and not clause.things("contact", "account", "deal", "lead", "ticket"):
        return None
    due = day_of(clause) or (_day_elsewhere(outline, clause) if trigger.tag == "promise" else None)
    is_ours = trigger.tag in ("gets", "colleague_does")
    if (not is_ours and _is_of_others(outline, clause, trigger)) or _is_report(outline, clause, trigger):
        return None
    if due is None and trigger.tag == "promise":
        return _taken_on(outline, clause, trigger)
    if due is None or (due.on and due.on < outline.reading.situation.today):
        return None
    start = trigger.first if trigger.tag in ("do_later", "do_then") else trigger.after
    if trigger.tag == "colleague_does":
        start = trigger.after - 1
    title, parts = title_in(outline, clause, start), [clause]
    if title.casefold() in {word.canon for word in clause.things("account", "contact", "deal", "lead")}:
        return None  # 明天要去华岳: a name is nothing to do.
    before = outline.clauses[clause.index - 1] if clause.index else None
    if before is not None and (
        (_points_to_her(title) and _tells_what(before, clause))
        or (title.isascii() and needs_more(title) and _wishes(before))
    ):
        title = joined(title_in(outline, before, before.first), title)
        parts.insert(0, before)
    return Todo(title, due, parts, clause.start, trigger) if title else None


def _tells_close_date(outline: Outline, clause: Clause, trigger: Hit) -> bool:
    """Whether the day is a deal's and not the task's: "chase her for the signature by the 17th" is a task."""
    word = clause.hit("close_word")
    if word is None:
        return False
    said = "".join(each.canon for each in outline.words[word.first : word.after])
    names_date = any(
        noun.replace(" ", "") in said for noun in load_words("deal_words")["date_nouns"] if noun != "signature"
    )
    return names_date or word.first < trigger.first


def _day_elsewhere(outline: Outline, clause: Clause) -> DateMention | None:
    return _day_behind(outline, clause) or day_meant(outline, clause)


def _day_behind(outline: Outline, clause: Clause) -> DateMention | None:
    """ "I owe Monica the calculation, due Friday": the clause behind only gives the day."""
    following = outline.clauses[clause.index + 1] if clause.index + 1 < len(outline.clauses) else None
    if following is None or following.sentence != clause.sentence or not is_detail(following):
        return None
    return day_of(following)


def _taken_on(outline: Outline, clause: Clause, trigger: Hit) -> Todo | None:
    """ "They need the questionnaire by the 20th, I'll take care of it": the thing and its day stand in the clause
    before."""
    before = told_before(outline, clause)
    if (
        before is None
        or before.sentence < clause.sentence - 1
        or not before.is_plain
        or before.has(*ACTS, "contacted")
    ):
        return None
    text = clause.text.casefold()
    due = day_of(before)
    ahead = due is not None and due.on is not None and due.on > outline.reading.situation.today
    if not ahead or not any(words in text for words in load_words("verbs")["back_to_it"]):
        return None
    wish = before.hit("reported")
    title = title_in(outline, before, wish.after if wish else before.first)
    return Todo(title, due, [before, clause], before.start, trigger) if title else None


def _handed_over(clause: Clause) -> Hit | None:
    """ "He gets the protocol from me by Monday", "Ben sends Marek the terms by Tuesday"."""
    gets, ours = clause.hit("gets"), clause.hit("from_us")
    if gets is not None and ours is not None and gets.after < ours.first:
        return gets
    does = clause.hit("colleague_does")
    return does if does is not None and not clause.has("contacted", "task_new") else None


def _barred_for(clause: Clause, trigger: Hit) -> frozenset[str]:
    """The moods that speak against a promise; "a yes or no by Friday" denies nothing."""
    before = [hit for hit in clause.all("negation") if hit.first < trigger.after]
    return _BARRED if before or not clause.has("negation") or trigger.tag != "promise" else _BARRED - {"negation"}


def _points_to_her(title: str) -> bool:
    """给她, 发给林总: a promise in Chinese whose thing stands in the clause before."""
    return not title.isascii() and len(title) <= _THIN_TITLE and title.startswith(("给", "发给", "寄给", "带给"))


def _wishes(before: Clause) -> bool:
    """ "Derek asked for a torque sheet. I'll do that on Thursday": what a customer wants."""
    return before.has("reported") and before.is_plain and not before.has(*ACTS, "contacted")


def _tells_what(before: Clause, clause: Clause) -> bool:
    return before.sentence == clause.sentence and before.is_plain and not before.has(*ACTS, "contacted")


def _is_report(outline: Outline, clause: Clause, trigger: Hit) -> bool:
    """ "Call with Ben today, … put it in the log", "mail from Ben": a noun that looks like an order."""
    if trigger.tag != "do_later" or trigger.after >= clause.after:
        return False
    following = outline.words[trigger.after].canon
    return following == "from" or (following in ("with", "w/", "note", "at") and outline.has("log"))


def _is_of_others(outline: Outline, clause: Clause, trigger: Hit) -> bool:
    """ "They promised", 刘厂长答应: what others promise is no task of ours."""
    if trigger.first <= clause.first:
        return False
    before = outline.words[trigger.first - 1]
    return (
        "contact" in before.kinds or "account" in before.kinds or before.canon in load_words("people")["pronouns"]
    )


def _is_past(clause: Clause) -> bool:
    return clause.has("contacted") and not clause.has("joint")


def _is_denied_behind(outline: Outline, clause: Clause) -> bool:
    """ "I have a reminder in my calendar, so don't make one"."""
    following = outline.clauses[clause.index + 1 : clause.index + 2]
    return any(each.sentence == clause.sentence and each.has("no_task") for each in following)


def _asks_for_none(outline: Outline, clause: Clause, trigger: Hit) -> bool:
    """Whether a clause with a word for a new task asks for none: past, doubtful, denied, or about another task."""
    following = clause.words[trigger.after - clause.first].canon if trigger.after < clause.after else ""
    if (
        following == "of"
        or clause.has("no_task", "task_done")
        or clause.moods & {"condition", "question"}
        or _is_past(clause)
        or _is_denied_behind(outline, clause)
    ):
        return True
    if "negation" in clause.moods and _is_before(clause, trigger, "negation"):
        return True
    return any(_is_before(clause, trigger, tag) for tag in ("task_move", "task_give", "task_drop"))


def _is_before(clause: Clause, trigger: Hit, tag: str) -> bool:
    return any(
        hit.tag == tag and hit.first < trigger.first
        for hit in clause.hits
        if hit.after <= trigger.after or tag != "task_give"
    )


def _following(outline: Outline, clause: Clause) -> Iterator[Clause]:
    """The clauses of the same sentence until one that does something else; after a bare trigger the next
    sentence's first."""
    for following in outline.clauses[clause.index + 1 :]:
        is_named = outline.clauses[following.index - 1].words[-1].canon in COLONS
        acts = following.has(*ACTS) and not (is_named and not following.has("task_new", "log"))
        if following.sentence != clause.sentence or acts or following.starts_anew:
            return
        yield following


def _corrected(outline: Outline, parts: list[Clause], due: DateMention | None) -> DateMention | None:
    """The day after a correction: "Friday, no wait, Thursday"."""
    last = parts[-1]
    for following in outline.clauses[last.index + 1 : last.index + 3]:
        day = day_of(following)
        if not following.has("correction") and not _starts_corrected(outline, following):
            return due
        if day is not None and not following.has("task_new", "to_stage", "close_word", "log"):
            parts.append(following)
            due = day
    return due


def _starts_corrected(outline: Outline, clause: Clause) -> bool:
    before = outline.clauses[clause.index - 1]
    return before.has("correction")
