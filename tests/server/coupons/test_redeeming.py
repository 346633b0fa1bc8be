"""One coupon at a till: what redeeming it does, each no, the undo and the refund."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from game.errors import RuleViolation
from server import wiring
from server.coupons import codes, commands, queries
from server.coupons.commands import Sale
from server.coupons.events import CouponRedeemed, OrderPlaced, OrderReversed
from server.kit import clock as moments
from server.kit import db, events
from tests.support.cast import bring_in, person_id
from tests.support.door import records
from tests.support.services import Clock
from tests.support.shop import (
    MORNING,
    OPTICS,
    customer,
    give,
    open_shop,
    qr,
    sale,
    state_of,
    the_store,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("pool")
MS = timedelta(milliseconds=1)


@pytest.fixture
def told() -> Iterator[list[events.Event]]:
    """What the slices above are told."""
    heard: list[events.Event] = []

    async def hear(event: events.Event) -> None:
        heard.append(event)

    events.listen(dict.fromkeys((OrderPlaced, CouponRedeemed, OrderReversed), (hear,)))
    yield heard
    wiring.wire()


async def refused(coupon: UUID, said: Sale, for_whom: str = "") -> str:
    with pytest.raises(RuleViolation) as refusal:
        await commands.redeem(qr(coupon), said, for_whom)
    return str(refusal.value)


async def test_a_coupon_takes_its_value_off_the_order(
    clock: Clock, told: list[events.Event]
) -> None:
    await open_shop(clock)
    who = await customer()
    coupon = await give(who)

    placed = await queries.order(await commands.redeem(qr(coupon), await sale("0457")))

    assert (placed.amount, placed.off, placed.payable) == (128000, 20000, 108000)
    assert (placed.customer, placed.coupon, placed.receipt) == (who, coupon, "0457")
    assert (placed.is_first, placed.source, placed.placed_at) == (True, "till", MORNING)
    shown = await queries.coupon(coupon)
    assert (shown.state, shown.redeemed_in, shown.order) == ("redeemed", "滨江店", placed.id)
    assert await queries.has_ordered(who)
    store, till = (await the_store()).id, await person_id("TILL")
    assert told == [
        OrderPlaced(
            order=placed.id, customer=who, customer_key=placed.customer_key, store=store,
            amount=128000, payable=108000, coupon=coupon, rule="welcome", is_first=True,
            payer="", device="", at=MORNING, by=till,
        ),
        CouponRedeemed(coupon, placed.id, who, store, till, MORNING),
    ]  # fmt: skip


async def test_the_typed_code_finds_the_same_coupon(clock: Clock) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    await commands.redeem(codes.index_of(codes.code_of(coupon)), await sale("1"))
    assert await state_of(coupon) == "redeemed"


async def test_the_second_scan_says_when_and_where(clock: Clock) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    await commands.redeem(qr(coupon), await sale("1"))
    await clock.advance(minutes=5)
    said = await refused(coupon, await sale("2", by="WEST", store=OPTICS))
    assert said == "coupon_used (at=2026-11-23 10:00, store=滨江店)"
    assert await db.value("SELECT count(*) FROM customer_order") == 1


async def test_each_no_names_itself_and_leaves_the_coupon(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    tenth, thanks = await give(who, "tenth"), await give(who, "thanks")
    here = await give(who, "pack", store=(await the_store(OPTICS)).id)
    mine = await give(await person_id("TILL"), "thanks")

    there = await sale("1", by="WEST", store=OPTICS)
    assert await refused(tenth, there) == "coupon_wrong_store (stores=华东)"
    assert await refused(here, await sale("1")) == "coupon_wrong_store (stores=光谷店)"
    assert await refused(mine, await sale("1")) == "own_coupon"
    assert await refused(thanks, await sale("1", 49999)) == "below_least_order (least=¥500)"
    assert await refused(thanks, await sale(" ")) == "receipt_missing"
    assert await refused(thanks, await sale("1"), "tel:00") == "coupon_of_another"
    with pytest.raises(RuleViolation, match="coupon_unknown"):
        await commands.redeem(codes.index_of("0" * 26), await sale("1"))
    assert {await state_of(each) for each in (tenth, thanks, here, mine)} == {"issued"}
    assert await db.value("SELECT count(*) FROM customer_order") == 0


async def test_a_first_order_is_the_first_of_all(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    welcome, thanks = await give(who), await give(who, "thanks")
    await commands.redeem(qr(thanks), await sale("1"))
    assert await refused(welcome, await sale("2")) == "not_first_order"


async def test_an_old_customer_has_no_first_order_left(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer("13812341234")
    await commands.place_order(await sale("0"), "13987654321")
    key = await db.value("SELECT customer_key_of($1)", who)
    await db.execute(
        "INSERT INTO customer (key, shown, first_order_at) VALUES ($1, '', $2)", key, MORNING
    )
    assert await queries.has_ordered(who)
    assert await refused(await give(who), await sale("2")) == "not_first_order"


async def test_an_order_without_a_coupon_counts_as_the_first(
    clock: Clock, told: list[events.Event]
) -> None:
    await open_shop(clock)
    who = await customer("13812341234")
    order = await queries.order(await commands.place_order(await sale("1"), "138 1234 1234"))
    assert (order.customer, order.is_first, order.off, order.payable) == (who, True, 0, 128000)
    assert [type(each) for each in told] == [OrderPlaced]
    assert await refused(await give(who), await sale("2")) == "not_first_order"


async def test_a_receipt_is_taken_in_once_in_each_store(clock: Clock) -> None:
    await open_shop(clock)
    first, second = await give(await customer()), await give(await customer("13900001111"))
    await commands.redeem(qr(first), await sale("a 1"))
    assert await refused(second, await sale("A1")) == "receipt_taken (receipt=A1)"
    assert await state_of(second) == "issued"
    await commands.redeem(qr(second), await sale("A1", by="WEST", store=OPTICS))


async def test_a_coupon_ends_with_its_last_moment(clock: Clock) -> None:
    await open_shop(clock)
    who = await customer()
    until = MORNING + timedelta(hours=1)
    first = await give(who, "thanks", expires_at=until)
    second = await give(who, "thanks", expires_at=until)
    await clock.set(until - MS)
    await commands.redeem(qr(first), await sale("1"))
    await clock.set(until)
    assert await refused(second, await sale("2")) == "coupon_expired (until=2026-11-23)"


async def test_who_redeemed_it_undoes_it_within_two_minutes(
    clock: Clock, told: list[events.Event]
) -> None:
    await open_shop(clock)
    who = await customer()
    coupon, till = await give(who), await person_id("TILL")
    order = await commands.redeem(qr(coupon), await sale("1"))
    told.clear()

    with pytest.raises(RuleViolation, match="not_your_redemption"):
        await commands.undo(order, await person_id("TILL2"))
    ends = MORNING + timedelta(minutes=2)
    await clock.set(ends - MS)
    await commands.undo(order, till)

    assert told == [OrderReversed(order, who, "undone", "", till, ends - MS)]
    assert await state_of(coupon) == "issued"
    assert not await queries.has_ordered(who)
    assert (await queries.order(order)).reversed_as == "undone"
    [record] = await records("undo_order")
    assert (record["actor"], record["subject"]) == (till, f"order:{order}")
    with pytest.raises(RuleViolation, match="already_reversed"):
        await commands.undo(order, till)
    # The same receipt is taken in again, with the same coupon, as a first order.
    again = await commands.redeem(qr(coupon), await sale("1"))
    assert (await queries.order(again)).is_first


async def test_after_two_minutes_nothing_is_undone(clock: Clock) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    order = await commands.redeem(qr(coupon), await sale("1"))
    await clock.set(MORNING + timedelta(minutes=2))
    with pytest.raises(RuleViolation, match="undo_too_late"):
        await commands.undo(order, await person_id("TILL"))
    assert await state_of(coupon) == "redeemed"


async def test_a_refund_gives_the_coupon_back_and_says_why(
    clock: Clock, told: list[events.Event]
) -> None:
    await open_shop(clock)
    who = await customer()
    coupon, boss = await give(who), await person_id("BOSS")
    order = await commands.redeem(qr(coupon), await sale("1"))
    await clock.advance(days=3)
    told.clear()

    with pytest.raises(RuleViolation, match="reason_missing"):
        await commands.refund(order, boss, " ")
    await commands.refund(order, boss, "客户退货")

    at = await moments.now()
    assert told == [OrderReversed(order, who, "refunded", "客户退货", boss, at)]
    assert await state_of(coupon) == "issued"
    assert not await queries.has_ordered(who)
    shown = await queries.order(order)
    assert (shown.reversed_as, shown.reversed_why, shown.reverser) == (
        "refunded",
        "客户退货",
        "包店长",
    )
    with pytest.raises(RuleViolation, match="already_reversed"):
        await commands.refund(order, boss, "again")
    # The receipt of a refunded order stays taken.
    assert await refused(coupon, await sale("1")) == "receipt_taken (receipt=1)"


async def test_what_was_handed_over_stays_used_after_a_refund(clock: Clock) -> None:
    await open_shop(clock)
    pack = await give(await customer(), "pack")
    order = await commands.redeem(qr(pack), await sale("1"))
    await commands.refund(order, await person_id("BOSS"), "客户退货")
    assert await state_of(pack) == "redeemed"


async def test_what_a_listener_refuses_leaves_nothing_behind(clock: Clock) -> None:
    await open_shop(clock)
    coupon = await give(await customer())

    async def refuse(_: OrderPlaced) -> None:
        raise RuleViolation("not_covered")

    events.listen({OrderPlaced: (refuse,)})
    try:
        assert await refused(coupon, await sale("1")) == "not_covered"
    finally:
        wiring.wire()
    assert await state_of(coupon) == "issued"
    assert await db.value("SELECT count(*) FROM customer_order") == 0


async def test_a_colleague_without_a_phone_may_hold_one_too(clock: Clock) -> None:
    await open_shop(clock)
    await bring_in([("MEI", "梅", "staff", "总部/一队", "", "")])
    mei = await person_id("MEI")
    order = await queries.order(await commands.redeem(qr(await give(mei)), await sale("1")))
    assert (order.customer, order.customer_key) == (mei, f"person:{mei}")
