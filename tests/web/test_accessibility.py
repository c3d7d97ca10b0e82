"""Every view for everyone: axe-core where npm gave it (`make test`), and checks of our own, wide and on a phone.

Names for what is pressed or filled in, one heading, contrast, nothing out to the side, no id for a person to read,
focus that is seen, answers that are announced.
"""

import json
from pathlib import Path

import pytest

from tests.api.conftest import MANAGER, REP
from tests.web.conftest import in_browser, keep, playwright

pytestmark = in_browser

AXE = Path(__file__).parents[2] / ".local-axe/node_modules/axe-core/axe.min.js"
VIEWS = (
    "", "today", "board", "records/accounts", "records/tasks", "forecast", "approvals", "audit", "admin/users",
    "admin/roles",
    "admin/stages", "admin/fields", "admin/rules", "admin/tokens", "admin/integrations", "admin/usage", "admin/files",
    "records/deals/{deal}", "records/accounts/{account}",
)  # fmt: skip
_RUN_AXE = """axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map(
    (each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`))"""
# What is wrong on the page in front of us, in words.
_OWN_CHECKS = """() => {
    const shown = (element) => element.offsetParent !== null || element.closest('dialog[open]');
    const name = (element) => (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.title
        || element.textContent || element.querySelector('[aria-label]')?.getAttribute('aria-label') || '').trim();
    const wrong = [];
    for (const element of document.querySelectorAll('button, a[href], input, select, textarea'))
        if (shown(element) && !name(element)) wrong.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    const headings = [...document.querySelectorAll('h1')].length;
    if (headings !== 1) wrong.push(`${headings} headings of the first level`);
    if (!document.querySelector('main')) wrong.push('no main region');
    if (!document.querySelector('[aria-live]')) wrong.push('nothing is announced');
    const beyond = document.documentElement.scrollWidth - innerWidth;
    if (beyond > 0) wrong.push(`${beyond} px out to the side`);
    const raw = document.body.innerText.match(/\\b[a-z_]+_01[0-9a-z]{16,}\\b|undefined|\\[object|NaN|null/);
    if (raw) wrong.push(`not for people: ${raw[0]}`);
    const code = document.body.innerText.match(/\\bH\\d{1,2}\\b/);
    if (code) wrong.push(`the id of a rule: ${code[0]}`);
    const key = document.body.innerText.match(/\\b(nav|admin|forecast|board|record|chat|voice|kinds?)\\.[a-z]+/i);
    if (key) wrong.push(`a key instead of words: ${key[0]}`);
    return wrong;
}"""


@pytest.mark.parametrize(
    ("language", "width", "who"),
    [("en", 1280, "admin"), ("zh", 1280, MANAGER), ("en", 390, REP), ("zh", 390, MANAGER)],
    ids=["en", "zh", "en on a phone", "zh on a phone"],
)
def test_every_view_is_for_everyone(site, open_page, language, width, who):
    ids = {
        "deal": site.one("deal", name="Acme Robotics expansion").id,
        "account": site.one("account", name="Acme Robotics").id,
    }
    email = site.email_of("admin") if who == "admin" else who
    page = open_page(email, language=language, width=width)
    home = page.url.split("/", 3)
    wrong = {}
    for view in VIEWS:
        if who != "admin" and view in ("admin/roles", "admin/integrations", "admin/usage"):
            continue
        page.goto("/".join([*home[:3], view.format(**ids)]))
        playwright.expect(page.locator("h1")).to_have_count(1)
        page.wait_for_load_state("networkidle")
        playwright.expect(page.locator(".skeletons")).to_have_count(0)
        found = page.evaluate(_OWN_CHECKS)
        if AXE.exists():
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found += page.evaluate(_RUN_AXE)
        keep(page, f"view-{language}-{width}-{view.partition('{')[0].replace('/', '-').strip('-') or 'chat'}")
        if found:
            wrong[view] = found
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_page):
    page = open_page(path="/board")
    playwright.expect(page.locator(".deal").first).to_be_visible()
    playwright.expect(page.get_by_role("heading", name="Pipeline")).to_be_focused()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    playwright.expect(page.locator("main")).to_be_focused()
    page.locator(".skip").focus()
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const element = document.activeElement, style = getComputedStyle(element);
                return [element.getAttribute('aria-label') || element.textContent.trim(),
                    parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none']; }"""
            )
        )
    names = [name for name, _ in reached]
    assert any(name.startswith("Move ") for name in names), names
    assert names.index("Pipeline") < names.index("Settings")
    unseen = [name for name, seen in reached if not seen]
    assert not unseen


def test_answers_are_announced_once_they_are_there(open_page):
    page = open_page()
    log = page.get_by_role("log")
    playwright.expect(log).to_have_attribute("aria-live", "polite")
    page.get_by_role("textbox").fill("How many open deals do I have?")
    page.keyboard.press("Enter")
    playwright.expect(log.locator(".answer-foot")).to_have_count(1)
    playwright.expect(log).to_contain_text("11")
