"""A reply that was not helpful as an evaluation case: the conversation, and the records as they were then."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from agent.reply import Reply
from core.errors import PersonFixableError
from crm_store.channel_log import ChannelLog
from crm_store.conversation_log import ConversationLog
from crm_store.conversations import TurnRow
from crm_store.directory import principal_of
from crm_store.principals import SYSTEM
from crm_store.rewind import unit_of_work_as_of
from crm_store.store import Store
from crm_store.transfer.exporting import write_folder

_ANSWER_CHARS = 400


class NoSuchFeedbackError(PersonFixableError):
    """There is no feedback of this id, or its conversation is gone."""


def write_case(store: Store, feedback_id: str, folder: Path) -> Path:
    """Adds the case to `cases/feedback.yaml` and writes a world of the records from before the conversation.

    What should have happened is not known: the case expects no change, and a person writes down what is right.

    Raises:
        NoSuchFeedbackError: there is none, or its conversation was wiped.
    """
    log = ConversationLog(store)
    given = ChannelLog(store).find_feedback(feedback_id)
    rated = log.find_turn(given.turn_id) if given is not None else None
    if given is None or rated is None:
        raise NoSuchFeedbackError(f"There is no feedback {feedback_id}; `dealhand slack feedback` lists it.")
    turns = [row for row in log.turns_of(rated.conversation_id) if row.id <= rated.id]
    speaker = principal_of(store, rated.user_id)
    began = turns[0].started_at - timedelta(microseconds=1)
    name = feedback_id.replace("_", "-")
    _write_world(store, folder / "worlds" / name, began, speaker.timezone)
    case = {
        "id": f"feedback.{name}",
        "world": name,
        "as": speaker.email,
        "now": began.astimezone(ZoneInfo(speaker.timezone)).strftime("%Y-%m-%dT%H:%M"),
        "tags": ["feedback"],
        "turns": [{"say": _said(log, row)} for row in turns if _said(log, row)],
        "expect": {"changes": []},
    }
    path = folder / "cases" / "feedback.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(_comment(given.rating, given.reason, rated))
        file.write(yaml.safe_dump([case], allow_unicode=True, sort_keys=False, width=110))
    return path


def _write_world(store: Store, folder: Path, moment: datetime, timezone: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with unit_of_work_as_of(store, SYSTEM, moment) as uow:
        write_folder(uow, folder)
    described = folder / "world.json"
    content: dict[str, Any] = json.loads(described.read_text(encoding="utf-8")) if described.exists() else {}
    content["today"] = moment.astimezone(ZoneInfo(timezone)).date().isoformat()
    described.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _said(log: ConversationLog, row: TurnRow) -> str:
    """What the person wrote; a click on a button, or what the app looked up by itself, is no message."""
    text = str(log.turn_messages(row.id)[0]["content"])
    return "" if text.startswith(("[", "/")) or row.key.startswith("appr_") else text


def _comment(rating: str, reason: str, row: TurnRow) -> str:
    reply = Reply.model_validate(row.reply)
    answered = " / ".join(str(getattr(part, "text", "") or getattr(part, "title", "")) for part in reply.parts)
    lines = [f"{rating}: {reason}" if reason else rating, f"answered: {answered[:_ANSWER_CHARS]}"]
    lines.append("Write below what should have happened (docs/evaluation.md); as it stands, that is nothing.")
    return "\n" + "".join(f"# {' '.join(line.split())}\n" for line in lines)
