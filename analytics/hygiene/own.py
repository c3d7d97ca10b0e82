"""The rules that a company made itself: a filter over open deals, read anew for whoever asks, on their day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import select

from analytics.attributes import attribute
from analytics.hygiene.case_file import CHUNK, CaseFile
from analytics.hygiene.rule import Finding
from analytics.listing import condition_words, settle_amounts
from analytics.view import View
from analytics.when import period_meant
from analytics.wording import choice_table, choice_values, choice_word, number_text, period_text, say
from core.errors import ModelFixableError
from crm_store.deals import Deal
from crm_store.nouns import FieldType
from crm_store.own_rules import OwnRule
from crm_store.query import Attribute, Condition, Op, clauses, names_of
from language.amounts import parse_amount
from language.dates import Period

KIND = "deal"
SEPARATOR = "|"
_DEAL: Any = Deal
_MOMENTS = (FieldType.DATE, FieldType.DATETIME)


@dataclass(frozen=True, slots=True)
class Made:
    """A company's own rule with its conditions; `conditions` is None where the asker may not know of them."""

    rule: OwnRule
    conditions: tuple[Condition, ...] | None

    @property
    def words(self) -> list[str]:
        """The conditions for people."""
        return [each.words for each in self.conditions or ()]


def made_rules(view: View) -> list[Made]:
    """The company's own rules by name, those that are off included."""
    found: list[Made] | None = view.memo.get("made rules")
    if found is None:
        rows = sorted(view.uow.all("own_rule"), key=lambda each: each.name)
        found = view.memo["made rules"] = [Made(each, _conditions(view, each.conditions)) for each in rows]
    return found


def made_findings(view: View, cases: Sequence[CaseFile]) -> dict[str, list[Finding]]:
    """What the company's own rules find among open deals, by deal id; rules on hidden fields are left out."""
    found: dict[str, list[Finding]] = {}
    for made in made_rules(view) if cases else ():
        if made.conditions and made.rule.is_on:
            fulfilled = _fulfilled(view, made.conditions, [case.deal.id for case in cases])
            evidence = say(view.language, "and_then").join(made.words)
            for case in cases:
                if case.deal.id in fulfilled:
                    finding = Finding(
                        made.rule.id, case.ref, evidence, says="own", own=(made.rule.name, made.rule.fix)
                    )
                    found.setdefault(case.deal.id, []).append(finding)
    return found


def kept(condition: Condition, words: str) -> str:
    """A condition as a rule keeps it, from what was read and the value as it was written."""
    chosen = condition.attribute
    if chosen.type in _MOMENTS and not chosen.age:
        values = [each.strip() for each in words.split(SEPARATOR)] if condition.values else []
    elif chosen.type is FieldType.AMOUNT:
        values = [f"{each.value} {each.currency or ''}".strip() for each in condition.values]
    elif chosen.type is FieldType.BOOLEAN:
        values = ["yes" if each else "no" for each in condition.values]
    else:
        values = [str(each) for each in condition.values]
    return " ".join(filter(None, (chosen.name, condition.op, SEPARATOR.join(values))))


def _conditions(view: View, texts: Sequence[str]) -> tuple[Condition, ...] | None:
    """None where a field is hidden from the asker, was deleted, or a value means nothing any more."""
    try:
        return tuple(_condition(view, each) for each in texts)
    except ModelFixableError:
        return None


def _condition(view: View, text: str) -> Condition:
    name, op, value = [*text.split(" ", 2), ""][:3]
    chosen = attribute(view.uow, KIND, name)
    values = tuple(_value(view, chosen, each) for each in value.split(SEPARATOR)) if value else ()
    if op == "between" and len(values) == 2 and isinstance(values[0], Period):
        values = (Period(values[0].start, values[1].end, value),)
    bare = Condition(chosen, cast(Op, op), values)
    return replace(bare, words=condition_words(view.language, bare, _shown(view, chosen, values, value)))


def _value(view: View, chosen: Attribute, text: str) -> Any:
    if chosen.age or chosen.type is FieldType.INTEGER:
        return int(text)
    if chosen.type in _MOMENTS:
        past = chosen.type is FieldType.DATETIME
        return period_meant(text, today=view.today, fiscal=view.fiscal, past=past)
    if chosen.type is FieldType.AMOUNT:
        return parse_amount(text)
    return "yes" in choice_values("yes_no", text) if chosen.type is FieldType.BOOLEAN else text


def _shown(view: View, chosen: Attribute, values: Sequence[Any], text: str) -> list[str]:
    language = view.language
    if chosen.age:
        return [say(language, "days", n=each) for each in values]
    if chosen.type in _MOMENTS:
        return [period_text(language, each) for each in values]
    if chosen.type is FieldType.AMOUNT:
        return [f"{number_text(each.value)} {each.currency or ''}".strip() for each in values]
    if chosen.ref:
        names = names_of(view.uow, chosen.ref, values)
        return [names.get(each, "—") for each in values]
    if chosen.type is FieldType.CHOICE:
        return [choice_word(language, choice_table(KIND, chosen.name), each) for each in values]
    if chosen.type is FieldType.BOOLEAN:
        return [say(language, "yes" if each else "no") for each in values]
    return text.split(SEPARATOR) if text else []


def _fulfilled(view: View, conditions: Sequence[Condition], ids: Sequence[str]) -> set[str]:
    where = clauses(view.uow, settle_amounts(view, KIND, conditions)[0])
    found: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        statement = select(_DEAL.id).where(_DEAL.id.in_(ids[start : start + CHUNK]), *where)
        found.update(view.uow.session.scalars(statement))
    return found
