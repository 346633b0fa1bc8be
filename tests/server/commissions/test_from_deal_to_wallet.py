"""A deal as people make it: reported, checked, paid for, refunded a month later (D8, G4, G9)."""

from datetime import timedelta

import pytest

from server.deals import commands as deals
from server.kit import db
from server.ledger.verification import verify
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.deals import CAME, PEOPLE, PLAN, WEDNESDAY, check, deal, lead
from tests.support.selling import LADDER, STAFF, cash
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")


async def open_desk(clock: Clock, share: str) -> None:
    await clock.set(CAME)
    await bring_in([*PEOPLE, *DESK])
    await launch(PLAN.format(version=1, share=share, weekly="false") + STAFF + LADDER)
    await clock.set(WEDNESDAY)


async def test_nothing_is_paid_before_the_check_and_a_refund_is_a_correction(clock: Clock) -> None:
    await open_desk(clock, "0/1")
    await lead()
    sold = await deal()
    assert (await cash("MEI"), await cash("SAL")) == (0, 0)
    await check(sold)
    # ¥128,000: 2 % for who brought the customer; 1,000 and 1.5 % of 28,000 for who sold.
    assert (await cash("MEI"), await cash("SAL")) == (2_560_00, 1_420_00)
    await clock.advance(days=32)
    await deals.reverse(sold, await person_id("OP"), "refunded", "客户退房")
    assert (await cash("MEI"), await cash("SAL")) == (0, 0)
    booked = await db.column("SELECT booked_at FROM transfer WHERE kind = 'commission_back'")
    assert set(booked) == {WEDNESDAY + timedelta(days=32)}
    assert await verify() == []


async def test_a_drawn_deal_pays_after_its_call_back(clock: Clock) -> None:
    await open_desk(clock, "1/1")
    await lead()
    sold = await deal()
    await check(sold)
    assert await cash("MEI") == 0
    await deals.called(sold, await person_id("SER"), "confirmed")
    assert await cash("MEI") == 2_560_00


async def test_a_deal_that_its_customer_denies_never_pays(clock: Clock) -> None:
    await open_desk(clock, "1/1")
    await lead()
    sold = await deal()
    await check(sold)
    await deals.called(sold, await person_id("SER"), "denied", "没有买过")
    assert await cash("MEI") == 0
    assert await db.value("SELECT count(*) FROM accrual") == 0
