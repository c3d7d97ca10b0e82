"""`dealhand doctor`: what is set up, what is not, and what to do about it."""

import os
import platform
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec

import typer
from rich.text import Text

from agent.models import BUILTIN, model_factory
from briefings.worker import MARK as WORKER_MARK
from cli.exit_codes import INCOMPLETE
from cli.incidents import log_file
from cli.terminal import literal, open_console
from core.errors import DealhandError, OperatorFixableError
from core.settings import Settings, load_settings
from crm_store.channel_log import ChannelLog
from crm_store.company_facts import company_facts
from crm_store.delivery_log import DeliveryLog
from crm_store.job_ledger import open_jobs
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.unit_of_work import count
from speech.whisper import check_folder

app = typer.Typer(add_completion=False)
Check = Callable[[Settings], str]


@app.command()
def doctor() -> None:
    """Check the installation, the database and the model; exit code 1 when something is wrong."""
    settings, console, failed = load_settings(), open_console(), False
    for name, check in CHECKS.items():
        try:
            console.print(Text("ok   ", "green"), literal(f"{name}: {check(settings)}"), sep="")
        except DealhandError as error:
            failed = True
            console.print(Text("bad  ", "red"), literal(f"{name}: {error.message}"), sep="")
    raise typer.Exit(INCOMPLETE if failed else 0)


def _python(settings: Settings) -> str:
    return f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"


class UnusableHomeError(OperatorFixableError):
    """The home folder cannot hold the database, the log and the chat history."""


def _home(settings: Settings) -> str:
    home = settings.home_dir
    if home.exists() and not (home.is_dir() and os.access(home, os.W_OK)):
        raise UnusableHomeError(f"{home} is no folder that can be written; set DEALHAND_HOME to one.")
    return f"{home} ({'there' if home.is_dir() else 'is made on first use'})"


def _log(settings: Settings) -> str:
    path = log_file()
    log = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    incidents = log.count(" ERROR incident ")
    return f"{incidents} incidents in {path}" if incidents else "no incidents"


def _database(settings: Settings) -> str:
    store = open_store(settings.resolved_database_url)
    try:
        facts = company_facts(store)
        with store.unit_of_work(SYSTEM, writes=False) as uow:
            counts = ", ".join(
                f"{count(uow, kind):,} {kind}s" for kind in ("user", "account", "deal", "interaction")
            )
        day = f", a demonstration on {facts.demo_day}" if facts.demo_day else ""
        return f"{facts.name or 'no company yet: dealhand import DIR, or dealhand demo'}{day}; {counts}"
    finally:
        store.close()


def _model(settings: Settings) -> str:
    model_factory(settings, settings.model)
    fallback = f", then {settings.model_fallback}" if settings.model_fallback != settings.model else ""
    where = f" at {settings.model_base_url}" if settings.model_base_url else ""
    return f"{settings.model}{where}{fallback if settings.model != BUILTIN else ''}"


def _extras(settings: Settings) -> str:
    modules = {"postgres": "psycopg", "embeddings": "sentence_transformers", "speech": "faster_whisper"}
    return ", ".join(
        f"{extra} {'there' if find_spec(module) else 'not installed'}" for extra, module in modules.items()
    )


def _speech(settings: Settings) -> str:
    if settings.speech_model:
        return f"{settings.speech_model} at {settings.speech_base_url or 'the provider'}"
    if settings.whisper_model is None:
        return "no voice notes; set DEALHAND_WHISPER_MODEL to a faster-whisper model folder (docs/voice.md)"
    found = check_folder(settings.whisper_model.expanduser())
    return (
        found
        if find_spec("faster_whisper")
        else f"{found}, but the extra is missing: pip install 'dealhand[speech]'"
    )


def _jobs(settings: Settings) -> str:
    store = open_store(settings.resolved_database_url)
    try:
        log, jobs = DeliveryLog(store), open_jobs(settings, store)
        counts, sent = jobs.counts(), log.counts()
        seen = log.mark(WORKER_MARK)
        if seen is None:
            return "no worker has run here; start one with `dealhand worker` for briefings and reminders"
        failed = f", {counts['failed']} jobs failed (latest: {jobs.failures()[0][1]})" if counts["failed"] else ""
        waiting = sent.get("waiting", 0) + sent.get("sending", 0)
        ended = f"{sent.get('sent', 0)} deliveries sent, {waiting} waiting"
        return f"a worker looked last at {seen:%Y-%m-%d %H:%M} UTC; {ended}{failed}"
    finally:
        store.close()


def _user(settings: Settings) -> str:
    return os.environ.get("DEALHAND_USER") or "DEALHAND_USER is not set: name the speaker with --as EMAIL"


def _slack(settings: Settings) -> str:
    from integrations.slack.doctor import check_slack
    from integrations.slack.workspaces import Workspaces

    if not settings.slack_client_id:
        return check_slack(settings)
    store = open_store(settings.resolved_database_url)
    try:
        workspaces = Workspaces(settings, ChannelLog(store))
        return check_slack(settings, {name: workspaces.token_of(name) for name in workspaces.log.workspaces()})
    finally:
        store.close()


CHECKS: dict[str, Check] = {
    "Python": _python,
    "home": _home,
    "database": _database,
    "model": _model,
    "Slack": _slack,
    "extras": _extras,
    "log": _log,
    "worker": _jobs,
    "speech": _speech,
    "speaker": _user,
}
