"""New records, and changes of contacts, leads, accounts and tickets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from language.builtin.choices import choice_meant, choices_said
from language.builtin.new_record import NOBODY, says_nobodys
from language.builtin.people_facts import bare_title_in, email_in, is_former, phone_in, with_end, without_label
from language.builtin.vocabulary import load_words
from language.learned.acts import Act, Part
from language.learned.calls.context import (
    Context,
    LearnedCall,
    ReadAct,
    Value,
    account_of,
    colleague,
    has_tag,
    person_of,
    plain,
    priority_of,
    reads,
)
from language.learned.calls.deals import DEAL_VALUES
from language.learned.calls.references import meant
from language.script import has_cjk

# What belongs to the account that the same message makes, where it names no other.
_OF_ACCOUNT = ("create_contact", "create_deal")
# So many words may stand between a denial and what it denies.
_NEAR = 2
# What makes a title a new one.
_NEW_TITLE = ("title_change", "title_is", "set_word", "status_verb", "apply")


def _new(tool: str, fields: Mapping[str, str], needed: str) -> ReadAct:
    """A reader for an act that creates a record: which role fills which argument of the tool."""

    def read(context: Context, act: Act) -> Iterator[LearnedCall]:
        values: dict[str, Value] = {}
        behind = context.seen.acts[context.seen.acts.index(act) + 1 :][:1]
        act = replace(
            act, parts=(*act.parts, *(part for each in behind if _is_of_new(context, each) for part in each.parts))
        )
        for role, argument in fields.items():
            part = context.shared(act, role) if role in ("at",) else act.one(role)
            said = _record_value(context, part) if part is not None else ""
            if part is not None and said:
                values.setdefault(argument, Value(said, part))
        if tool in _OF_ACCOUNT and "account" not in values and (new := _new_account(context, act)):
            values["account"] = Value(plain(new), new)
        if tool == "create_contact" and "name" in values:
            values |= _facts_of_person(context, act, values)
        if tool == "create_lead" and act.parts:
            values |= dict(_facts_of_lead(context, act, values))
        if needed in values:
            yield LearnedCall(tool, act, values)

    return read


def _is_of_new(context: Context, act: Act) -> bool:
    """Whether a change names no record of its own right behind a new one of its kind: "new contact Jo Doe, jo@…"."""
    place = context.seen.acts.index(act)
    before = context.seen.acts[place - 1].kind if place else ""
    return (
        act.kind.startswith("edit-")
        and before == act.kind.replace("edit-", "new-")
        and not act.all("which", "with")
    )


def _new_account(context: Context, act: Act) -> Part | None:
    """The name of the account that the message makes just before."""
    before = [each for each in context.seen.acts if each.kind == "new-account" and each.first < act.first]
    return before[-1].one("name", "company") if before else None


def _facts_of_person(context: Context, act: Act, values: Mapping[str, Value]) -> dict[str, Value]:
    """The address, number and job that stand beside the only new person of a message and were not read with the name;
    a job that was read is taken whole (设备主任, not 主任)."""
    if sum(each.kind == act.kind for each in context.seen.acts) > 1:
        return {}
    clauses = [each for each in context.outline.clauses if each.first < act.after and act.first < each.after]
    sentences = {each.sentence for each in clauses}
    near = [each for each in context.outline.clauses if each.sentence in sentences]
    text, part = context.outline.own_text(near[0].start, near[-1].end), values["name"].part
    told = {
        "email": email_in(text),
        "phone": phone_in(text),
        "title": bare_title_in(text) if has_cjk(text) else "",
    }
    found = {field: Value(said, part) for field, said in told.items() if said and field not in values}
    read = values.get("title")
    if read is not None and told["title"] != read.said and told["title"].endswith(str(read.said)):
        found["title"] = Value(told["title"], read.part)
    return found


def _facts_of_lead(context: Context, act: Act, values: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """The product that a lead is about, and the source and other choices of a lead that the message says."""
    if (product := _product(context, act)) is not None:
        yield "product_interest", Value(plain(product), product)
    part = values["name"].part if "name" in values else act.parts[0]
    said = dict(choices_said(context.outline, "lead", context.outline.text))
    source = values.get("source")
    is_other = source is not None and (
        any("product" in word.kinds for word in source.part.words) or str(source.said) in said.values()
    )
    if "source" in said or is_other:
        yield "source", Value(said.pop("source", ""), part)
    if "owner" not in values and says_nobodys(context.outline.text):
        yield "owner", Value(NOBODY, part)
    if (job := act.one("job")) is not None:
        said["title"] = plain(job)
    if said:
        yield "other", Value(said, part)


def _product(context: Context, act: Act) -> Part | None:
    """The product that is spoken of in an act or right behind it."""
    words = context.outline.words
    end = next(
        (each.first for each in context.seen.acts if each.first >= act.after and each.kind != act.kind), len(words)
    )
    found = next((i for i in range(act.first, end) if "product" in words[i].kinds), None)
    if found is None:
        return None
    word = words[found]
    return Part("on", found, found + 1, context.outline.own_text(word.start, word.end), act.sure, [word])


def _edit(kind: str, fields: Mapping[str, str]) -> ReadAct:
    """A reader for an act that changes a record of a kind."""

    def read(context: Context, act: Act) -> Iterator[LearnedCall]:
        if _is_of_new(context, act):
            return
        which = context.shared(act, "which", "at" if kind == "account" else "with")
        records = meant(context, which, kind)
        if kind == "lead" and which is not None and has_tag(context, act, "convert"):
            yield from (_conversion(context, act, record, which) for record in records)
            return
        values: dict[str, Value] = {}
        for role, argument in fields.items():
            part = act.one(role)
            said = _status(context, part, kind) if part is not None and role == "status" else ""
            said = said or (_record_value(context, part) if part is not None and role != "status" else "")
            if part is not None and said and not (role == "job" and _tells_who(context, act, part)):
                values[argument] = Value(said, part)
        for record in records if values else ():
            yield LearnedCall("update_record", act, values, {"kind": kind, "record": record})

    return read


def _tells_who(context: Context, act: Act, job: Part) -> bool:
    """Whether a title stands behind a name with nothing that makes it new: "Tveit, the yard manager", or is no more."""
    clause = context.clause_at(job.first)
    if clause is not None and is_former(clause.text):
        return True
    before = context.outline.words[act.first : job.first]
    little = load_words("record_words")["title_leads"]
    behind = context.outline.words[job.after : act.after]
    changes = any(
        hit.tag in _NEW_TITLE and act.first <= hit.first < act.after and hit.after <= job.first
        for hit in context.outline.all_hits
    )
    told = [word for word in (*before, *behind) if word.canon.isalnum() and not word.kinds]
    return not changes and all(word.canon in little for word in told)


def _conversion(context: Context, act: Act, lead: str, which: Part) -> LearnedCall:
    """A lead made an account and a deal; the deal may be told as a new one beside it."""
    values = {"lead": Value(lead, which)}
    deals = [each for each in context.seen.acts if each.kind == "new-deal" and not each.all("at")]
    act = replace(act, parts=(*act.parts, *(part for each in deals for part in each.parts)))
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
    """The status that words mean for a kind of record; empty when they are none that is known, or are denied."""
    if _is_denied(context, part):
        return ""
    busy = {hit.first for hit in context.hits_over(part, "busy")}
    hits = [hit for hit in context.hits_over(part, "status") if hit.first not in busy]
    meant = [hit.value[kind] for hit in hits if kind in hit.value]
    return choice_meant(context.outline, kind, "status", meant[0]) if meant else ""


def _is_denied(context: Context, part: Part) -> bool:
    """Whether a denial stands right before words: "not fixed", "isn't quite resolved"."""
    clause = context.clause_at(part.first)
    if clause is None or "negation" not in clause.moods:
        return False
    denials = clause.all("negation")
    return any(hit.first < part.first and part.first - _NEAR <= hit.after for hit in denials)


def _record_value(context: Context, part: Part) -> str:
    if part.role in ("owner", "who"):
        return colleague(context, part)
    if part.role == "at":
        return account_of(context, part)
    if part.role == "with":
        return person_of(context, part)
    if part.role == "priority":
        return priority_of(context, part)
    if part.role in ("amount", "close", "stage"):
        return DEAL_VALUES[part.role](context, part)
    if part.role == "phone":
        end = context.outline.words[part.after - 1].end
        behind = context.outline.own_text(end, len(context.outline.text))
        return with_end(without_label(plain(part), part.role), behind)
    return without_label(plain(part), part.role)


_PERSON = {"job": "title", "mail": "email", "phone": "phone"}
_READERS: Mapping[str, ReadAct] = {
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
for _kind, _read in _READERS.items():
    reads(_kind)(_read)
