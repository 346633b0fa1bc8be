"""axe finds nothing in light and in dark; large English text fits a screen of 320 px."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from server.config import CHECKOUT
from tests.pwa.preview import CHROMIUM, OUT, PHONE, Files, draw

AXE = CHECKOUT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "badges", "badges_none", "badge", "today", "today_tour", "today_calm", "home_customer",
    "home_customer_new", "home_partner", "search", "search_found", "search_none", "battles", "battle", "battle_last", "battle_quiet",
    "battle_joining", "battle_auditing", "battle_won", "battle_void",
    "battle_final", "side", "result", "audit",
    "review", "report_faults", "report_talent", "specials", "specials_none", "actions", "wallet", "entry", "plan", "launch", "people", "import",
    "invite", "sign_in", "me", "me_customer", "plan_full", "plan_coupons", "today_store", "error",
    "card_win", "card_offer", "install", "install_outside",
    "offline", "cast", "screen", "screen_two", "screen_last", "screen_final",
    "challenges", "challenge", "challenge_open", "challenge_paid", "challenge_templates",
    "challenge_new", "kick_off", "kick_off_offered", "windows", "walls", "wall_link",
    "screen_challenge", "screen_thanks", "screen_revoked",
    "coupons", "coupons_empty", "coupon", "coupon_used", "coupon_link", "till", "till_wrong",
    "till_check", "till_check_slip", "till_done", "till_undone", "till_refused", "orders", "order",
    "records", "inbox", "inbox_empty", "suspicion", "suspicion_appeal", "suspicion_till", "suspicion_own",
    "suspicion_none", "suspicions_decided", "suspicion_mine", "suspicion_refused",
    "suspicion_answered",
    "honours", "honour_running", "honour_vote", "honour_nominate", "honour_posted", "honour_desk",
    "honour_award",
    "landing", "landing_code", "landing_signed_in", "landing_claimed", "landing_store",
    "landing_gone", "landing_own", "landing_customer", "referrals", "referrals_first",
    "referrals_none", "agreement", "store_page", "store_page_off", "store_page_none", "partners",
    "campaigns", "campaigns_none",
    "rewards", "reward", "reward_short", "redemptions", "redemption", "redemption_done",
    "reward_desk", "reward_counter", "reward_shelves", "reward_edit", "suggestions",
    "suggestions_desk",
    "settlements", "settlements_none", "settlement", "settlement_open", "settlement_own",
    "settlement_gone", "statement", "statement_debt", "statement_paid", "statement_desk",
    "statements", "statements_none", "verified", "verified_not",
    "lead_new", "lead_typed", "lead_free", "lead_faults", "lead_sent", "lead_taken", "lead_closed",
    "lead_again", "lead_watched", "lead_code", "lead_door", "lead_door_done", "lead_door_own",
    "lead_door_gone", "lead_objection", "lead_objected", "lead_desk", "lead_desk_empty",
    "blacklist", "blacklist_empty",
    "deals", "deals_waiting", "deals_empty", "deal_new", "deal_faults", "deal_check", "deal_refuse",
    "deal_seller", "deal_verify", "deal_struck", "deal_calls", "deal_calls_none", "deal_draws", "deal_calls_number",
    "deal_draws_none",
    "leads", "leads_empty", "passport", "passport_taken", "passport_owner", "passport_desk",
    "lead_follow", "lead_follow_refused", "lead_follow_over", "lead_follow_empty", "lead_assign",
    "lead_assign_empty", "customers", "customers_empty", "customer", "customer_number",
    "numbers", "numbers_none",
    "suspicion_lead", "suspicion_alike", "suspicion_pace", "suspicion_lead_mine",
    "suspicion_lead_refused", "networks",
    "networks_none", "networks_here", "number", "number_refused", "my_data", "my_data_employee",
    "my_data_erase", "people_data", "people_data_none",
    "commissions", "commissions_none", "commission", "commission_held", "commission_back",
    "commission_desk", "commission_desk_calm", "commission_desk_checked", "commission_desk_first",
    "commission_deal", "commission_deal_wrong", "commission_deal_none", "budgets", "budgets_none", "push", "push_outside", "robots",
    "robots_none", "robots_faults",
    "styleguide",
]  # fmt: skip


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    OUT.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


def faults(tab: Page) -> list[tuple[str, str, str]]:
    """Return what axe finds on a page: the rule, the element, what would mend it."""
    options = {"runOnly": TAGS, "resultTypes": ["violations"]}
    found = tab.evaluate("options => axe.run(options)", options)
    return [
        (each["id"], str(node["target"]), node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport=PHONE)
    yield page
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(tab: Page, origin: str, name: str) -> None:
    file = OUT / f"axe-{name}.html"
    file.write_text(draw(name, "en"), "utf-8")
    tab.goto(f"{origin}/var/preview/{file.name}", wait_until="domcontentloaded")
    tab.add_script_tag(path=AXE)
    # At full length: a link that lies half under the tab bar is one that can be scrolled up.
    length = tab.evaluate("document.documentElement.scrollHeight")
    tab.set_viewport_size({**PHONE, "height": max(PHONE["height"], length)})
    for theme in ("light", "dark"):
        tab.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        assert faults(tab) == [], theme
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.evaluate("document.documentElement.dataset.size = 'large'")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
