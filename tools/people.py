"""Whose records are meant: "me", "my team", a person, a team, the company."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.people import owns_any, people_below
from analytics.wording import say
from core.errors import Candidate, RecordNotFoundError
from crm_store.principals import Role
from crm_store.users import Team
from tools.registry import ToolContext
from tools.resolver import ME

# Between several values of one argument.
SEPARATOR = "|"
MY_TEAM = frozenset(
    {
        "my team",
        "our team",
        "the team",
        "team",
        "us",
        "we",
        "our",
        "ours",
        "我们",
        "我的团队",
        "我们团队",
        "团队",
        "本团队",
        "我团队",
        "我们组",
    }
)
COMPANY = frozenset(
    {
        "company",
        "the company",
        "everyone",
        "all",
        "whole company",
        "company-wide",
        "everybody",
        "公司",
        "全公司",
        "所有人",
        "全部",
        "大家",
    }
)


def read_people(ctx: ToolContext, words: str) -> tuple[list[str], str] | None:
    """The people that "me", "my team" or a team's name stand for, with their name; None for anything else."""
    folded = words.strip().casefold()
    principal = ctx.uow.principal
    if folded in ME:
        return [principal.user_id], principal.name
    if folded in MY_TEAM:
        ids = sorted(principal.reach)
        return ids, _team_name(ctx, ids)
    team = find_team(ctx, words)
    if team is not None:
        return [user.id for user in ctx.uow.all("user") if user.team_id == team.id], team.name
    return None


def read_teams(ctx: ToolContext, words: str) -> tuple[list[str], str]:
    """The teams that the words mean.

    Raises:
        RecordNotFoundError: no team has this name; the teams there are come with it.
    """
    principal = ctx.uow.principal
    if words.strip().casefold() in MY_TEAM | ME:
        teams = {user.team_id for user in ctx.uow.all("user") if user.id in principal.reach and user.team_id}
        return sorted(teams), _team_name(ctx, sorted(principal.reach))
    team = find_team(ctx, words)
    if team is None:
        near = [Candidate("team", each.id, each.name) for each in ctx.uow.all("team")]
        raise RecordNotFoundError("team", words, near)
    return [team.id], team.name


def find_team(ctx: ToolContext, words: str) -> Team | None:
    """The team of that name, with or without the word "team"."""
    folded = words.strip().casefold()
    for word in ("the ", " team", "团队", "组"):
        folded = folded.removeprefix(word).removesuffix(word)
    return next((team for team in ctx.uow.all("team") if team.name.casefold() in (folded, words.casefold())), None)


def _team_name(ctx: ToolContext, ids: list[str]) -> str:
    names = _team_names(ctx, ids)
    return say(ctx.language, "the_team", names=names) if names else ctx.uow.principal.name


def _team_names(ctx: ToolContext, ids: list[str]) -> str:
    users = {user.id: user for user in ctx.uow.all("user")}
    team_ids = {users[each].team_id for each in ids if each in users}
    return ", ".join(sorted(team.name for team in ctx.uow.all("team") if team.id in team_ids))


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose records count: their owners (None: everyone's that are visible), and how that is said."""

    people: frozenset[str] | None
    words: str


def read_scope(ctx: ToolContext, words: str, kind: str = "deal") -> Scope:
    """Whose records a question is about; without words a rep's own, a manager's team tree, everyone's for others.

    Several names, with `|` between them, are taken together.

    A manager who owns no such records stands for the team tree below them.

    Raises:
        RecordNotFoundError, AmbiguousRecordError: nobody, or several, go by that name.
    """
    principal = ctx.uow.principal
    text = words.strip()
    if not text:
        return _default_scope(ctx, kind)
    if SEPARATOR in text:
        return _together(ctx, [read_scope(ctx, each, kind) for each in text.split(SEPARATOR)])
    if text.casefold() in COMPANY:
        return Scope(None, say(ctx.language, "the_company"))
    if text.casefold() in ME:
        return _person(ctx, ctx.uow.find("user", principal.user_id), kind)
    people = read_people(ctx, text)
    if people is not None:
        return Scope(frozenset(people[0]), people[1])
    return _person(ctx, ctx.resolver.get("user", text), kind)


def _together(ctx: ToolContext, scopes: Sequence[Scope]) -> Scope:
    """The people of all scopes; everyone where one of them is everyone."""
    people = [each.people for each in scopes]
    known = [each for each in people if each is not None]
    union = frozenset[str]().union(*known) if len(known) == len(people) else None
    return Scope(union, say(ctx.language, "names_joint").join(each.words for each in scopes))


def _default_scope(ctx: ToolContext, kind: str) -> Scope:
    principal = ctx.uow.principal
    if kind in ("ticket", "account", "contact", "lead") or principal.role not in (Role.REP, Role.MANAGER):
        return Scope(None, say(ctx.language, "all_visible"))
    if principal.role is Role.MANAGER:
        return Scope(principal.tree_user_ids, _team_name(ctx, sorted(principal.tree_user_ids)))
    return Scope(frozenset((principal.user_id,)), principal.name)


def _person(ctx: ToolContext, user: Any, kind: str) -> Scope:
    own = frozenset((user.id,))
    if user.role != Role.MANAGER or owns_any(ctx.uow, kind, user.id):
        return Scope(own, user.name)
    tree = people_below(ctx.uow, user)
    return Scope(tree, say(ctx.language, "team_of", name=user.name, names=_team_names(ctx, sorted(tree))))
