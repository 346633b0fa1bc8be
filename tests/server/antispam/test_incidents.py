"""The work at a till: what is usual, and what comes to the queue once a day."""

from datetime import UTC, datetime

import pytest

from server.antispam.incidents import Kind, note_wrong_code, suspect
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
async def test_one_more_than_usual_comes_to_the_queue_once_a_day(
    clock: Clock, kind: Kind, usual: int, code: str
) -> None:
    cashier, buyer = await person_id("FI"), await customer("A")
    await suspect(kind, cashier, usual, buyer)
    assert await queue() == []
    for more in (1, 2):
        await suspect(kind, cashier, usual + more, buyer)
    assert await queue() == [code]
    await clock.advance(hours=24)
    await suspect(kind, cashier, usual + 1, buyer)
    assert await queue() == [code, code]


async def test_pairs_come_one_by_one() -> None:
    cashier = await person_id("FI")
    for code in ("A", "B"):
        await suspect("redeemed", cashier, 3, await customer(code))
    assert await db.value("SELECT count(DISTINCT others) FROM verdict") == 2


async def test_wrong_codes_add_up_for_an_hour(clock: Clock) -> None:
    cashier = await person_id("FI")
    for _ in range(4):
        await note_wrong_code(cashier, None)
    await note_wrong_code(await person_id("OP"), None)
    assert await queue() == []
    await clock.advance(minutes=61)
    await note_wrong_code(cashier, None)
    assert await queue() == []
    for _ in range(4):
        await note_wrong_code(cashier, None)
    assert await queue() == ["wrong_codes"]


async def test_nothing_is_held_by_it_and_nobody_told() -> None:
    await suspect("undone", await person_id("FI"), 9)
    assert await db.value("SELECT what FROM verdict") is None
    assert await db.value("SELECT count(*) FROM notice") == 0
