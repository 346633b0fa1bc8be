"""The three walks that everybody goes: how many taps each takes."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page

from server.coupons import codes
from server.kit import db
from server.people import invites
from tests.support.camera import film, phone_with_camera
from tests.support.cast import person_id
from tests.support.field import open_field
from tests.support.leads import take_leads
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop, state_of
from tests.support.walks import Hand, join_from_invite, redeem, report_lead, sit_down

NewPhone = Callable[..., Awaitable[Page]]


async def test_from_an_invite_into_a_battle_in_eight_taps(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_field(clock)
    hand = Hand(await new_phone())
    await join_from_invite(hand, (await invites.invite_code("AN")).path, "二队")
    assert await db.value("SELECT count(*) FROM battle_member WHERE side = '二队'") == 3
    assert hand.taps <= 8


async def test_a_lead_in_seven_taps(new_phone: NewPhone, live_server: str, clock: Clock) -> None:
    await take_leads(clock)
    hand = Hand(await new_phone())
    await sit_down(hand.page, live_server, await person_id("BAO"))
    await report_lead(hand, "13812340001")
    assert await db.value("SELECT stage FROM lead") == "submitted"
    assert hand.taps <= 7


async def test_a_coupon_in_four_taps(live_server: str, clock: Clock, tmp_path: Path) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    link = f"{live_server}/C/{codes.token_of(coupon)}".upper()
    async with phone_with_camera(live_server, film(tmp_path / "qr.y4m", link)) as till:
        hand = Hand(till)
        await sit_down(till, live_server, await person_id("TILL"))
        await redeem(hand)
    assert await state_of(coupon) == "redeemed"
    assert hand.taps <= 4
