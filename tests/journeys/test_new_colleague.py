"""From an invite to points in the wallet, as somebody new would go, and what others see meanwhile."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.actions import commands as actions
from server.kit import db
from server.people import invites, sessions
from tests.support.cast import person_id
from tests.support.field import begin, open_field
from tests.support.live import connected
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]


async def test_from_an_invite_to_points_in_the_wallet(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_field(clock)
    mine = await new_phone()

    await mine.goto((await invites.invite_code("AN")).path)
    await mine.get_by_label("口令，至少 6 位").fill("correct-horse")
    await mine.get_by_label("再输一次").fill("correct-horse")
    await mine.get_by_role("button", name="进入").tap()
    await expect(mine.get_by_role("link", name="今日")).to_be_visible()

    await mine.goto(f"/battles/{battle}")
    await mine.get_by_text("二队", exact=True).first.tap()
    await mine.get_by_role("button", name="加入").tap()
    await expect(mine.get_by_text("你在二队")).to_be_visible()

    await begin(clock, battle)
    watching = await new_phone()
    opened = await sessions.start_session(await person_id("MEI"))
    await watching.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
    async with connected(watching):
        await watching.goto(f"/battles/{battle}")

    await mine.goto("/actions/new")
    await mine.get_by_text("电话").first.tap()
    await mine.get_by_role("button", name="提交").tap()
    await expect(mine.locator("p.notice")).to_contain_text("+2")
    reported = await db.value("SELECT id FROM action")
    async with mine.expect_websocket():
        await mine.goto("/wallet")

    await actions.decide(reported, await person_id("OP"), "accepted")

    # Neither page was loaded again by anybody.
    await expect(watching.locator("[data-board]")).to_contain_text("安")
    await expect(mine.get_by_text("+2").first).to_be_visible()
    await expect(mine.get_by_text("可用积分").locator("..")).to_contain_text("2")
