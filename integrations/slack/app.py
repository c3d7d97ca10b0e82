"""Builds the Bolt app over the service, and names what its jobs do."""

import importlib
import logging
import pkgutil
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from slack_bolt import App

from integrations.slack import listeners
from integrations.slack.place import Place
from integrations.slack.service import CLICKS, TURNS, Slack
from integrations.slack.work import briefing, clicks, deal, feedback, forms, home, prompts, said, turn, unfurl
from jobs.job import Job, Queue

logger = logging.getLogger("dealhand.slack.bolt")

WINDOWS_AT_ONCE = 8

Work = Callable[[Slack, dict[str, Any]], None]


def redraw(slack: Slack, payload: dict[str, Any]) -> None:
    """Draws a message anew after its pending change was edited."""
    clicks.redraw(slack, Place.of(payload), str(payload["turn"]))


WORK: dict[str, Work] = {
    "turn": turn.answer_message,
    "approval": clicks.answer_card,
    "parts": clicks.answer_parts,
    "edit_form": clicks.fill_edit_form,
    "redraw": redraw,
    "undo": clicks.undo_change,
    "pick": clicks.pick,
    "home": home.show_home,
    "prompts": prompts.suggest,
    "log_form": forms.log_to_crm,
    "task_form": forms.create_task,
    "command": deal.run_command,
    "deal_card": deal.show_deal,
    "unfurl": unfurl.unfurl,
    "feedback": feedback.keep_feedback,
    "say": said.say_for,
    "briefing": briefing.set_time,
}


def build_app(slack: Slack, windows: Executor | None = None) -> App:
    """The Bolt app with all listeners. Everything is written down before a request is answered.

    What only opens a window follows the answer, on the threads of `windows`.
    """

    def authorize(enterprise_id: str | None, team_id: str | None, **_: Any) -> Any:
        return slack.workspaces.authorize(enterprise_id, team_id)

    settings = slack.runtime.settings
    # Bolt logs whole requests, at INFO already when a signature is wrong: only what is wrong goes on.
    logger.setLevel(logging.WARNING)
    app = App(
        logger=logger,
        signing_secret=settings.slack_signing_secret.get_secret_value() or "unset",
        authorize=authorize,
        client=slack.workspaces.open_client(),
        process_before_response=True,
        listener_executor=windows or ThreadPoolExecutor(WINDOWS_AT_ONCE, thread_name_prefix="slack-windows"),
        attaching_conversation_kwargs_enabled=False,
    )
    for name in sorted(module.name for module in pkgutil.iter_modules(listeners.__path__)):
        importlib.import_module(f"{listeners.__name__}.{name}").register(app, slack)
    return app


def queues(slack: Slack) -> list[Queue]:
    """The queues that the app works on. While Slack is away an answer waits for about two hours."""
    at_once = slack.runtime.settings.slack_turns_at_once
    patience: dict[str, Any] = {"attempts": 8, "patient_attempts": 125, "backoff_s": 1.0, "poll_s": 0.1}
    return [Queue(TURNS, concurrency=at_once, **patience), Queue(CLICKS, concurrency=4, **patience)]


def handlers(slack: Slack) -> Mapping[str, Callable[[Job], None]]:
    """What each kind of job does."""

    def handler(work: Work) -> Callable[[Job], None]:
        return lambda job: work(slack, job.payload)

    return {name: handler(work) for name, work in WORK.items()}
