"""A title from a colleague's nomination to the wall: three phones, one month."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.people import sessions
from tests.support.cast import person_id
from tests.support.honours import BY_VOTE, go_to, honour, open_wall, round_of
from tests.support.live import connected
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]


async def sign_in(phone: Page, code: str, origin: str) -> None:
    opened = await sessions.start_session(await person_id(code))
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])


async def test_nominated_voted_for_awarded_and_told(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_wall(clock, honour("idea", BY_VOTE, reward="points 80"))
    one = await round_of("idea")
    bao, mei, desk = await new_phone(), await new_phone(), await new_phone()

    await sign_in(bao, "BAO", live_server)
    await bao.goto("/honours")
    await bao.get_by_role("link", name="idea称号").click()
    await bao.get_by_label("姓名或工号").fill("梅雨薇")
    await bao.get_by_label("一句话：对方做了什么").fill("样品架改成了孩子能玩的收纳角")
    await bao.get_by_role("button", name="提名").click()
    await expect(bao.get_by_text("谢谢，对方会看到你写的话")).to_be_visible()

    await go_to(clock, one.ends)
    await bao.goto("/honours")
    await bao.get_by_role("link", name="投票", exact=True).click()
    await bao.get_by_label("梅雨薇").check()
    await bao.get_by_role("button", name="投票").click()
    await expect(bao.get_by_text("已投票")).to_be_visible()

    await go_to(clock, one.closes)
    await sign_in(mei, "MEI", live_server)
    async with connected(mei):
        await mei.goto("/honours")
    await sign_in(desk, "OP", live_server)
    await desk.goto("/honours/manage")
    await desk.get_by_role("link", name="idea称号").first.click()
    await expect(desk.get_by_label("梅雨薇")).to_be_checked()
    await desk.get_by_role("button", name="颁发称号").click()
    await expect(desk.get_by_text("已颁发，对方已收到消息")).to_be_visible()

    # The wall on her open phone follows by itself.
    await expect(mei.get_by_text("梅雨薇 · 我")).to_be_visible()
    await mei.goto("/inbox")
    await expect(mei.get_by_text("idea称号，榜上有你")).to_be_visible()
    await mei.goto("/wallet")
    await expect(mei.get_by_text("+80")).to_be_visible()
