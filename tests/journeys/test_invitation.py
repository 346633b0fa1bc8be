"""From a friend's link to a coupon that a store redeems, and the reward that arrives live."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from playwright.async_api import Page, expect

from server.coupons import codes
from server.kit import db
from server.people import sessions
from tests.server.people.conftest import Gateway, gateway
from tests.support.cast import person_id
from tests.support.eventually import eventually
from tests.support.friends import customer, link_of, open_campaign
from tests.support.live import connected
from tests.support.services import Clock

__all__ = ["gateway"]

NewPhone = Callable[..., Awaitable[Page]]


async def sit_down(new_phone: NewPhone, person: UUID, origin: str) -> Page:
    """A phone on which somebody is signed in."""
    phone = await new_phone()
    opened = await sessions.start_session(person)
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])
    return phone


async def test_from_a_link_to_the_store_and_the_reward_arrives(
    new_phone: NewPhone, live_server: str, clock: Clock, gateway: Gateway
) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    code = await link_of(referrer)

    watching = await sit_down(new_phone, referrer, live_server)
    async with connected(watching):
        await watching.goto("/referrals")
    await expect(watching.get_by_text("还没有人")).to_be_visible()

    # Three taps and one code: the field, the button, and the code sends itself.
    friend = await new_phone()
    await friend.goto(f"/R/{code}")
    await expect(friend.get_by_text("139****0001 也得到 ¥200 券")).to_be_in_viewport()
    await expect(friend.get_by_text("12月31日前")).to_be_in_viewport()
    await friend.get_by_label("手机号").tap()
    await friend.keyboard.type("13900000777")
    await friend.get_by_role("button", name="领 ¥200").tap()
    field = friend.get_by_label("发到 139****0777 的验证码")
    await expect(field).to_be_focused()
    await friend.keyboard.type(await eventually(lambda: sent(gateway)))
    ticket = friend.locator(".ticket")
    await expect(ticket.get_by_role("img", name="这张券的二维码")).to_be_in_viewport()
    shown = (await ticket.locator(".ticket-code").inner_text()).strip()

    # The referrer's page was not loaded again by anybody.
    await expect(watching.get_by_text("139****0777")).to_be_visible()
    await expect(watching.get_by_text("等首单", exact=True)).to_be_visible()

    till = await sit_down(new_phone, await person_id("AN"), live_server)
    await redeem(till, shown)
    await expect(till.get_by_role("heading", name="已核销")).to_be_visible()
    await expect(till.get_by_text("¥1,080")).to_be_visible()

    await expect(watching.get_by_text("已到账", exact=True)).to_be_visible()
    await expect(watching.get_by_text("139****0777 由你邀请而来").first).to_be_visible()
    await expect(ticket.get_by_text("已用").first).to_be_visible()
    await expect(friend.get_by_text("139****0001 也得到 ¥200 券")).to_be_visible()
    assert await db.value("SELECT state FROM referral_deal") == "counted"

    # The same coupon a second time is red, and says why.
    again = await sit_down(new_phone, await person_id("BAO"), live_server)
    token = await db.value("SELECT id FROM coupon WHERE rule = 'newcomer'")
    await again.goto(f"/c/{codes.token_of(token)}")
    await expect(again.get_by_text("一店")).to_be_visible()
    await expect(again.locator("[data-outcome=bad]")).to_be_visible()


async def sent(gateway: Gateway) -> str:
    """The code, once it was sent: that is after the page has answered."""
    return gateway.code


async def redeem(till: Page, code: str) -> None:
    """Type a coupon's code at the till and take the order in."""
    await till.goto("/till")
    await till.get_by_label("或输入券码").fill(code)
    await till.get_by_role("button", name="查").tap()
    await till.get_by_label("订单金额（元）").fill("1280")
    await till.get_by_label("小票号").fill("0457")
    await till.get_by_role("button", name="核销").tap()
