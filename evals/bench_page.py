"""How long a newcomer waits for the first full page: the demo world in Chromium on loopback, nothing in its cache.

`python -m evals.bench_page [TIMES]`; needs `chromium` and the development group. A page is full when its records are
drawn; the time counts from the start of the navigation.
"""

import shutil
import statistics
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from core.clock import SystemClock
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.sign_in import create_link
from crm_store.transfer import import_world
from evals.bench_api import PEOPLE, served

FLAGS = ("--no-sandbox", "--disable-gpu")
# By address, what is there when the page is full.
PAGES = {"/": ".examples button", "/today": ".brief li", "/board": ".deal", "/forecast": "svg.range"}
_FULL = """(selector) => new Promise((done) => {
    const look = () => document.querySelector(selector) ? done(performance.now()) : requestAnimationFrame(look);
    look();
})"""


def main() -> None:
    """Prints the median and the longest wait by page, or says what is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stdout.write("no Chromium here: the wait for the first page is not measured\n")
        return
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with as_file(files("evals").joinpath("worlds", "northstar")) as world:
            import_world(settings.resolved_database_url, world)
        link = _link(settings)
        with served(Path(folder)) as (address, _):
            waits = _look(chromium, address, link, times)
    for path, found in waits.items():
        sys.stdout.write(
            f"{path:10} n {len(found)}  median {statistics.median(found):5.0f} ms  longest {max(found):5.0f} ms\n"
        )


def _link(settings: Settings) -> str:
    store = open_store(settings.resolved_database_url)
    try:
        user = find_principal(store, PEOPLE[0]).user_id
        return create_link(store, user, minutes=60, now=SystemClock().now())
    finally:
        store.close()


def _look(chromium: str, address: str, link: str, times: int) -> dict[str, list[float]]:
    from playwright.sync_api import sync_playwright

    waits: dict[str, list[float]] = {path: [] for path in PAGES}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=list(FLAGS))
        first = browser.new_context()
        first.new_page().goto(f"{address}/sign-in/{link}")
        signed_in = first.storage_state()
        for path in list(PAGES) * times:
            context = browser.new_context(storage_state=signed_in)
            page = context.new_page()
            page.goto(address + path, wait_until="commit")
            waits[path].append(page.evaluate(_FULL, PAGES[path]))
            context.close()
        browser.close()
    return waits


if __name__ == "__main__":
    main()
