"""Each page, drawn with its sample, keeps what axe, fingers, keyboards and small screens need."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from server.config import CHECKOUT
from tests.pwa.preview import OUT, PHONE, draw
from tests.pwa.samples import first_of_each
from tests.pwa.weights import CSS, WHOLE_JS, loaded

AXE = CHECKOUT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
CHECKS = CHECKOUT / "tests" / "pwa" / "checks.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""What another theme can break: it changes colours only."""
SMALL = ViewportSize(width=320, height=640)
ZOOMED = ViewportSize(width=320, height=256)
"""A screen of 1280 × 1024 at 400 %."""
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"""
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

FIRST = first_of_each(PAGES)
"""One of each template; the rest is looked at by tests/soak/test_every_page.py."""


@pytest.mark.parametrize("name", FIRST)
def test_everybody_can_use_the_page(tab: Page, origin: str, name: str) -> None:
    assert complaints(tab, origin, name) == {}


def complaints(tab: Page, origin: str, name: str) -> dict[str, list[Any]]:
    """What each of the checks says of a sample page; those that say nothing are left out."""
    file = OUT / f"axe-{name}.html"
    file.write_text(draw(name, "en"), "utf-8")
    tab.set_viewport_size(PHONE)
    tab.goto(f"{origin}/var/preview/{file.name}")
    for script in (AXE, CHECKS):
        tab.add_script_tag(url=f"/{script.relative_to(CHECKOUT)}")
    found: dict[str, list[Any]] = {
        "weight": overweight(tab, origin),
        "keyboard": keyboard(tab),
        "keyboard, zoomed to 400 %": at(tab, ZOOMED, keyboard),
        "large text": at(tab, SMALL, large),
        "spaced text": at(tab, PHONE, spaced),
        "fingers": at(tab, whole(tab), fingers),
        "light": faults(tab, "light", {"type": "tag", "values": TAGS}),
        "dark": faults(tab, "dark", {"type": "rule", "values": COLOURS}),
    }
    return {what: said for what, said in found.items() if said}


def overweight(tab: Page, origin: str) -> list[str]:
    """What is too heavy, or comes from elsewhere."""
    urls = tab.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    scripts, styles = loaded(urls)
    foreign = [each for each in urls if not each.startswith((f"{origin}/", "data:", "blob:"))]
    too_much = [
        f"{size} bytes of {what}"
        for what, size, most in (("scripts", scripts, WHOLE_JS), ("styles", styles, CSS))
        if not 0 < size <= most
    ]
    return foreign + too_much


def at(tab: Page, size: ViewportSize, check: Callable[[Page], list[str]]) -> list[str]:
    """What a check says of the page at another size."""
    tab.set_viewport_size(size)
    return check(tab)


def keyboard(tab: Page) -> list[str]:
    """Where the focus is not seen."""
    # A key once, so that the browser knows: somebody uses the keyboard.
    tab.keyboard.press("Tab")
    return list(tab.evaluate("checks.focusing()"))


def large(tab: Page) -> list[str]:
    """What large text pushes over the edge."""
    tab.evaluate("document.documentElement.dataset.size = 'large'")
    said = tab.evaluate("checks.tooWide()")
    tab.evaluate("document.documentElement.dataset.size = 'normal'")
    return list(said)


def spaced(tab: Page) -> list[str]:
    """What is cut off when somebody spaces the text out (WCAG 1.4.12)."""
    style = tab.add_style_tag(content=SPACED)
    said = tab.evaluate("[...checks.tooWide(), ...checks.cutOff()]")
    style.evaluate("each => each.remove()")
    return list(said)


def whole(tab: Page) -> ViewportSize:
    """A screen as long as the page: what lies under the bar could be scrolled up."""
    length = tab.evaluate("document.documentElement.scrollHeight")
    return ViewportSize(width=PHONE["width"], height=max(PHONE["height"], length))


def fingers(tab: Page) -> list[str]:
    """What is too small to be hit."""
    return list(tab.evaluate("checks.smallTargets()"))


def faults(tab: Page, theme: str, rules: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What axe finds in a theme: the rule, the element, what would mend it."""
    tab.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = tab.evaluate("options => axe.run(options)", options)
    return [
        (each["id"], str(node["target"]), node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]
