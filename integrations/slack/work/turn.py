"""Answers a message: who asks, whether they may, what they mean, and one whole answer where it may be seen."""

from dataclasses import replace
from typing import Any

from agent import Delta, Reply, Step, Turn, stream_turn
from agent.direct import Deed, act_directly
from agent.voice import keep_heard
from core.parts import ChangeReceipt
from crm_store.conversation_log import TurnBusyError
from crm_store.principals import Principal
from integrations.slack.answer import Answer
from integrations.slack.calls import TryLaterError, attempt
from integrations.slack.charts import add_charts
from integrations.slack.people import Stranger
from integrations.slack.place import Place
from integrations.slack.render.message import Message
from integrations.slack.render.text import escape, mentioned, said
from integrations.slack.replies import find_reply, message_of
from integrations.slack.service import Slack
from integrations.slack.session import Session
from integrations.slack.voice import Heard, hear
from integrations.slack.words import say
from integrations.slack.work.redrawing import redraw_answered
from language.script import language_of


def answer_message(slack: Slack, payload: dict[str, Any]) -> None:
    """Answers one message; run again, it gives the same answer and sends it once."""
    place = Place.of(payload)
    key = f"slack:{place.workspace}:{place.channel}:{place.ts}"
    asker = slack.admitted(place, key)
    if asker is None:
        return
    text = plain_text(slack, place, str(payload.get("text", "")))
    heard = hear(slack, place, asker, payload) if payload.get("files") else Heard()
    if heard.waits:
        return
    text = "\n".join(filter(None, (text, heard.text)))
    slack.log.engage(place.workspace, place.channel, place.thread)
    if heard.trouble and not text:
        slack.sender(place).send(f"{key}:file", Message(escape(heard.trouble), []))
        return
    if not text:
        help_text = say(asker.locale[:2], "help")
        slack.sender(place).send(f"{key}:help", Message(help_text, []))
        return
    if heard.note is not None:
        # Kept with these words, so that every change asks first and shows what was heard.
        keep_heard(slack.runtime, asker, text, heard.note, _link(slack, place))
        shown = say(language_of(heard.text), "heard", text=escape(heard.note.text))
        slack.sender(place).send(f"{key}:heard", Message(shown[:3000], []))
    conversation = _conversation(slack, place, asker, str(payload.get("seen", "")))
    turn = Turn(asker.email, text, conversation, "slack", key)
    run_and_show(slack, place, asker, turn)


def run_and_show(slack: Slack, place: Place, asker: Principal, turn: Turn) -> None:
    """Runs a turn and shows its answer in the thread, or to the asker alone where not everyone may see it.

    Raises:
        TryLaterError: another process is at work on the turn, or Slack takes nothing now.
    """
    client, before = slack.client(place), _stops_before(slack, place, turn.key)

    def stop_asked() -> bool:
        return _stops(slack, place) > before

    answer = Answer(slack.sender(place), f"{turn.key}:reply", stop_asked, slack.pace, place.is_dm, slack.page_base)
    if not answer.begin():
        _add_what_lacks(slack, place, answer.key)
        return
    language = language_of(turn.text)
    session = Session(client, place, language)
    session.work(turn.text)
    waiting, asked = False, slack.runtime.log.pending(turn.conversation_id, asker.user_id)
    try:
        reply = _run(slack, turn, answer)
        waiting = bool(reply.approvals) and not answer.stopped()
        _show(slack, place, asker, answer, reply)
        redraw_answered(slack, place, asked, reply.turn_id)
    finally:
        answer.release()
        session.leave(waiting=waiting)


def _run(slack: Slack, turn: Turn, answer: Answer) -> Reply:
    """Runs the turn, showing steps and text as they come."""
    try:
        for event in stream_turn(slack.runtime, turn, stopped=answer.stopped):
            if isinstance(event, Reply):
                return event
            if isinstance(event, Step):
                answer.step(event)
            elif isinstance(event, Delta):
                answer.say(event.text)
    except TurnBusyError as error:
        raise TryLaterError("This message is being worked on elsewhere.") from error
    raise AssertionError("a turn always ends with its reply")


def _show(slack: Slack, place: Place, asker: Principal, answer: Answer, reply: Reply) -> None:
    if answer.stopped() and not reply.of_type(ChangeReceipt):
        answer.abandon()
        return
    room = slack.rooms.find(slack.client(place), place)
    if not place.is_dm and not slack.audience.may_see(slack.client(place), place, room, asker, reply):
        _show_privately(slack, place, asker, answer, reply)
        return
    whole = message_of(slack, reply, asker)
    rest = message_of(slack, reply, asker, streamed=answer.streamed)
    answer.finish(whole, rest, turn_id=reply.turn_id, user_id=asker.user_id)
    add_charts(slack, place, reply, answer.key)


def _stops(slack: Slack, place: Place) -> int:
    thread = slack.log.find_thread(place.workspace, place.channel, place.thread)
    return thread.stops if thread is not None else 0


def _stops_before(slack: Slack, place: Place, key: str) -> int:
    """How often the thread had been stopped when the turn was tried first: a stop outlives the process it stops."""
    stops = _stops(slack, place)
    for earlier in range(stops):
        if slack.log.seen(f"{key}:stops:{earlier}"):
            return earlier
    slack.log.remember(f"{key}:stops:{stops}", place.workspace)
    return stops


def _add_what_lacks(slack: Slack, place: Place, key: str) -> None:
    """Adds the charts of an answer that a process gave just before it ended."""
    note = slack.log.find_delivery(key)
    found = find_reply(slack, note.turn_id) if note is not None and note.turn_id else None
    if found is not None:
        add_charts(slack, place, found[1], key)


def _show_privately(slack: Slack, place: Place, asker: Principal, answer: Answer, reply: Reply) -> None:
    """Sends the answer as a direct message, and says in the thread that it did so."""
    alone = slack.dm(place)
    slack.sender(alone).send(
        f"{answer.key}:dm", message_of(slack, reply, asker), turn_id=reply.turn_id, user_id=asker.user_id
    )
    add_charts(slack, alone, reply, f"{answer.key}:dm")
    answer.finish(Message(say(reply.language, "answered_privately"), []), turn_id="", user_id=asker.user_id)


def plain_text(slack: Slack, place: Place, text: str) -> str:
    """What someone wrote, with the people they mention by their names in the CRM."""
    bot = slack.workspaces.find(place.workspace, place.enterprise).bot_user
    names = {}
    for user in mentioned(text):
        if user != bot:
            person = slack.people.find_user(slack.client(place), place, user)
            if not isinstance(person, Stranger):
                names[user] = person.name
    return said(text, bot=bot, names=names)


def _link(slack: Slack, place: Place) -> str:
    found = attempt(lambda: slack.client(place).chat_getPermalink(channel=place.channel, message_ts=place.ts))
    return str(found["permalink"]) if found is not None else f"slack:{place.channel}:{place.ts}"


def _conversation(slack: Slack, place: Place, asker: Principal, seen: str) -> str:
    """The conversation of this person in this thread. In a channel of a record it begins with that record.

    A direct message begins with the record of the channel that the person has open beside it (`seen`).
    """
    conversation = place.conversation(asker.user_id)
    link = slack.log.find_room(place.workspace, seen if place.is_dm else place.channel)
    if link is not None and not slack.runtime.log.turns_of(conversation):
        # A card with one field cites only the record itself: what "it" means from here on.
        deed = Deed("get_record", {"record": link.record_id, "fields": ["name"]}, f"[{link.kind}]")
        act_directly(slack.runtime, asker.email, deed, conversation_id=conversation, channel="slack")
    return conversation


def message_about(slack: Slack, reply: Reply, asker: Principal, note: str) -> Message:
    """A reply that answers a form rather than a message, with a line of where it comes from."""
    message = message_of(slack, reply, asker)
    if not note:
        return message
    line: dict[str, Any] = {"type": "context", "elements": [{"type": "mrkdwn", "text": note[:3000]}]}
    return replace(message, blocks=[line, *message.blocks])
