"""A browser on a served page, signed in; every screenshot is kept in `screenshots/`, which git does not."""

import shutil
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from cli.serve import compose, config_of, listen
from core.clock import SystemClock
from crm_store.directory import find_principal
from crm_store.sign_in import create_link
from tests.api.conftest import REP, Site, site  # noqa: F401

playwright = pytest.importorskip("playwright.sync_api", reason="the development group installs playwright")

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), "")
SHOTS = Path(__file__).parents[2] / "screenshots"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 60_000
playwright.expect.set_options(timeout=PATIENCE_MS)

in_browser = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install -y chromium fonts-noto-cjk"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def address(site: Site):  # noqa: F811
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(config_of(compose(site.runtime, site.runtime.settings)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    SHOTS.mkdir(exist_ok=True)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(site, address, browser):  # noqa: F811
    """Opens the page for someone who is signed in; fails on any error in the browser's console."""
    contexts, wrong = [], []

    def open_it(email=REP, *, path="/", language="en", width=1280, height=860):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN" if language == "zh" else "en-US",
            is_mobile=width < 500,
            has_touch=width < 500,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: wrong.append(message.text) if _is_wrong(message) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        store = site.runtime.store
        user_id = find_principal(store, email).user_id
        secret = create_link(store, user_id, minutes=5, now=SystemClock().now())
        page.add_init_script(
            f"localStorage.getItem('dealhand.language') ?? localStorage.setItem('dealhand.language', '{language}')"
        )
        page.goto(f"{address}/sign-in/{secret}")
        if path != "/":
            page.goto(address + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not wrong


def _is_wrong(message):
    """Whether the console tells an error of the page.

    A missing detail (422), a newer version (412) and a connection that a test cut are none.
    """
    expected = ("status of 422", "status of 412", "net::ERR_FAILED")
    return message.type == "error" and not any(each in message.text for each in expected)


def keep(page, name):
    page.screenshot(path=SHOTS / f"{name}.png")
