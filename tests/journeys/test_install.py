"""The app offers itself for the home screen, on every kind of phone, and never on a first visit."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from server.home import tour
from server.people import sessions
from tests.support.cast import person_id
from tests.support.eventually import eventually
from tests.support.field import open_plan
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50"
# What Chromium does once it would install the app, which it asks of nobody in a test.
ASKS = """
const asked = Object.assign(new Event("beforeinstallprompt", {cancelable: true}), {
  prompt: async () => { window.wasAsked = true; return {outcome: "accepted"}; },
});
dispatchEvent(asked);
window.isOurs = asked.defaultPrevented;
"""
CALM, A_DAY, LATER = "00:05", "24:00:00", 31 * 86_400_000


@pytest.fixture
async def sit_down(new_phone: NewPhone, live_server: str, clock: Clock) -> NewPhone:
    """A phone of 梅, whose last visit was yesterday, or never."""
    await open_plan(clock)

    async def phone(*, visits: int = 1, **options: str) -> Page:
        page = await new_phone(**options)
        mei = await person_id("MEI")
        # She has looked around: one question at a time.
        await tour.see(mei, "employee")
        opened = await sessions.start_session(mei)
        await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
        await page.clock.install()
        if visits:
            await page.goto("/me")
            await page.clock.fast_forward(A_DAY)
        return page

    return phone


async def until(page: Page, fact: str) -> None:
    """Wait until something holds in a page, whose policy lets no test evaluate text there."""
    await eventually(lambda: page.evaluate(fact), why=fact)


async def test_the_browser_would_install_it(sit_down: NewPhone) -> None:
    page = await sit_down()
    await page.goto("/")
    await page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    devtools = await page.context.new_cdp_session(page)
    told = await devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert "seat=employee" in told["url"]
    found = await devtools.send("Page.getInstallabilityErrors")
    # A browser under test is a private one, where nothing is ever installed.
    assert [each["errorId"] for each in found["installabilityErrors"]] == ["in-incognito"]


async def test_it_is_offered_on_the_second_visit_and_later_means_later(sit_down: NewPhone) -> None:
    page = await sit_down(visits=0)
    await page.goto("/")
    await page.evaluate(ASKS)
    assert await page.evaluate("isOurs"), "the browser's own bar stays away"
    await page.clock.fast_forward(CALM)
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_have_count(0)

    await page.clock.fast_forward(A_DAY)
    await page.goto("/")
    await page.evaluate(ASKS)
    await page.clock.fast_forward(CALM)
    await expect(page.get_by_role("dialog", name="把擂台放到桌面")).to_be_visible()
    await page.get_by_role("button", name="以后再说").click()
    await expect(sheet).to_have_count(0)
    await page.goto("/")
    await page.evaluate(ASKS)
    await page.clock.fast_forward(CALM)
    await expect(sheet).to_have_count(0)
    await page.clock.fast_forward(LATER)
    await page.goto("/")
    await page.evaluate(ASKS)
    await page.clock.fast_forward(CALM)
    await page.get_by_role("button", name="放到桌面").click()
    await until(page, "window.wasAsked")


async def test_nobody_is_disturbed_in_the_middle_of_something(sit_down: NewPhone) -> None:
    page = await sit_down()
    await page.goto("/actions/new")
    await page.evaluate(ASKS)
    await page.clock.fast_forward(CALM)
    await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("agent", "step"),
    [(IPHONE, "选“添加到主屏幕”。"), (WECHAT, "点右上角的三个点。")],
    ids=["iphone", "wechat"],
)
async def test_other_phones_see_how(sit_down: NewPhone, agent: str, step: str) -> None:
    page = await sit_down(user_agent=agent)
    await page.goto("/")
    await page.clock.fast_forward(CALM)
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_text(step)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await page.goto("/me")
    await page.get_by_role("link", name="放到桌面").click()
    await expect(page.locator("[data-way]:visible")).to_have_count(1)
    await expect(page.get_by_text(step)).to_be_visible()
