"""End to end against `local-slack`, which others wrote: the app as its own process, over HTTP and over a socket.

It has no streams, sessions or prompts (`unknown_method`), so the ways without them are what runs here.
"""

import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from crm_store.channel_log import ChannelLog
from crm_store.directory import find_principal
from crm_store.opening import open_store
from tests.crm_store.conftest import northstar_on_postgres, postgres

__all__ = ["northstar_on_postgres", "postgres"]

ROOT = Path(__file__).parents[3]
BINARY = ROOT / ".local-slack" / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
LONGEST_S = 60

pytestmark = [
    pytest.mark.skipif(
        not BINARY.exists() or platform.machine() not in ("x86_64", "AMD64"),
        reason="local-slack is not there: `make test` installs it where npm is (Linux on x86-64)",
    ),
    pytest.mark.xdist_group("local_slack"),
]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Workspace:
    """local-slack with the app of this project in it."""

    def __init__(self, port, app):
        self.base, self._app = f"http://127.0.0.1:{port}", app

    def worker(self):
        """The process that works on the queue: the child of the one that receives."""
        children = Path(f"/proc/{self._app.pid}/task").glob("*/children")
        (found,) = [int(pid) for each in children for pid in each.read_text().split()]
        return found

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.base}/_control/{path}", data, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def api(self, method, **body):
        request = urllib.request.Request(
            f"{self.base}/api/{method}",
            json.dumps(body).encode(),
            {"content-type": "application/json", "authorization": "Bearer xoxb-1"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def say(self, channel, text, **more):
        return self.ask("message", {"channel": channel, "user": "UMARCUS", "text": text, **more})["message"]["ts"]

    def answers(self, channel, thread, n=1):
        """What the app has written in a thread, as soon as it is `n` messages."""

        def found():
            written = [
                message
                for message in self.ask(f"messages/{channel}")["messages"]
                if message.get("thread_ts") == thread and message.get("user") == "UBOT"
            ]
            return written if len(written) >= n else None

        return until(found)

    def click(self, channel, message, action_id):
        for block in message["blocks"]:
            for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
                if element.get("action_id") == action_id:
                    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": element["value"]}
                    body = {"channel": channel, "messageTs": message["ts"], "user": "UMARCUS", "action": action}
                    return self.ask("interact", body)
        raise AssertionError(action_id)


def until(holds):
    """Waits until it holds."""
    for _ in range(LONGEST_S * 5):
        found = holds()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"not in {LONGEST_S} s")


def wait_for(port, process):
    def reached():
        assert process.poll() is None, "the process has ended"
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", port)) == 0

    until(reached)


def answers_at(port):
    """Whether a server answers there, be it that there is nothing."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/slack/nothing", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture(params=["events on sqlite", "socket on sqlite", "events on postgresql"])
def workspace(request, tmp_path):
    """The app running against a fresh workspace, in each of the two modes; on PostgreSQL beside the page."""
    mode, _, database = request.param.partition(" on ")
    if database == "sqlite":
        store_url = request.getfixturevalue("northstar_url")
    else:
        name = request.getfixturevalue("northstar_on_postgres")
        store_url = request.getfixturevalue("postgres").create_database(name)
    store = open_store(store_url)
    log = ChannelLog(store)
    for person, email in (("UMARCUS", "marcus"), ("UDANA", "dana")):
        user = find_principal(store, f"{email}@northstar.example")
        log.map_person("T1", person, user.user_id, "")
    store.close()
    slack_port, app_port = free_port(), free_port()
    config = {
        "workspace": {"teamId": "T1", "name": "test", "domain": "test"},
        "app": {
            "appId": "A1", "botUserId": "UBOT", "botName": "dealhand", "botToken": "xoxb-1", "appToken": "xapp-1",
            "signingSecret": "signing-secret", "mode": mode,
            "requestUrl": f"http://127.0.0.1:{app_port}/slack/events",
        },
        "users": [
            {"id": "UMARCUS", "name": "marcus", "email": "marcus@northstar.example"},
            {"id": "UDANA", "name": "dana", "email": "dana@northstar.example"},
        ],
        "channels": [{"id": "CTEAM", "name": "team", "members": ["UMARCUS", "UDANA", "UBOT"]}],
    }  # fmt: skip
    (tmp_path / "slack.yaml").write_text(yaml.safe_dump(config))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DEALHAND_HOME": str(tmp_path / "home"),
        "DEALHAND_DATABASE_URL": store_url,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "signing-secret",
    }
    output = (tmp_path / "app.txt").open("w")
    binary = shutil.copy(BINARY, tmp_path / "local-slack")
    over_http = mode == "events"
    if database == "postgresql":
        del environment["SLACK_APP_TOKEN"]
        arguments = ["serve", "--port", str(app_port)]
    else:
        arguments = ["slack", "run", *(["--http", "--port", str(app_port)] if over_http else [])]
    app = [sys.executable, "-m", "cli.main", *arguments]
    slack = [
        binary,
        "--config",
        str(tmp_path / "slack.yaml"),
        "--port",
        str(slack_port),
        "--base-host",
        "127.0.0.1",
    ]
    running = []
    try:
        for command in (slack, app):
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=tmp_path)
            running.append(process)
            if command is slack:
                wait_for(slack_port, process)
            elif over_http:
                wait_for(app_port, process)
                until(lambda: answers_at(app_port))
            else:
                until(lambda: "Connected" in (tmp_path / "app.txt").read_text())
        yield Workspace(slack_port, running[-1])
    finally:
        for process in reversed(running):
            process.terminate()
        for process in reversed(running):
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
        output.close()


def test_talk_change_and_undo_over_the_wire(workspace):
    dm = workspace.api("conversations.open", users="UMARCUS")["channel"]["id"]

    asked = workspace.say(dm, "show my open deals")
    (answer,) = workspace.answers(dm, asked)
    assert "Redwood renewal" in json.dumps(answer["blocks"])

    asked = workspace.say("CTEAM", "<@UBOT> Redwood renewal is closed won")

    def blocks():
        (card,) = workspace.answers("CTEAM", asked)
        return json.dumps(card["blocks"])

    workspace.click("CTEAM", workspace.answers("CTEAM", asked)[0], "approval_apply")
    until(lambda: "Closed Won" in blocks() and '"undo"' in blocks())
    workspace.click("CTEAM", workspace.answers("CTEAM", asked)[0], "undo")
    until(lambda: "Taken back" in blocks())

    workspace.ask("open-home", {"user": "UMARCUS"})
    until(lambda: "views.publish" in json.dumps(workspace.ask("log")))

    # The process that works is killed: what is asked is written down, and answered once by the next.
    killed = workspace.worker()
    os.kill(killed, signal.SIGKILL)
    asked = workspace.say(dm, "show my open deals")
    (answer,) = workspace.answers(dm, asked)
    assert "Redwood renewal" in json.dumps(answer["blocks"])
    assert workspace.worker() != killed
