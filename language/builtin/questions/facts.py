"""Questions about one record: a field of it, or all of it. The field decides which kind of record is meant."""

from collections.abc import Sequence
from typing import cast

from language.builtin.calls import Call
from language.builtin.questions.conditions import conditions
from language.builtin.questions.marks import Mark, table
from language.builtin.questions.pointing import part_of_focus, pointed_at
from language.builtin.questions.shape import sorting
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Subject, Thing, open_deals_of, unknown_name, with_unknown_words
from language.builtin.vocabulary import load_words
from language.names.vocabulary import is_no_word

BRIEF_KINDS = ("account", "deal", "contact", "lead", "ticket")
CARD_KINDS = ("deal", "account", "contact", "lead", "ticket", "task", "product", "user", "stage")
_PERSON_KINDS = ("contact", "lead", "user")
_LEAST_FIT = 0.7
_DOERS = tuple(f" {each}" for each in ("i", "we", "you", "he", "she", "they", "anyone", "anybody", "us"))
_BEFORE_KIND = ("", "的", "那个", "这个", "那家", "这家", "那单", "那条")
_PEOPLE_OF_ACCOUNT = "primary_contact"


def fields_asked(slots: Slots) -> list[str]:
    """The fields that the clause asks for, in order; not those that only narrow or sort."""
    return list(dict.fromkeys(name for group in _groups(slots) for name in group))


def fields_of(kind: str, slots: Slots) -> list[str]:
    """The fields that the clause asks of a record of a kind, by the names they have there."""
    groups = _groups(slots)
    found = _fields_for(kind, [group for group in groups if any(supports(kind, name) for name in group)])
    return [*found, *_of_person(groups)] if names_person(kind, found) else found


def names_person(kind: str, fields: Sequence[str]) -> bool:
    """Whether the person of a record is among the fields: who reported a ticket, whom we talk to about a deal."""
    return cast(dict[str, str], table("fields", "of_person")).get(kind) in fields


def _of_person(groups: Sequence[Sequence[str]]) -> list[str]:
    known = cast(list[str], load_words("question_fields")["of_person_fields"])
    return list(dict.fromkeys(name for group in groups for name in group[:1] if name in known))


def fact_calls(slots: Slots) -> list[Call]:
    """Calls for fields of named, pointed-at or unknown records; none without a field and a record."""
    groups = _groups(slots)
    if not groups:
        return []
    subjects = _subjects(slots, groups)
    if not subjects:
        return []
    calls: list[Call] = []
    for subject in subjects:
        calls += _about(slots, subject, _fields_for(subject.kind, groups))
    return calls


def _groups(slots: Slots) -> list[list[str]]:
    """The fields that each word may ask for; of what is told before the question only where that asks for nothing."""
    marks = [
        mark
        for mark in slots.marks
        if mark.values("field") and not mark.mention and not _only_narrows(slots, mark)
    ]
    asks_from = slots.clause.asks_from
    money = any(amount.kind == "money" and amount.span.end <= slots.at for amount in slots.reading.amounts)
    if money and [mark.values("field") for mark in marks] == [["products"]]:
        # "Tempted to cut it to 30k. What's in there now?"
        return [["amount"]]
    asked = [mark for mark in marks if mark.start >= asks_from]
    says_more = any(unit.start >= asks_from for unit in slots.marks.leftovers)
    return [mark.values("field") for mark in (asked if asked or (asks_from and says_more) else marks)]


def card_call(slots: Slots, *, detail: str) -> list[Call]:
    """Everything about a record, shortly ("card") or for a meeting ("brief")."""
    kinds = BRIEF_KINDS if detail == "brief" else CARD_KINDS
    found = [subject for thing in slots.things for subject in [_most_telling(thing, kinds)] if subject]
    is_unknown = _names_unknown(slots) or _asks_who_is_unknown(slots)
    subject = _main_subject(found) or (None if is_unknown else pointed_at(slots, kinds))
    if subject is None:
        name = unknown_name(slots.marks)
        return (
            [
                Call(
                    "get_record",
                    {"record": name, "kind": _kind_said(slots) or "account", "detail": detail},
                    slots.at,
                )
            ]
            if name
            else []
        )
    return [Call("get_record", {"record": subject.reference, "kind": subject.kind, "detail": detail}, slots.at)]


def _names_unknown(slots: Slots) -> bool:
    """ "How is the Zorblax account", 王大锤那个客户怎么样: a kind of record, or what points at one, right behind a name
    that nothing has."""
    name = unknown_name(slots.marks)
    start = slots.reading.text.find(name) if name else -1
    if start < 0:
        return False
    return any(
        slots.reading.text[start + len(name) : mark.start].strip(" '’s") in _BEFORE_KIND
        for mark in (*slots.marks_of("kind"), *slots.marks_of("pronoun"))
        if mark.start >= start + len(name)
    )


def _asks_who_is_unknown(slots: Slots) -> bool:
    """ "Who is Zed Nobody": nobody that was talked about before."""
    return slots.has("ask", "who") and not slots.has("pronoun") and bool(unknown_name(slots.marks))


def related_calls(slots: Slots, kind: str) -> list[Call]:
    """The products, people or history of one named deal."""
    field = {"product": "products", "contact": "contacts"}.get(kind)
    deals = [thing.by_kind["deal"] for thing in slots.named("deal")]
    if field == "products" and not deals and (within := _deal_spoken_of(slots)):
        deals = [within]
    if field is None or len(deals) != 1:
        return []
    return [Call("get_record", {"record": deals[0].reference, "kind": "deal", "fields": [field]}, slots.at)]


def _deal_spoken_of(slots: Slots) -> Subject | None:
    """The deal whose products are asked for, where the asker may not see it: its name goes as it is written."""
    accounts = slots.named("account")
    if accounts:
        return Subject("deal", with_unknown_words(accounts[-1].mark, slots.marks))
    if slots.has("pronoun"):
        return pointed_at(slots, ["deal"])
    name = unknown_name(slots.marks) if slots.has("kind", "deal") else ""
    return Subject("deal", name) if name else None


def supports(kind: str, field: str) -> bool:
    """Whether records of a kind have a field, maybe by another name (custom ones are taken to)."""
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    return kind in kinds_of.get(field, [kind]) or field in _instead(kind)


def _instead(kind: str) -> dict[str, str]:
    return cast(dict[str, dict[str, str]], table("fields", "instead")).get(kind, {})


def _subjects(slots: Slots, groups: Sequence[list[str]]) -> list[Subject]:
    found = [subject for thing in slots.things for subject in [_best_kind(slots, thing, groups)] if subject]
    found = _narrowest(found)
    if found and (stranger := _stranger(slots, found)):
        return [Subject(_kind_said(slots) or found[0].kind, stranger)]
    if found:
        return _with_longer_name(slots, found, groups)
    kinds = _kinds_with(groups)
    if person := _person_asked_before(slots, groups):
        return [person]
    if _points_back(slots):
        subject = pointed_at(slots, kinds)
        return [subject] if subject else []
    name = unknown_name(slots.marks)
    if name and (focused := part_of_focus(slots, name, kinds)):
        return [focused]
    if name and not slots.has("scope"):
        return [Subject(_kind_said(slots) or kinds[0], name)]
    return []


def _person_asked_before(slots: Slots, groups: Sequence[list[str]]) -> Subject | None:
    """ "Who reported it, and what's the number": of the person of the record that the question before asks for."""
    earlier = slots.earlier
    if earlier is None or earlier.tool != "get_record" or not _points_back(slots):
        return None
    kind = str(earlier.arguments.get("kind", ""))
    is_theirs = len(_of_person(groups)) == len(groups) and names_person(kind, earlier.arguments.get("fields", []))
    return Subject(kind, str(earlier.arguments["record"])) if is_theirs else None


def _stranger(slots: Slots, found: Sequence[Subject]) -> str:
    """ "Larchmont Cement, the line deal": a proper name that nobody has tells more than a word that several have."""
    name = unknown_name(slots.marks)
    entries = [slots.reading.situation.lexicon.get(subject.reference) for subject in found]
    words = name.split()
    proper = all(word[:1].isupper() for word in words) and any(is_no_word(word) for word in words)
    return name if proper and all(entry is None for entry in entries) else ""


def _best_kind(slots: Slots, thing: Thing, groups: Sequence[list[str]]) -> Subject | None:
    kinds = [kind for kind in (*CARD_KINDS,) if any(supports(kind, name) for group in groups for name in group)]
    direct = thing.as_kind(
        sorted(kinds, key=lambda kind: -sum(any(supports(kind, name) for name in group) for group in groups))
    )
    if direct:
        return direct
    return thing.as_kind(["account"]) or _less_likely(thing, kinds)


def _less_likely(thing: Thing, kinds: Sequence[str]) -> Subject | None:
    """A record that the name fits less well than another one, which does not have the field ("the deck crane")."""
    candidates = thing.mark.mention.candidates if thing.mark.mention else ()
    fitting = [each for each in candidates if each.entry.kind in kinds and each.score >= _LEAST_FIT]
    return Subject(fitting[0].entry.kind, fitting[0].entry.id) if len(fitting) == 1 else None


def _narrowest(found: list[Subject]) -> list[Subject]:
    """Without the account that only says where the record belongs ("the CFO of Harbor")."""
    owned = {subject.account_id for subject in found if subject.kind != "account" and subject.account_id}
    inner = [subject for subject in found if subject.kind != "account"]
    kept = [
        s for s in found if not (s.kind == "account" and (s.account_id in owned or s.reference in owned or inner))
    ]
    return list(dict.fromkeys(kept))


def _with_longer_name(slots: Slots, found: list[Subject], groups: Sequence[list[str]]) -> list[Subject]:
    """ "The Harbor trial" is no record when only an account "Harbor" is known: the words go as they are."""
    if (
        len(found) != 1
        or found[0].kind != "account"
        or any(supports("account", name) for group in groups for name in group)
    ):
        return found
    thing = next(thing for thing in slots.things if thing.as_kind(["account"]) == found[0])
    words = with_unknown_words(thing.mark, slots.marks)
    return [Subject("deal", words)] if words != thing.mark.text else found


def amount_in(slots: Slots, deal: str, currency: str) -> Call | None:
    """The amount of one deal in another currency: a figure over that deal alone; None for a deal that is not known."""
    entry = slots.reading.situation.lexicon.get(deal)
    if entry is None or entry.kind != "deal":
        return None
    metric = "pipeline_value" if entry.is_open else "closed_won"
    only = [{"field": "name", "op": "=", "value": entry.name}]
    arguments = {"metric": metric, "scope": "company", "filters": only, "currency": currency}
    return Call("query_metric", arguments, slots.at)


def _about(slots: Slots, subject: Subject, fields: list[str]) -> list[Call]:
    at = slots.at
    shown = slots.values("currency")
    is_shown = subject.kind == "deal" and fields == ["amount"] and bool(shown)
    figure = amount_in(slots, subject.reference, shown[0]) if is_shown else None
    if figure is not None:
        return [figure]
    types = _latest_types(slots)
    if fields == ["last_activity"] and len(types) == 1 and subject.kind in ("account", "contact", "deal"):
        # "The last call with Ann" may lie before her latest e-mail.
        wanted = {"query": "", subject.kind: subject.reference, "type": types[0]}
        return [Call("search_interactions", wanted, at)]
    if subject.kind == "account" and not any(supports("account", name) for name in fields):
        return _of_account(slots, subject, fields)
    if subject.kind == "account" and fields == [_PEOPLE_OF_ACCOUNT]:
        return [_listing("contact", subject, at)]
    return [Call("get_record", {"record": subject.reference, "kind": subject.kind, "fields": fields}, at)]


def _latest_types(slots: Slots) -> list[str]:
    """The types of contact in "the last call"; none in "when did I last call", where any contact is meant."""
    return [
        value
        for mark in slots.marks_of("latest_type")
        if not slots.reading.text[: mark.start].casefold().rstrip().endswith(_DOERS)
        for value in mark.values("latest_type")
    ]


def _of_account(slots: Slots, account: Subject, fields: list[str]) -> list[Call]:
    """A field that the account itself lacks: of its one open deal, or a list of its deals or contacts."""
    at = slots.at
    kinds = _kinds_with([fields])
    if kinds[0] in _PERSON_KINDS:
        return [_listing("contact", account, at)]
    if kinds[0] != "deal" and "deal" not in kinds:
        return [_listing(kinds[0], account, at)]
    deals = open_deals_of(account.reference, slots.reading.situation.lexicon)
    if len(deals) == 1:
        return [Call("get_record", {"record": deals[0], "kind": "deal", "fields": fields}, at)]
    narrowed = [each for each in conditions(slots, "deal") if each.field not in ("account", "status")]
    filters = [{"field": "account", "op": "=", "value": account.reference}, *(each.plain() for each in narrowed)]
    if not slots.has("state", "won", "lost", "closed"):
        filters.append({"field": "status", "op": "=", "value": "open"})
    return [Call("list_records", {"kind": "deal", "filters": filters, **sorting(slots, "deal")}, at)]


def _listing(kind: str, account: Subject, at: int) -> Call:
    return Call(
        "list_records",
        {"kind": kind, "filters": [{"field": "account", "op": "=", "value": account.reference}]},
        at,
    )


def _fields_for(kind: str, groups: Sequence[list[str]]) -> list[str]:
    """For each word the field that the kind has, among those the word may mean."""
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    chosen = []
    for group in groups:
        own = [name for name in group if kind in kinds_of.get(name, [kind])]
        other = [_instead(kind)[name] for name in group if name in _instead(kind)]
        chosen.append([*own, *other, *group][0])
    return list(dict.fromkeys(chosen))


def _kinds_with(groups: Sequence[Sequence[str]]) -> list[str]:
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    found = [kind for group in groups for name in group for kind in kinds_of.get(name, ["deal"])]
    return sorted(dict.fromkeys(found), key=lambda kind: -found.count(kind)) or ["deal"]


def _points_back(slots: Slots) -> bool:
    is_bare = slots.is_fragment and not slots.has("kind") and not slots.has("scope", "my team", "company")
    return slots.has("pronoun") or (is_bare and not _asks_what_happens(slots))


def _asks_what_happens(slots: Slots) -> bool:
    """ "What's closing this month": the day is given, and records are asked for, not the day of one."""
    return slots.has("ask", "what") and slots.has("moment") and bool(slots.dates)


def _kind_said(slots: Slots) -> str:
    return next(iter(slots.values("kind")), "")


def _only_narrows(slots: Slots, mark: Mark) -> bool:
    return mark.has("empty")


def _most_telling(thing: Thing, kinds: Sequence[str]) -> Subject | None:
    first = next(iter(thing.by_kind))
    return thing.as_kind([first]) if first in kinds else thing.as_kind(kinds)


def _main_subject(found: Sequence[Subject]) -> Subject | None:
    order = ("deal", "contact", "lead", "ticket", "account", "task", "product", "user", "stage")
    return min(found, key=lambda subject: order.index(subject.kind), default=None)
