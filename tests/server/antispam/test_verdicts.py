"""A verdict is given once, told to its person, and nothing is given without one."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from game.antispam import Signals, Verdict, Weights
from server.antispam import commands, facts
from server.antispam.commands import cleared, judge, judged_or_held
from server.kit import db, ids
from tests.server.antispam.conftest import WHAT, customer

REVIEW = Signals(in_hour=3)
REFUSED = Signals(same_device=True)

pytestmark = pytest.mark.usefixtures("pool")


async def told(person: UUID) -> list[tuple[str, dict[str, Any]]]:
    async with db.connection() as one:
        found = await one.fetch("SELECT kind, facts FROM notice WHERE person = $1", person)
    return [(each["kind"], each["facts"]) for each in found]


@pytest.mark.parametrize(
    ("signals", "outcome", "is_cleared"),
    [(Signals(), "clean", True), (REVIEW, "review", False), (REFUSED, "refused", False)],
)
async def test_only_a_clean_verdict_clears(
    signals: Signals, outcome: str, is_cleared: bool
) -> None:
    verdict = await judge("referral:1", await customer("A"), signals)
    assert verdict.outcome == outcome
    assert await cleared("referral:1") is is_cleared


async def test_without_a_verdict_nothing_is_cleared() -> None:
    assert await cleared("referral:never") is False


async def test_the_first_verdict_stands() -> None:
    person = await customer("A")
    first = await judge("referral:1", person, REVIEW, what=WHAT)
    assert await judge("referral:1", person, Signals(), what=WHAT) == first
    assert await cleared("referral:1") is False
    assert len(await told(person)) == 1


async def test_twenty_at_once_give_one_verdict_and_tell_once() -> None:
    person = await customer("A")
    asked = [judge("referral:1", person, REVIEW, what=WHAT) for _ in range(20)]
    assert {each.score for each in await asyncio.gather(*asked)} == {60}
    assert await db.value("SELECT count(*) FROM verdict") == 1
    assert len(await told(person)) == 1


async def test_the_weights_of_a_campaign_count() -> None:
    person = await customer("A")
    assert (await judge("r:1", person, REVIEW, Weights(burst=0))).outcome == "clean"


async def test_its_person_is_told_what_and_why() -> None:
    person = await customer("A")
    await judge("referral:1", person, REVIEW, what=WHAT)
    [(kind, said)] = await told(person)
    assert kind == "under_review"
    assert said["what"] == WHAT
    assert said["why"]["zh_Hans"] == "一小时内来了 3 位好友（通常不超过 2 位）"
    assert said["why"]["en"] == "3 friends came within an hour, 2 are usual"


async def test_who_is_refused_by_the_rules_is_told_so() -> None:
    person = await customer("A")
    await judge("referral:1", person, REFUSED, what=WHAT)
    assert [kind for kind, _ in await told(person)] == ["review_refused"]


async def test_where_nothing_is_held_nobody_is_told() -> None:
    person = await customer("A")
    await judge("till:1", person, Signals(till_undos=9))
    assert await told(person) == []


async def test_a_failing_engine_stops_payouts_and_not_orders(control: asyncpg.Connection) -> None:
    """The ledger of an order is kept here by a setting: what matters is that it commits."""
    referrer, friend = await customer("A"), await customer("B")

    async def verdict() -> Verdict:
        return await judge("referral:1", referrer, await facts.signals_of(referrer, friend))

    @db.command
    async def order(name: str) -> Verdict | None:
        await db.execute("INSERT INTO setting VALUES ($1, '{}')", name)
        return await judged_or_held(verdict)

    await control.execute("ALTER TABLE sighting RENAME TO sighting_away")
    try:
        assert await order("first") is None
    finally:
        await control.execute("ALTER TABLE sighting_away RENAME TO sighting")
    assert await db.column("SELECT name FROM setting WHERE name = 'first'") == ["first"]
    assert await cleared("referral:1") is False
    # Asked again once the engine is well, it gives its verdict.
    found = await order("second")
    assert found is not None
    assert found.outcome == "clean"
    assert await cleared("referral:1") is True


async def test_what_the_engine_began_before_it_failed_is_undone() -> None:
    person = await customer("A")

    async def breaks() -> Verdict:
        await judge("referral:1", person, Signals())
        raise RuntimeError("broken")

    @db.command
    async def order() -> None:
        await judged_or_held(breaks)

    await order()
    assert await cleared("referral:1") is False


async def test_a_verdict_fits_the_transaction_around_it() -> None:
    person = await customer("A")

    @db.command
    async def undone() -> None:
        await judge("referral:1", person, REVIEW, what=WHAT)
        raise RuntimeError("undo")

    with pytest.raises(RuntimeError):
        await undone()
    assert await db.value("SELECT count(*) FROM verdict") == 0
    assert await told(person) == []


async def test_an_edge_is_noted_once() -> None:
    one, other = await customer("A"), await customer("B")
    await commands.link(one, other)
    await commands.link(one, other)
    assert await db.value("SELECT count(*) FROM referral_link") == 1


async def test_a_verdict_of_nobody_is_a_fault() -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await judge("referral:1", ids.new_id(), Signals())
