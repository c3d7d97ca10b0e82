"""Follow-up drafts: written here from records and the person's points, sent by people (definitions §7)."""

from dataclasses import replace
from typing import Annotated, Any

from core.clock import local_date
from core.errors import AmbiguousRecordError, InvalidArgumentError, MissingDetailError, RecordNotFoundError
from core.parts import Draft
from crm_store.principals import Role
from crm_store.tickets import UNRESOLVED
from language.script import has_cjk, language_of
from tools.drafting.compose import (
    Background,
    agreed_in,
    open_tasks,
    outward_step,
    recent_contact,
    write_body,
    write_subject,
)
from tools.drafting.outline import Outline, Voice, make_outline
from tools.drafting.recipients import called, find_recipients, reading_language
from tools.drafting.rules import count_words, internal_words, load_rules, mentions_topic, read_language
from tools.drafting.sources import Sources, competitors, words_said
from tools.registry import ToolContext, ToolEffect, ToolResult, tool


@tool(effect=ToolEffect.WRITE, scope="drafts")
def draft_follow_up(
    ctx: ToolContext,
    to: list[str] = [],  # noqa: B006
    about: str = "",
    deal: str = "",
    account: str = "",
    points: Annotated[list[str], "what it says, in the person's words"] = [],  # noqa: B006
    ask: Annotated[str, "the one thing to ask for"] = "",
    language: Annotated[str, "en, zh; empty = the recipient's"] = "",
    subject: str = "",
    body: Annotated[str, "only if you write the text yourself"] = "",
    leave_out: list[str] = [],  # noqa: B006
    max_words: int = 0,
) -> ToolResult:
    """Draft a follow-up mail for the person to send, from points and ask, or from subject and body.

    No price, discount or date that neither the person nor a record gives; nothing internal.
    """
    company = ctx.resolver.find("account", account)
    if not any(name.strip() for name in to):
        company = _company_of(ctx, deal, company)
    people = tuple(find_recipients(ctx, to, company, _deal(ctx, deal, company)))
    chosen = _deal(ctx, deal, ctx.uow.find("account", people[0].account_id))
    voice = _voice(ctx, people, language)
    background = _background(ctx, people, about, chosen, voice)
    limit = min(max_words or load_rules()["max_words"], load_rules()["max_words"])
    sources = Sources(ctx, people[0].account_id, words_said(ctx))
    secret = competitors(ctx)
    outline = make_outline(voice, points, ask, leave_out=leave_out, secret=secret)
    if body.strip():
        text, title = body.strip(), subject.strip() or write_subject(outline, background, voice.language)
        _check(title, text, limit, leave_out, secret)
        if not language and language_of(text) != voice.language:
            raise InvalidArgumentError(f"The recipient reads {voice.language}; write it so.", argument="body")
    else:
        if not (outline.steps or outline.told or outline.asks):
            background, outline = _from_records(ctx, voice, outline, background, leave_out)
        _refuse_empty(outline, background)
        text = write_body(ctx, voice, outline, background, limit)
        title = subject.strip() or write_subject(outline, background, voice.language)
    sources.refuse_unfounded(f"{title}\n{text}")
    facts = [*points, *([ask] if ask else []), *([background.last_contact.id] if background.last_contact else [])]
    return _saved(ctx, people, background, title, text, voice.language, facts, outline)


def _deal(ctx: ToolContext, words: str, company: Any | None) -> Any | None:
    """The deal that is named, once the account is known."""
    if company is None:
        return None
    return ctx.resolver.find("deal", words, within=(company.id,), only_open=True)


def _company_of(ctx: ToolContext, deal: str, company: Any | None) -> Any | None:
    """The account of the deal that is named, where nobody and no account is."""
    if company is not None or not deal.strip():
        return company
    return ctx.uow.find("account", ctx.resolver.get("deal", deal, only_open=True).account_id)


def _voice(ctx: ToolContext, people: tuple[Any, ...], language: str) -> Voice:
    wanted = read_language(language)
    if language.strip() and not wanted:
        raise InvalidArgumentError(
            "A draft can be in English or Chinese.", argument="language", zh="草稿只能用英文或中文写。"
        )
    reader = tuple(called(people[0])) if len(people) == 1 else ()
    return Voice(wanted or reading_language(ctx, people[0]), ctx.today, reader, ctx.fiscal_first_month)


def _background(
    ctx: ToolContext, people: tuple[Any, ...], about: str, deal: Any | None, voice: Voice
) -> Background:
    account_id = people[0].account_id
    company: Any = ctx.uow.find("account", account_id)
    ticket = _ticket(ctx, about, account_id, {person.id for person in people})
    if deal is None and ticket is None and ctx.uow.principal.role is not Role.SUPPORT:
        deal = _deal_about(ctx, about, account_id, people)
    topic = _topic(about if ticket is None else "", company, deal, ticket, voice.language)
    return Background(people, company, deal, ticket, topic, recent_contact(ctx, people, account_id, deal))


def _ticket(ctx: ToolContext, about: str, account_id: str, people_ids: set[str]) -> Any | None:
    """The ticket that is named, or for support the recipient's only open one."""
    for mention in ctx.resolver.lexicon.find_mentions(f"{about}\n{ctx.message}"):
        entry = mention.candidates[0].entry
        if entry.kind == "ticket" and entry.account_id == account_id:
            return ctx.uow.find("ticket", entry.id)
    if ctx.uow.principal.role is not Role.SUPPORT:
        return None
    theirs = [each for each in ctx.uow.pointing_to("ticket", "account", account_id) if each.status in UNRESOLVED]
    mine = [each for each in theirs if each.contact_id in people_ids]
    return mine[0] if len(mine) == 1 else None


def _deal_about(ctx: ToolContext, about: str, account_id: str, people: tuple[Any, ...]) -> Any | None:
    try:
        named = ctx.resolver.find("deal", about, within=(account_id,), only_open=True)
    except (RecordNotFoundError, AmbiguousRecordError):
        named = None
    if named is not None and named.account_id == account_id:
        return named
    open_ids = {entry.id for entry in ctx.resolver.lexicon.of_kind("deal") if entry.is_open}
    deals = [each for each in ctx.uow.pointing_to("deal", "account", account_id) if each.id in open_ids]
    theirs = [each for each in deals if each.primary_contact_id in {person.id for person in people}]
    only = theirs if len(theirs) == 1 else deals
    return only[0] if len(only) == 1 else None


def _topic(about: str, company: Any | None, deal: Any | None, ticket: Any | None, language: str) -> str:
    if ticket is not None:
        return str(ticket.number)
    said = about.strip().removeprefix("the ").strip()
    if said and language_of(said) == language:
        return said
    if deal is not None:
        return _deal_topic(str(deal.name), company)
    return str(company.name) if company is not None else said


def _deal_topic(name: str, company: Any | None) -> str:
    names = [company.name, *company.aliases] if company is not None else []
    if has_cjk(name):
        longest = max(
            (name[:size] for each in names for size in range(2, len(name)) if name[:size] in each),
            key=len,
            default="",
        )
        return name[len(longest) :] or name
    own = {word.casefold() for each in names for word in each.split()}
    rest = [word for word in name.split() if word.casefold() not in own]
    return " ".join(rest) or name


def _from_records(
    ctx: ToolContext, voice: Voice, outline: Outline, background: Background, leave_out: list[str]
) -> tuple[Background, Outline]:
    """When the person gave no points: what was agreed in the last talk, else what we owe the reader next."""
    talk = background.last_contact
    if talk is not None and outline.thanks is None:
        held_on = local_date(talk.occurred_at, ctx.uow.principal.timezone)
        agreed = agreed_in(ctx, talk, leave_out)
        told = make_outline(
            replace(voice, today=held_on), agreed, "", leave_out=leave_out, secret=competitors(ctx)
        )
        if told.steps:
            return background, told
    owed = [(task.title, task.due) for task in open_tasks(ctx, background.people, background.deal)]
    if background.deal is not None and background.deal.next_step:
        owed.append((background.deal.next_step, None))
    steps = (outward_step(ctx, voice, title, due, leave_out) for title, due in owed)
    return replace(background, step=next(filter(None, steps), "")), outline


def _refuse_empty(outline: Outline, background: Background) -> None:
    if outline.is_empty and not background.step:
        names = ", ".join(person.name for person in background.people)
        raise MissingDetailError(
            f"What should the message to {names} say? One point or question will do.",
            field="points",
            zh=f"给{names}写什么？说一点内容或一个问题就行。",
        )


def _check(title: str, body: str, limit: int, leave_out: list[str], secret: list[str]) -> None:
    words = count_words(body)
    if words > limit:
        raise InvalidArgumentError(f"It has {words:g} words; at most {limit} are allowed.", argument="body")
    text = f"{title}\n{body}"
    inside = internal_words(text, secret)
    if inside:
        raise InvalidArgumentError(f"“{inside}” is internal; leave it out.", argument="body")
    topic = mentions_topic(text, leave_out)
    if topic:
        raise InvalidArgumentError(f"The person wants “{topic}” left out.", argument="body")


def _saved(
    ctx: ToolContext,
    people: tuple[Any, ...],
    background: Background,
    title: str,
    text: str,
    language: str,
    facts: list[str],
    outline: Outline,
) -> ToolResult:
    draft = ctx.uow.create(
        "draft",
        {
            "subject": title,
            "body": text,
            "language": language,
            "to": tuple(person.id for person in people),
            "account": people[0].account_id,
            "deal": background.deal.id if background.deal else None,
            "owner": ctx.uow.principal.user_id,
            "status": "draft",
            "facts": facts,
        },
    )
    names = tuple(person.name for person in people)
    content: dict[str, Any] = {"drafted": title, "to": list(names), "sent": False}
    if outline.kept_inside:
        content["left_out"] = outline.kept_inside
    if outline.untranslated:
        content["still_to_translate"] = outline.untranslated
    refs = [ctx.resolver.ref("contact", person) for person in people]
    if background.deal is not None:
        refs.append(ctx.resolver.ref("deal", background.deal))
    part = Draft(id=draft.id, to=names, subject=title, body=text, language=language)
    return ToolResult(content=content, parts=[part], records=[*refs, ctx.resolver.ref("draft", draft)])
