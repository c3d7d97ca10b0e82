"""Rules for deals that were won: handing over, and the renewal."""

from typing import Any

from sqlalchemy import select

from analytics.next_best_action.rule import Fired, action_rule, fired
from analytics.view import View
from analytics.wording import load_table, moment_text
from core.parts import RecordRef
from crm_store.deals import Deal
from crm_store.interactions import Interaction
from crm_store.query import names_of
from crm_store.stages import Stage

_DEAL: Any = Deal
_INTERACTION: Any = Interaction
_STAGE: Any = Stage
_HANDOVER = ("handover", "hand over", "kick-off", "kickoff", "交接", "启动会")


@action_rule(scope="won")
def hand_over(won: tuple[View, Deal]) -> Fired | None:
    """Won in the last weeks, and no handover was logged since."""
    view, deal = won
    if deal.closed_at is None or (view.uow.now - deal.closed_at).days > _days("handover_days"):
        return None
    since = view.uow.all(
        "interaction", _INTERACTION.deal_id == deal.id, _INTERACTION.occurred_at >= deal.closed_at
    )
    if any(word in f"{each.subject} {each.body}".casefold() for each in since for word in _HANDOVER):
        return None
    day = moment_text(view.language, deal.closed_at, view.timezone)
    return fired(view.language, "hand_over", _ref(deal), day=day)


@action_rule(scope="won")
def renewal_window(won: tuple[View, Deal]) -> Fired | None:
    """Won about a year ago, and the account has no open deal."""
    view, deal = won
    if deal.closed_at is None:
        return None
    days = (view.uow.now - deal.closed_at).days
    if not _days("renewal_from_days") <= days <= _days("renewal_until_days"):
        return None
    open_stages = select(_STAGE.id).where(_STAGE.status == "open")
    if view.uow.all("deal", _DEAL.account_id == deal.account_id, _DEAL.stage_id.in_(open_stages)):
        return None
    account = names_of(view.uow, "account", [deal.account_id]).get(deal.account_id, "")
    day = moment_text(view.language, deal.closed_at, view.timezone)
    return fired(view.language, "renewal_window", _ref(deal), day=day, n=days, account=account)


def _ref(deal: Deal) -> RecordRef:
    return RecordRef(kind="deal", id=deal.id, name=deal.name)


def _days(name: str) -> int:
    return int(load_table("next_actions")[name])
