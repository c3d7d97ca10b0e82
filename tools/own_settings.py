"""What a page or a program sets for a person or the company: briefings, hygiene rules. No model sees these."""

from typing import Any

from analytics.hygiene.rule import RULES, limits_of, own_rules
from core.errors import InvalidArgumentError
from tools.briefing_schedule import change_schedule
from tools.filters import view_of
from tools.registry import ToolContext, ToolEffect, ToolResult, form

HIGHEST_LIMIT = 3650


@form(effect=ToolEffect.WRITE, scope="records")
def set_briefing(ctx: ToolContext, fields: dict[str, str]) -> ToolResult:
    """Sets when, where and whether the asker is briefed."""
    return change_schedule(ctx, fields)


@form(effect=ToolEffect.WRITE, scope="records")
def set_rule(
    ctx: ToolContext, rule: str, is_on: bool | None = None, limits: dict[str, int] | None = None
) -> ToolResult:
    """Switches a hygiene rule on or off for the company, or sets its thresholds; the usual one is kept as none."""
    if rule not in {each.id for each in RULES}:
        raise InvalidArgumentError(f"There is no rule {rule[:20]}.", argument="rule", zh=f"没有规则{rule[:20]}。")
    own, usual = own_rules(view_of(ctx)), limits_of(rule)
    kept = dict(own.limits)
    for name, number in (limits or {}).items():
        if name not in usual or not 1 <= number <= HIGHEST_LIMIT:
            raise InvalidArgumentError(
                f"{rule} has no limit {name[:40]} of {number}; limits: {', '.join(usual) or 'none'}, 1 to 3650.",
                argument=name,
                zh=f"{rule}没有阈值{name[:40]}={number}；可设置：{'、'.join(usual) or '无'}，1到3650。",
            )
        kept[name] = number
        if number == usual[name]:
            del kept[name]
    off = own.off if is_on is None else own.off - {rule} if is_on else own.off | {rule}
    values: dict[str, Any] = {
        "rules_off": sorted(off),
        "rule_limits": [f"{name}={number}" for name, number in sorted(kept.items())],
    }
    company = ctx.uow.all("company")[0]
    changed = ctx.uow.update("company", company, values)
    return ToolResult({"rule": rule, "changed": changed}, records=[ctx.resolver.ref("company", company)])
