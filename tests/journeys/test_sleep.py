"""A phone that slept, came back by the back button, or has a wrong clock shows what is so now."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from server.kit import formats
from tests.support.field import STARTS, act, begin, open_field
from tests.support.line import line_to
from tests.support.live import PHONE, chromium_options, connected
from tests.support.services import Clock
from tests.support.signals import open_kept, sit_down

NewPhone = Callable[..., Awaitable[Page]]
SCORE = "[data-duel='0'] [data-score]"
LEFT = "dd[data-until], dd [data-until]"
PATIENCE_MS = 30_000


async def open_battle(phone: Page, site: str, clock: Clock, at: datetime = STARTS) -> UUID:
    battle = await open_field(clock)
    await begin(clock, battle, at)
    await sit_down(phone, site, "MEI")
    return battle


async def test_after_an_hour_asleep_it_shows_what_is_so_now(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    phone = await new_phone()
    battle = await open_battle(phone, live_server, clock)
    await phone.clock.install()
    async with phone.expect_websocket():
        await phone.goto(f"/battles/{battle}")
    # Nothing arrives while it sleeps, and nobody tells the socket that it is dead.
    await phone.context.set_offline(offline=True)
    await act("MEI")
    await clock.advance(hours=1)
    async with phone.expect_websocket():
        await phone.context.set_offline(offline=False)
        await phone.clock.fast_forward("01:00:00")
    await expect(phone.locator(SCORE)).to_have_text("2")
    await expect(phone.locator("#banner")).to_be_hidden()


async def test_a_closed_lid_is_noticed_though_the_page_was_never_hidden(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    phone = await new_phone()
    battle = await open_battle(phone, live_server, clock)
    await phone.clock.install()
    async with phone.expect_websocket() as first:
        await phone.goto(f"/battles/{battle}")
    socket = await first.value
    await socket.wait_for_event("framereceived")
    async with phone.expect_websocket():
        await phone.clock.fast_forward("00:00:40")
    await act("MEI")
    await expect(phone.locator(SCORE)).to_have_text("2")


@pytest.fixture
async def keeps_pages(live_server: str) -> AsyncIterator[BrowserContext]:
    """A phone whose browser keeps a page alive behind the next one, as real ones do."""
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            ignore_default_args=["--disable-back-forward-cache"], **chromium_options()
        )
        context = await browser.new_context(base_url=live_server, **PHONE)
        yield context
        await browser.close()


async def test_back_from_the_next_page_it_is_alive_again(
    keeps_pages: BrowserContext, live_server: str, clock: Clock
) -> None:
    phone = await keeps_pages.new_page()
    battle = await open_battle(phone, live_server, clock)
    async with phone.expect_websocket():
        await phone.goto(f"/battles/{battle}")
    await phone.evaluate(
        "addEventListener('pageshow', (e) => (document.body.dataset.back = e.persisted))"
    )
    await phone.goto("/wallet")
    await act("MEI")
    async with phone.expect_websocket():
        await phone.evaluate("history.back()")
    await expect(phone.locator("body[data-back=true]")).to_be_attached()
    await expect(phone.locator(SCORE)).to_have_text("2")
    await act("MEI")
    await expect(phone.locator(SCORE)).to_have_text("4")


@pytest.mark.parametrize("minutes", [10, -10])
async def test_a_clock_that_is_off_by_ten_minutes_counts_down_right(
    new_phone: NewPhone, live_server: str, clock: Clock, minutes: int
) -> None:
    now = formats.utc_now()
    ends = now + timedelta(hours=2)
    battle = await open_field(clock, starts=now - timedelta(hours=1), cut_off=ends)
    await begin(clock, battle, now)
    phone = await new_phone()
    await sit_down(phone, live_server, "MEI")
    await phone.clock.install(time=now + timedelta(minutes=minutes))
    # No frame ever comes: the page itself has to know the time.
    await phone.route_web_socket("**/live", lambda _: None)
    await phone.goto(f"/battles/{battle}")
    await phone.clock.run_for(1500)
    await expect(phone.locator(LEFT).first).to_have_text(re.compile(r"^01:5[5-9]:\d\d$"))


async def test_on_a_slow_line_the_kept_page_comes_first_and_the_new_one_after(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    async with line_to(live_server) as line:
        phone = await new_phone(base_url=line.site)
        await open_battle(phone, line.site, clock)
        await open_kept(phone, "/wallet")
        await act("MEI")
        line.stall()
        await phone.goto("/wallet")
        await expect(phone.locator("html[data-kept]")).to_be_attached()
        await expect(phone.locator("#banner")).to_contain_text("数据截至")
        await expect(phone.locator(".figure")).to_have_text("0")
        line.flow()
        await expect(phone.locator(".figure")).to_have_text("2", timeout=PATIENCE_MS)
        await expect(phone.locator("#banner")).to_be_hidden()


async def test_a_wifi_that_leads_nowhere_is_said_after_five_seconds_and_healed(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    async with line_to(live_server) as line:
        phone = await new_phone(base_url=line.site)
        battle = await open_battle(phone, line.site, clock)
        await phone.clock.install()
        async with connected(phone):
            await phone.goto(f"/battles/{battle}")
        line.stall()
        # No heartbeat for 45 seconds: the line is dead, though nobody closed it.
        await phone.clock.run_for(50_000)
        await expect(phone.locator("#banner")).to_contain_text("离线")
        await act("MEI")
        line.flow()
        await phone.clock.run_for(20_000)
        await expect(phone.locator(SCORE)).to_have_text("2", timeout=PATIENCE_MS)
        await expect(phone.locator("#banner")).to_be_hidden()


async def test_where_sockets_are_blocked_the_frame_comes_over_http(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    async with line_to(live_server) as line:
        line.loses = b"GET /live"
        phone = await new_phone(base_url=line.site)
        battle = await open_battle(phone, line.site, clock)
        # The third failure asks for the whole frame at once, and then every ten seconds.
        async with phone.expect_response(f"**/api/boards/{battle}", timeout=PATIENCE_MS):
            await phone.goto(f"/battles/{battle}")
        await act("MEI")
        await expect(phone.locator(SCORE)).to_have_text("2", timeout=PATIENCE_MS)
        await expect(phone.locator("#banner")).to_be_hidden()
