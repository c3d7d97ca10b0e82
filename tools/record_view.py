"""Reading one record: a few facts, the card, or the brief before a meeting."""

from typing import Annotated, Any, Literal

from analytics.hygiene import review
from analytics.records.card import BRIEF_SECTIONS, Fact, Sheet, brief, card, facts
from analytics.records.related import cited_by
from analytics.records.said_facts import MOST_OF_EACH, facts_asked, said_facts
from analytics.view import View
from analytics.wording import join_words, kind_word, say
from core.errors import AmbiguousRecordError, RecordNotFoundError
from core.parts import Column, NotKnown, Table, Text
from crm_store.query import readable
from language.names.decide import decide
from tools.briefings import show_briefing
from tools.filters import view_of
from tools.records_read import KINDS, kind_of
from tools.registry import ToolContext, ToolEffect, ToolResult, tool
from tools.said_beside import with_said

_NAMED_KINDS = tuple(kind for kind in KINDS if kind not in ("interaction", "quota"))


@tool(effect=ToolEffect.READ, scope="records")
def get_record(
    ctx: ToolContext,
    record: str,
    kind: Annotated[str, "empty = any; briefing"] = "",
    fields: Annotated[list[str], "only these, e.g. phone, stage, last_activity, tasks, contacts, history"] = [],  # noqa: B006
    detail: Literal["card", "brief"] = "card",
) -> ToolResult:
    """Show one record: some fields, its card, or a brief ("everything about", "prepare me for")."""
    if kind.strip() == "briefing":
        return show_briefing(ctx, record)
    found_kind, found = find_record(ctx, record, kind_of(kind) if kind.strip() else "")
    view = view_of(ctx)
    if fields:
        told = _facts(view, facts(view, found_kind, found, fields), found_kind)
        return with_said(view, told, facts_asked(view, found_kind, found, ctx.message))
    if detail == "brief" and found_kind in BRIEF_SECTIONS:
        sheet = brief(view, found_kind, found)
        flags = review.flags_of(view, found_kind, found)
        said = tuple(said_facts(view, found_kind, found, most=MOST_OF_EACH))
        if said:
            sheet.facts.append(Fact("said", say(view.language, "section_said"), "", said, is_list=True))
            sheet.records.extend(each for each in cited_by(said) if each not in sheet.records)
        sheet.facts.append(Fact("hygiene", say(view.language, "section_hygiene"), "", tuple(flags), is_list=True))
        return _brief(view, sheet, found_kind)
    return _card(view, card(view, found_kind, found), found_kind)


def find_record(ctx: ToolContext, words: str, kind: str = "") -> tuple[str, Any]:
    """The one visible record that the words mean, of a kind or of any, with its kind.

    Raises:
        AmbiguousRecordError: several are equally likely, maybe of different kinds.
        RecordNotFoundError: none is close.
    """
    if kind:
        return kind, ctx.resolver.get(kind, words)
    prefix = words.strip().rsplit("_", 1)[0]
    if prefix in KINDS:
        return prefix, ctx.resolver.get(prefix, words)
    kinds = {each for each in _NAMED_KINDS if readable(ctx.uow, each)}
    lexicon = ctx.resolver.lexicon
    decision = decide(lexicon.match(words, kinds=kinds, account_ids=tuple(ctx.resolver.accounts)))
    if decision.outcome == "one" and decision.chosen is not None:
        entry = decision.chosen.entry
        return entry.kind, ctx.resolver.get(entry.kind, entry.id)
    candidates = [ctx.resolver.candidate(each.entry) for each in decision.candidates]
    if decision.outcome == "several":
        raise AmbiguousRecordError("record", words, candidates)
    raise RecordNotFoundError("record", words, candidates[:3])


def _facts(view: View, sheet: Sheet, kind: str) -> ToolResult:
    language = view.language
    content = {"record": sheet.ref.name, "kind": kind, **{fact.name: _content(fact) for fact in sheet.facts}}
    if not any(fact.known or fact.is_list for fact in sheet.facts):
        labels = join_words(language, [fact.label for fact in sheet.facts])
        text = say(language, "fact_unknown", name=sheet.ref.name, labels=labels)
        return ToolResult(content, [NotKnown(text=text)], sheet.records)
    told = [say(language, "fact", label=fact.label, value=_told(view, fact)) for fact in sheet.facts]
    text = say(language, "facts_of", name=sheet.ref.name, facts=say(language, "and_then").join(told))
    return ToolResult(content, [Text(text=text)], sheet.records, shows_foreign_text=True)


def _card(view: View, sheet: Sheet, kind: str) -> ToolResult:
    language = view.language
    content = {
        "record": sheet.ref.name,
        "kind": kind,
        **{fact.name: _content(fact) for fact in sheet.facts if fact.known},
    }
    rows = tuple((fact.label, _told(view, fact)) for fact in sheet.facts if fact.known)
    columns = (
        Column(name="field", label=say(language, "field")),
        Column(name="value", label=say(language, "value")),
    )
    title = f"{sheet.ref.name} ({kind_word(language, kind, 1)})"
    return ToolResult(content, [Table(title=title, columns=columns, rows=rows)], sheet.records)


def _brief(view: View, sheet: Sheet, kind: str) -> ToolResult:
    language = view.language
    content = {
        "record": sheet.ref.name,
        "kind": kind,
        **{fact.name: _content(fact) for fact in sheet.facts if fact.known},
    }
    short = [say(language, "fact", label=fact.label, value=fact.value) for fact in sheet.facts if fact.value]
    blocks = [say(language, "facts_of", name=sheet.ref.name, facts=say(language, "and_then").join(short))]
    for fact in sheet.facts:
        if fact.is_list:
            lines = [f"- {line.text}" for line in fact.lines] or [f"- {say(language, 'none_there')}"]
            blocks.append("\n".join((f"**{fact.label}**", *lines)))
    records = list(sheet.records)
    return ToolResult(content, [Text(text="\n\n".join(blocks))], records, shows_foreign_text=True)


def _told(view: View, fact: Fact) -> str:
    if fact.is_list:
        return "; ".join(line.text for line in fact.lines) or say(view.language, "none_there")
    return fact.value or say(view.language, "not_recorded")


def _content(fact: Fact) -> Any:
    return [line.text for line in fact.lines] if fact.is_list else fact.value
