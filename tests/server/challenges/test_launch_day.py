"""A launch day from its template to the bonus in the wallets (E7, E8)."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from game.errors import RuleViolation
from server import wiring
from server.actions import commands as actions
from server.actions.commands import Report
from server.boards import queries as boards
from server.challenges import commands as challenges
from server.challenges import faces, jobs
from server.kit import db
from server.ledger.verification import verify
from server.people import rights
from tests.support.cast import person_id
from tests.support.field import escrow, everything, wallets
from tests.support.launch_day import (
    CLOSING,
    MORNING,
    NIGHT,
    join,
    make_day,
    open_shop,
    state_of,
)
from tests.support.services import Clock


@pytest.fixture(autouse=True)
def _wired(pool: None) -> None:
    wiring.wire()


async def act(code: str, kind: str, customer: str = "", by: str | None = "OP") -> UUID:
    """Report an action, and have it accepted by somebody."""
    said = Report(plan="shop", kind=kind, customer=customer)
    reported = await actions.report(await person_id(code), said)
    if by is not None:
        await actions.decide(reported.action, await person_id(by), "accepted")
    return reported.action


async def reach(challenge: UUID) -> None:
    """Two join and do every step: 梅 has 9 points, 宝 7."""
    await join(challenge, "MEI", "BAO")
    await act("MEI", "visit", "A-1")
    await act("BAO", "visit", "A-2")
    for code in ("MEI", "MEI", "BAO"):
        await act(code, "call")


async def standings(challenge: UUID) -> dict[str, int]:
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT p.code, s.score FROM standing s JOIN person p ON p.id = s.person"
            " WHERE s.board = $1",
            challenge,
        )
    return {each["code"]: each["score"] for each in found}


async def done_of(challenge: UUID) -> tuple[int, int]:
    goal = await faces.goal(challenge)
    assert goal is not None
    return goal.done, goal.total


async def told(code: str) -> list[str]:
    return await db.column(
        "SELECT kind FROM notice WHERE person = $1 ORDER BY at, id", await person_id(code)
    )


async def test_the_bonus_waits_in_escrow_and_is_shared_by_contribution(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    assert (await state_of(day), await escrow(day)) == ("live", 100)
    await reach(day)
    assert await done_of(day) == (5, 5)
    assert await standings(day) == {"MEI": 9, "BAO": 7}

    await clock.set(NIGHT)
    await jobs.end({"challenge": str(day)})

    assert (await state_of(day), await escrow(day)) == ("paid", 0)
    # 100 × 9 / 16 = 56.25, 100 × 7 / 16 = 43.75: the larger remainder takes the last point.
    assert await wallets() == {"MEI": 9 + 56, "BAO": 7 + 44}
    assert await told("MEI") == ["challenge_invited", "bonus_arrived"]
    assert await verify() == []


async def test_what_waits_for_review_is_waited_for(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await join(day, "MEI")
    for _ in range(3):
        await act("MEI", "call")
    late = await act("MEI", "visit", "A-1", by=None)
    await clock.set(NIGHT)
    await jobs.end({"challenge": str(day)})
    assert await state_of(day) == "finished"

    await actions.decide(late, await person_id("OP"), "accepted")
    queued = await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'challenge_finish'")
    assert queued == 1
    assert await challenges.finish(day)
    assert (await state_of(day), await wallets()) == ("paid", {"MEI": 11 + 100})


async def test_a_missed_goal_returns_the_bonus(clock: Clock) -> None:
    await open_shop(clock, asset="cash", amount=50000)
    day = await make_day()
    await join(day, "MEI")
    await act("MEI", "visit", "A-1")
    await clock.set(NIGHT)
    await jobs.end({"challenge": str(day)})
    assert (await state_of(day), await escrow(day)) == ("missed", 0)
    assert (await wallets(), await wallets("cash")) == ({"MEI": 5}, {})
    assert await told("MEI") == ["challenge_invited", "challenge_missed"]
    assert await verify() == []


async def test_only_what_was_received_before_the_end_counts(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await join(day, "MEI")
    await clock.set(CLOSING - timedelta(microseconds=1))
    await act("MEI", "call")
    await clock.set(CLOSING)
    await act("MEI", "call")
    assert (await done_of(day), await standings(day)) == ((1, 4), {"MEI": 2})


async def test_who_joins_late_brings_what_they_did_since_the_start(clock: Clock) -> None:
    await open_shop(clock, at=MORNING - timedelta(hours=1))
    await act("MEI", "call")
    await clock.set(MORNING)
    day = await make_day()
    await act("MEI", "call")
    assert await done_of(day) == (0, 3)
    await join(day, "MEI")
    assert (await done_of(day), await standings(day)) == ((1, 4), {"MEI": 2})

    await challenges.leave(day, await person_id("MEI"))
    assert (await done_of(day), await standings(day)) == ((0, 3), {"MEI": 0})
    await join(day, "MEI")
    assert (await done_of(day), await standings(day)) == ((1, 4), {"MEI": 2})


async def test_it_starts_when_it_was_planned(clock: Clock) -> None:
    await open_shop(clock)
    later = MORNING + timedelta(hours=2)
    day = await make_day(starts=later)
    assert await state_of(day) == "open"
    await join(day, "MEI")
    await act("MEI", "call")
    assert not await challenges.start(day)
    await clock.set(later)
    await act("BAO", "call")
    await jobs.sweep({})
    assert (await state_of(day), await standings(day)) == ("live", {"MEI": 0})
    assert await told("MEI") == ["challenge_invited", "challenge_starts"]
    await clock.set(NIGHT)
    await jobs.sweep({})
    assert await state_of(day) == "missed"


async def test_it_is_paid_once_however_many_finish_it(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await reach(day)
    await clock.set(NIGHT)
    await challenges.end(day)
    found = await asyncio.gather(*(challenges.finish(day) for _ in range(16)))
    assert found.count(True) == 1
    assert await wallets() == {"MEI": 65, "BAO": 51}
    assert await db.value("SELECT count(*) FROM transfer WHERE kind = 'bonus'") == 1
    assert await verify() == []


async def test_calling_off_and_finishing_at_once_empties_the_escrow_once(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await reach(day)
    await clock.set(NIGHT)
    await challenges.end(day)
    manager = await person_id("SM")
    await asyncio.gather(
        challenges.call_off(day, manager, "停电"), challenges.finish(day), return_exceptions=True
    )
    assert await state_of(day) in {"paid", "void"}
    assert await escrow(day) == 0
    assert await verify() == []


async def test_a_later_strike_takes_back_only_its_own_points(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await reach(day)
    first = await db.value(
        "SELECT id FROM action WHERE kind = 'visit' AND person = $1", await person_id("MEI")
    )
    await clock.set(NIGHT)
    await jobs.end({"challenge": str(day)})
    await db.execute("UPDATE action SET verdict = 'pending' WHERE id = $1", first)
    await actions.decide(first, await person_id("OP"), "struck", "假的")
    assert await wallets() == {"MEI": 65 - 5, "BAO": 51}
    assert await standings(day) == {"MEI": 9, "BAO": 7}
    assert await done_of(day) == (5, 5)
    assert await verify() == []


async def test_called_off_means_nothing_counts(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await reach(day)
    before = await everything()
    for code, reason, refusal in (
        ("MEI", "不想", "not_allowed"), ("SM", " ", "reason_missing"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation, match=refusal):
            await challenges.call_off(day, await person_id(code), reason)
    assert await everything() == before
    await challenges.call_off(day, await person_id("SM"), "停电")
    assert (await state_of(day), await escrow(day)) == ("void", 0)
    await clock.set(NIGHT)
    await jobs.sweep({})
    assert await wallets() == {"MEI": 9, "BAO": 7}
    with pytest.raises(RuleViolation, match="challenge_over"):
        await challenges.call_off(day, await person_id("OP"), "再来")


async def test_opting_out_leaves_what_runs_and_keeps_what_is_over(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    await reach(day)
    await rights.opt_out(await person_id("BAO"))
    assert (await done_of(day), await standings(day)) == ((3, 4), {"MEI": 9, "BAO": 0})
    with pytest.raises(RuleViolation, match="opted_out"):
        await join(day, "BAO")

    await rights.opt_in(await person_id("BAO"))
    await join(day, "BAO")
    await clock.set(NIGHT)
    await challenges.end(day)
    await rights.opt_out(await person_id("BAO"))
    await challenges.finish(day)
    assert await wallets() == {"MEI": 65, "BAO": 51}
    board = await boards.board(day)
    assert board is not None
    finish = await boards.finish(day, [await person_id("MEI"), await person_id("BAO")])
    assert finish is not None
    assert [each.name for each in finish.named.values()] == ["梅"]
