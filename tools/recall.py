"""What was said and done: searching interactions, with quotes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from analytics.history import headline, quoted
from analytics.recall import Hit, Recall, Recalled, recall
from analytics.records.related import Line, cited_by
from analytics.records.said_facts import facts_asked
from analytics.view import View
from analytics.wording import choice_values, choice_word, join_words, period_text, say
from core.errors import InvalidArgumentError
from core.parts import NotKnown, RecordRef, Text
from crm_store.interactions import DIRECTIONS, INTERACTION_TYPES
from crm_store.query import readable
from language.dates import Period
from tools.filters import read_when, view_of
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

MOST_HITS = 30
# Where so few interactions were searched in vain, all of them are shown: the answer may stand there in other words.
MOST_INSTEAD = 4


@tool(effect=ToolEffect.READ, scope="interactions")
def search_interactions(
    ctx: ToolContext,
    query: Annotated[str, "the topic only; empty = the latest"] = "",
    account: str = "",
    deal: str = "",
    contact: str = "",
    user: str = "",
    since: str = "",
    until: str = "",
    type: str = "",
    direction: str = "",
    limit: int = 8,
) -> ToolResult:
    """Find what was said or done in calls, meetings, visits, e-mails and notes; quotes with dates and people."""
    view = view_of(ctx)
    about = _about(ctx, account, deal, contact, user)
    ids = {f"{kind}_id": record.id for kind, record in about.items()}
    wanted = Recall(
        query=query.strip(),
        period=_period(ctx, since, until),
        type=_choice("interaction_type", type, INTERACTION_TYPES),
        direction=_choice("direction", direction, DIRECTIONS),
        limit=max(1, min(limit, MOST_HITS)),
        **ids,
    )
    where = _where(view, wanted, [record.name for record in about.values()])
    recalled = _recall(ctx, view, wanted) if readable(ctx.uow, "interaction") else Recalled([], 0)
    facts = _facts(ctx, view, about, wanted, f"{recalled.query}\n{ctx.message}")
    if not recalled.hits and not facts:
        text = say(ctx.language, "nothing_said", query=query.strip() or "—", where=where, n=recalled.searched)
        nothing = {"count": 0, "searched": recalled.searched, "note": text}
        if about and 0 < recalled.searched <= MOST_INSTEAD:
            return _instead(ctx, view, wanted, NotKnown(text=text), nothing)
        return ToolResult(nothing, [NotKnown(text=text)], _scope_refs(ctx, wanted))
    if not recalled.hits:
        return _with_facts(ctx, ToolResult({"count": 0, "searched": recalled.searched}), facts)
    return _with_facts(ctx, _found(ctx, view, wanted, recalled, where), facts)


def _facts(ctx: ToolContext, view: View, about: dict[str, Any], wanted: Recall, words: str) -> list[Line]:
    """Facts on the narrowest record that the search is about, of the slots that are asked for."""
    if wanted.period is not None or wanted.user_id or not readable(ctx.uow, "interaction"):
        return []
    kind = next((each for each in ("contact", "deal", "account") if each in about), "")
    return facts_asked(view, kind, about[kind], words) if kind else []


def _with_facts(ctx: ToolContext, found: ToolResult, facts: list[Line]) -> ToolResult:
    """The quotes with the facts before them."""
    if not facts:
        return found
    text = "\n".join(f"- {line.text}" for line in facts)
    title = say(ctx.language, "section_said")
    records = list(dict.fromkeys([*found.records, *cited_by(facts)]))
    content = {"facts": [line.text for line in facts], **found.content}
    return ToolResult(content, [Text(text=f"**{title}**\n{text}"), *found.parts], records, shows_foreign_text=True)


def _about(ctx: ToolContext, account: str, deal: str, contact: str, user: str) -> dict[str, Any]:
    """The records that the search is limited to, each found within the ones before it."""
    find = ctx.resolver.find
    found = {"account": find("account", account)}
    within = (found["account"].id,) if found["account"] is not None else ()
    found["deal"] = find("deal", deal, within=within)
    within = (found["deal"].account_id,) if found["deal"] is not None else within
    found["contact"] = find("contact", contact, within=within)
    found["user"] = find("user", user)
    return {kind: record for kind, record in found.items() if record is not None}


def _where(view: View, wanted: Recall, names: list[str]) -> str:
    words = list(names)
    if wanted.period is not None:
        words.append(period_text(view.language, wanted.period))
    words += [
        choice_word(view.language, table, value)
        for table, value in (("interaction_type", wanted.type), ("direction", wanted.direction))
        if value
    ]
    return join_words(view.language, words) or say(view.language, "everything_said")


def _recall(ctx: ToolContext, view: View, wanted: Recall) -> Recalled:
    """By words and meaning where the memory has an index, else by words."""
    from memory.serving import find_memory

    return recall(view, wanted, find_memory(ctx.uow) if wanted.query else None)


def _period(ctx: ToolContext, since: str, until: str) -> Period | None:
    if not since.strip() and not until.strip():
        return None
    start = read_when(ctx, since, past=True).start if since.strip() else ctx.today.replace(year=2000)
    end = read_when(ctx, until, past=True).end if until.strip() else ctx.today
    return Period(start, max(start, end), f"{start}/{end}")


def _choice(table: str, words: str, choices: tuple[str, ...]) -> str:
    if not words.strip():
        return ""
    found = choice_values(table, words)
    if not found:
        raise InvalidArgumentError(f"“{words[:40]}” is none of: {', '.join(choices)}.", argument=table)
    return found[0]


def _found(ctx: ToolContext, view: View, wanted: Recall, recalled: Recalled, where: str) -> ToolResult:
    best = recalled.hits
    title = say(
        ctx.language,
        "said_about" if wanted.query else "said_lately",
        query=recalled.query,
        where=where,
        n=len(best),
    )
    read = [say(ctx.language, "read_as", wrong=wrong, right=right) for wrong, right in recalled.read_as.items()]
    content = {"count": len(best), "searched": recalled.searched, "where": where, "quotes": _quotes(view, best)}
    text = "\n".join((*read, title, *_lines(view, best)))
    return ToolResult(content, [Text(text=text)], _cited(ctx, wanted, best), shows_foreign_text=True)


def _instead(
    ctx: ToolContext, view: View, wanted: Recall, nothing: NotKnown, content: dict[str, Any]
) -> ToolResult:
    """That nothing fits, and the few interactions in which it was looked for."""
    hits = recall(view, replace(wanted, query="")).hits
    text = "\n".join((say(ctx.language, "said_instead"), *_lines(view, hits)))
    content = {**content, "all_that_was_said_there": _quotes(view, hits)}
    return ToolResult(content, [nothing, Text(text=text)], _cited(ctx, wanted, hits), shows_foreign_text=True)


def _lines(view: View, hits: Sequence[Hit]) -> list[str]:
    return [f"- {quoted(view, hit.said, hit.passage)}" for hit in hits]


def _quotes(view: View, hits: Sequence[Hit]) -> list[dict[str, str]]:
    return [
        {"who_when": headline(view, hit.said), "text": hit.said.text or hit.said.record.subject} for hit in hits
    ]


def _cited(ctx: ToolContext, wanted: Recall, hits: Sequence[Hit]) -> list[RecordRef]:
    records = _scope_refs(ctx, wanted)
    for hit in hits:
        records.extend(ref for ref in (hit.said.ref, *hit.said.contacts) if ref not in records)
    return records


def _scope_refs(ctx: ToolContext, wanted: Recall) -> list[RecordRef]:
    refs = []
    for kind, record_id in (
        ("deal", wanted.deal_id),
        ("account", wanted.account_id),
        ("contact", wanted.contact_id),
    ):
        record = ctx.uow.find(kind, record_id) if record_id else None
        if record is not None:
            refs.append(ctx.resolver.ref(kind, record))
    return refs
