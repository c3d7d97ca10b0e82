"""What needs fixing on deals, and what to do next on one."""

from collections.abc import Sequence
from typing import Annotated, Any

from analytics.attributes import attribute
from analytics.hygiene.review import cases_of, review_cases, review_others
from analytics.hygiene.rule import RULES, Finding, wording
from analytics.next_best_action import Advice, advise, advise_many, for_closed
from analytics.view import View
from analytics.wording import choice_values, join_words, kind_word, say
from core.errors import InvalidArgumentError
from core.parts import Column, NotKnown, RecordRef, Table, Text
from crm_store.query import Condition, clauses, readable
from crm_store.suggestion_log import silenced
from tools.filters import Filter, read_filters, view_of
from tools.people import read_scope
from tools.registry import ToolContext, ToolEffect, ToolResult, tool
from tools.suggestions import hint, told

MOST_SUGGESTIONS = 3
# In place of rules: which deals need something done, most pressing first.
NEXT = "next"
MOST_RANKED, MOST_LOOKED_AT = 8, 200


@tool(effect=ToolEffect.READ, scope="deals")
def review_deals(
    ctx: ToolContext,
    deal: Annotated[str, "one deal: what to fix and do next"] = "",
    scope: Annotated[str, "me, my team, a name, company"] = "",
    rules: Annotated[list[str], "e.g. H2; next = what to do; empty = all"] = [],  # noqa: B006
    filters: list[Filter] = [],  # noqa: B006
) -> ToolResult:
    """Check deals for what is wrong or missing; for one deal also the next best action and why.

    H1 close date passed, H2 no next step, H3 silent, H4 stuck, H5 one contact, H6 no economic buyer, H7 no
    amount, H8 pushed, H9 commit outside quarter, H10 moved back, H11-H14 losses, leads, duplicates, loose logs.
    """
    view = view_of(ctx)
    if [word.strip().casefold() for word in rules] == [NEXT]:
        return _next_on_all(ctx, view, scope, filters) if not deal.strip() else review_deals(ctx, deal=deal)
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
        lines += [
            f"- {say(language, 'do_because', what=step.what, why=step.why)}" for step in for_closed(view, deal)
        ]
        return ToolResult(
            {"deal": ref.name, "note": text, "to_fix": lines}, [Text(text="\n".join((text, *lines)))], [ref]
        )
    findings = review_cases(view, cases, rules)
    advice = advise(view, cases[0], silenced=silenced(ctx.uow, [deal.id]).get(deal.id, frozenset()))
    steps, shown = told(ctx, advice, MOST_SUGGESTIONS)
    evidence = [record for step in advice.suggestions[:MOST_SUGGESTIONS] for record in step.evidence]
    records = list(dict.fromkeys([ref, *(finding.record for finding in findings), *evidence]))
    content = {
        "deal": ref.name,
        "to_fix": [_content(language, finding) for finding in findings],
        "next": steps,
        "experience": advice.note,
    }
    text = _told(language, ref, findings, steps, advice)
    return ToolResult(content, [Text(text=text)], records, suggested=shown)


def _told(
    language: str, ref: RecordRef, findings: list[Finding], steps: list[dict[str, Any]], advice: Advice
) -> str:
    fixes = [_line(language, finding) for finding in findings] or [f"- {say(language, 'nothing_to_fix')}"]
    actions = [
        f"{number}. {say(language, 'do_because', what=step['do'], why=step['why'])}"
        for number, step in enumerate(steps, 1)
    ] or [f"- {say(language, 'nothing_to_do')}"]
    title = say(language, "review_of", name=ref.name)
    closing = " ".join(filter(None, (advice.note, hint(language, steps))))
    return "\n".join((title, *fixes, "", say(language, "what_next"), *actions, "", closing)).rstrip()


def _next_on_all(ctx: ToolContext, view: View, scope: str, filters: list[Filter]) -> ToolResult:
    """The open deals in the order in which they need something, each with its best action."""
    if not readable(ctx.uow, "deal"):
        return _nothing(ctx)
    deals, words = _open_deals(ctx, scope, filters)
    quiet = silenced(ctx.uow, [deal.id for deal in deals])
    advices = advise_many(view, cases_of(view, deals[:MOST_LOOKED_AT]), quiet)
    ranked = sorted(
        (each for each in advices if each.suggestions),
        key=lambda each: (-each.suggestions[0].score, each.deal.name),
    )[:MOST_RANKED]
    if not ranked:
        text = say(ctx.language, "all_clean", n=len(deals), filter=words)
        return ToolResult({"count": 0, "checked": len(deals), "filter": words}, [Text(text=text)])
    pairs = [told(ctx, each, 1) for each in ranked]
    steps = [{"deal": each.deal.name, **content[0]} for each, (content, _) in zip(ranked, pairs, strict=True)]
    title = say(ctx.language, "next_on_all", n=len(ranked), checked=len(deals), filter=words)
    columns = tuple(
        Column(name=name, label=say(ctx.language, f"column_{name}")) for name in ("record", "do", "why")
    )
    rows = tuple((step["deal"], step["do"], step["why"]) for step in steps)
    table = Table(
        title=title, columns=columns, rows=rows, records=tuple(each.deal for each in ranked),
        note=hint(ctx.language, steps),
    )  # fmt: skip
    content = {"count": len(ranked), "checked": len(deals), "filter": words, "next": steps}
    shown = [record for _, records in pairs for record in records]
    return ToolResult(content, [table], [each.deal for each in ranked], suggested=shown)


def _open_deals(ctx: ToolContext, scope: str, filters: list[Filter]) -> tuple[list[Any], str]:
    """The open deals of a scope, the next to close first, and the filter in words."""
    whose = read_scope(ctx, scope, "deal")
    conditions = read_filters(ctx, "deal", filters)
    status = attribute(ctx.uow, "deal", "status")
    where = clauses(ctx.uow, [Condition(status, "=", choice_values("deal_status", "open")), *conditions])
    if whose.people is not None:
        owner = attribute(ctx.uow, "deal", "owner")
        where += clauses(ctx.uow, [Condition(owner, "=", tuple(sorted(whose.people)))])
    deals = list(ctx.uow.all("deal", *where)) if readable(ctx.uow, "deal") else []
    words = [say(ctx.language, "whose", who=whose.words), *(each.words for each in conditions)]
    deals.sort(key=lambda deal: (deal.close_date is None, deal.close_date, deal.name))
    return deals, say(ctx.language, "and_then").join(filter(None, words))


def _line(language: str, finding: Finding) -> str:
    fix = say(
        language,
        "finding",
        title=finding.title(language),
        evidence=finding.evidence,
        fix=finding.fix(language),
    )
    return f"- {fix} {say(language, 'to_say', words=finding.say(language))}"


def _many(ctx: ToolContext, view: View, scope: str, rules: list[str], filters: list[Filter]) -> ToolResult:
    deals, words = _open_deals(ctx, scope, filters)
    findings = (
        review_cases(view, cases_of(view, deals, rules), rules) if not rules or set(rules) & _DEAL_RULES else []
    )
    findings += review_others(view, set(rules))
    if rules and not set(rules) & _DEAL_RULES:
        return _of_others(ctx, findings, rules)
    return _listed(ctx, findings, len(deals), words)


def _of_others(ctx: ToolContext, findings: list[Finding], rules: list[str]) -> ToolResult:
    """What the rules beyond open deals found, over everything that the asker may see."""
    language = ctx.language
    what = join_words(language, [wording(language, each, "title") for each in dict.fromkeys(rules)])
    where = say(language, "all_visible")
    if not findings:
        text = say(language, "none_found", what=what, where=where)
        return ToolResult({"count": 0, "rules": rules}, [Text(text=text)])
    records = len({finding.record for finding in findings})
    title = say(language, "found_title", what=what, n=len(findings), records=records, where=where)
    return _table(ctx, findings, title, {"count": len(findings), "rules": rules})


def _listed(ctx: ToolContext, findings: list[Finding], checked: int, where: str) -> ToolResult:
    language = ctx.language
    if not findings:
        text = say(language, "all_clean", n=checked, filter=where)
        return ToolResult({"count": 0, "checked": checked, "filter": where}, [Text(text=text)])
    records = list(dict.fromkeys(finding.record for finding in findings))
    counts: dict[str, int] = {}
    for finding in findings:
        title = _titled(language, finding)
        counts[title] = counts.get(title, 0) + 1
    title = say(language, "review_title", n=len(findings), records=len(records), checked=checked, filter=where)
    content = {"count": len(findings), "checked": checked, "filter": where, "by_rule": counts}
    return _table(ctx, findings, title, content)


def _table(ctx: ToolContext, findings: list[Finding], title: str, content: dict[str, Any]) -> ToolResult:
    language = ctx.language
    records = list(dict.fromkeys(finding.record for finding in findings))
    columns = tuple(
        Column(name=name, label=say(language, f"column_{name}")) for name in ("record", "rule", "evidence", "fix")
    )
    rows = tuple(
        (
            finding.record.name,
            finding.title(language),
            finding.evidence,
            finding.fix(language),
        )
        for finding in findings
    )
    table = Table(
        title=title,
        columns=columns,
        rows=rows,
        records=tuple(finding.record for finding in findings),
        says=tuple(finding.say(language) for finding in findings),
    )
    told = {**content, "findings": [_content(language, finding) for finding in findings[:60]]}
    return ToolResult(told, [table], records)


def _content(language: str, finding: Finding) -> dict[str, str]:
    return {
        "record": finding.record.name,
        "rule": _titled(language, finding),
        "evidence": finding.evidence,
    }


def _titled(language: str, finding: Finding) -> str:
    """A rule for a model: its id, by which it can be asked for, and what it is about."""
    title = finding.title(language)
    return title if finding.own else f"{finding.rule} {title}"


_DEAL_RULES = frozenset(f"H{number}" for number in range(1, 11))
