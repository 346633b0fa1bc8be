"""A phone is shown in clear by role, with a reason, and only so often a day."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from game.errors import RuleViolation
from server.actions.customers import customer_key
from server.kit import db
from server.people import reveals
from server.people.reveals import reveal
from server.people.rights import set_roles
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

PEOPLE = [
    ("SALE", "苏晓", "staff", "总部", "", "sales"),
    ("MEI", "梅", "staff", "总部", "", ""),
]


@pytest.fixture(autouse=True)
async def _company(app: object, clock: Clock) -> None:
    await clock.set(datetime(2026, 11, 23, 4, tzinfo=UTC))
    await bring_in([*DESK, *PEOPLE])


async def customers(count: int) -> list[str]:
    return [await customer_key(f"199000{number:05d}") for number in range(count)]


async def sale() -> UUID:
    return await person_id("SALE")


async def test_it_is_shown_and_kept_who_saw_it_and_why() -> None:
    [key] = await customers(1)
    assert await reveal("customer", key, await sale(), " 约周三到店 ") == "+8619900000000"
    [seen] = await reveals.seen("customer", key)
    assert (seen.name, seen.reason) == ("苏晓", "约周三到店")
    trail = await db.value("SELECT reason FROM audit_record WHERE verb = 'reveal_phone'")
    assert trail == "约周三到店"


@pytest.mark.parametrize(
    ("code", "reason", "refusal"),
    [
        ("SALE", " ", "reason_missing"),
        ("MEI", "好奇", "not_allowed"),
        ("AD", "好奇", "not_allowed"),
    ],
)
async def test_not_without_a_reason_and_a_role(code: str, reason: str, refusal: str) -> None:
    [key] = await customers(1)
    with pytest.raises(RuleViolation) as refused:
        await reveal("customer", key, await person_id(code), reason)
    assert refused.value.code == refusal
    assert await reveals.seen("customer", key) == []


async def test_a_colleagues_phone_is_for_administrators() -> None:
    mei = str(await person_id("MEI"))
    with pytest.raises(RuleViolation, match="not_allowed"):
        await reveal("person", mei, await sale(), "要")
    with pytest.raises(RuleViolation, match="phone_gone"):
        await reveal("person", mei, await person_id("AD"), "要")


async def test_thirty_a_day_exactly_whoever_hurries() -> None:
    by = await sale()

    async def look(key: str) -> bool:
        try:
            await reveal("customer", key, by, "回访")
        except RuleViolation as refusal:
            if refusal.code != "reveals_spent":
                raise
            return False
        return True

    found = await asyncio.gather(*(look(key) for key in await customers(40)))
    assert sum(found) == 30
    assert await reveals.left(by) == 0
    assert await db.value("SELECT count(*) FROM audit_record WHERE verb = 'reveal_phone'") == 30


async def test_the_same_number_again_counts_once_and_tomorrow_anew(clock: Clock) -> None:
    by, [key] = await sale(), await customers(1)
    for _ in range(3):
        await reveal("customer", key, by, "回访")
    assert await reveals.left(by) == 29
    await clock.advance(days=1)
    assert await reveals.left(by) == 30
    await reveal("customer", key, by, "回访")
    assert len(await reveals.seen("customer", key)) == 2


async def test_the_twentieth_is_told_to_administrators_once() -> None:
    by = await sale()
    await set_roles(await person_id("AU"), frozenset({"admin"}), None)
    keys = await customers(22)
    for key in keys[:19]:
        await reveal("customer", key, by, "回访")
    assert await told() == []
    for key in keys[19:]:
        await reveal("customer", key, by, "回访")
    assert await told() == sorted([await person_id("AD"), await person_id("AU")])
    assert [(each.name, each.count) for each in await reveals.today()] == [("苏晓", 22)]


async def told() -> list[UUID]:
    return await db.column("SELECT person FROM notice WHERE kind = 'many_reveals' ORDER BY person")
