"""On a slow line the app answers at once: the place is lit, bones stand in for its rows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.pwa.preview import CHROMIUM, OUT, PHONE, draw, site

# The click arrives, and then nothing happens for a long time.
NEVER = "addEventListener('click', (event) => event.preventDefault())"


@pytest.fixture
def tab() -> Iterator[Page]:
    """The wallet on a phone."""
    with site() as origin, sync_playwright() as play:
        (OUT / "places.html").write_text(draw("wallet"), "utf-8")
        page = play.chromium.launch(executable_path=CHROMIUM).new_page(viewport=PHONE)
        page.goto(f"{origin}/var/preview/places.html")
        yield page


def test_a_slow_place_is_lit_and_shows_bones_and_a_slow_page_its_line(tab: Page) -> None:
    tab.evaluate(NEVER)
    tab.get_by_role("link", name="擂台", exact=True).click()
    expect(tab.locator(".bottom [aria-current]")).to_have_text("擂台")
    expect(tab.locator(".bones li")).to_have_count(5)
    expect(tab.locator(".top h1")).to_have_text("擂台")
    expect(tab.locator("#main")).to_be_hidden()

    # It was another page after all: what stood here stands here again.
    tab.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(tab.locator("#main")).to_be_visible()
    expect(tab.locator(".bones")).to_have_count(0)
    expect(tab.locator(".top h1")).to_have_text("钱包")
    expect(tab.locator(".bottom [aria-current]")).to_have_text("我的")

    tab.get_by_role("link", name="结算单").click()
    expect(tab.locator("html[data-going]")).to_have_count(1)
    expect(tab.locator("#main")).to_be_visible()


def test_a_second_tap_on_the_place_goes_to_its_top(tab: Page) -> None:
    place = tab.locator(".bottom [aria-current]")
    place.evaluate(
        "link => { link.href = location.pathname; document.body.style.height = '3000px' }"
    )
    tab.evaluate("scrollTo(0, 900)")
    tab.emulate_media(reduced_motion="reduce")
    place.click()
    assert tab.evaluate("scrollY") == 0
