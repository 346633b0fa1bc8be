"""Rounds: one after the other, each played through the API to its paid pot."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from game.plan import parse_plan
from server.battles import commands as battles
from server.demo import company
from server.demo.colleagues import (
    AUDIT_STRUCK,
    LEFT_FOR_VISITORS,
    REACH,
    VISITORS_SIDE,
    Colleagues,
    ahead,
)
from server.demo.customers import AUDIT_STRIKES
from server.demo.phones import Phone, RefusedError
from server.demo.rounds import OPEN_FIGURES, Pace, document, look
from server.kit import db
from server.ledger.verification import verify
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("demo")

PACE = Pace(timedelta(seconds=10), timedelta(minutes=5), timedelta(seconds=40))


async def opened(version: int) -> list[UUID]:
    return await db.column(
        "SELECT id FROM battle WHERE plan = $1 AND plan_version = $2 ORDER BY rule",
        company.PLAN, version,
    )  # fmt: skip


async def play(colleagues: Colleagues, clock: Clock, seconds: int) -> None:
    """Let a report come every second and a review every other one."""
    for second in range(seconds):
        now = await clock.advance(seconds=1)
        await colleagues.report(now)
        if second % 2:
            await colleagues.look()
            await colleagues.review(now)


async def audit(colleagues: Colleagues) -> None:
    async def at_once() -> None:
        """Nobody waits in a test."""

    await colleagues.look()
    for battle in colleagues.battles("auditing"):
        await colleagues.audit(battle, at_once)


async def test_a_round_is_played_to_its_paid_pot(
    clock: Clock, phone: Callable[[str], Phone]
) -> None:
    version = await begun(clock)
    colleagues = Colleagues(phone, Random(1))
    await colleagues.look()
    await play(colleagues, clock, 60)
    for _ in range(60):
        await colleagues.look()
        await colleagues.review(await clock.now())
    waiting = await db.value("SELECT count(*) FROM action WHERE outcome = 'pending'")
    assert waiting == LEFT_FOR_VISITORS
    await clock.advance(minutes=5)
    assert [await battles.freeze(each) for each in await opened(version)] == [True, True]
    await audit(colleagues)

    assert await verify() == []
    for battle in await opened(version):
        result = await db.value("SELECT result FROM battle WHERE id = $1", battle)
        assert result["state"] == "final"
        assert sum(result["payouts"].values()) == result["pot"]["total"] > 0
    struck = await db.value(
        "SELECT count(*) FROM action WHERE verdict = 'struck' AND reason = ANY ($1)", AUDIT_STRIKES
    )
    assert 1 <= struck <= 2 * AUDIT_STRUCK


async def begun(clock: Clock) -> int:
    """Open a round and start its battles; returns its number."""
    await clock.set(await clock.now())
    version = await look(PACE)
    assert version is not None
    await clock.advance(seconds=10)
    assert [await battles.start(each) for each in await opened(version)] == [True, True]
    return version


async def test_rounds_follow_each_other(clock: Clock, phone: Callable[[str], Phone]) -> None:
    await clock.set(await clock.now())
    first = await look(PACE)
    assert first is not None
    assert await look(PACE) is None, "one is open"
    await clock.advance(seconds=10)
    for battle in await opened(first):
        await battles.start(battle)
    await clock.advance(minutes=5)
    for battle in await opened(first):
        await battles.freeze(battle)
    assert await look(PACE) is None, "one is being audited"
    await audit(Colleagues(phone, Random(1)))
    await clock.advance(seconds=39)
    assert await look(PACE) is None, "the verdict is being shown"
    await clock.advance(seconds=1)
    assert await look(PACE) == first + 1


async def test_everybody_with_a_side_is_in_a_round(clock: Clock) -> None:
    await clock.set(await clock.now())
    version = await look(PACE)
    assert version is not None
    rosters = [
        await db.value("SELECT count(*) FROM battle_member WHERE battle = $1", battle)
        for battle in await opened(version)
    ]
    assert rosters == [40, 12]


async def test_a_round_has_its_own_times_and_no_figure_is_open(clock: Clock) -> None:
    starts = await clock.now()
    plan = parse_plan(document(7, starts, starts + timedelta(minutes=20)))
    assert plan.version == 7
    assert {battle.starts for battle in plan.battles} == {starts}
    assert {battle.title.en[-7:] for battle in plan.battles} == {"round 7"}
    assert all(rule.points for rule in plan.actions.values())
    open_points = {each for each in plan.ask if each.endswith("channel.points")}
    assert OPEN_FIGURES.keys() == open_points | {"actions.placement.points"}
    [doubled] = plan.multipliers
    assert starts < doubled.from_ < doubled.until < starts + timedelta(minutes=20)


async def test_a_visitor_who_was_quicker_stops_nobody(
    clock: Clock, phone: Callable[[str], Phone]
) -> None:
    await begun(clock)
    colleagues = Colleagues(phone, Random(1))
    await colleagues.look()
    for _ in range(LEFT_FOR_VISITORS + 1):
        await colleagues.report(await clock.advance(seconds=1))
    await colleagues.look()
    visitor = phone("H03")
    [first, *_] = (await visitor.read("/api/reviews"))["actions"]
    await visitor.write(f"/api/actions/{first['id']}/verdict", {"verdict": "accepted"})
    with pytest.raises(RefusedError) as refusal:
        await colleagues.review(await clock.now())
    assert refusal.value.code == "already_decided"
    await colleagues.review(await clock.now())


def test_how_far_a_side_is_ahead() -> None:
    sides = [
        {"name": "A", "score": "7/2"},
        {"name": "B", "score": "10"},
        {"name": "C", "score": "0"},
    ]
    assert [ahead(sides, each) for each in ("A", "B", "C", "D")] == [-6.5, 6.5, -10, 0]


async def test_the_visitors_side_stays_within_their_reach(
    clock: Clock, phone: Callable[[str], Phone]
) -> None:
    """Left alone it falls behind; helped, and held back, one good report of a visitor decides."""
    await begun(clock)
    colleagues = Colleagues(phone, Random(7))
    await colleagues.look()
    [mine] = [each for each in colleagues.battles("live") if each.rule == "clients"]

    def drive(by: float, side: str) -> float:
        colleagues._ahead[mine.id] = by
        return colleagues._drive(mine, side, mine.starts)

    level = drive(0, VISITORS_SIDE)
    assert drive(-REACH - 1, VISITORS_SIDE) > 2 * level > 4 * drive(REACH + 1, VISITORS_SIDE)
    other = company.client_sides()[0]
    assert drive(-REACH - 1, other) == drive(REACH + 1, other) == drive(0, other)
