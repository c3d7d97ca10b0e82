"""kill -9 after every single step of a delivery: the fake Slack and a real SMTP server get one message each time."""

import os
import shutil
import signal
import socket
import socketserver
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from briefings import worker
from briefings.channels import ChannelError, EmailChannel
from briefings.sent_copies import sent_copies
from briefings.worker import DELIVERIES, Worker
from core.clock import FixedClock
from core.settings import Settings
from crm_store.delivery_log import DeliveryLog
from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from jobs.engine import Jobs
from jobs.job import Queue


class FakeSlack(socketserver.ThreadingTCPServer):
    """Takes messages with a key and answers whether it has one; a line each, over a real socket."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self):
        self.posts = []
        super().__init__(("127.0.0.1", 0), SlackHandler)


class SlackHandler(socketserver.StreamRequestHandler):
    def handle(self):
        verb, key = self.rfile.readline().decode().rstrip("\n").split(" ", 1)
        if verb == "post":
            self.server.posts.append(key)
        self.wfile.write(b"yes\n" if key in self.server.posts else b"no\n")


class SlackLike:
    def __init__(self, address):
        self.address = address

    def deliver(self, message):
        if self._ask("post", message.key) != "yes":
            raise ChannelError("not taken")
        return message.key

    def find(self, message):
        return message.key if self._ask("find", message.key) == "yes" else None

    def _ask(self, verb, key):
        with socket.create_connection(self.address, timeout=10) as line:
            line.sendall(f"{verb} {key}\n".encode())
            return line.makefile().readline().strip()


class Mailboxes:
    """What a real SMTP server took, by recipient; a mail counts as taken once the server says so."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        self.taken += [(recipient, envelope.content.decode()) for recipient in envelope.rcpt_tos]
        return "250 Message accepted for delivery"

    def ids(self, recipient):
        return [
            line.split(": ", 1)[1].strip()
            for to, mail in self.taken
            if to == recipient
            for line in mail.splitlines()
            if line.lower().startswith("message-id:")
        ]


class MailboxHandler(socketserver.StreamRequestHandler):
    """As much of IMAP as a search needs."""

    def handle(self):
        self._say("* OK ready")
        for raw in self.rfile:
            tag, command, *rest = raw.decode().split()
            if command == "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1")
            elif command in ("SELECT", "EXAMINE"):
                self._say("* 1 EXISTS")
            elif command == "SEARCH":
                wanted = rest[-1].strip('"')
                self._say(
                    "* SEARCH 1" if wanted in self.server.mailboxes.ids("crm@dealhand.example") else "* SEARCH"
                )
            elif command == "LOGOUT":
                self._say("* BYE")
            self._say(f"{tag} OK done")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def slack():
    server = FakeSlack()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail():
    boxes = Mailboxes()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        boxes.port = free.getsockname()[1]
    controller = Controller(boxes, hostname="127.0.0.1", port=boxes.port)
    controller.start()
    imap = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailboxHandler)
    imap.daemon_threads, imap.mailboxes = True, boxes
    threading.Thread(target=imap.serve_forever, daemon=True).start()
    boxes.imap_port = imap.server_address[1]
    yield boxes
    controller.stop()
    imap.shutdown()
    imap.server_close()


def prepare(url, now):
    store = open_store(url, FixedClock(now))
    with store.unit_of_work(SYSTEM) as uow:
        marcus = next(user for user in uow.all("user") if user.email.startswith("marcus"))
        for user in uow.all("user"):
            rule = "daily 08:30" if user.id == marcus.id else "mon 00:00"
            uow.create(
                "schedule",
                {
                    "job": "briefing",
                    "rule": rule,
                    "owner": user.id,
                    "channel": "it",
                    "is_active": user.id == marcus.id,
                },
            )
        uow.commit()
    DeliveryLog(store).plan("deliveries", now - timedelta(minutes=20), [])
    store.close()


def work(url, folder, now, channel, dies_at):
    """In a child process: works until nothing is left, or kills itself after so many steps."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        step = Steps(dies_at)
        for owner, name in (
            (DeliveryLog, "plan"),
            (DeliveryLog, "fix_content"),
            (DeliveryLog, "begin"),
            (DeliveryLog, "close"),
            (Jobs, "enqueue"),
            (StoreJobLedger, "record"),
            (StoreJobLedger, "mark_sent"),
            (StoreJobLedger, "mark_done"),
            (type(channel), "deliver"),
            (type(channel), "find"),
        ):
            step.around(owner, name)
        store = open_store(url, FixedClock(now))
        body = Worker(store, Settings(home=folder), {"it": channel}, Jobs(StoreJobLedger(store), url, folder))
        worker.Worker._snapshots = lambda self, job: None
        body.start((Queue(DELIVERIES, attempts=2, poll_s=0.02), Queue("upkeep", poll_s=0.02)))
        body.tick()
        done = body.jobs.wait_until_idle(300)
        os._exit(0 if done else 3)
    finally:
        os._exit(4)


class Steps:
    """Counts entries into and exits from functions, and kills the process at the given one."""

    def __init__(self, dies_at):
        self.left, self._lock = dies_at, threading.Lock()

    def around(self, owner, name):
        function = getattr(owner, name)

        def counted(*args, **kwargs):
            self.count()
            found = function(*args, **kwargs)
            self.count()
            return found

        setattr(owner, name, counted)

    def count(self):
        with self._lock:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def killed_everywhere(template, tmp_path, now, channel, received, forget, most=60):
    """Runs to the end after a kill at one step after the other, until a run is over before it is killed.

    Every fourth step; KILL_STRIDE=1 takes all of them, and KILL_FROM begins later.
    """
    first, stride = int(os.environ.get("KILL_FROM", "1")), int(os.environ.get("KILL_STRIDE", "4"))
    for step in range(first, most, stride):
        folder = tmp_path / f"at-{step}"
        folder.mkdir()
        url = f"sqlite:///{folder / 'store.sqlite3'}"
        shutil.copyfile(template, folder / "store.sqlite3")
        status = work(url, folder, now, channel, step)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        was_killed = os.WIFSIGNALED(status)
        assert work(url, folder, now, channel, 0) == 0
        assert len(received()) == 1, f"killed at step {step}"
        forget()
        shutil.rmtree(folder)
        if not was_killed:
            return step
    raise AssertionError("it never ended by itself")


@pytest.fixture
def ready(northstar_template, tmp_path, northstar_now):
    """A copy of the demo world at 8:35 in New York, with one briefing due."""
    path = tmp_path / "template.sqlite3"
    shutil.copyfile(northstar_template, path)
    now = northstar_now.replace(hour=8, minute=35)
    prepare(f"sqlite:///{path}", now)
    return path, now


@pytest.mark.slow
def test_kill_9_anywhere_gives_one_message_in_slack(ready, tmp_path, slack):
    template, now = ready

    steps = killed_everywhere(
        template, tmp_path, now, SlackLike(slack.server_address), lambda: slack.posts, slack.posts.clear
    )
    assert steps > 12


@pytest.mark.slow
def test_kill_9_anywhere_gives_one_mail(ready, tmp_path, mail):
    template, now = ready
    channel = EmailChannel(
        f"smtp://127.0.0.1:{mail.port}",
        "crm@dealhand.example",
        was_sent=sent_copies(f"imap://crm:secret@127.0.0.1:{mail.imap_port}"),
    )
    steps = killed_everywhere(
        template, tmp_path, now, channel, lambda: mail.ids("marcus@northstar.example"), mail.taken.clear
    )
    assert steps > 12
