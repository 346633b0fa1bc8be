"""What tills and orders leave for antispam, and what a failing engine does to both."""

import asyncpg
import pytest

from server.antispam.facts import signals_of
from server.coupons import codes
from server.coupons.watching import watch
from server.kit import db
from server.people import sessions
from server.referrals import jobs as referrals
from tests.support import friends
from tests.support.cast import person_id
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop
from tests.support.visitor import NewClient, Visitor, visit


@pytest.fixture
async def till(clock: Clock, app: object, new_client: NewClient) -> Visitor:
    await open_shop(clock)
    return await visit(new_client, "TILL")


async def redeem(till: Visitor, coupon: object, receipt: str) -> str:
    """Redeem a coupon; returns the page of the order."""
    path = f"/till/check/{codes.token_of(coupon)}"
    answer = await till.send(path, {"amount": "1280", "receipt": receipt})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def queue() -> list[str]:
    return [code for codes in await db.column("SELECT codes FROM verdict") for code in codes]


async def test_one_cashier_and_customer_too_often(till: Visitor, new_client: NewClient) -> None:
    buyer, other = await customer(), await visit(new_client, "TILL2")
    for number in range(3):
        await watch({})
        assert await queue() == []
        await redeem(till, await give(buyer, "tenth"), f"R{number}")
        await redeem(
            other, await give(await customer(f"1380000000{number}"), "tenth"), f"S{number}"
        )
    for _ in range(2):
        await watch({})
    assert await queue() == ["till_pair"]
    assert await db.value("SELECT person FROM verdict") == await person_id("TILL")


async def test_a_month_later_they_add_up_no_more(till: Visitor, clock: Clock) -> None:
    buyer = await customer()
    for number in range(2):
        await redeem(till, await give(buyer, "tenth"), f"R{number}")
    await clock.advance(days=31)
    await redeem(await _again(till), await give(buyer, "tenth"), "R9")
    await watch({})
    assert await queue() == []


async def _again(till: Visitor) -> Visitor:
    """The session of a till is over after a month."""
    opened = await sessions.start_session(await person_id("TILL"))
    till.client.cookies.set("sid", opened.token)
    return till


async def test_who_redeems_for_every_store_is_no_cashier(
    till: Visitor, new_client: NewClient
) -> None:
    await redeem(till, await give(await customer(), "tenth"), "R1")
    desk = await visit(new_client, "OP")
    store = await db.value("SELECT store::text FROM customer_order")
    buyer = await customer("13800000002")
    for number in range(4):
        token = codes.token_of(await give(buyer, "tenth"))
        form = {"amount": "1280", "receipt": f"S{number}", "store": store}
        assert (await desk.send(f"/till/check/{token}", form)).status_code == 303
    await watch({})
    assert await queue() == []


async def test_undoing_too_often(till: Visitor) -> None:
    coupon = await give(await customer(), "tenth")
    for number in range(4):
        await watch({})
        assert await queue() == []
        order = await redeem(till, coupon, f"R{number}")
        assert (await till.send(f"{order}/undo", {})).status_code == 303
    await watch({})
    assert await queue() == ["till_undos"]


async def test_guessing_codes(till: Visitor) -> None:
    for _ in range(4):
        await till.send("/till/code", {"code": "AAAA-AAAA-AA"})
    assert await queue() == []
    await till.send("/till/code", {"code": "AAAA-AAAA-AA"})
    assert await queue() == ["wrong_codes"]


async def test_the_browser_of_a_till_is_known_as_one(till: Visitor) -> None:
    await till.read("/till")
    assert await db.column("SELECT role FROM sighting") == []
    await till.read("/till")
    assert await db.column("SELECT role FROM sighting") == ["till"]


async def test_who_pays_for_a_friend_is_seen(clock: Clock, app: object) -> None:
    await friends.open_campaign(clock)
    referrer = await friends.customer(1)
    await friends.order(referrer, payer="card-1")
    friend = await friends.bring(referrer, 2)
    assert (await signals_of(referrer, friend, payer="card-1")).same_payer
    assert not (await signals_of(referrer, friend, payer="card-2")).same_payer


async def test_a_failing_engine_stops_rewards_and_not_orders(
    clock: Clock, app: object, control: asyncpg.Connection
) -> None:
    await friends.open_campaign(clock)
    referrer = await friends.customer(1)
    friend = await friends.bring(referrer, 2)
    await control.execute("ALTER TABLE verdict RENAME TO verdict_away")
    try:
        order = await friends.order(friend)
    finally:
        await control.execute("ALTER TABLE verdict_away RENAME TO verdict")
    assert await db.value("SELECT id FROM customer_order") == order
    await clock.advance(days=30)
    assert await friends.held(referrer) == []
    await referrals.sweep({})
    assert "thanks" in await friends.held(referrer)
    assert await db.column("SELECT state FROM verdict") == ["cleared"]


async def test_a_failing_engine_leaves_tills_open(
    till: Visitor, control: asyncpg.Connection
) -> None:
    coupon = await give(await customer(), "tenth")
    await till.read("/till")
    for table in ("incident", "sighting"):
        await control.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        await till.read("/till")
        await redeem(till, coupon, "R1")
    finally:
        for table in ("incident", "sighting"):
            await control.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
    assert await db.value("SELECT state FROM coupon") == "redeemed"
