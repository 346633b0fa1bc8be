"""One coupon, redeemed at a till: what happens, and every way it is refused."""

from datetime import timedelta

import pytest

from game.errors import RuleViolation
from server.coupons import commands, queries
from server.kit import db
from tests.support.cast import person_id
from tests.support.services import Clock
from tests.support.shop import (
    MORNING, OPTICS, customer, give, open_shop, qr, sale, state_of, the_store,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("pool")


async def test_a_coupon_takes_its_value_off_the_order(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    coupon = await give(who)

    placed = await queries.order(await commands.redeem(qr(coupon), await sale("0457")))

    assert (placed.amount, placed.off, placed.payable) == (128000, 20000, 108000)
    assert (placed.customer, placed.coupon, placed.receipt) == (who, coupon, "0457")
    assert placed.is_first
    shown = await queries.coupon(coupon)
    assert (shown.state, shown.redeemed_in, shown.order) == ("redeemed", "滨江店", placed.id)
    assert await queries.has_ordered(who)


async def refused(coupon: object, said: commands.Sale) -> RuleViolation:
    with pytest.raises(RuleViolation) as refusal:
        await commands.redeem(qr(coupon), said)  # type: ignore[arg-type]
    return refusal.value
