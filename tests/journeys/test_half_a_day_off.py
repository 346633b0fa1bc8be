"""An employee redeems points for half a day off, operations approve, the statement shows it."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.people import sessions
from tests.support.cast import person_id
from tests.support.services import Clock
from tests.support.shelves import give, open_shelves, put

HALF_DAY = {"zh_Hans": "半天假", "zh_Hant": "半天假", "en": "Half a day off"}


async def sign_in(phone: Page, code: str, origin: str) -> Page:
    opened = await sessions.start_session(await person_id(code))
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])
    return phone


async def test_points_become_half_a_day_off(
    new_phone: Callable[..., Awaitable[Page]], live_server: str, clock: Clock
) -> None:
    await open_shelves(clock)
    await give("MEI", 300)
    await put("leave", title=HALF_DAY, points=240, limit=(2, "month"), keeps_days=7)
    mei = await sign_in(await new_phone(), "MEI", live_server)
    desk = await sign_in(await new_phone(), "OP", live_server)

    await mei.goto("/rewards")
    await mei.get_by_role("link", name="半天假").click()
    await expect(mei.get_by_text("兑换后剩 60")).to_be_visible()
    await mei.get_by_label("给审批人的话").fill("周五下午，宝帮我盯店")
    await mei.get_by_role("button", name="用 240 分兑换").click()
    await expect(mei.get_by_text("已交给同事审批")).to_be_visible()
    await expect(mei.get_by_text("待审批", exact=True)).to_be_visible()

    await desk.goto("/redemptions/desk")
    await expect(desk.get_by_text("周五下午，宝帮我盯店")).to_be_visible()
    await desk.get_by_role("button", name="批准").click()
    await expect(desk.get_by_text("已批准：梅 的 半天假")).to_be_visible()

    # The ticket turns by itself: nobody reloads it.
    await expect(mei.get_by_text("经手：林芳")).to_be_visible()
    await mei.get_by_role("link", name="在钱包里看").click()
    await expect(mei.get_by_text("−240")).to_be_visible()
    await mei.get_by_role("link", name="半天假").click()
    await expect(mei.get_by_text("周五下午，宝帮我盯店")).to_be_visible()
    await expect(mei.get_by_text("林芳").first).to_be_visible()
