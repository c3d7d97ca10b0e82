"""Writes a draft from an outline and the records: subject, thanks, steps, ask, signature."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from core.clock import local_date
from crm_store.tasks import Task
from language.builtin.pasted import blank, find_pasted
from language.drafting.asks import default_ask
from language.drafting.clauses import split_clauses
from language.drafting.days import day_in_words
from language.drafting.perspective import is_agreed, sentence
from language.drafting.wording import compiled
from language.script import language_of
from tools.drafting.outline import Outline, Voice
from tools.drafting.recipients import salutation
from tools.drafting.rules import count_words, internal_words, load_rules, mentions_topic
from tools.registry import ToolContext

_RECENT = timedelta(days=60)
_TALKS = ("call", "meeting", "visit")


@dataclass(frozen=True, slots=True)
class Background:
    """The visible records that a draft is about."""

    people: tuple[Any, ...]
    account: Any | None
    deal: Any | None
    ticket: Any | None
    topic: str
    last_contact: Any | None
    step: str = ""


def write_subject(outline: Outline, background: Background, language: str) -> str:
    """A subject that names the topic."""
    kind = "agreed" if outline.steps else "told" if outline.told else "ask" if outline.asks else "thanks"
    topic = background.topic[:1].upper() + background.topic[1:]
    return str(load_rules()[language]["subjects"][kind].format(topic=topic))


def write_body(ctx: ToolContext, voice: Voice, outline: Outline, background: Background, limit: int) -> str:
    """The text, shortened to `limit` words by leaving the last points away."""
    brief = limit < load_rules()["max_words"] and bool(outline.steps or outline.told)
    while True:
        body = _body(ctx, voice, outline, background, brief=brief)
        if count_words(body) <= limit:
            return body
        if outline.told[1:] or (outline.told and outline.steps):
            outline = replace(outline, told=outline.told[:-1])
        elif outline.steps[1:]:
            outline = replace(outline, steps=outline.steps[:-1])
        elif outline.asks[1:]:
            outline = replace(outline, asks=outline.asks[:-1])
        else:
            return body


def outward_step(ctx: ToolContext, voice: Voice, text: str, due: date | None, leave_out: list[str]) -> str:
    """A task or next step of ours as a promise to the reader; empty when it is nothing for them to read."""
    language = language_of(text)
    rules = load_rules()
    if language != voice.language or internal_words(text) or mentions_topic(text, leave_out):
        return ""
    if not compiled(rules["outward"][language]).match(text):
        return ""
    said = text.rstrip(".。 ")
    for name in sorted(voice.reader, key=len, reverse=True):
        said = said.replace(name, "您" if language == "zh" else "you")
    if language == "en":
        said = _with_article(said[:1].lower() + said[1:])
    if due is not None and due >= ctx.today:
        day = day_in_words(due, ctx.today, language)
        said = f"{day}前{said}" if language == "zh" else f"{said} by {day}"
    return sentence(rules[language]["next_step"].format(step=said), language)


def recent_contact(ctx: ToolContext, people: tuple[Any, ...], account_id: str, deal: Any | None) -> Any | None:
    """The asker's last talk with one of the recipients, or message from them, of the last weeks."""
    spec = ctx.uow.field("interaction", "contacts")
    known = [
        record
        for record in ctx.uow.pointing_to("interaction", "account", account_id)
        if record.owner_id == ctx.uow.principal.user_id
        and record.occurred_at <= ctx.uow.now
        and ctx.uow.now - record.occurred_at <= _RECENT
        and (record.type in _TALKS or (record.type in ("email", "message") and record.direction == "inbound"))
    ]
    linked = ctx.uow.linked(spec, [record.id for record in known])
    wanted = {person.id for person in people}
    mine = [record for record in known if wanted & set(linked.get(record.id, ()))]
    return max(
        mine, key=lambda record: (deal is not None and record.deal_id == deal.id, record.occurred_at), default=None
    )


def agreed_in(ctx: ToolContext, talk: Any, leave_out: list[str]) -> list[str]:
    """What the log of a talk says was agreed; nothing that was pasted in, nothing on money, rivals or trouble."""
    if talk.type not in _TALKS:
        return []
    body = blank(talk.body, find_pasted(talk.body))
    never = [*load_rules()["never_from_logs"], *leave_out]
    clauses = [clause for part in re.split(r"[:：]\s*", body) for clause in split_clauses(part)]
    return [
        clause
        for clause in clauses
        if is_agreed(clause, language_of(clause))
        and not mentions_topic(clause, never)
        and not internal_words(clause)
    ]


def open_tasks(ctx: ToolContext, people: tuple[Any, ...], deal: Any | None) -> list[Task]:
    """The asker's visible open tasks about the deal or the recipients, the next due first."""
    wanted = {person.id for person in people}
    tasks = [*ctx.uow.pointing_to("task", "deal", deal.id)] if deal is not None else []
    for person in people:
        tasks += ctx.uow.pointing_to("task", "contact", person.id)
    mine = {
        task.id: task
        for task in tasks
        if task.status == "open" and (not task.contact_id or task.contact_id in wanted)
    }
    return sorted(mine.values(), key=lambda task: task.due or date.max)


def _body(ctx: ToolContext, voice: Voice, outline: Outline, background: Background, *, brief: bool) -> str:
    texts = load_rules()[voice.language]
    opening = "" if brief and outline.thanks is None else _opening(ctx, voice, outline, background)
    blocks = [salutation(background.people, voice.language), opening]
    join = "" if voice.language == "zh" else " "
    if outline.told:
        blocks.append(join.join(outline.told))
    if len(outline.steps) == 1:
        blocks.append(outline.steps[0])
    elif outline.steps:
        blocks.append("\n".join([texts["steps"], *(texts["bullet"].format(point=step) for step in outline.steps)]))
    if background.step:
        blocks.append(background.step)
    asks = outline.asks or [default_ask(_kind(outline, background), voice.language)]
    blocks.append(join.join(asks))
    blocks.append(texts["signature"].format(name=ctx.uow.principal.name))
    return "\n\n".join(block for block in blocks if block)


def _with_article(step: str) -> str:
    """ "book demo" → "book the demo"; names, pronouns and plain determiners stay as they are."""
    verb, _, rest = step.partition(" ")
    first = rest.split(" ", 1)[0]
    bare = not rest or not first.islower() or first in load_rules()["en"]["determiners"].split()
    return step if bare else f"{verb} the {rest}"


def _kind(outline: Outline, background: Background) -> str:
    if background.step:
        return "next"
    return "agreed" if outline.steps else "told"


def _opening(ctx: ToolContext, voice: Voice, outline: Outline, background: Background) -> str:
    texts = load_rules()[voice.language]
    thanks = _thanks(ctx, voice, outline, background)
    ticket = background.ticket
    if ticket is None:
        return thanks
    subject = ticket.subject if language_of(ticket.subject) == voice.language else ""
    line = texts["ticket"].format(number=ticket.number, subject=subject).replace(" ()", "").replace("（）", "")
    return f"{thanks}{'' if voice.language == 'zh' else ' '}{line}"


def _thanks(ctx: ToolContext, voice: Voice, outline: Outline, background: Background) -> str:
    texts = load_rules()[voice.language]
    if outline.thanks_when:
        when = outline.thanks_when
        plain = voice.language == "zh" or when.startswith(("in ", "the ", "on ", "since"))
        return str(texts["thanks_time"].format(when=when if plain else f"on {when}"))
    if outline.thanks:
        return str(texts["thanks_for"].format(what=outline.thanks.rstrip(".。 ")))
    last = background.last_contact
    if last is not None:
        day = day_in_words(local_date(last.occurred_at, ctx.uow.principal.timezone), ctx.today, voice.language)
        return str(texts["thanks_contact"][last.type].format(when=day if voice.language == "zh" else f"on {day}"))
    if background.deal is not None:
        return str(texts["thanks_topic"].format(topic=background.topic))
    return str(texts["thanks_plain"])
