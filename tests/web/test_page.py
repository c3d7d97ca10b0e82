"""The page in a real browser: sign in, talk, say yes, undo, move a deal, forecast, Chinese, phone width, keyboard.

Screenshots of each step are kept in `screenshots/`, which git does not. Without Chromium these are skipped.
"""

import re

import pytest

from core.clock import SystemClock
from crm_store.directory import find_principal
from tests.api.conftest import MANAGER
from tests.api.test_setup import Told
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


def test_a_finding_is_fixed_by_one_click_and_an_answer(open_page):
    page = open_page()
    say(page, "which of my deals have no next step?")
    say(page, "what should I fix?")
    row = page.locator("table").last.locator("tr", has_text="no next step").first
    deal = row.get_by_role("link").inner_text()
    before = page.locator(".answer-foot").count()
    row.get_by_role("button", name="Do it").click()
    playwright.expect(page.locator(".answer-foot")).to_have_count(before + 1)
    playwright.expect(page.get_by_text(f"What should the next step of {deal} be?")).to_be_visible()
    say(page, "Send the offer to their buyer")
    playwright.expect(page.locator(".receipt.card.updated").last).to_contain_text("Send the offer to their buyer")


def test_a_deal_page_with_timeline_memory_and_advice(open_page):
    page = open_page(path="/board")
    page.get_by_role("link", name="Acme Robotics expansion").click()
    playwright.expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
    playwright.expect(page.get_by_role("heading", name=re.compile("Timeline"))).to_be_visible()
    page.get_by_placeholder("What was said about…").fill("pricing")
    page.keyboard.press("Enter")
    keep(page, "deal")
    page.get_by_text("To fix").first.click()
    fix = page.locator("details li", has_text="close date has passed").get_by_role("link", name="Do it")
    playwright.expect(fix).to_have_attribute("href", re.compile(r"^/\?say=move%20the%20close%20date"))
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
    """Few and small files, nothing fetched from elsewhere; `evals.bench_page` measures the time."""
    page = open_page(path="/board")
    page.goto(page.url)
    playwright.expect(page.locator(".deal").first).to_be_visible()
    fetched = page.evaluate(
        "performance.getEntriesByType('resource').map((each) => [each.name, each.encodedBodySize])"
    )
    assert len(fetched) < 40
    assert sum(size for _, size in fetched) < 250_000
    assert all(name.startswith(page.url.split("/board")[0]) for name, _ in fetched)


def test_a_manager_adjusts_and_takes_it_back(open_page):
    page = open_page(MANAGER, path="/forecast")
    page.get_by_role("button", name="Adjust").click()
    page.get_by_role("dialog").get_by_label("Whose forecast").select_option(label="Marcus Lee")
    page.get_by_role("dialog").get_by_label("Amount to add").fill("-15000")
    page.get_by_role("dialog").get_by_label("Reason").fill("Two deals slip")
    page.get_by_role("button", name="Save").click()
    panel = page.locator("section", has=page.get_by_role("heading", name="Adjustments by hand"))
    playwright.expect(panel).to_contain_text("Two deals slip · by Dana Whitfield")
    keep(page, "forecast-adjusted")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    playwright.expect(page.locator(".toast", has_text="Taken back")).to_be_visible()


def test_someone_sets_when_they_are_briefed(open_page):
    page = open_page(path="/today")
    page.get_by_role("button", name="Briefing times").click()
    dialog = page.get_by_role("dialog", name="Briefing times")
    dialog.get_by_label("Send me briefings").check()
    dialog.get_by_label("At", exact=True).fill("07:45")
    dialog.get_by_label("Where").select_option("file")
    keep(page, "briefing-times")
    dialog.get_by_role("button", name="Save").click()
    playwright.expect(page.locator(".toast")).to_contain_text("Briefing times")
    page.get_by_role("button", name="Briefing times").click()
    playwright.expect(page.get_by_role("dialog").get_by_label("At", exact=True)).to_have_value("07:45")


def test_an_admin_switches_a_rule_off_after_a_yes(site, open_page):
    page = open_page(site.email_of("admin"), path="/admin/rules")
    page.get_by_role("switch", name="close date has passed").uncheck()
    page.locator("dialog .approval").get_by_role("button", name="Apply").click()
    playwright.expect(page.get_by_role("switch", name="close date has passed")).not_to_be_checked()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    playwright.expect(page.get_by_role("switch", name="close date has passed")).to_be_checked()


def test_an_admin_makes_a_rule_by_filter_and_it_stands_on_the_deal(site, open_page):
    page = open_page(site.email_of("admin"), path="/admin/rules")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="New rule")
    dialog.get_by_label("What is wrong, in a few words").fill("big and far away")
    dialog.get_by_label("How to fix it").fill("Ask for an earlier date.")
    dialog.get_by_role("button", name="Save").click()
    playwright.expect(dialog).to_be_visible()  # a condition is missing
    dialog.get_by_label("How it is compared").select_option(label="is more than")
    dialog.get_by_label("Value", exact=True).fill("plenty")
    dialog.get_by_role("button", name="Add").click()
    playwright.expect(dialog.get_by_role("status")).to_contain_text("plenty")
    dialog.get_by_label("Value", exact=True).fill("50k")
    page.keyboard.press("Enter")
    playwright.expect(dialog.get_by_role("status")).to_contain_text("Open deals that meet this now:")
    dialog.get_by_label("Field").select_option(label="Owner")
    dialog.get_by_label("Value", exact=True).select_option(label="Marcus Lee")
    dialog.get_by_role("button", name="Add").click()
    playwright.expect(dialog.get_by_role("listitem")).to_have_count(2)
    keep(page, "rule-of-its-own")
    dialog.get_by_role("button", name="Save").click()
    page.locator("dialog .approval").get_by_role("button", name="Apply").click()
    panel = page.locator("section", has=page.get_by_role("heading", name="Rules of your own"))
    playwright.expect(panel).to_contain_text("owner: Marcus Lee")
    deal = site.one("deal", name="Acme Robotics expansion")
    page.goto(page.url.split("/admin")[0] + f"/records/deals/{deal.id}")
    page.get_by_text("things to fix").click()
    playwright.expect(page.locator("details")).to_contain_text("Ask for an earlier date.")
    page.go_back()
    page.get_by_role("button", name="Edit “big and far away”").click()
    dialog = page.get_by_role("dialog", name="Big and far away")
    dialog.get_by_role("button", name="Remove “owner: Marcus Lee”").click()
    dialog.get_by_role("button", name="Save").click()
    page.locator("dialog .approval").get_by_role("button", name="Apply").click()
    playwright.expect(panel).not_to_contain_text("owner: Marcus Lee")
    page.get_by_role("switch", name="big and far away").uncheck()
    page.locator("dialog .approval").get_by_role("button", name="Apply").click()
    playwright.expect(page.get_by_role("switch", name="big and far away")).not_to_be_checked()
    page.get_by_role("button", name="Delete “big and far away”").click()
    page.locator("dialog .approval").get_by_role("button", name="Apply").click()
    playwright.expect(page.get_by_text("No rules of your own yet.")).to_be_visible()


def test_settings_tell_who_may_what_and_what_is_set_up(site, open_page):
    page = open_page(site.email_of("admin"), path="/admin/roles")
    support = page.locator("section", has=page.get_by_role("heading", name="Support"))
    playwright.expect(support).to_contain_text("Sam Porter")
    playwright.expect(support).to_contain_text("amount")
    playwright.expect(page.locator("section.panel")).to_have_count(5)
    page.get_by_role("link", name="Integrations").click()
    playwright.expect(page.locator("dl").first).to_contain_text("Slack")
    playwright.expect(page.locator("main")).not_to_contain_text("bundled")


def test_what_is_not_there_is_said_once(site, open_page):
    page = open_page(path="/records/nothing")
    playwright.expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    playwright.expect(page.locator(".toast")).to_have_count(0)


def test_a_view_that_fails_offers_another_try(open_page):
    page = open_page(path="/today")
    page.route("**/v1/deals?*", lambda route: route.abort())
    page.get_by_role("link", name="Pipeline").click()
    playwright.expect(page.get_by_role("heading", name="This did not load")).to_be_visible()
    page.unroute("**/v1/deals?*")
    page.get_by_role("button", name="Try again").click()
    playwright.expect(page.locator(".deal").first).to_be_visible()
    page.route("**/v1/deals?*", lambda route: route.abort())
    page.get_by_role("button", name="Team").click()
    playwright.expect(page.locator(".toast.bad")).to_contain_text("cannot be reached")
    playwright.expect(page.locator(".deal").first).to_be_visible()


def test_a_dictated_note_becomes_cards(site, open_page, monkeypatch):
    recordings = pytest.importorskip("tests.speech.recordings")
    words = "Met with Leah at Redwood today, she is fine with the renewal."
    monkeypatch.setattr("api.voice.open_transcriber", lambda settings: Told(words))
    monkeypatch.setattr(site.runtime.settings, "speech_model", "told")
    page = open_page()
    page.get_by_role("button", name="Dictate").click()
    recording = {
        "name": "note.wav",
        "mimeType": "audio/wav",
        "buffer": recordings.encode(recordings.tone(2), "wav"),
    }
    page.get_by_role("dialog").get_by_label("Or choose a recording").set_input_files(recording)
    playwright.expect(page.locator(".mine")).to_contain_text(words)
    playwright.expect(page.locator(".approval").first).to_be_visible()
    keep(page, "chat-dictated")


def test_the_parts_of_a_dictated_note_stand_in_one_card_and_can_be_unticked(site, open_page, monkeypatch):
    recordings = pytest.importorskip("tests.speech.recordings")
    words = (
        "Met with Leah at Redwood today, she is fine with the renewal. Remind me to send the contract on Friday. "
        "Next step for the Redwood renewal is a signature."
    )
    monkeypatch.setattr("api.voice.open_transcriber", lambda settings: Told(words))
    monkeypatch.setattr(site.runtime.settings, "speech_model", "told")
    page = open_page()
    page.get_by_role("button", name="Dictate").click()
    page.get_by_role("dialog").get_by_label("Or choose a recording").set_input_files({
        "name": "note.wav",
        "mimeType": "audio/wav",
        "buffer": recordings.encode(recordings.tone(2), "wav"),
    })  # fmt: skip
    card = page.locator(".approval")
    playwright.expect(card).to_have_count(1)
    playwright.expect(card).to_contain_text("From: “Remind me to send the contract on Friday.”")
    playwright.expect(card).to_contain_text("From the whole note")
    keep(page, "chat-dictated-parts")
    boxes = card.get_by_role("checkbox")
    assert boxes.count() >= 2
    for place in range(1, boxes.count()):
        boxes.nth(place).uncheck()
    card.get_by_role("button", name="Apply what is ticked").click()
    playwright.expect(page.locator(".receipt.card")).to_have_count(1)
    playwright.expect(page.locator(".receipt.card")).to_contain_text("Leah")
