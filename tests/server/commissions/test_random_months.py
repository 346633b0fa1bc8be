"""Random months of sales: wallets hold what a second calculation says, to the 分 (G5, G9)."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest

from server.commissions import jobs
from server.kit import db
from server.ledger.verification import verify
from tests.support.selling import HEAD, LADDER, STAFF, cash, judge, open_shop, sell, take_back

pytestmark = pytest.mark.usefixtures("app")

FIRST = datetime.fromisoformat("2026-10-01T00:00:00+08:00")
SPLIT = datetime.fromisoformat("2026-11-01T00:00:00+08:00")
EDGE = 10_000_000
BONUS = 'bonus = { target = 15000000, past = "120/100", times = "105/100" }\n'
Made = tuple[datetime, int]


def fen(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def earned_of(deals: Iterable[Made]) -> int:
    """Walk a month's deals from edge to edge in yuan, the way a person would on paper."""
    total = reached = 0
    for _, amount in sorted(deals):
        left, exact = amount, Decimal(0)
        while left:
            if reached < EDGE:
                part, rate = min(left, EDGE - reached), Decimal("0.01")
            elif reached < 18_000_000:
                part, rate = min(left, 18_000_000 - reached), Decimal("0.015")
            else:
                part, rate = left, Decimal("0.01575")
            exact += part * rate
            reached += part
            left -= part
        total += fen(exact)
    return total


def by_month(deals: Iterable[Made]) -> int:
    found = list(deals)
    months = [[each for each in found if (each[0] < SPLIT) is early] for early in (True, False)]
    return sum(earned_of(month) for month in months)


@pytest.mark.parametrize("seed", range(4))
async def test_random_months_come_to_what_a_second_calculation_says(seed: int) -> None:
    chance = random.Random(seed)
    await open_shop(HEAD + LADDER + BONUS + STAFF)
    standing: dict[UUID, Made] = {}
    waiting: dict[UUID, Made] = {}
    for n in range(22):
        near_edge = EDGE + chance.randint(-1, 1) - sum(each[1] for each in standing.values())
        amount = (
            near_edge if near_edge > 0 and chance.random() < 0.3 else chance.randint(1, 4 * 10**6)
        )
        made = (FIRST + timedelta(days=chance.randint(0, 59), seconds=n), amount)
        is_judged = chance.random() < 0.8
        deal = await sell(amount, made_at=made[0], is_clean=True if is_judged else None)
        (standing if is_judged else waiting)[deal] = made
        if standing and chance.random() < 0.3:
            gone = chance.choice(sorted(standing))
            del standing[gone]
            await take_back(gone, chance.choice(["refunded", "struck"]))
    for deal, made in waiting.items():
        if chance.random() < 0.5:
            await take_back(deal)
            await judge(deal, is_clean=True)
        else:
            await judge(deal, is_clean=True)
            await jobs.sweep({})
            standing[deal] = made
    assert await cash("S") == by_month(standing.values())
    assert await cash("R") == sum(fen(amount * Decimal("0.02")) for _, amount in standing.values())
    stands = await db.value("SELECT sum(posted - waived)::bigint FROM accrual")
    assert stands == await cash("S") + await cash("R")
    assert await verify() == []
