"""By which device and with what somebody came and paid is forgotten after 90 days."""

import pytest

from server.coupons import jobs as coupons
from server.kit import db
from server.referrals import jobs as referrals
from tests.support.cast import person_id
from tests.support.friends import bring, open_campaign, order
from tests.support.services import Clock

MARKS = """
SELECT (SELECT count(*) FROM customer_order WHERE payer <> '' OR device <> '')
  + (SELECT count(*) FROM referral WHERE device <> '' OR network <> '')
  + (SELECT count(*) FROM referral_deal WHERE payer <> '' OR device <> '')
"""


async def forget() -> int:
    """Run the jobs of a night; returns how many marks are left."""
    await coupons.forget({})
    await referrals.forget_daily({})
    return await db.value(MARKS)


@pytest.mark.usefixtures("app")
async def test_marks_of_devices_payers_and_networks_are_gone(clock: Clock) -> None:
    await open_campaign(clock)
    friend = await bring(await person_id("MEI"), 1)
    await order(friend, payer="payer-mark")
    await db.execute("UPDATE referral_deal SET state = 'refused' WHERE state <> 'counted'")
    before = await db.value(MARKS)
    assert before == 3
    await clock.advance(days=89)
    assert await forget() == 3
    await clock.advance(days=2)
    assert await forget() == 0
    # The order and its sum stay.
    assert await db.value("SELECT sum(amount) FROM customer_order") == 128_000
