"""Draws a message of ours anew, with what came of it since: a card answered, a change undone, a candidate chosen."""

from collections.abc import Iterable
from functools import partial

from agent import Reply
from crm_store.conversations import Approval
from crm_store.directory import principal_of
from integrations.slack.calls import attempt
from integrations.slack.place import Place
from integrations.slack.replies import find_reply, message_of
from integrations.slack.service import Slack
from integrations.slack.session import Session


def redraw_turn(slack: Slack, place: Place, turn_id: str) -> None:
    """Draws the message of a turn anew, wherever it stands; its session waits no longer when nothing in it does."""
    found, note = find_reply(slack, turn_id), slack.log.delivery_of(turn_id)
    if found is None or note is None or not note.message:
        return
    row, reply = found
    there = Place(note.workspace, note.room, place.user, note.thread, enterprise=place.enterprise)
    asker = principal_of(slack.runtime.store, row.user_id)
    slack.sender(there).replace(note.message, message_of(slack, reply, asker))
    if reply.approvals:
        Session(slack.client(there), there, reply.language).leave(waiting=_waits(slack, reply))


def redraw_answered(slack: Slack, place: Place, asked: Iterable[Approval], besides: str) -> None:
    """Draws the cards anew that were answered by what was said in the meantime, in the turn `besides`."""
    for approval in asked:
        now = slack.runtime.log.find_approval(approval.id)
        if approval.turn_id != besides and (now is None or now.status != "pending"):
            attempt(partial(redraw_turn, slack, place, approval.turn_id))


def _waits(slack: Slack, reply: Reply) -> bool:
    found = [slack.runtime.log.find_approval(request.approval_id) for request in reply.approvals]
    return any(approval is not None and approval.status == "pending" for approval in found)
