"""Each kind of page without a finger or a mouse: keys reach, do and undo everything."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

from server.coupons import codes
from server.people import invites, sessions
from tests.support.badges import open_battle
from tests.support.cast import person_id
from tests.support.field import act, begin, open_field, open_plan
from tests.support.live import connected
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop

NewPhone = Callable[..., Awaitable[Page]]
DESK = {
    "viewport": {"width": 1280, "height": 800}, "is_mobile": False, "has_touch": False,
    "device_scale_factor": 1,
}  # fmt: skip
TABS_MOST = 40


async def sit_down(new_phone: NewPhone, origin: str, code: str, path: str) -> Page:
    """Open a page as somebody at a desk, with its socket up."""
    page = await new_phone(**DESK)
    opened = await sessions.start_session(await person_id(code))
    await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])
    async with connected(page):
        await page.goto(path)
    return page


async def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until something has the focus."""
    for _ in range(TABS_MOST):
        await page.keyboard.press(key)
        if await wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"{key} never came to {wanted}")


async def test_from_an_invite_past_the_bar_to_a_report(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_plan(clock)
    page = await new_phone(**DESK)
    await page.goto((await invites.invite_code("MEI")).path)
    await tab_to(page, page.get_by_label("口令，至少 6 位"))
    await page.keyboard.type("correct-horse")
    await page.keyboard.press("Tab")
    await page.keyboard.type("correct-horse")
    async with page.expect_navigation(url=f"{live_server}/"):
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="今日")).to_be_visible()

    # The first key offers the way past what every page begins with.
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('main') !== null")

    await page.goto("/actions/new")
    await tab_to(page, page.get_by_role("radio", name="电话"))
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="加微信")).to_be_checked()
    await tab_to(page, page.get_by_label("一句话"))
    await page.keyboard.type("约好周三来看")
    await tab_to(page, page.get_by_role("button", name="提交"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("已提交：加微信")).to_be_visible()


async def test_a_side_is_chosen_and_rank_changes_keep_the_focus(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_field(clock)
    page = await sit_down(new_phone, live_server, "AN", f"/battles/{battle}")
    await tab_to(page, page.get_by_role("radio").first)
    await page.keyboard.press("ArrowDown")
    async with connected(page):
        await page.keyboard.press("Enter")
    await expect(page.get_by_text("你在二队")).to_be_visible()

    await begin(clock, battle)
    async with connected(page):
        await page.reload()
    link = page.locator("[data-standings]").get_by_role("link", name="二队")
    await tab_to(page, link)
    await act("CHEN")
    await expect(page.locator("[data-standings] > li").first).to_contain_text("二队")
    await expect(link).to_be_focused()


async def test_a_verdict_is_given_with_its_reason(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_plan(clock)
    await act("MEI", "visit", "A-1", by=None)
    page = await sit_down(new_phone, live_server, "OP", "/reviews")
    await tab_to(page, page.locator(".strike > summary"))
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_role("radio").first)
    await page.keyboard.press("Space")
    await tab_to(page, page.locator(".strike button"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("未通过，梅会看到原因")).to_be_visible()


async def test_a_coupon_is_redeemed_by_its_code(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    page = await sit_down(new_phone, live_server, "TILL", "/till")
    await tab_to(page, page.get_by_label("或输入券码"))
    await page.keyboard.type(codes.code_of(coupon))
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_label("订单金额（元）"))
    await page.keyboard.type("1280")
    await tab_to(page, page.get_by_label("小票号"))
    await page.keyboard.type("0457")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="已核销")).to_be_visible()


async def test_the_moment_of_a_badge_keeps_the_keys_and_gives_them_back(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_battle(clock, "caller")
    await begin(clock, battle)
    page = await sit_down(new_phone, live_server, "MEI", f"/battles/{battle}")
    before = page.locator("[data-standings] a").first
    await tab_to(page, before)
    await act("MEI")
    moment = page.get_by_role("dialog")
    await expect(moment).to_be_visible()
    for _ in range(5):
        await page.keyboard.press("Tab")
        assert await page.evaluate("!document.activeElement.closest('.page')"), "it leaks"
    await page.keyboard.press("Escape")
    await expect(moment).to_have_count(0)
    await expect(before).to_be_focused()
