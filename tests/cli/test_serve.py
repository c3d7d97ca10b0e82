"""`dealhand serve` as people start it: several processes on one address, their numbers together, an end by signal."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import httpx

from core.clock import SystemClock
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.tokens import create_token

REP = "marcus@northstar.example"
START_S = 120


def test_several_processes_serve_one_address_and_count_together(tmp_path, northstar_template):
    home = tmp_path / "home"
    home.mkdir()
    (home / "dealhand.sqlite3").write_bytes(northstar_template.read_bytes())
    store = open_store(f"sqlite:///{home / 'dealhand.sqlite3'}")
    who = find_principal(store, REP)
    secret = create_token(store, who, "test", ["read", "metrics"], days=1, now=SystemClock().now())[1]
    store.close()
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--workers", "2"]
    environment = {**os.environ, "DEALHAND_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().split()[3]
        assert address.startswith("http://127.0.0.1:")
        headers = {"Authorization": f"Bearer {secret}"}
        with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30) as client:
            wait_for(client)
        for _ in range(8):  # a connection each, so that both processes get some
            assert httpx.get(f"{address}v1/deals?limit=1", headers=headers, trust_env=False).status_code == 200
        seen = httpx.get(f"{address}metrics", headers=headers, trust_env=False).text
        assert 'dealhand_http_requests_total{method="GET",route="/v1/deals",status="200"} 8.0' in seen
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0


def wait_for(client):
    last = time.monotonic() + START_S
    while time.monotonic() < last:
        with suppress(httpx.TransportError):
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the server did not start")
