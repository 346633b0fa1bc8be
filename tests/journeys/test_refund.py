"""A refunded deal takes back exactly what it gave, and whoever it gave it to reads why (G9)."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from game.plan import template
from server.coupons import codes
from server.coupons import commands as coupons
from server.coupons.commands import Sale
from server.kit import db
from server.people import sessions
from server.people.stores import store_of
from tests.support.cast import launch, person_id
from tests.support.friends import bring, held, open_campaign, points
from tests.support.live import connected
from tests.support.services import Clock

WHY = "客人改期，全额退款"
KEPT = (
    "SELECT jsonb_build_object('coupons', (SELECT jsonb_agg(jsonb_build_array(holder, rule, state)"
    " ORDER BY holder, rule) FROM coupon), 'badges', (SELECT count(*) FROM badge_award"
    " WHERE revoked_at IS NULL), 'ladder', (SELECT count(*) FROM referral_deal"
    " WHERE state = 'counted' AND reversed_as IS NULL))"
)


async def test_a_refund_takes_back_what_the_deal_gave_and_says_why(
    new_phone: Callable[..., Awaitable[Page]], live_server: str, clock: Clock
) -> None:
    await open_campaign(clock)
    await launch(template("full-participation"))
    mei, an = await person_id("MEI"), await person_id("AN")
    friend = await bring(mei, 7)
    before, purse = await db.value(KEPT), await points(mei)

    phone = await new_phone()
    opened = await sessions.start_session(mei)
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
    async with connected(phone):
        await phone.goto("/wallet")

    coupon = await db.value("SELECT id FROM coupon WHERE rule = 'newcomer'")
    store = await store_of(an)
    assert store is not None
    sale = Sale(store=store, receipt="0457", amount=128_000, by=an, source="till")
    order = await coupons.redeem(codes.index_of(codes.token_of(coupon)), sale)
    await expect(phone.get_by_text("+50")).to_be_visible()
    assert await points(mei) == purse + 50
    moment = phone.get_by_role("dialog")
    await expect(moment.get_by_text("一传十")).to_be_visible()
    await phone.keyboard.press("Escape")
    # After such a moment she is asked whether she wants to hear of the next.
    await phone.get_by_role("button", name="以后再说").tap()

    desk = await new_phone()
    opened = await sessions.start_session(await person_id("OP"))
    await desk.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
    await desk.goto(f"/till/orders/{order}")
    await desk.get_by_text("给这一单退款…").tap()
    await desk.get_by_label("原因").fill(WHY)
    await desk.get_by_role("button", name="退款", exact=True).tap()
    await expect(desk.get_by_text(WHY)).to_be_visible()

    # Her wallet turns by itself; the entry says why, and leads to what it takes back.
    taken = phone.locator("li", has_text="−50")
    await expect(taken).to_be_visible()
    await expect(phone.locator(".figure")).to_have_text(str(purse))
    await taken.get_by_role("link").tap()
    await expect(phone.get_by_text(WHY).first).to_be_visible()
    await expect(phone.get_by_role("link", name="+50")).to_be_visible()
    await phone.goto("/inbox")
    await expect(phone.get_by_text(WHY).first).to_be_visible()

    assert await points(mei) == purse
    assert await db.value(KEPT) == before, "what it gave is gone, and the friend's coupon is back"
    assert "newcomer" in await held(friend)
