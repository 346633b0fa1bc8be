"""Many tills at once: a coupon is redeemed once, with its order or not at all (P8)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from uuid import UUID

import pytest

from game.errors import RuleViolation
from game.ledger import award
from server import config, wiring
from server.coupons import commands
from server.coupons.commands import Sale
from server.coupons.events import OrderPlaced, OrderReversed
from server.kit import db, events, ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.ledger.verification import verify
from tests.support.cast import bring_in, person_id
from tests.support.field import TIMES
from tests.support.services import Clock
from tests.support.shop import (
    RIVERSIDE,
    customer,
    give,
    open_shop,
    qr,
    sale,
    state_of,
    the_store,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("pool")
TILLS = 500
COUPONS, ATTEMPTS = 100, 10_000 * TIMES
POINTS = 10


async def outcome(redeeming: Awaitable[UUID]) -> str:
    """What became of one attempt: `redeemed`, or the code of its refusal."""
    try:
        await redeeming
    except RuleViolation as refusal:
        return refusal.code
    return "redeemed"


@pytest.fixture
async def thanked(clock: Clock) -> AsyncIterator[UUID]:
    """Somebody who gets points with each order, and loses them with its reversal."""
    await open_shop(clock)
    friend = await customer("13700007777", "安")

    async def reward(event: OrderPlaced) -> None:
        await post(event.order, friend, POINTS)

    async def take_back(event: OrderReversed) -> None:
        await post(event.order, friend, -POINTS)

    events.listen({OrderPlaced: (reward,), OrderReversed: (take_back,)})
    yield friend
    wiring.wire()


async def post(order: UUID, friend: UUID, points: int) -> None:
    kind = "referral" if points > 0 else "referral_back"
    await ledger.post(
        Transfer(
            id=ids.derived_id(order, kind), kind=kind, reference=str(order), actor=None, facts={},
            posting=award(str(friend), points),
            reverses=None if points > 0 else ids.derived_id(order, "referral"),
        )
    )  # fmt: skip


async def points_of(person: UUID) -> int:
    found = await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account"
        " WHERE owner = $1 AND kind IN ('wallet', 'debt')",
        person,
    )
    return int(found)


# Empty in every snapshot: nothing is redeemed without its order, nor rewarded without one, and
# the ledger sums to zero.
BROKEN = """
SELECT 'asset ' || asset FROM entry GROUP BY asset HAVING sum(amount) <> 0
UNION ALL
SELECT 'coupon ' || coalesce(c.id, o.coupon) FROM coupon c
FULL JOIN (SELECT * FROM customer_order WHERE reversed_as IS NULL) o ON o.coupon = c.id
WHERE coalesce(c.state = 'redeemed', false) <> (o.id IS NOT NULL)
UNION ALL
SELECT 'reward ' || coalesce(o.id::text, t.reference) FROM customer_order o
FULL JOIN (SELECT * FROM transfer WHERE kind = 'referral') t ON t.reference = o.id::text
WHERE o.id IS NULL OR t.id IS NULL
"""


async def is_whole() -> None:
    assert await db.column(BROKEN) == []
    assert await verify() == []


async def test_five_hundred_tills_scan_one_code(thanked: UUID) -> None:
    await bring_in([(f"T{n}", f"店员{n}", "staff", RIVERSIDE, "", "") for n in range(TILLS)])
    coupon, store = await give(await customer()), await the_store()
    tills = await db.column("SELECT id FROM person WHERE code ~ '^T[0-9]+$'")
    assert len(tills) == TILLS

    came = Counter(
        await asyncio.gather(
            *(
                outcome(commands.redeem(qr(coupon), Sale(store, f"{n}", 100000, till, "till")))
                for n, till in enumerate(tills)
            )
        )
    )

    assert came == {"redeemed": 1, "coupon_used": TILLS - 1}
    assert await db.value("SELECT count(*) FROM customer_order") == 1
    assert await points_of(thanked) == POINTS
    await is_whole()


async def test_ten_thousand_attempts_redeem_a_hundred_coupons(
    thanked: UUID, settings: config.Settings
) -> None:
    store, till = await the_store(), await person_id("TILL")
    given = [await give(await customer(f"1380000{n:04d}"), "thanks") for n in range(COUPONS)]
    attempts = iter(range(ATTEMPTS))
    came: Counter[str] = Counter()

    async def scan() -> None:
        for n in attempts:
            said = Sale(store, f"{n}", 100000, till, "till")
            what = await outcome(commands.redeem(qr(given[n % COUPONS]), said))
            came[what] += 1
            if what == "redeemed":
                assert await db.column(BROKEN) == []

    await asyncio.gather(*(scan() for _ in range(db.POOL_MAX)))

    assert came == {"redeemed": COUPONS, "coupon_used": ATTEMPTS - COUPONS}
    assert await points_of(thanked) == COUPONS * POINTS
    await is_whole()


async def test_two_first_order_coupons_of_one_customer_give_one_first_order(
    thanked: UUID,
) -> None:
    who = await customer()
    welcomes = [await give(who) for _ in range(12)]
    sales = [await sale(f"{n}") for n in range(12)]
    came = Counter(
        await asyncio.gather(
            *(
                outcome(commands.redeem(qr(coupon), said))
                for coupon, said in zip(welcomes, sales, strict=True)
            )
        )
    )
    assert came == {"redeemed": 1, "not_first_order": 11}
    assert await db.value("SELECT count(*) FROM customer_order WHERE is_first") == 1
    await is_whole()


async def test_one_receipt_taken_in_at_many_tills_is_one_order(thanked: UUID) -> None:
    given = [await give(await customer(f"1380000{n:04d}"), "thanks") for n in range(12)]
    said = await sale("0457")
    came = Counter(
        await asyncio.gather(*(outcome(commands.redeem(qr(each), said)) for each in given))
    )
    assert came == {"redeemed": 1, "receipt_taken": 11}
    assert Counter([await state_of(each) for each in given]) == {"redeemed": 1, "issued": 11}
    await is_whole()


async def test_an_order_is_reversed_once_however_many_try(thanked: UUID) -> None:
    coupon = await give(await customer(), "thanks")
    order = await commands.redeem(qr(coupon), await sale("1"))
    till, boss = await person_id("TILL"), await person_id("BOSS")

    async def reverse(n: int) -> UUID:
        await (commands.undo(order, till) if n % 2 else commands.refund(order, boss, "退货"))
        return order

    came = Counter(await asyncio.gather(*(outcome(reverse(n)) for n in range(20))))
    assert came == {"redeemed": 1, "already_reversed": 19}
    assert await points_of(thanked) == 0
    assert await state_of(coupon) == "issued"
    await is_whole()


async def test_redeeming_and_taking_back_at_once_end_in_one_of_both(thanked: UUID) -> None:
    for n in range(10):
        coupon = await give(await customer(f"1380000{n:04d}"), "thanks")

        async def take_back(coupon: UUID = coupon) -> UUID:
            assert await commands.revoke(coupon, "退款", None)
            return coupon

        came = await asyncio.gather(
            outcome(commands.redeem(qr(coupon), await sale(f"{n}"))),
            outcome(take_back()),
            return_exceptions=True,
        )
        state = await state_of(coupon)
        assert (state == "redeemed") == (came[0] == "redeemed")
        assert state == "redeemed" or came[0] == "coupon_revoked"
    await is_whole()
