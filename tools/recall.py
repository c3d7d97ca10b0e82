"""What was said and done: searching interactions, with quotes."""

from typing import Annotated

from analytics.history import headline, quoted
from analytics.search.recall import Hit, Recall, recall
from analytics.view import View
from analytics.wording import choice_values, join_words, period_text, say
from core.errors import InvalidArgumentError
from core.parts import NotKnown, RecordRef, Text
from crm_store.interactions import DIRECTIONS, INTERACTION_TYPES
from crm_store.query import readable
from language.dates import Period
from tools.filters import read_when, view_of
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

MOST_HITS = 30
# A hit counts when it scores this share of the best: less where the question names a deal, account or contact.
_STRONG, _STRONG_IN_SCOPE = 0.3, 0.12


@tool(effect=ToolEffect.READ, scope="interactions")
def search_interactions(
    ctx: ToolContext,
    query: Annotated[str, "words or topic looked for, e.g. security questionnaire; empty: the latest"] = "",
    account: Annotated[str, "only this account"] = "",
    deal: Annotated[str, "only this deal"] = "",
    contact: Annotated[str, "only with this contact"] = "",
    user: Annotated[str, "only by this colleague, or me"] = "",
    since: Annotated[str, "from this day or period on, e.g. last month"] = "",
    until: Annotated[str, "up to this day"] = "",
    type: Annotated[str, "call, meeting, visit, email, message or note"] = "",
    direction: Annotated[str, "inbound or outbound"] = "",
    limit: Annotated[int, "quotes at most"] = 8,
) -> ToolResult:
    """Finds what was said or done in calls, meetings, visits, e-mails and notes, with quotes, dates and people.

    Use it for "what did X say about Y", "when did we last talk about", "who raised". Name the deal, account or contact
    where known; the query holds only the topic. For deals that mention a word use list_records with mentions.
    """
    view = view_of(ctx)
    wanted, where = _read(
        ctx, view, query, account, deal, contact, user, (since, until), (type, direction), limit
    )
    hits, total = recall(view, wanted) if readable(ctx.uow, "interaction") else ([], 0)
    if not hits:
        text = say(ctx.language, "nothing_said", query=query.strip() or "—", where=where, n=total)
        return ToolResult(
            {"count": 0, "searched": total, "note": text}, [NotKnown(text=text)], _scope_refs(ctx, wanted)
        )
    return _found(ctx, view, wanted, hits, total, where)


def _read(
    ctx: ToolContext, view: View, query: str, account: str, deal: str, contact: str, user: str,
    days: tuple[str, str], kinds: tuple[str, str], limit: int,
) -> tuple[Recall, str]:  # fmt: skip
    resolver = ctx.resolver
    at = resolver.find("account", account)
    within = (at.id,) if at is not None else ()
    about = resolver.find("deal", deal, within=within)
    met = resolver.find("contact", contact, within=(about.account_id,) if about is not None else within)
    by = resolver.find("user", user)
    period = _period(ctx, *days)
    kind, way = (
        _choice(ctx, *each)
        for each in zip(
            ("interaction_type", "direction"), kinds, (INTERACTION_TYPES, DIRECTIONS), strict=True
        )
    )
    names = [each.name for each in (at, about, met, by) if each is not None]
    if period is not None:
        names.append(period_text(view.language, period))
    names.extend(word for word in (kind, way) if word)
    where = join_words(view.language, names) or say(view.language, "everything_said")
    ids = [each.id if each is not None else "" for each in (at, about, met, by)]
    wanted = Recall(
        query.strip(), *ids, period=period, type=kind, direction=way, limit=max(1, min(limit, MOST_HITS))
    )
    return wanted, where


def _period(ctx: ToolContext, since: str, until: str) -> Period | None:
    if not since.strip() and not until.strip():
        return None
    start = read_when(ctx, since, past=True).start if since.strip() else ctx.today.replace(year=2000)
    end = read_when(ctx, until, past=True).end if until.strip() else ctx.today
    return Period(start, max(start, end), f"{start}/{end}")


def _choice(ctx: ToolContext, table: str, words: str, choices: tuple[str, ...]) -> str:
    if not words.strip():
        return ""
    found = choice_values(table, words)
    if not found:
        raise InvalidArgumentError(f"“{words[:40]}” is none of: {', '.join(choices)}.", argument=table)
    return found[0]


def _found(
    ctx: ToolContext, view: View, wanted: Recall, hits: list[Hit], total: int, where: str
) -> ToolResult:
    named = wanted.deal_id or wanted.account_id or wanted.contact_id
    limit = (_STRONG_IN_SCOPE if named else _STRONG) * hits[0].score
    best = [hit for hit in hits if hit.score >= limit]
    lines = [quoted(view, hit.said, hit.passage) for hit in best]
    title = say(
        ctx.language,
        "said_about" if wanted.query else "said_lately",
        query=wanted.query,
        where=where,
        n=len(best),
    )
    records = _scope_refs(ctx, wanted)
    for hit in best:
        records.extend(ref for ref in (hit.said.ref, *hit.said.contacts) if ref not in records)
    content = {
        "count": len(best),
        "searched": total,
        "where": where,
        "quotes": [
            {"who_when": headline(view, hit.said), "text": hit.said.text or hit.said.record.subject}
            for hit in best
        ],
    }
    text = "\n".join((title, *(f"- {line}" for line in lines)))
    return ToolResult(content, [Text(text=text)], records)


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
