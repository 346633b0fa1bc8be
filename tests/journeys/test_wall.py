"""A store's wall goes on alone: through a restart, a power cut, a revoked link (E10)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from server.app import create_app
from server.kit import db
from server.people.auth import Caller
from server.screens import commands as screens
from tests.journeys.test_launch_day import WALL, act, hang_up
from tests.support.cast import person_id
from tests.support.launch_day import join, make_day, open_shop
from tests.support.live import serving
from tests.support.services import Clock

PATIENCE_MS = 40_000
"""A page that was cut tries again every fifteen seconds at most."""


class Site:
    """The app on a port that stays its own while it is down."""

    def __init__(self) -> None:
        self.origin = ""
        self._up = AsyncExitStack()

    async def start(self) -> None:
        port = urlsplit(self.origin).port or 0
        self.origin = await self._up.enter_async_context(serving(create_app(), port))

    async def stop(self) -> None:
        await self._up.aclose()


@pytest.fixture
async def site(reset: None) -> AsyncIterator[Site]:
    made = Site()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def television(browser: Browser, site: Site) -> AsyncIterator[BrowserContext]:
    """The browser behind the wall: what it keeps, it keeps over a power cut."""
    context = await browser.new_context(base_url=site.origin, locale="zh-CN", **WALL)
    yield context
    await context.close()


async def day_on_the_wall(television: BrowserContext, clock: Clock) -> tuple[UUID, Page]:
    await open_shop(clock)
    day = await make_day()
    await join(day, "MEI", "BAO")

    async def page(**_: object) -> Page:
        return await television.new_page()

    wall = await hang_up(page)
    await expect(wall.locator("[data-goal-total]")).to_have_text("5")
    return day, wall


async def while_down(work: Callable[[], Awaitable[None]]) -> None:
    """Something happens that a stopped server tells nobody."""
    await db.open_pool()
    await work()
    await db.close_pool()


async def test_it_recovers_when_the_server_was_restarted(
    television: BrowserContext, site: Site, clock: Clock
) -> None:
    _, wall = await day_on_the_wall(television, clock)
    await site.stop()
    await while_down(lambda: act("MEI", "visit", "A-1"))
    await expect(wall.locator("#banner")).to_contain_text("离线", timeout=PATIENCE_MS)
    await expect(wall.get_by_role("heading", name="开业日挑战")).to_be_visible()
    await expect(wall.locator("[data-goal-done]")).to_have_text("0")

    await site.start()
    await expect(wall.locator("[data-goal-done]")).to_have_text("1", timeout=PATIENCE_MS)
    await expect(wall.locator("#banner")).to_be_hidden(timeout=PATIENCE_MS)


async def test_it_shows_its_last_picture_after_a_power_cut(
    television: BrowserContext, site: Site, clock: Clock
) -> None:
    _, wall = await day_on_the_wall(television, clock)
    await wall.evaluate("navigator.serviceWorker.ready")
    await wall.wait_for_function("async () => !!(await caches.match(location.pathname))")
    address = wall.url
    await wall.close()
    await site.stop()

    again = await television.new_page()
    await again.goto(address)
    await expect(again.get_by_role("heading", name="开业日挑战")).to_be_visible()
    await site.start()
    await act("MEI", "visit", "A-1")
    await expect(again.locator("[data-goal-done]")).to_have_text("1", timeout=PATIENCE_MS)


async def test_a_revoked_link_leaves_a_calm_page(television: BrowserContext, clock: Clock) -> None:
    _, wall = await day_on_the_wall(television, clock)
    screen = await db.value("SELECT id FROM store_screen")
    desk = Caller(
        id=await person_id("OP"), kind="employee", code="OP", name="林芳", rank="manager", side="",
        opted_out=False, locale="", roles=frozenset({"operations"}), session=UUID(int=1),
    )  # fmt: skip
    await screens.revoke(desk, screen)
    await expect(wall.get_by_text("这块屏幕在休息")).to_be_visible()


async def test_a_new_challenge_turns_up_on_an_empty_wall(
    television: BrowserContext, clock: Clock
) -> None:
    await open_shop(clock)

    wall = await television.new_page()
    await wall.clock.install()
    manager = Caller(
        id=await person_id("SM"), kind="employee", code="SM", name="林店长", rank="manager",
        side="", opted_out=False, locale="", roles=frozenset({"store_manager"}),
        session=UUID(int=1),
    )  # fmt: skip
    _, secret = await screens.make(manager, "门口", None)
    await wall.goto(f"/screens/{secret}")
    await expect(wall.get_by_text("下一场开始时，这里会自己亮起来")).to_be_visible()
    await make_day()
    await wall.clock.fast_forward(16_000)
    await expect(wall.get_by_role("heading", name="开业日挑战")).to_be_visible()
