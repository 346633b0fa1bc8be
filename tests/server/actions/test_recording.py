"""Actions that the product records: once per reference, taken back and standing again."""

import asyncio
from datetime import timedelta

import pytest

from game.errors import RuleViolation
from server import wiring
from server.actions import commands, recording
from server.actions.customers import customer_key
from server.kit import db
from server.ledger.verification import verify
from tests.support.cast import person_id
from tests.support.field import STARTS, act, begin, close, open_field, open_plan, wallets
from tests.support.services import Clock

ONCE = "lead:1:valid"


async def scored(code: str, by: str | None = "OP", reference: str = ONCE, kind: str = "visit"):  # type: ignore[no-untyped-def]
    return await recording.score(
        await person_id(code), "field", kind, await customer_key("A-1"), mode="direct",
        by=await person_id(by) if by else None, reference=reference, at=STARTS - timedelta(hours=1),
    )  # fmt: skip


async def test_what_is_recorded_scores_at_once_and_once(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)
    first = await scored("MEI")
    assert (first.verdict, first.outcome, first.points) == ("accepted", "scored", 5)
    assert first.happened_at == STARTS - timedelta(hours=1)
    again = await asyncio.gather(*[scored("MEI") for _ in range(5)])
    assert {each.id for each in again} == {first.id}
    assert await wallets() == {"MEI": 5}
    other = await scored("BAO", by=None, reference="lead:2:valid")
    assert other.outcome == "duplicate_customer", "a customer's place is taken as by hand"
    assert await scored("BAO", reference="lead:3:valid", kind="nothing") is None


async def test_racing_recorders_make_one_action(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)
    await customer_key("A-1")
    made = await asyncio.gather(*[scored("MEI") for _ in range(8)])
    assert len({each.id for each in made}) == 1
    assert await wallets() == {"MEI": 5}


async def test_nobody_accepts_their_own(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)
    waits = await scored("MEI", by="MEI")
    assert (waits.verdict, waits.points) == ("pending", 0)
    decided = await commands.decide(waits.id, await person_id("OP"), "accepted")
    assert decided.points == 5


async def test_what_is_gone_is_taken_back_and_may_stand_again(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)
    await scored("MEI")
    waits = await act("BAO", "visit", "A-1")
    assert await wallets() == {"MEI": 5}
    gone = await recording.unscore(ONCE, await person_id("OP"), "no such company")
    assert (gone.verdict, gone.points) == ("struck", 0)  # type: ignore[union-attr]
    assert await wallets() == {"BAO": 5}, "the place went to the next"
    assert await db.value("SELECT outcome FROM action WHERE id = $1", waits) == "scored"
    await recording.unscore(ONCE, await person_id("OP"), "again")
    back = await scored("MEI")
    assert (back.verdict, back.points) == ("accepted", 5)
    assert await wallets() == {"MEI": 5}
    assert await recording.unscore("lead:9:valid", None, "unknown") is None
    assert await verify() == []


async def test_its_author_may_withdraw_it(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)
    await scored("MEI")
    gone = await recording.unscore(ONCE, await person_id("MEI"), "wrong number")
    assert (gone.verdict, gone.decided_by) == ("struck", None)  # type: ignore[union-attr]
    assert await wallets() == {}


async def test_an_audit_does_not_keep_what_is_gone(pool: None, clock: Clock) -> None:
    wiring.wire()
    battle = await open_field(clock)
    await begin(clock, battle)
    await scored("MEI")
    await close(clock, battle)
    with pytest.raises(RuleViolation, match="not_auditor"):
        await commands.decide(
            (await scored("MEI")).id, await person_id("OP"), "struck", "not at the desk"
        )
    await recording.unscore(ONCE, None, "refunded")
    assert await db.value("SELECT score FROM standing WHERE board = $1", battle) == 0
