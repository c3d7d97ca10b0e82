"""The page in a real browser: sign in, talk, say yes, undo, move a deal, forecast, Chinese, phone width, keyboard.

Screenshots of each step are kept in `screenshots/`, which git does not. Without Chromium these are skipped.
"""

import re

from core.clock import SystemClock
from crm_store.directory import find_principal
from tests.api.conftest import MANAGER
from tests.web.conftest import in_browser, keep, playwright

pytestmark = in_browser


def say(page, text):
    before = page.locator(".answer-foot").count()
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".answer-foot")).to_have_count(before + 1)


def test_sign_in_by_password(site, address, browser):
    from api.passwords import set_password

    user = find_principal(site.runtime.store, MANAGER)
    set_password(site.runtime.store, user.user_id, "a long pass phrase", SystemClock().now())
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/board")
    page.get_by_label("E-mail").fill(MANAGER)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("not right")
    keep(page, "sign-in")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Sign in").click()
    playwright.expect(page.get_by_role("heading", name="Pipeline")).to_be_visible()
    context.close()


def test_talk_confirm_undo_and_choose(open_page):
    page = open_page()
    keep(page, "chat-empty")
    say(page, "What is my open pipeline by stage?")
    playwright.expect(page.get_by_text("USD 1,099,000 (11 deals)")).to_be_visible()
    playwright.expect(page.locator("svg.chart")).to_be_visible()
    keep(page, "chat-answer")
    say(page, "Set the next step of Redwood renewal to call Leah")
    page.get_by_role("button", name="Undo").last.click()
    playwright.expect(page.get_by_text("Taken back")).to_be_visible()
    say(page, "Move Copperline pilot to closed lost because of the price")
    card = page.get_by_role("region", name="Shall I do this?")
    playwright.expect(card).to_contain_text("Closed Lost")
    keep(page, "chat-card")
    card.get_by_role("button", name="Apply").click()
    playwright.expect(page.locator(".receipt.card.updated").last).to_contain_text("Copperline pilot")
    say(page, "Show the Acme Robotics deal")
    options = page.locator(".question .options button")
    if options.count():
        options.first.click()
        playwright.expect(page.locator(".mine")).to_have_count(5)
    keep(page, "chat-question")
    page.reload()
    playwright.expect(page.locator(".mine").first).to_contain_text("open pipeline by stage")


def test_a_deal_is_dragged_and_moved_by_keyboard_with_undo(site, open_page):
    page = open_page(path="/board")
    card = page.locator(".deal", has_text="Blue Heron pilot")
    playwright.expect(card).to_be_visible()
    keep(page, "board")
    card.drag_to(page.locator(".column", has=page.get_by_role("heading", name="Proposal")))
    playwright.expect(page.locator(".toast")).to_contain_text("Blue Heron pilot")
    proposal = site.one("stage", name="Proposal").id
    assert site.one("deal", name="Blue Heron pilot").stage_id == proposal
    page.locator(".toast").get_by_role("button", name="Undo").click()
    playwright.expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
    assert site.one("deal", name="Blue Heron pilot").stage_id != proposal
    first = page.locator(".column", has=page.get_by_role("heading", name="Prospecting"))
    playwright.expect(first.locator(".deal", has_text="Blue Heron pilot")).to_be_visible()
    button = page.get_by_role("button", name="Move Blue Heron pilot")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Closed Lost").check()
    page.get_by_role("button", name="Move", exact=True).click()
    playwright.expect(page.get_by_text("needs a lost reason")).to_be_visible()
    page.get_by_role("radio", name="price").check()
    page.get_by_role("button", name="Continue").click()
    playwright.expect(page.locator("dialog .approval")).to_contain_text("it closes a deal")
    keep(page, "board-card")
    page.get_by_role("button", name="Leave it").click()
    playwright.expect(page.locator("dialog")).to_have_count(0)
    assert site.one("deal", name="Blue Heron pilot").stage_id != proposal


def test_a_deal_page_with_timeline_memory_and_advice(open_page):
    page = open_page(path="/board")
    page.get_by_role("link", name="Acme Robotics expansion").click()
    playwright.expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
    playwright.expect(page.get_by_role("heading", name=re.compile("Timeline"))).to_be_visible()
    page.get_by_placeholder("What was said about…").fill("pricing")
    page.keyboard.press("Enter")
    keep(page, "deal")
    page.locator(".facts .field", has_text="next step").hover()
    page.get_by_role("button", name="Edit next step").click()
    page.get_by_role("dialog").get_by_label("next step").fill("Send the redlines")
    page.get_by_role("button", name="Save").click()
    playwright.expect(page.locator(".facts")).to_contain_text("Send the redlines")


def test_forecast_today_changes_and_settings(open_page):
    page = open_page(MANAGER, path="/forecast")
    playwright.expect(page.locator("svg.range")).to_be_visible()
    playwright.expect(page.locator("svg.waterfall")).to_be_visible()
    playwright.expect(page.locator("svg.funnel")).to_be_visible()
    keep(page, "forecast")
    home = page.url.split("/forecast")[0]
    views = (
        ("today", "Today"),
        ("audit", "Changes"),
        ("records/accounts", "Accounts"),
        ("admin/stages", "Settings"),
    )
    for path, heading in views:
        page.goto(f"{home}/{path}")
        playwright.expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        playwright.expect(page.locator(".skeletons")).to_have_count(0)
        keep(page, path.replace("/", "-"))


def test_chinese_on_a_phone(open_page):
    page = open_page(language="zh", width=390, height=844)
    say(page, "把 Redwood renewal 的成交日推迟两周")
    playwright.expect(page.locator(".receipt").last).to_contain_text("预计成交日")
    keep(page, "phone-chat-zh")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="商机看板").click()
    playwright.expect(page.locator(".deal").first).to_be_visible()
    keep(page, "phone-board-zh")
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wide, "nothing sticks out to the side"


def test_the_first_full_page_comes_quickly(open_page):
    page = open_page(path="/board")
    page.goto(page.url)
    playwright.expect(page.locator(".deal").first).to_be_visible()
    requests = page.evaluate("performance.getEntriesByType('resource').length")
    assert requests < 40
