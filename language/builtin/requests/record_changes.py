"""Changes of leads, tickets and contacts, conversions and deletions: status, who handles it, title, phone,
e-mail."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile

from language.builtin.calls import Call
from language.builtin.choices import choice_meant
from language.builtin.claims import claimed_by_tasks
from language.builtin.clauses import Clause, Outline
from language.builtin.conversions import conversions, lead_near
from language.builtin.listed import listed_meant
from language.builtin.patterns import Hit
from language.builtin.people_facts import email_in, is_former, phone_in, title_in
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.ticket_targets import points_at_ticket, ticket_meant
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.introductions import find_introduced
from language.lexicon import Mention
from language.script import has_cjk

_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay", "hedge", "keep"})
_PRIORITY = frozenset({"priority", "prio", "优"})
_NEAR = 3
_DELETABLE = ("deal", "contact", "account", "lead", "ticket")


@request(precedence=350)
def change_records(reading: Reading) -> Sequence[Call]:
    """Calls that change leads, tickets and contacts, convert a lead, or delete a record."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft:
        return ()
    taken = claimed_by_tasks(outline)
    calls: list[Call] = []
    for clause in outline.clauses:
        if clause.index in taken or clause.moods & _BARRED:
            continue
        for read in _READERS:
            calls += [call for call in read(outline, clause) if not _is_repeated(call, calls)]
    return _merged(calls)


def _merged(calls: Sequence[Call]) -> list[Call]:
    """One call a record: the fields of later calls join the first."""
    found: list[Call] = []
    for call in calls:
        same = next(
            (
                i
                for i, each in enumerate(found)
                if call.tool == each.tool == "update_record" and _record(each) == _record(call)
            ),
            None,
        )
        if same is None:
            found.append(call)
        else:
            first = found[same]
            fields = {**first.arguments["fields"], **call.arguments["fields"]}
            found[same] = Call("update_record", {**first.arguments, "fields": fields}, first.at)
    return found


def _record(call: Call) -> tuple[object, object]:
    return call.arguments.get("kind"), call.arguments.get("record")


def _is_repeated(call: Call, calls: Sequence[Call]) -> bool:
    return any(call.tool == other.tool and call.arguments == other.arguments for other in calls)


def _is_terse_status(clause: Clause) -> bool:
    """ "T-1021 resolved", SR-412 解决了: nothing but a ticket or lead and its status."""
    known = {i for hit in clause.all("status", "joint", "filler", "polite") for i in range(hit.first, hit.after)}
    others = [
        word
        for i, word in enumerate(clause.words, clause.first)
        if i not in known and word.canon[0].isalnum() and not word.kinds & {"ticket", "lead"}
    ]
    named, loose = clause.things("ticket", "lead"), load_words("record_words")["beside_status"]
    return clause.is_plain and bool(named) and all(word.canon in loose for word in others)


def _status(outline: Outline, clause: Clause) -> Iterator[Call]:
    """ "Mark the lead as qualified", "close T-1021"; "all but the disqualified one" only tells which are meant."""
    if clause.has("all_but"):
        return
    if not clause.has("status_verb", "it") and not _is_terse_status(clause):
        return
    for hit in (each for each in clause.all("status") if not _is_no_status(outline, clause, each)):
        for kind, near in (("lead", _lead_of_status), ("ticket", _ticket_of_status)):
            record = near(outline, clause) if kind in hit.value else ""
            if record and not (kind == "lead" and clause.has("convert")):
                value = choice_meant(outline, kind, "status", hit.value[kind])
                yield Call(
                    "update_record", {"kind": kind, "record": record, "fields": {"status": value}}, clause.start
                )
                return


def _lead_of_status(outline: Outline, clause: Clause) -> str:
    named = (
        clause.has("lead_word")
        or any(each.things("lead") for each in (clause, *_before(outline, clause)))
        or (
            not clause.has("reported")
            and (bool(listed_meant(outline, clause, "lead")) or _is_spoken_of(outline, "lead"))
        )
    )
    return lead_near(outline, clause) if named else ""


def _is_spoken_of(outline: Outline, kind: str) -> bool:
    """Whether the last turn, but for a bare yes or no, was about one record of a kind and this message names no record
    at all."""
    last = next((turn for turn in reversed(outline.reading.dialogue.turns[-2:]) if turn.calls), None)
    found = {
        record_id for past in (last.calls if last else ()) for each, record_id, _ in past.records if each == kind
    }
    named = any(word.kinds & {"deal", "account", "ticket", "lead", "task"} for word in outline.words)
    return len(found) == 1 and not named


def _ticket_of_status(outline: Outline, clause: Clause) -> str:
    meant = ticket_meant(outline, clause)
    return "" if meant is None or (meant.how != "named" and clause.has("reported")) else meant.reference


def _is_no_status(outline: Outline, clause: Clause, status: Hit) -> bool:
    """ "Working on it", "the disqualified one", "Ivy says it's fixed": words of a status that set none."""
    following = outline.words[status.after].canon if status.after < clause.after else ""
    before = outline.words[status.first - 1].canon if status.first > clause.first else ""
    words = load_words("record_words")
    describes = following in words["behind_described"] and before in words["before_described"]
    near = outline.words[max(clause.first, status.first - _NEAR) : status.first]
    describes = describes or any(word.canon in words["excepting"] for word in near)
    return describes or any(hit.first == status.first for hit in clause.all("busy")) or _only_said(clause, status)


def _only_said(clause: Clause, status: Hit) -> bool:
    """ "Ivy says it's fixed": told by somebody, and neither confirmed nor ordered."""
    told = [hit for hit in clause.all("reported", "agreed") if hit.after <= status.first]
    confirms = load_words("record_words")["confirms"]
    words = [word.canon for i, word in enumerate(clause.words, clause.first) if i < status.first]
    return bool(told) and not any(each in confirms for each in words)


def _ticket_priority(outline: Outline, clause: Clause) -> Iterator[Call]:
    """ "C-501: priority urgent", "and its priority to high"."""
    hit = clause.hit("priority")
    said = hit is not None and (clause.has("priority_set") or any(w.canon in _PRIORITY for w in clause.words))
    level = str(hit.value["priority"]) if hit is not None and said else _level(clause)
    meant = ticket_meant(outline, clause) if level and not clause.has("task_word", "create") else None
    if meant is not None:
        fields = {"priority": choice_meant(outline, "ticket", "priority", level)}
        yield Call("update_record", {"kind": "ticket", "record": meant.reference, "fields": fields}, clause.start)


def _level(clause: Clause) -> str:
    """ "Drop it to high", 降到普通: a level behind a word of direction."""
    for level, sources in load_words("record_words")["levels"].items():
        if any(re.search(source, clause.text, re.IGNORECASE) for source in sources):
            return str(level)
    return ""


def _before(outline: Outline, clause: Clause) -> Sequence[Clause]:
    """The two clauses before that say something, of the same sentence or the one before it."""
    near = takewhile(lambda each: each.sentence >= clause.sentence - 1, reversed(outline.clauses[: clause.index]))
    told = islice((each for each in near if not _is_empty(each)), 2)
    return list(told)[::-1]


def _is_empty(clause: Clause) -> bool:
    """吧, "so": nothing but small words."""
    small = {i for hit in clause.all("filler", "joint", "polite") for i in range(hit.first, hit.after)}
    words = [word for i, word in enumerate(clause.words, clause.first) if i not in small]
    return not any(word.canon[0].isalnum() for word in words)


def _assignment(outline: Outline, clause: Clause) -> Iterator[Call]:
    hit = clause.hit("assign")
    several = load_words("record_words")["quantifiers"]
    if hit is None or clause.has("task_word", "task_new") or clause.things("task", "deal"):
        return
    if any(word.canon in several for word in clause.words) and not clause.things("lead", "ticket", "account"):
        return
    users = [w for w in outline.words[hit.first : hit.after] if "user" in w.kinds and isinstance(w.thing, Mention)]
    is_mine = hit.value.get("who") == "me" or not users
    owner = "me" if is_mine else Targets(outline).person_of(users[-1].thing, "user").reference  # type: ignore[arg-type]
    for kind, field, record in (
        ("ticket", "assignee", _ticket_assigned(outline, clause)),
        ("lead", "owner", _lead_assigned(outline, clause)),
    ):
        if record:
            yield Call("update_record", {"kind": kind, "record": record, "fields": {field: owner}}, clause.start)
            return
    accounts = [w.thing for w in clause.things("account") if isinstance(w.thing, Mention)]
    if accounts and not clause.has("deal_word", "it") and not points_at_ticket(outline, clause):
        record = Targets(outline).account_of(accounts[0]).reference
        yield Call(
            "update_record", {"kind": "account", "record": record, "fields": {"owner": owner}}, clause.start
        )


def _ticket_assigned(outline: Outline, clause: Clause) -> str:
    meant = ticket_meant(outline, clause)
    if meant is not None and meant.how != "focus":
        return meant.reference
    return (
        ""
        if any(each.things("lead") for each in (clause, *_before(outline, clause)))
        else _focus(outline, clause, "ticket")
    )


def _lead_assigned(outline: Outline, clause: Clause) -> str:
    named = any(each.things("lead") for each in (clause, *_before(outline, clause)))
    focus = _focus(outline, clause, "lead")
    return lead_near(outline, clause) or focus if named or focus else ""


def _focus(outline: Outline, clause: Clause, kind: str) -> str:
    """The record of a kind that was talked about last, where no account or deal is named or talked about instead."""
    if outline.reading.dialogue.is_about_deals:
        return ""
    focus = outline.reading.dialogue.focus(kind) if not Targets(outline).accounts_said() else None
    near = (clause, *_before(outline, clause))
    return focus[0] if focus and not any(each.things("deal") for each in near) else ""


def _contact_facts(outline: Outline, clause: Clause) -> Iterator[Call]:
    """A new job title, phone or e-mail of a known contact, or that no more mail is wanted."""
    fields = {
        name: value
        for name, value in (
            ("title", _new_title(outline, clause)),
            ("phone", _new_phone(outline, clause)),
            ("email", _new_email(outline, clause)),
            ("opted_out", next((hit.value["is"] for hit in clause.all("opted_out")), "")),
        )
        if value
    }
    if not fields:
        return
    contact = _contact_near(outline, clause)
    if contact:
        yield Call("update_record", {"kind": "contact", "record": contact, "fields": fields}, clause.start)


def _new_title(outline: Outline, clause: Clause) -> str:
    near = outline.clauses[clause.index : clause.index + 2]
    if not any(each.has("title_change") for each in near) or is_former(clause.text):
        return ""
    return title_in(outline, clause)


def _new_phone(outline: Outline, clause: Clause) -> str:
    return phone_in(_sentence(outline, clause)) if clause.has("phone_word") and _sets(outline, clause) else ""


def _sets(outline: Outline, clause: Clause) -> bool:
    """Whether a clause tells of a change, or what follows says to make it: 换邮箱了，……，改一下."""
    if clause.has("set_word", "apply", "competitor_set"):
        return True
    behind = [each for each in outline.clauses[clause.index + 1 :] if each.sentence == clause.sentence]
    return any(each.has("apply") and not each.moods & _BARRED for each in behind)


def _sentence(outline: Outline, clause: Clause) -> str:
    """The text from a clause to the end of its sentence."""
    end = max(each.end for each in outline.clauses if each.sentence == clause.sentence)
    return outline.own_text(clause.start, end)


def _new_email(outline: Outline, clause: Clause) -> str:
    if clause.has("email_word") and _sets(outline, clause):
        return email_in(_sentence(outline, clause))
    told = any(each.has("email_word") for each in _before(outline, clause))
    return email_in(clause.text) if told and _sets(outline, clause) else ""


def _contact_near(outline: Outline, clause: Clause) -> str:
    """The contact named last; beside someone new only one who is named with the fact."""
    targets, meets = Targets(outline), bool(find_introduced(outline.reading.text))
    for each in (clause, *(() if meets else reversed(_before(outline, clause)))):
        people = [w.thing for w in each.things("contact") if isinstance(w.thing, Mention)]
        if people:
            return _one_or_these(targets, people[0])
    focus = None if meets else outline.reading.dialogue.focus("contact")
    return focus[0] if focus else ""


def _one_or_these(targets: Targets, mention: Mention) -> str:
    """The contact that a name means; of several at one company, 启明那个信息部主任, the ids, to be asked about."""
    target = targets.person_of(mention, "contact", targets.accounts_said())
    named = [item.entry for item in top_candidates(mention) if item.entry.kind == "contact"]
    is_asked = target.entry is None and len(named) > 1 and len({entry.account_id for entry in named}) == 1
    return "|".join(entry.id for entry in named) if is_asked else target.reference


def _deletion(outline: Outline, clause: Clause) -> Iterator[Call]:
    hit = clause.hit("delete")
    if hit is None or clause.has("clear_field", "reported", "task_word") or _is_part_deleted(outline, clause, hit):
        return
    for kind in _DELETABLE:
        for word in clause.things(kind):
            if isinstance(word.thing, Mention) and not _tells_whose(clause, word):
                best = [item.entry for item in word.thing.candidates if item.entry.kind == kind]
                record = best[0].id if len(best) == 1 else word.canon
                yield Call("delete_record", {"kind": kind, "record": record}, clause.start)
                return


def _tells_whose(clause: Clause, word: Word) -> bool:
    """ "Delete the James Haddad call", "delete James's quote": a name that only tells whose or which thing is meant."""
    following = next((each.canon for each in clause.words if each.start >= word.end), "")
    return (
        following.isascii()
        and following[-1:].isalpha()
        and following not in load_words("record_words")["behind_deleted"]
    )


def _is_part_deleted(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """智能仓删掉一项功能: what stands right behind the verb in Chinese is deleted, when it is no record."""
    if not has_cjk(outline.words[hit.first].canon):
        return False
    behind = [
        word for word in outline.words[hit.after : min(hit.after + 2, clause.after)] if word.canon[0].isalnum()
    ]
    small = load_words("record_words")["behind_deleted_zh"]
    return bool(behind) and not (behind[0].kinds or behind[-1].kinds or behind[0].canon in small)


_READERS: Sequence[Callable[[Outline, Clause], Iterator[Call]]] = (
    conversions,
    _status,
    _ticket_priority,
    _assignment,
    _contact_facts,
    _deletion,
)
