"""On a slow line the app answers at once: the place is lit, bones stand in for its rows."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.pwa.preview import CHROMIUM, OUT, PHONE, Files, draw

# The click arrives, and then nothing happens for a long time.
NEVER = "addEventListener('click', (event) => event.preventDefault())"


@pytest.fixture
def tab() -> Iterator[Page]:
    """The wallet on a phone."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "places.html").write_text(draw("wallet"), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=CHROMIUM).new_page(viewport=PHONE)
        page.goto(f"http://127.0.0.1:{server.server_port}/var/preview/places.html")
        yield page
    server.shutdown()
    server.server_close()


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
