"""The work at a till: what is usual, and what comes to the queue once a day."""

from datetime import UTC, datetime

import asyncpg
import pytest

from server.antispam.incidents import counted, note_incident
from server.kit import db
from tests.server.antispam.conftest import customer
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture(autouse=True)
async def _company(pool: None, clock: Clock) -> None:
    await clock.set(datetime(2026, 11, 23, 2, tzinfo=UTC))
    await bring_in(DESK)


async def queue() -> list[str]:
    return [code for codes in await db.column("SELECT codes FROM verdict") for code in codes]


@pytest.mark.parametrize(
    ("kind", "usual", "code"),
    [("undone", 3, "till_undos"), ("redeemed", 2, "till_pair"), ("wrong_code", 4, "wrong_codes")],
)
async def test_one_more_than_usual_comes_to_the_queue_once(
    kind: str, usual: int, code: str
) -> None:
    cashier, buyer = await person_id("FI"), await customer("A")
    for _ in range(usual):
        await note_incident(kind, cashier, customer=buyer)
    assert await queue() == []
    await note_incident(kind, cashier, customer=buyer)
    await note_incident(kind, cashier, customer=buyer)
    assert await queue() == [code]


async def test_the_next_day_it_comes_again(clock: Clock) -> None:
    cashier = await person_id("FI")
    for _ in range(4):
        await note_incident("undone", cashier)
    await clock.advance(hours=23)
    await note_incident("undone", cashier)
    assert await queue() == ["till_undos", "till_undos"]
    await clock.advance(hours=25)
    await note_incident("undone", cashier)
    assert len(await queue()) == 2, "a day later they no longer add up"


async def test_pairs_are_counted_apart(clock: Clock) -> None:
    cashier, one, other = await person_id("FI"), await customer("A"), await customer("B")
    for buyer in (one, one, other, other):
        await note_incident("redeemed", cashier, customer=buyer)
    await note_incident("redeemed", await person_id("OP"), customer=one)
    assert await queue() == []
    await clock.advance(days=31)
    await note_incident("redeemed", cashier, customer=one)
    assert await queue() == []


async def test_customers_without_an_account_make_no_pair() -> None:
    cashier = await person_id("FI")
    for _ in range(5):
        await note_incident("redeemed", cashier)
    assert await queue() == []
    assert (await counted(cashier)).pair_orders == 0


async def test_nothing_is_held_by_it_and_nobody_told() -> None:
    cashier = await person_id("FI")
    for _ in range(4):
        await note_incident("undone", cashier)
    assert await db.value("SELECT what FROM verdict") is None
    assert await db.value("SELECT count(*) FROM notice") == 0


async def test_a_failing_engine_does_not_stop_a_till(control: asyncpg.Connection) -> None:
    cashier = await person_id("FI")

    @db.command
    async def redeem() -> None:
        await db.execute("INSERT INTO setting VALUES ('redeemed', '{}')")
        await note_incident("redeemed", cashier)

    await control.execute("ALTER TABLE incident RENAME TO incident_away")
    try:
        await redeem()
    finally:
        await control.execute("ALTER TABLE incident_away RENAME TO incident")
    assert await db.value("SELECT true FROM setting WHERE name = 'redeemed'")
