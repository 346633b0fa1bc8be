"""The story behind the demo: told once, whole, and in a ledger that adds up."""

import pytest

from game.errors import RuleViolation
from server.demo import company, history
from server.kit import db
from server.ledger.verification import verify
from server.people.commands import import_people
from server.people.imports import read_people
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("client")

COUNTS = (
    "SELECT array[(SELECT count(*) FROM person), (SELECT count(*) FROM action),"
    " (SELECT count(*) FROM battle), (SELECT count(*) FROM transfer)]"
)


async def test_it_is_told_once_and_adds_up(clock: Clock) -> None:
    now = await clock.set(await clock.now())
    assert await history.begin()
    assert await clock.now() == now, "the clock is as it was"
    told = await db.value(COUNTS)
    assert told[0] == len(company.colleagues())
    assert told[2] == 2 * len(history.ROUNDS)
    assert await verify() == []
    assert await db.value("SELECT max(settled_at) < leitai_clock() FROM battle")

    last = await db.value(
        "SELECT result FROM battle WHERE rule = 'clients' ORDER BY cut_off DESC LIMIT 1"
    )
    employee = company.CAST[0].person
    assert last["payouts"][employee] > 0
    assert sum(last["payouts"].values()) == last["pot"]["total"]

    assert not await history.begin()
    assert await db.value(COUNTS) == told


def test_the_departments_have_their_people() -> None:
    everybody = company.colleagues()
    heads = [each.person[0] for each in everybody if each.side]
    assert (heads.count("K"), heads.count("Z")) == (40, 12)
    assert len({each.name for each in everybody}) == len(everybody)


async def test_a_real_company_is_left_alone() -> None:
    real = "person,name,rank,unit,side\nE1,梅,manager,总部,\n".encode()
    await import_people(read_people(real), None)
    with pytest.raises(RuleViolation) as refusal:
        await history.begin()
    assert refusal.value.code == "company_is_real"
    assert await db.value(COUNTS) == [1, 0, 0, 0]
    assert not await db.value("SELECT EXISTS (SELECT FROM setting)")
