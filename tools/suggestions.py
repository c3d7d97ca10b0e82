"""How suggestions are told: their ids, the call that accepting makes, the line after a log. Holds no tool."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analytics.hygiene.review import cases_of
from analytics.next_best_action import Advice, Suggestion, advise
from analytics.next_best_action.catalogue import Action, catalogue
from analytics.view import View
from analytics.wording import join_words, say
from core.parts import Text
from crm_store.query import readable
from crm_store.suggestion_log import Shown, open_suggestion, silenced
from language.dates import Shift
from memory.facts.extract import objections_in
from memory.facts.validity import slot_label, visible_topics
from tools.registry import ToolContext, ToolResult

# A task that is there already is not created once more.
_THERE_ALREADY = frozenset({"overdue_task", "due_task"})
_OWN_TITLE = frozenset({"urgent_ticket", "keep_going"})


def told(ctx: ToolContext, advice: Advice, most: int) -> tuple[list[dict[str, Any]], list[Shown]]:
    """The best suggestions for the model, each with the call that accepts it, and as they are to be recorded."""
    content, shown = [], []
    for each in advice.suggestions[:most]:
        one, record = _told(ctx, advice, each)
        content.append(one)
        shown.append(record)
    return content, shown


def hint(language: str, content: Sequence[Mapping[str, Any]]) -> str:
    """How to accept or dismiss what was just shown; nothing where nothing was."""
    key = "suggestion_hint" if len(content) > 1 else "suggestion_hint_one"
    return say(language, key) if content else ""


def after_log(ctx: ToolContext, interaction: Any, result: ToolResult) -> None:
    """Adds one line with the next best action to a log in which an objection to an open deal was heard."""
    if not ctx.suggest_after_log or not interaction.deal_id or not readable(ctx.uow, "deal"):
        return
    heard = objections_in("\n".join(filter(None, (interaction.summary, interaction.body))))
    deal: Any = ctx.uow.find("deal", interaction.deal_id) if heard else None
    view = View(ctx.uow, ctx.language)
    cases = cases_of(view, [deal]) if deal is not None else []
    if not cases:
        return
    quiet = silenced(ctx.uow, [cases[0].deal.id]).get(cases[0].deal.id, frozenset())
    advice = advise(view, cases[0], silenced=quiet)
    answer = _answering(advice)
    if answer is None:
        return
    content, shown = _told(ctx, advice, answer)
    topics = sorted(visible_topics(ctx.uow, heard))
    names = join_words(ctx.language, [slot_label("objection", ctx.language, topic) for topic in topics])
    action = catalogue(ctx.uow)[answer.action].called(ctx.language)
    line = say(ctx.language, "after_log", heard=names, stage=cases[0].stage.name, action=action)
    because = answer.why if answer.rule == "experience" else ""
    result.parts.append(Text(text=" ".join(filter(None, (line, because, hint(ctx.language, [content]))))))
    result.content["next"] = [content]
    result.suggested.append(shown)


def _answering(advice: Advice) -> Suggestion | None:
    """The best suggestion that answers what was heard, not a duty that was there before."""
    return next((each for each in advice.suggestions if each.rule in ("experience", "objection_heard")), None)


def _told(ctx: ToolContext, advice: Advice, each: Suggestion) -> tuple[dict[str, Any], Shown]:
    action = catalogue(ctx.uow)[each.action]
    title, accepting = _accepting(ctx, advice, each, action)
    detail = {
        "title": title,
        "due": accepting.get("create_task", {}).get("due", ""),
        "channel": ctx.uow.cause.channel,
        "seed": advice.seed,
        "candidates": dict(advice.candidates),
        "reasons": [
            {"rule": reason.rule, "strength": reason.strength, **dict(reason.numbers)} for reason in each.reasons
        ],
    }
    known = open_suggestion(ctx.uow, advice.deal.id, each.action)
    shown = Shown(
        each.action, advice.deal.id, each.why, each.rule, each.score, each.propensity,
        tuple(ref.id for ref in each.evidence), detail, **({"id": known} if known else {}),
    )  # fmt: skip
    content = {"id": shown.id, "do": each.what, "why": each.why, "action": each.action}
    return {**content, **({"accept": accepting} if accepting else {})}, shown


def _accepting(
    ctx: ToolContext, advice: Advice, each: Suggestion, action: Action
) -> tuple[str, dict[str, dict[str, Any]]]:
    """The title of the task, and the tool call that accepting makes; none where the task is there already."""
    situation = advice.situation
    contact = situation.contact if situation is not None else None
    who = contact.name if contact is not None else advice.deal.name
    title = action.titled(ctx.language, deal=advice.deal.name, who=who)
    if each.rule in _OWN_TITLE:
        title = each.what
    if each.rule in _THERE_ALREADY:
        return title, {}
    if action.makes == "draft" and contact is not None:
        return title, {"draft_follow_up": {"to": [contact.name], "deal": advice.deal.id}}
    due = _working_days(ctx.today, action.due_days)
    return title, {"create_task": {"title": title, "due": due.isoformat(), "deal": advice.deal.id}}


def _working_days(day: date, number: int) -> date:
    return Shift(workdays=number).apply(day) if number else day
