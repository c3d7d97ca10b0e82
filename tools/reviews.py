"""What needs fixing on deals, and what to do next on one."""

from collections.abc import Sequence
from typing import Annotated, Any

from analytics.attributes import attribute
from analytics.hygiene.review import cases_of, review_cases, review_others
from analytics.hygiene.rule import RULES, Finding, wording
from analytics.next_action import Suggestion, suggest
from analytics.view import View
from analytics.wording import choice_values, kind_word, say
from core.errors import InvalidArgumentError
from core.parts import Column, NotKnown, RecordRef, Table, Text
from crm_store.query import Condition, clauses, readable
from tools.filters import Filter, read_filters, view_of
from tools.people import read_scope
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

MOST_SUGGESTIONS = 3


@tool(effect=ToolEffect.READ, scope="deals")
def review_deals(
    ctx: ToolContext,
    deal: Annotated[str, "one deal: what to fix and do next"] = "",
    scope: Annotated[str, "me, my team, a name, company"] = "",
    rules: Annotated[list[str], "e.g. H2; empty = all"] = [],  # noqa: B006
    filters: list[Filter] = [],  # noqa: B006
) -> ToolResult:
    """Check deals for what is wrong or missing; for one deal also the next best action and why.

    H1 close date passed, H2 no next step, H3 silent, H4 stuck, H5 one contact, H6 no economic buyer, H7 no
    amount, H8 pushed, H9 commit outside quarter, H10 moved back, H11-H14 losses, leads, duplicates, loose logs.
    """
    view = view_of(ctx)
    if not readable(ctx.uow, "deal") and not deal.strip() and not set(_rules(rules)) - _DEAL_RULES:
        return _nothing(ctx)
    if deal.strip():
        return _one(ctx, view, ctx.resolver.get("deal", deal), _rules(rules))
    return _many(ctx, view, scope, _rules(rules), filters)


def _rules(words: Sequence[str]) -> list[str]:
    known = sorted({each.id for each in RULES}, key=lambda id: int(id[1:]))
    found = []
    for each in words:
        named = [id for id in known if each.strip().upper() == id or _is_titled(id, each)]
        if not named:
            raise InvalidArgumentError(
                f"There is no rule “{each[:40]}”; rules: {', '.join(known)}.", argument="rules"
            )
        found += named
    return found


def _is_titled(rule_id: str, words: str) -> bool:
    return words.strip().casefold() in (wording("en", rule_id, "title"), wording("zh", rule_id, "title"))


def _nothing(ctx: ToolContext) -> ToolResult:
    text = say(ctx.language, "no_kind", kinds=kind_word(ctx.language, "deal"))
    return ToolResult({"count": 0, "note": text}, [NotKnown(text=text)])


def _one(ctx: ToolContext, view: View, deal: Any, rules: list[str]) -> ToolResult:
    language = ctx.language
    ref = ctx.resolver.ref("deal", deal)
    cases = cases_of(view, [deal])
    if not cases:
        stage = ctx.uow.find("stage", deal.stage_id)
        text = say(language, "deal_closed", name=ref.name, stage=getattr(stage, "name", ""))
        findings = review_others(view, {"H11"}, [type(deal).id == deal.id])
        lines = [_line(language, finding) for finding in findings]
        return ToolResult(
            {"deal": ref.name, "note": text, "to_fix": lines}, [Text(text="\n".join((text, *lines)))], [ref]
        )
    findings = review_cases(view, cases, rules)
    steps = suggest(view, cases[0])[:MOST_SUGGESTIONS]
    records = [ref]
    for each in (*(f.record for f in findings), *(r for step in steps for r in step.evidence)):
        if each not in records:
            records.append(each)
    content = {
        "deal": ref.name,
        "to_fix": [_content(language, finding) for finding in findings],
        "next": [{"do": step.what, "why": step.why, "action": step.action} for step in steps],
    }
    return ToolResult(content, [Text(text=_told(language, ref, findings, steps))], records)


def _told(language: str, ref: RecordRef, findings: list[Finding], steps: list[Suggestion]) -> str:
    fixes = [_line(language, finding) for finding in findings] or [f"- {say(language, 'nothing_to_fix')}"]
    actions = [
        f"{number}. {say(language, 'do_because', what=step.what, why=step.why)}"
        for number, step in enumerate(steps, 1)
    ]
    title = say(language, "review_of", name=ref.name)
    return "\n".join((title, *fixes, "", say(language, "what_next"), *actions))


def _line(language: str, finding: Finding) -> str:
    fix = say(
        language,
        "finding",
        title=finding.title(language),
        evidence=finding.evidence,
        fix=finding.fix(language),
    )
    return f"- {fix} ({finding.rule})"


def _many(ctx: ToolContext, view: View, scope: str, rules: list[str], filters: list[Filter]) -> ToolResult:
    whose = read_scope(ctx, scope, "deal")
    conditions = read_filters(ctx, "deal", filters)
    model = ctx.uow
    status = attribute(model, "deal", "status")
    where = clauses(model, [Condition(status, "=", choice_values("deal_status", "open")), *conditions])
    if whose.people is not None:
        owner = attribute(model, "deal", "owner")
        where += clauses(model, [Condition(owner, "=", tuple(sorted(whose.people)))])
    deals = ctx.uow.all("deal", *where) if readable(ctx.uow, "deal") else []
    findings = (
        review_cases(view, cases_of(view, deals, rules), rules) if not rules or set(rules) & _DEAL_RULES else []
    )
    findings += review_others(view, set(rules))
    words = [say(ctx.language, "whose", who=whose.words), *(each.words for each in conditions)]
    return _listed(ctx, findings, len(deals), say(ctx.language, "and_then").join(filter(None, words)))


def _listed(ctx: ToolContext, findings: list[Finding], checked: int, where: str) -> ToolResult:
    language = ctx.language
    if not findings:
        text = say(language, "all_clean", n=checked, filter=where)
        return ToolResult({"count": 0, "checked": checked, "filter": where}, [Text(text=text)])
    records = list(dict.fromkeys(finding.record for finding in findings))
    counts: dict[str, int] = {}
    for finding in findings:
        title = f"{finding.rule} {finding.title(language)}"
        counts[title] = counts.get(title, 0) + 1
    title = say(language, "review_title", n=len(findings), records=len(records), checked=checked, filter=where)
    columns = tuple(
        Column(name=name, label=say(language, f"column_{name}")) for name in ("record", "rule", "evidence", "fix")
    )
    rows = tuple(
        (
            finding.record.name,
            f"{finding.rule} {finding.title(language)}",
            finding.evidence,
            finding.fix(language),
        )
        for finding in findings
    )
    content = {
        "count": len(findings),
        "checked": checked,
        "filter": where,
        "by_rule": counts,
        "findings": [_content(language, finding) for finding in findings[:60]],
    }
    table = Table(title=title, columns=columns, rows=rows, records=tuple(finding.record for finding in findings))
    return ToolResult(content, [table], records)


def _content(language: str, finding: Finding) -> dict[str, str]:
    return {
        "record": finding.record.name,
        "rule": f"{finding.rule} {finding.title(language)}",
        "evidence": finding.evidence,
    }


_DEAL_RULES = frozenset(f"H{number}" for number in range(1, 11))
