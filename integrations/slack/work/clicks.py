"""What buttons lead to: a yes or no, an undo, a chosen candidate; the message is then drawn anew."""

from typing import Any

from agent import Reply, Turn, answer_approval
from agent.approval_forms import NotEditableError, approval_form
from agent.approvals import answerable
from agent.direct import undo_directly
from core.errors import DealhandError
from core.parts import ApprovalRequest, ChangeReceipt, Declined
from crm_store.conversations import TurnRow
from integrations.slack.calls import attempt
from integrations.slack.place import Place
from integrations.slack.render.message import notification
from integrations.slack.replies import find_reply, picked_key
from integrations.slack.service import Slack
from integrations.slack.views import edit_view, nothing_to_edit
from integrations.slack.words import say
from integrations.slack.work.home import publish
from integrations.slack.work.redrawing import redraw_turn
from integrations.slack.work.turn import run_and_show


def answer_card(slack: Slack, payload: dict[str, Any]) -> None:
    """Applies or drops a pending change."""
    place, turn_id, approval_id, effect = _clicked(payload)
    if _answer(slack, place, turn_id, approval_id, effect, yes=bool(payload["yes"])):
        redraw(slack, place, turn_id)


def answer_parts(slack: Slack, payload: dict[str, Any]) -> None:
    """Applies what is ticked of a dictated note and drops the rest; without ticks all of it stands as it was sent."""
    place, turn_id, listed, _ = _clicked(payload)
    ticked = payload["ticked"]
    for approval_id, _, effect in (each.partition(":") for each in listed.split(",")):
        wanted = ticked is None or approval_id in ticked
        if not _answer(slack, place, turn_id, approval_id, effect, yes=wanted):
            return
    redraw(slack, place, turn_id)


def _answer(slack: Slack, place: Place, turn_id: str, approval_id: str, effect: str, *, yes: bool) -> bool:
    """Answers one request; False where the person may not."""
    key = f"slack:{place.workspace}:click:{approval_id}:{place.user}"
    clicker = slack.admitted(place, key)
    if clicker is None or not _is_here(place, turn_id, approval_id, slack):
        return False
    if answerable(slack.runtime, clicker.email, approval_id, pending=False) is None:
        _tell(slack, place, say(clicker.locale[:2], "not_yours"), f"{key}:no")
        return False
    reply = answer_approval(slack.runtime, clicker.email, approval_id, yes, effect=effect, channel="slack")
    declined = reply.of_type(Declined)
    if declined and not reply.of_type(ApprovalRequest):
        _tell(slack, place, notification(declined, clicker.locale[:2]), f"{key}:declined:{effect}")
    return True


def undo_change(slack: Slack, payload: dict[str, Any]) -> None:
    """Takes a change back."""
    place, turn_id, handle, _ = _clicked(payload)
    key = f"slack:{place.workspace}:undo:{handle}"
    clicker = slack.admitted(place, f"{key}:{place.user}")
    found = find_reply(slack, turn_id)
    if clicker is None or found is None or not _belongs(found[0], place):
        return
    conversation = found[0].conversation_id if found[0].user_id == clicker.user_id else ""
    reply = undo_directly(
        slack.runtime,
        clicker.email,
        handle,
        conversation_id=conversation,
        channel="slack",
        key=f"{key}:{place.user}",
    )
    if not reply.of_type(ChangeReceipt):
        _tell(slack, place, notification(reply.parts, clicker.locale[:2]), f"{key}:{place.user}:no")
    redraw(slack, place, turn_id)


def pick(slack: Slack, payload: dict[str, Any]) -> None:
    """Goes on with the candidate that was chosen."""
    place, turn_id, choice, _ = _clicked(payload)
    clicker = slack.admitted(place, f"slack:{place.workspace}:pick:{turn_id}:{place.user}")
    found = find_reply(slack, turn_id)
    if clicker is None or found is None or not _belongs(found[0], place):
        return
    row, reply = found
    if row.user_id != clicker.user_id:
        _tell(
            slack,
            place,
            say(clicker.locale[:2], "not_yours_pick"),
            f"slack:{place.workspace}:{turn_id}:{place.user}",
        )
        return
    chosen = _choice(reply, choice)
    if chosen is None:
        return
    text, record_id = chosen
    key = picked_key(turn_id)
    run_and_show(slack, place, clicker, Turn(clicker.email, text, row.conversation_id, "slack", key, record_id))
    redraw(slack, place, turn_id)


def fill_edit_form(slack: Slack, payload: dict[str, Any]) -> None:
    """Puts the values of a pending change into the window that was opened for them."""
    place, turn_id, approval_id, _ = _clicked(payload)
    clicker = slack.admitted(place, f"slack:{place.workspace}:edit:{approval_id}:{place.user}")
    if clicker is None:
        return
    language = clicker.locale[:2]
    metadata = {
        "turn": turn_id,
        "approval": approval_id,
        "place": place.to_json(),
        "home": payload.get("home", False),
    }
    try:
        form = approval_form(slack.runtime, clicker.email, approval_id)
        view = edit_view(form, language, metadata)
    except (NotEditableError, DealhandError) as error:
        view = nothing_to_edit(error.text(language), language)
    attempt(lambda: slack.client(place).views_update(view_id=payload["view_id"], view=view))


def redraw(slack: Slack, place: Place, turn_id: str) -> None:
    """Draws the message of a turn anew, and the person's home if that was clicked."""
    redraw_turn(slack, place, turn_id)
    if not place.ts:
        publish(slack, place)


def _clicked(payload: dict[str, Any]) -> tuple[Place, str, str, str]:
    parts = [*str(payload["value"]).split("|"), "", ""]
    return Place.of(payload), parts[0], parts[1], parts[2]


def _belongs(row: TurnRow, place: Place) -> bool:
    """Whether a turn is of the workspace of the click: no value from elsewhere is heeded."""
    return row.conversation_id.startswith(f"slack:{place.workspace}:")


def _is_here(place: Place, turn_id: str, approval_id: str, slack: Slack) -> bool:
    row = slack.runtime.log.find_turn(turn_id)
    approval = slack.runtime.log.find_approval(approval_id)
    here = row is not None and _belongs(row, place)
    return here and approval is not None and row is not None and approval.conversation_id == row.conversation_id


def _choice(reply: Reply, choice: str) -> tuple[str, str] | None:
    for question in reply.questions:
        for candidate in question.candidates:
            if candidate.id == choice:
                return candidate.name, candidate.id
        if choice.startswith("#") and choice[1:].isdigit() and int(choice[1:]) < len(question.choices):
            return question.choices[int(choice[1:])], ""
    return None


def _tell(slack: Slack, place: Place, text: str, key: str) -> None:
    if place.channel:
        slack.sender(place).tell(text, key)
