"""Filters from the slots of a clause: states, values, missing fields, names, dates and whose records."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from language.builtin.questions.accounts_meant import OF_ACCOUNT, account_pointed_at, unknown_account
from language.builtin.questions.marks import Mark, split_value, table
from language.builtin.questions.negations import negated
from language.builtin.questions.periods import closed_by_then, date_filters
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Thing
from language.builtin.questions.thresholds import Condition, lengths_of_time, silent_since, thresholds
from language.builtin.questions.whose import OWNER_FIELD, owners, teams
from language.builtin.vocabulary import load_words, patterns

_NAMES = {
    "account": {
        "deal": "account",
        "contact": "account",
        "task": "account",
        "ticket": "account",
        "interaction": "account",
    },
    "deal": {"task": "deal", "interaction": "deal"},
    "contact": {"deal": "contact", "interaction": "contacts", "ticket": "contact", "task": "contact"},
    "product": {"deal": "product", "lead": "product_interest"},
    "stage": {"deal": "stage"},
}
_JOINED = re.compile(r"\s*(?:,|/|or|and|nor|、|或者?|和)\s*(?:in\s+)?", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:or|and|plus|also|as well as|including|incl)\b|和|以及|加上|还有|或|连", re.IGNORECASE)
_DUE = frozenset({"due", "close_date"})
_OTHER = {"yes": "no", "no": "yes"}
_NEAR = 12
# "Also open" says of the same records; these words add others.
_ADDS = ("incl", "count")


def conditions(
    slots: Slots, kind: str, *, own: bool = True, dates: bool = True, in_currency: bool = False
) -> list[Condition]:
    """All filters that the clause puts on records of a kind; `own` includes whose they are.

    `in_currency`: a currency names deals in it ("deals in HKD"), not what a figure is shown in.
    """
    found = [*_missing(slots, kind), *_values(slots, kind), *_choices(slots, kind)]
    found += [*_states(slots, kind), *thresholds(slots, kind)]
    found += _currencies(slots, in_currency) if kind == "deal" else []
    types = slots.values("interaction_type") if kind == "interaction" else []
    found += [Condition("type", "=", types[0])] if len(types) == 1 else []
    found += [*lengths_of_time(slots, kind), *silent_since(slots)]
    found += [*_named(slots, kind), *_besides(slots, kind)]
    if own:
        found += owners(slots, kind)
    if dates:
        found += [Condition(*each) for each in date_filters(slots, kind)]
    return _merged(_with_overdue(slots, found))


def _with_overdue(slots: Slots, found: list[Condition]) -> list[Condition]:
    """ "Overdue or due this week", 逾期的和今天到期的: all that is due up to then, where a word joins both."""
    overdue = [mark for mark in slots.marks_of("state") if "overdue" in mark.values("state")]
    dates = [mark for mark in slots.marks if mark.date is not None]
    if not (overdue and dates and any(each.field == "overdue" for each in found)):
        return found
    first, second = sorted((overdue[0], dates[0]), key=lambda each: each.start)
    if not _JOINING.search(slots.reading.text[first.end : second.start]):
        return found
    joined = [each for each in found if each.field != "overdue"]
    if not any(each.field == "status" for each in joined):
        joined.append(Condition("status", "=", "open"))
    return [replace(each, op="<=") if each.field in _DUE and each.op == "=" else each for each in joined]


def _currencies(slots: Slots, in_currency: bool) -> Iterator[Condition]:
    """ "Deals in HKD", "the sterling ones": not the currency that a figure is shown in, nor a part that is shown."""
    codes = slots.values("currency") if in_currency else []
    if not slots.has("currency") or in_currency:
        named = [mark for mark in slots.marks_of("of_currency") if not _is_part(slots, mark)]
        codes = [*codes, *(code for mark in named for code in mark.values("of_currency"))]
    if codes:
        yield Condition("currency", "=", "|".join(dict.fromkeys(codes)))


def _is_part(slots: Slots, mark: Mark) -> bool:
    """ "With the sterling and the euro parts": parts of a total, each by itself."""
    last = max((other.end for other in slots.marks_of("of_currency")), default=mark.end)
    behind = slots.reading.text[last : slots.clause.end]
    return any(pattern.match(behind) for pattern in patterns("question_patterns", "parts"))


def _states(slots: Slots, kind: str) -> Iterator[Condition]:
    states = cast(dict[str, dict[str, Sequence[str]]], table("filters", "states"))
    emptied = {mark.start for mark, _ in _emptied(slots, kind)}
    for mark in slots.marks_of("state"):
        if mark.start in emptied or _is_value(mark, kind) or _is_taken_in(slots, mark):
            continue
        for state in mark.values("state"):
            meaning = states[state].get(kind)
            if meaning:
                name, value = meaning
                turned = negated(slots, mark)
                if turned and value in _OTHER:
                    value, turned = _OTHER[value], False
                yield Condition(name, "!=" if turned else "=", value) if value else Condition(name, "is_empty")
                break
    if closed_by_then(slots) and kind == "deal" and not slots.has("state", "won", "lost"):
        yield Condition("status", "=", "won")


def _is_taken_in(slots: Slots, mark: Mark) -> bool:
    """ "Late ones included", "the overdue too", "pending ones included": records that count beside others narrow
    nothing."""
    adding = [
        other
        for other in slots.marks_of("also")
        if "overdue" in mark.values("state") or other.text.casefold().startswith(_ADDS)
    ]
    between = [(other, *sorted((mark, other), key=lambda each: each.start)) for other in adding]
    return any(
        0 <= second.start - first.end < _NEAR
        and all(each.is_filler for each in slots.marks if first.end <= each.start and each.end <= second.start)
        for _, first, second in between
    )


def _is_value(mark: Mark, kind: str) -> bool:
    return any(split_value(packed)[0] == kind for packed in mark.values("value"))


def _choices(slots: Slots, kind: str) -> Iterator[Condition]:
    """Values of fields with a fixed choice, where the field is named as well ("priority is high")."""
    for mark in slots.marks_of("choice"):
        for where, name, value in map(split_value, mark.values("choice")):
            named = any(name in other.values("field") for other in slots.marks if other is not mark)
            if where == kind and named and mark.mention is None and not mark.has("metric"):
                yield Condition(name, "!=" if negated(slots, mark) else "=", value)


def _values(slots: Slots, kind: str) -> Iterator[Condition]:
    """Values of fields; where a word is a value of several fields, the field that is named beside it is meant."""
    named = set(slots.values("field")) | set(slots.values("dimension"))
    taken = {mark.start for mark, _ in (*_emptied(slots, kind), *(teams(slots) if kind in OWNER_FIELD else ()))}
    for mark in slots.marks_of("value"):
        pronoun = len(mark.text) <= 2 and mark.text.islower()
        if mark.start in taken or mark.mention is not None or pronoun or _names_field_of(slots, mark):
            continue
        options = [
            (where, name, value) for packed in mark.values("value") for where, name, value in [split_value(packed)]
        ]
        if any("lost" in other.values("state") and not _is_taken_in(slots, other) for other in slots.marks):
            named.add("lost_reason")
        chosen = _choose(options, kind, named - set(mark.values("field")), mark)
        if chosen:
            yield Condition(chosen[0], "!=" if negated(slots, mark) else "=", chosen[1])


def _names_field_of(slots: Slots, mark: Mark) -> bool:
    """ "With competitor Sensoria": the word names the field of the value beside it and is none itself."""
    fields = set(mark.values("field"))
    return any(
        split_value(packed)[1] in fields
        for other in slots.marks_of("value")
        if other is not mark and not other.has("field")
        for packed in other.values("value")
    )


def _choose(options: list[tuple[str, str, str]], kind: str, named: set[str], mark: Mark) -> tuple[str, str] | None:
    direct = [(name, value) for where, name, value in options if where == kind]
    if kind in ("deal", "contact", "ticket"):
        direct += [(name, value) for where, name, value in options if where == "account"]
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    direct = direct or [(name, value) for _, name, value in options if kind in kinds_of.get(name, [])]
    fitting = [each for each in direct if each[0] in named] or direct
    states = cast(dict[str, dict[str, object]], table("filters", "states"))
    other_field = any(kind in kinds_of.get(name, []) for name in mark.values("field"))
    other_state = any(kind in states[state] for state in mark.values("state"))
    vague = other_field or other_state or mark.has("kind") or mark.has("measure") or mark.has("interaction_type")
    if vague and not any(each[0] in named for each in direct):
        return None
    return fitting[0] if fitting else None


def lacking(slots: Slots) -> str:
    """ "Customers without an open deal", 没有商机的客户: the count that is 0 of such accounts; else empty."""
    deals = [mark for mark in slots.marks if mark.values("kind")[:1] == ["deal"]]
    if "account" not in slots.kinds or not deals:
        return ""
    before = [mark for mark in slots.marks_of("empty") if mark.end <= deals[0].start]
    between = [
        mark for mark in slots.marks if before and before[-1].end <= mark.start and mark.end <= deals[0].start
    ]
    if not before or any(not mark.is_filler and "open" not in mark.values("state") for mark in between):
        return ""
    return "open_deals" if any("open" in mark.values("state") for mark in (*between, deals[0])) else "deals"


def _missing(slots: Slots, kind: str) -> Iterator[Condition]:
    none = lacking(slots)
    if none and kind == "account":
        yield Condition(none, "=", "0")
    for _, name in _emptied(slots, kind):
        yield Condition(name, "is_empty")


def _emptied(slots: Slots, kind: str) -> list[tuple[Mark, str]]:
    """Fields that are said to be empty: "no next step", 没有竞争对手."""
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    found = []
    for empty in slots.marks_of("empty"):
        for mark in slots.marks:
            near = _next_to(slots, empty, mark)
            for name in mark.values("field"):
                fits = kind in kinds_of.get(name, [kind])
                if near and fits and not (name == "owner" and kind in ("ticket", "task")):
                    found.append((mark, name))
                    break
    return found


def _next_to(slots: Slots, empty: Mark, mark: Mark) -> bool:
    text = slots.reading.text
    between = text[empty.end : mark.start] if mark.start >= empty.end else text[mark.end : empty.start]
    fillers = [m for m in slots.marks if m.is_filler]
    for filler in fillers:
        between = between.replace(filler.text, " ")
    after = mark.start >= empty.end
    return not between.strip(" ,，'’") and (
        after
        or not empty.text.isascii()
        or empty.text.lower() in ("empty", "missing", "blank", "not set", "not filled in")
    )


def _named(slots: Slots, kind: str) -> Iterator[Condition]:
    """Names of other records: at an account, with a product, in a stage, on a deal."""
    if kind in OF_ACCOUNT and not slots.named("account"):
        account = account_pointed_at(slots, kind) or unknown_account(slots)
        if account:
            yield Condition("account", "=", account)
    for named_kind, fields in _NAMES.items():
        name = fields.get(kind)
        things = [thing for thing in slots.things if named_kind in thing.by_kind and _means(thing, named_kind)]
        out = _not_in(slots, [each for each in things if not _is_out(slots, each, kind)]) if name else []
        if name and out:
            yield Condition(name, "!=", "|".join(thing.by_kind[named_kind].reference for thing in out))
        things = [thing for thing in things if thing not in out]
        reach = _reach(slots, things[0].mark) if named_kind == "stage" and name and len(things) == 1 else ""
        found = [subject.reference for thing in things for subject in [thing.as_kind([named_kind])] if subject]
        if name == "product_interest":
            # A text of the lead's own, not a product of the price list.
            entries = [slots.reading.situation.lexicon.get(reference) for reference in found]
            found = [entry.name if entry else words for entry, words in zip(entries, found, strict=True)]
        if name and found:
            op = "has" if name == "product_interest" else reach or "="
            yield Condition(name, op, "|".join(dict.fromkeys(found)))


def _reach(slots: Slots, mark: Mark) -> str:
    """ "Proposal or further", "past Trial", 方案阶段及以后: how stages are compared with the one named; else empty."""
    before, behind = slots.reading.text[slots.clause.start : mark.start], slots.reading.text[mark.end :]
    for op in load_words("question_patterns")["reach_behind"]:
        if any(each.match(behind) for each in patterns("question_patterns", "reach_behind", op)):
            return str(op)
    for op in load_words("question_patterns")["reach_before"]:
        if any(each.search(before) for each in patterns("question_patterns", "reach_before", op)):
            return str(op)
    return ""


def _not_in(slots: Slots, things: Sequence[Thing]) -> list[Thing]:
    """ "Not in Trial or Offer", "without the Halden ones": names that are ruled out, with those joined to them."""
    out: list[Thing] = []
    for thing in things:
        joined = (
            bool(out) and _JOINED.fullmatch(slots.reading.text[out[-1].mark.end : thing.mark.start]) is not None
        )
        if joined or negated(slots, thing.mark):
            out.append(thing)
    return out


def _besides(slots: Slots, kind: str) -> Iterator[Condition]:
    """ "Besides that one", "apart from it": without the record that was talked about last; or without a named one."""
    focus = slots.reading.dialogue.focus(kind)
    pointing = [mark for mark in slots.marks_of("pronoun") if "it" in mark.values("pronoun")]
    lexicon = slots.reading.situation.lexicon
    out = [thing.by_kind[kind].reference for thing in slots.things if _is_out(slots, thing, kind)]
    if focus and any(negated(slots, mark) for mark in pointing):
        out = [focus[0], *out]
    names = [entry.name for reference in out for entry in [lexicon.get(reference)] if entry is not None]
    if names:
        yield Condition("name", "!=", "|".join(dict.fromkeys(names)))


def _is_out(slots: Slots, thing: Thing, kind: str) -> bool:
    """ "Without the pilot": one record of the kind that is listed."""
    return next(iter(thing.by_kind)) == kind and negated(slots, thing.mark)


def _means(thing: Thing, kind: str) -> bool:
    """Whether a name is of the kind here: an account whenever it can be, a colleague before a contact."""
    return kind == "account" or (
        next(iter(thing.by_kind)) == kind and not (kind == "contact" and "user" in thing.by_kind)
    )


def _merged(found: Sequence[Condition]) -> list[Condition]:
    """One filter a field and comparison; several values of one field mean any of them."""
    merged: dict[tuple[str, str], Condition] = {}
    for each in found:
        key = (each.field, each.op)
        old = merged.get(key)
        if old is None or each.op != "=":
            merged[key] = each
        elif each.value not in old.value.split("|"):
            merged[key] = Condition(each.field, "=", f"{old.value}|{each.value}")
    return list(merged.values())
