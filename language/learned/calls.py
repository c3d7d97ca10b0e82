"""From acts to tool calls: for each kind of act one function says what its parts fill in.

Which record a name means and how a day or an amount is written for the server is shared with the requests that go by phrases.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.choices import choice_meant
from language.builtin.clauses import Clause, Outline
from language.builtin.deal_stages import stage_reference
from language.builtin.outcomes import stage_of_outcome
from language.builtin.remind_times import spoken_due
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Target, Targets
from language.builtin.vocabulary import load_words
from language.dates import DateMention
from language.learned.acts import Act, Part, Understood
from language.lexicon import Mention
from language.names.decide import decide

EDGES = " \t\n,.;:!?()\"'“”‘’，。；：！？、（）-–—"
_TYPES = {
    f"{kind}{way}": (kind, {"-in": "inbound", "-out": "outbound"}.get(way, ""))
    for kind in ("call", "meeting", "visit", "email", "message", "note")
    for way in ("", "-in", "-out")
    if not way or kind in ("call", "email", "message")
}
_CONTACTS = ("contacted", "contact_bare", "contact_noun")
_TOLD = 0.35


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an argument, and the part of the message that it comes from."""

    said: Any
    part: Part


@dataclass(frozen=True, slots=True)
class LearnedCall:
    """A tool call as the network understands a message: `about` tells which record it changes, if it is an old one."""

    tool: str
    act: Act
    values: Mapping[str, Value]
    about: Mapping[str, str] = field(default_factory=dict)

    def call(self, outline: Outline) -> Call:
        """The call with all values."""
        said = {name: value.said for name, value in self.values.items()}
        if self.tool == "update_record":
            said = {"fields": said}
        return Call(self.tool, {**self.about, **said}, outline.words[self.act.first].start)


class Context:
    """What the functions below share: the outline, its targets, and the parts that stand outside of acts."""

    def __init__(self, outline: Outline, seen: Understood) -> None:
        self.outline, self.seen = outline, seen
        self.situation = outline.reading.situation
        self.targets = Targets(outline)

    def shared(self, act: Act, *roles: str) -> Part | None:
        """The part of that role in the act, else the last one outside of acts before it, else the first behind it."""
        own = act.one(*roles)
        if own is not None:
            return own
        loose = [part for part in self.seen.loose if part.role in roles]
        before = [part for part in loose if part.first < act.first]
        return before[-1] if before else next(iter(loose), None)

    def clause_at(self, word: int) -> Clause | None:
        """The clause that a word lies in."""
        return next((each for each in self.outline.clauses if each.first <= word < each.after), None)

    def clauses_of(self, act: Act) -> list[Clause]:
        """The clauses that an act touches."""
        return [each for each in self.outline.clauses if each.first < act.after and act.first < each.after]


def learned_calls(outline: Outline, seen: Understood) -> list[LearnedCall]:
    """The calls that the acts of a message ask for, in order; acts without what their tool needs give none."""
    context = Context(outline, seen)
    return [call for act in seen.acts for call in _READERS.get(act.kind, _nothing)(context, act)]


def _nothing(context: Context, act: Act) -> Iterator[LearnedCall]:
    yield from ()


def _date(part: Part) -> DateMention | None:
    return next((word.thing for word in part.words if isinstance(word.thing, DateMention)), None)


def _amount(part: Part) -> AmountMention | None:
    return next((word.thing for word in part.words if isinstance(word.thing, AmountMention)), None)


def _mention(part: Part | None, *kinds: str) -> Mention | None:
    found = [word for word in part.words if word.kinds & set(kinds)] if part is not None else []
    return found[0].thing if found and isinstance(found[0].thing, Mention) else None


def _text(part: Part) -> str:
    return part.text.strip(EDGES)


# Deals


def _change(context: Context, act: Act) -> Iterator[LearnedCall]:
    values = {name: Value(said, part) for name, said, part in _deal_values(context, act)}
    if not values:
        return
    target = _deal_of(context, act, min(value.part.first for value in values.values()))
    about = {"deal": target.reference, "account": target.account} if target is not None else {}
    yield LearnedCall("update_deal", act, values, about)


def _deal_of(context: Context, act: Act, at: int) -> Target | None:
    part = context.shared(act, "on")
    if (mention := _mention(part, "deal")) is not None:
        return context.targets.deal_of_mention(mention)
    if (mention := _mention(part or context.shared(act, "at"), "account")) is not None:
        return context.targets.deal_of_account(mention)
    clause = context.clause_at(at)
    return context.targets.deal_of(clause, at) if clause is not None else None


def _deal_values(context: Context, act: Act) -> Iterator[tuple[str, Any, Part]]:
    for part in act.parts:
        read = _DEAL_VALUES.get(part.role)
        said = read(context, part) if read is not None else ""
        if said:
            yield _DEAL_FIELDS[part.role], said, part
    lost = act.one("lost")
    reason = act.one("reason")
    if lost is not None and reason is not None and (said := _lost_reason(context, reason)):
        yield "lost_reason", said, reason


def _stage(context: Context, part: Part) -> str:
    mention = _mention(part, "stage")
    return stage_reference(mention) if mention is not None else ""


def _outcome(context: Context, part: Part) -> str:
    return stage_of_outcome(context.situation, part.role)


def _new_amount(context: Context, part: Part) -> str:
    mention = _amount(part)
    return spoken_amount(mention, 0) if mention is not None and mention.kind != "percent" else ""


def _amount_by(context: Context, part: Part) -> str:
    mention = _amount(part)
    if mention is None:
        return ""
    down = mention.direction < 0 or mention.off or _says(part, "down", "deal_words")
    return spoken_amount(mention, -1 if down else 1)


def _close(context: Context, part: Part) -> str:
    mention = _date(part)
    return spoken_date(mention) if mention is not None else ""


def _close_by(context: Context, part: Part) -> str:
    mention = _date(part)
    if mention is None:
        return ""
    tags = {hit.tag for hit in context.outline.all_hits if part.first <= hit.first < part.after}
    earlier = "pull" in tags or _says(part, "earlier", "deal_words")
    return spoken_date(mention, sign=-1 if earlier else 1)


def _category(context: Context, part: Part) -> str:
    hits = [
        hit
        for hit in context.outline.all_hits
        if hit.tag == "forecast" and hit.first < part.after and part.first < hit.after
    ]
    return str(hits[0].value["category"]) if hits else ""


def _owner(context: Context, part: Part) -> str:
    mention = _mention(part, "user")
    if mention is not None:
        return context.targets.person_of(mention, "user").reference
    return "me" if _text(part).casefold() in load_words("people")["me"] else ""


def _lost_reason(context: Context, part: Part) -> str:
    hits = [
        hit
        for hit in context.outline.all_hits
        if hit.tag == "lost_reason" and hit.first < part.after and part.first < hit.after
    ]
    said = _text(part).casefold().replace(" ", "_")
    return (
        str(hits[0].value["reason"])
        if hits
        else said
        if said in ("price", "competitor", "no_decision", "requirements")
        else ""
    )


def _as_said(context: Context, part: Part) -> str:
    return _text(part)


def _says(part: Part, key: str, file: str) -> bool:
    text = part.text.casefold()
    return any(str(each) in text for each in load_words(file)[key])


_DEAL_VALUES: Mapping[str, Callable[[Context, Part], str]] = {
    "stage": _stage,
    "won": _outcome,
    "lost": _outcome,
    "amount": _new_amount,
    "amount-by": _amount_by,
    "close": _close,
    "close-by": _close_by,
    "category": _category,
    "competitor": _as_said,
    "next": _as_said,
    "owner": _owner,
    "name": _as_said,
}
_DEAL_FIELDS = {
    **{role: "stage" for role in ("stage", "won", "lost")},
    **{role: "amount" for role in ("amount", "amount-by")},
    **{role: "close_date" for role in ("close", "close-by")},
    **{
        "category": "forecast_category",
        "competitor": "competitor",
        "next": "next_step",
        "owner": "owner",
        "name": "name",
    },
}


# Tasks


def _task(context: Context, act: Act) -> Iterator[LearnedCall]:
    titles = act.all("title")
    if not titles:
        return
    first, last = titles[0], titles[-1]
    start, end = first.words[0].start, last.words[-1].end
    joined = replace(
        first, after=last.after, text=context.outline.own_text(start, end), sure=min(each.sure for each in titles)
    )
    title = (joined.text if last.first - first.after < 3 else " ".join(each.text for each in titles)).strip(EDGES)
    values = {"title": Value(title[:1].upper() + title[1:], joined)}
    due = act.one("due")
    if due is not None:
        values["due"] = Value(_due(context, due), due)
    who = act.one("who")
    if who is not None and (said := _owner(context, who)) not in ("", "me"):
        values["assignee"] = Value(said, who)
    priority = act.one("priority")
    if priority is not None and (said := _priority(context, priority)):
        values["priority"] = Value(said, priority)
    yield LearnedCall("create_task", act, values)


def _due(context: Context, part: Part) -> str:
    mention = _date(part)
    return spoken_due(context.outline.reading.text, mention) if mention is not None else _text(part)


def _priority(context: Context, part: Part) -> str:
    hits = [
        hit
        for hit in context.outline.all_hits
        if hit.tag == "priority" and hit.first < part.after and part.first < hit.after
    ]
    said = _text(part).casefold()
    return str(hits[0].value["priority"]) if hits else said if said in ("low", "normal", "high", "urgent") else ""


def _done(context: Context, act: Act) -> Iterator[LearnedCall]:
    which = act.one("which")
    if which is not None:
        yield LearnedCall(
            "update_task", act, {"status": Value("done", which)}, {"task": _existing(context, which, "task")}
        )


def _retask(context: Context, act: Act) -> Iterator[LearnedCall]:
    which = context.shared(act, "which")
    if which is None:
        return
    reference = _existing(context, which, "task")
    if (drop := act.one("drop")) is not None:
        yield LearnedCall("delete_record", act, {"kind": Value("task", drop)}, {"record": reference})
        return
    values: dict[str, Value] = {}
    if (due := act.one("due")) is not None:
        values["due"] = Value(_due(context, due), due)
    if (due := act.one("due-by")) is not None and (said := _close_by(context, due)):
        values["due"] = Value(said, due)
    if (who := act.one("who", "owner")) is not None and (said := _owner(context, who)):
        values["assignee"] = Value(said, who)
    if (priority := act.one("priority")) is not None and (said := _priority(context, priority)):
        values["priority"] = Value(said, priority)
    if (title := act.one("title", "name")) is not None:
        values["title"] = Value(_text(title), title)
    if values:
        yield LearnedCall("update_task", act, values, {"task": reference})


def _existing(context: Context, part: Part, kind: str) -> str:
    """The id of the record that words describe when it is certain, else the words."""
    mention = _mention(part, kind)
    if mention is not None:
        entries = [item.entry for item in mention.candidates if item.entry.kind == kind]
        if len(entries) == 1:
            return entries[0].id
    accounts = context.targets.accounts_said()
    found = decide(context.situation.lexicon.match(part.text, kinds={kind}, account_ids=tuple(accounts)))
    return found.chosen.entry.id if found.outcome == "one" and found.chosen is not None else _text(part)


# Interactions


def _log(context: Context, act: Act) -> Iterator[LearnedCall]:
    values: dict[str, Value] = {}
    if (told := _told_type(context, act)) is not None:
        part, (kind, direction) = told
        values["type"] = Value(kind, part)
        if direction:
            values["direction"] = Value(direction, part)
    people = act.all("with") or [part for part in context.seen.loose if part.role == "with"]
    if people:
        whole = replace(people[0], sure=min(part.sure for part in people))
        values["contacts"] = Value([_person(context, part) for part in people], whole)
    at = context.shared(act, "at")
    if at is not None:
        values["account"] = Value(_account(context, at), at)
    on = context.shared(act, "on")
    if (mention := _mention(on, "deal")) is not None and on is not None:
        values["deal"] = Value(context.targets.deal_of_mention(mention, ours=False).reference, on)
    when = context.shared(act, "when")
    if when is not None and (said := _past_day(context, when)):
        values["when"] = Value(said, when)
    length = act.one("length")
    minutes = (
        next((word.thing.minutes for word in length.words if hasattr(word.thing, "minutes")), 0) if length else 0
    )
    if length is not None and minutes:
        values["duration"] = Value(f"{minutes} min", length)
    yield LearnedCall("log_interaction", act, values)


def _told_type(context: Context, act: Act) -> tuple[Part, tuple[str, str]] | None:
    """The type and direction of an interaction by the word of the act that tells it best; phrases where no word does."""
    best = max(range(act.first, act.after), key=lambda i: context.seen.chance_of_role(i, i + 1, *_TYPES))
    chance = context.seen.chance_of_role(best, best + 1, *_TYPES)
    part = Part("type", best, best + 1, "", chance, context.outline.words[best : best + 1])
    if chance >= _TOLD:
        kinds = {kind for kind, _ in _TYPES.values()}
        kind = max(kinds, key=lambda each: context.seen.chance_of_role(best, best + 1, *_roles_of(each)))
        role = max(_roles_of(kind), key=lambda each: context.seen.chance_of_role(best, best + 1, each))
        return part, _TYPES[role]
    hits = [hit for hit in context.outline.all_hits if hit.tag in _CONTACTS and act.first <= hit.first < act.after]
    if not hits:
        return None
    hit = hits[0]
    part = Part("type", hit.first, hit.after, "", act.sure, context.outline.words[hit.first : hit.after])
    return part, (str(hit.value["type"]), str(hit.value.get("direction", "")))


def _roles_of(kind: str) -> list[str]:
    return [role for role, (each, _) in _TYPES.items() if each == kind]


def _person(context: Context, part: Part) -> str:
    mention = _mention(part, "contact")
    accounts = context.targets.accounts_said()
    return (
        context.targets.person_of(mention, "contact", accounts).reference if mention is not None else _text(part)
    )


def _account(context: Context, part: Part) -> str:
    mention = _mention(part, "account")
    return context.targets.account_of(mention).reference if mention is not None else _text(part)


def _past_day(context: Context, part: Part) -> str:
    start, end = part.words[0].start, part.words[-1].end
    days = [
        date.on for date in context.outline.reading.past_dates if date.span.start < end and start < date.span.end
    ]
    today = context.situation.today
    return days[0].isoformat() if days and days[0] is not None and days[0] < today else ""


# New records and changes of other records


def _new(tool: str, fields: Mapping[str, str], needed: str) -> Callable[[Context, Act], Iterator[LearnedCall]]:
    """A reader for an act that creates a record: which role fills which argument of the tool."""

    def read(context: Context, act: Act) -> Iterator[LearnedCall]:
        values: dict[str, Value] = {}
        for role, argument in fields.items():
            part = context.shared(act, role) if role in ("at",) else act.one(role)
            said = _record_value(context, part) if part is not None else ""
            if part is not None and said:
                values.setdefault(argument, Value(said, part))
        if needed in values:
            yield LearnedCall(tool, act, values)

    return read


def _edit(kind: str, fields: Mapping[str, str]) -> Callable[[Context, Act], Iterator[LearnedCall]]:
    """A reader for an act that changes a record of a kind."""

    def read(context: Context, act: Act) -> Iterator[LearnedCall]:
        which = context.shared(act, "which", "at" if kind == "account" else "with")
        if which is None:
            return
        record = _existing(context, which, kind)
        if kind == "lead" and _has_tag(context, act, "convert"):
            yield _conversion(context, act, record, which)
            return
        values: dict[str, Value] = {}
        for role, argument in fields.items():
            part = act.one(role)
            said = _status(context, part, kind) if part is not None and role == "status" else ""
            said = said or (_record_value(context, part) if part is not None and role != "status" else "")
            if part is not None and said:
                values[argument] = Value(said, part)
        if values:
            yield LearnedCall("update_record", act, values, {"kind": kind, "record": record})

    return read


def _conversion(context: Context, act: Act, lead: str, which: Part) -> LearnedCall:
    values = {"lead": Value(lead, which)}
    for role, argument in {
        "name": "deal_name",
        "amount": "amount",
        "close": "close_date",
        "stage": "stage",
    }.items():
        part = act.one(role)
        if part is not None and (said := _record_value(context, part)):
            values[argument] = Value(said, part)
    return LearnedCall("convert_lead", act, values)


def _status(context: Context, part: Part, kind: str) -> str:
    """The status that words mean for a kind of record; empty when they are none that is known."""
    hits = [
        hit
        for hit in context.outline.all_hits
        if hit.tag == "status" and hit.first < part.after and part.first < hit.after
    ]
    meant = [hit.value[kind] for hit in hits if kind in hit.value]
    return choice_meant(context.outline, kind, "status", meant[0]) if meant else ""


def _has_tag(context: Context, act: Act, tag: str) -> bool:
    return any(hit.tag == tag and act.first <= hit.first < act.after for hit in context.outline.all_hits)


def _record_value(context: Context, part: Part) -> str:
    if part.role in ("owner", "who"):
        return _owner(context, part)
    if part.role == "at":
        return _account(context, part)
    if part.role == "with":
        return _person(context, part)
    if part.role == "priority":
        return _priority(context, part)
    if part.role in ("amount", "close", "stage"):
        return _DEAL_VALUES[part.role](context, part)
    return _text(part)


_PERSON = {"job": "title", "mail": "email", "phone": "phone"}
_READERS: Mapping[str, Callable[[Context, Act], Iterator[LearnedCall]]] = {
    "change": _change,
    "task": _task,
    "done": _done,
    "retask": _retask,
    "log": _log,
    "new-contact": _new(
        "create_contact", {"name": "name", "at": "account", "company": "account", **_PERSON}, "name"
    ),
    "new-lead": _new(
        "create_lead",
        {
            "name": "name",
            "company": "company",
            "at": "company",
            "mail": "email",
            "phone": "phone",
            "source": "source",
            "owner": "owner",
        },
        "name",
    ),
    "new-account": _new("create_account", {"name": "name", "company": "name", "owner": "owner"}, "name"),
    "new-deal": _new(
        "create_deal",
        {
            "name": "name",
            "at": "account",
            "amount": "amount",
            "close": "close_date",
            "stage": "stage",
            "owner": "owner",
            "with": "contact",
        },
        "account",
    ),
    "new-ticket": _new(
        "create_ticket",
        {
            "name": "subject",
            "at": "account",
            "with": "contact",
            "priority": "priority",
            "owner": "assignee",
            "who": "assignee",
        },
        "subject",
    ),
    "edit-contact": _edit("contact", {"name": "name", **_PERSON}),
    "edit-lead": _edit("lead", {"owner": "owner", "who": "owner", "status": "status", **_PERSON}),
    "edit-account": _edit("account", {"owner": "owner", "name": "name"}),
    "edit-ticket": _edit(
        "ticket", {"owner": "assignee", "who": "assignee", "status": "status", "priority": "priority"}
    ),
}
