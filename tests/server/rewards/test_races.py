"""Stock 100 under 2,000 buyers is exactly 100, whoever cancels and runs out beside them (P9)."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from game.errors import RuleViolation
from server.kit import db, ids
from server.ledger.verification import verify
from server.rewards import commands
from tests.support.services import Clock
from tests.support.shelves import give, open_shelves, purse, put, redeem, refused, stock_of

BUYERS = 2000
STOCK = 100
HANDS = 40
"""How many buyers act at once; the pool's connections are fewer."""


@pytest.fixture
async def shelves(pool: None, clock: Clock) -> None:
    await open_shelves(clock)


async def crowd(count: int, points: int) -> list[UUID]:
    """Bring people in who have points each."""
    people = [ids.new_id() for _ in range(count)]
    await db.execute(
        "INSERT INTO person (id, code, name, rank)"
        " SELECT p, 'B' || n, 'B' || n, 'staff' FROM unnest($1::uuid[]) WITH ORDINALITY u(p, n)",
        people,
    )
    for start in range(0, count, 100):
        some = people[start : start + 100]
        await db.value(
            "SELECT ledger_post($1, 'test', $1::uuid::text, NULL, '{}', NULL, 'points',"
            " ARRAY['issuer'], ARRAY[NULL]::uuid[], ARRAY[-$3::bigint * cardinality($2::uuid[])],"
            " $2, array_fill($3::bigint, ARRAY[cardinality($2)]))",
            ids.new_id(), some, points,
        )  # fmt: skip
    return people


@pytest.mark.usefixtures("shelves")
async def test_two_thousand_buyers_get_exactly_a_hundred() -> None:
    people, reward = await crowd(BUYERS, 100), await put(stock=STOCK)
    said: Counter[str] = Counter()
    waiting = iter(people)

    async def hand() -> None:
        for person in waiting:
            try:
                await commands.redeem(reward, person, 100)
                said["redeemed"] += 1
            except RuleViolation as refusal:
                said[refusal.code] += 1

    await asyncio.gather(*[hand() for _ in range(HANDS)])
    assert said == {"redeemed": STOCK, "reward_sold_out": BUYERS - STOCK}
    assert await stock_of(reward) == 0
    held = await db.value("SELECT sum(held)::bigint FROM account")
    assert held == 100 * STOCK
    assert await db.value("SELECT count(*) FROM hold WHERE state = 'open'") == STOCK
    assert await verify() == []


@pytest.mark.usefixtures("shelves")
async def test_the_last_piece_goes_round_and_is_never_two() -> None:
    """Whoever has it cancels at once, so that it is taken and put back all the time."""
    people, reward = await crowd(24, 100), await put(stock=1)
    most, said = 0, set[str]()

    async def take(person: UUID) -> None:
        nonlocal most
        for _ in range(6):
            try:
                one = await commands.redeem(reward, person, 100)
            except RuleViolation as refusal:
                said.add(refusal.code)
                continue
            waiting = await db.value("SELECT count(*) FROM redemption WHERE state = 'waiting'")
            most = max(most, waiting)
            await commands.cancel(one, person)

    await asyncio.gather(*[take(person) for person in people])
    assert (most, said) == (1, {"reward_sold_out"})
    assert await stock_of(reward) == 1
    assert await db.value("SELECT sum(held)::bigint FROM account") == 0
    assert await verify() == []


@pytest.mark.usefixtures("shelves")
async def test_one_wallet_pays_for_as_many_as_it_holds() -> None:
    await give("MEI", 250)
    rewards = [await put() for _ in range(8)]
    said = await asyncio.gather(*[refused(redeem("MEI", each)) for each in rewards])
    assert Counter(said) == {"": 2, "reward_not_covered": 6}
    assert await purse("MEI") == (50, 200)
    assert await verify() == []
