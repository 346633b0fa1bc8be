"""The database's clock under the gate decides what counts, to the microsecond (P7)."""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import asyncpg
import pytest

from game.errors import RuleViolation
from server import wiring
from server.actions import commands as actions
from server.actions.commands import Report
from server.battles import commands, jobs, queries
from server.config import Settings
from server.kit import db
from server.ledger.verification import verify
from tests.support.cast import person_id
from tests.support.eventually import eventually
from tests.support.field import (
    CUT_OFF,
    STARTS,
    TICK,
    TIMES,
    act,
    at,
    begin,
    close,
    escrow,
    open_field,
)
from tests.support.services import Clock

T = TypeVar("T")


@pytest.fixture(autouse=True)
def _wired(pool: None) -> None:
    wiring.wire()


@asynccontextmanager
async def gate_held(settings: Settings, *, closing: bool) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else holds the gate of the plan for the block."""
    other = await asyncpg.connect(settings.database_url)
    try:
        async with other.transaction():
            await other.execute("SELECT plan_gate('field', $1)", closing)
            yield other
    finally:
        await other.close()


async def waiting_for_locks() -> int:
    found: int = await db.value("SELECT count(*)::int FROM pg_locks WHERE NOT granted")
    return found


async def behind_the_gate(
    settings: Settings, clock: Clock, moment: Any, *works: Coroutine[Any, Any, T]
) -> list[T | BaseException]:
    """Let works wait at a closed gate while the clock goes on to a moment; what they answer."""
    async with gate_held(settings, closing=True):
        running = [asyncio.create_task(work) for work in works]

        async def all_wait() -> bool:
            return await waiting_for_locks() == len(running)

        await eventually(all_wait)
        await clock.set(moment)
    return await asyncio.gather(*running, return_exceptions=True)


async def test_an_action_counts_from_the_start_until_before_the_cut_off(clock: Clock) -> None:
    battle = await open_field(clock, score="sum")
    early = await act("MEI")
    await clock.set(STARTS - TICK)
    just_early = await act("BAO")
    await begin(clock, battle)
    first = await act("CHEN")
    await clock.set(CUT_OFF - TICK)
    last = await act("DAI")
    await clock.set(CUT_OFF)
    late = await act("MEI")
    assert await commands.freeze(battle)
    one = await queries.battle(battle)
    counted = await db.column("SELECT id FROM action WHERE id = ANY ($1::uuid[])"
        " AND received_at >= $2 AND received_at < $3 ORDER BY received_at",
        [early, just_early, first, last, late], STARTS, CUT_OFF)  # fmt: skip
    assert counted == [first, last]
    assert one.frozen
    assert one.frozen["people"] == {"MEI": 0, "BAO": 0, "CHEN": 2, "DAI": 2}
    assert await verify() == []


async def test_what_waited_at_the_gate_past_the_cut_off_came_after_it(
    settings: Settings, clock: Clock
) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await clock.set(CUT_OFF - timedelta(seconds=1))
    report = Report(plan="field", kind="call")
    codes = ("MEI", "BAO", "CHEN")
    answers = await behind_the_gate(
        settings, clock, CUT_OFF,
        *[actions.report(await person_id(code), report) for code in codes],
    )  # fmt: skip
    assert not [each for each in answers if isinstance(each, BaseException)]
    assert await db.value("SELECT count(*) FROM action WHERE received_at >= $1", CUT_OFF) == 3
    assert await commands.freeze(battle)
    assert await queries.pending_count(await queries.battle(battle)) == 0


async def test_who_waited_at_the_gate_past_the_start_is_too_late(
    settings: Settings, clock: Clock
) -> None:
    battle = await open_field(clock)
    await clock.set(STARTS - timedelta(seconds=1))
    before = await escrow(battle)
    joined, left = await behind_the_gate(
        settings, clock, STARTS,
        commands.join(battle, await person_id("AN"), "一队"),
        commands.leave(battle, await person_id("MEI")),
    )  # fmt: skip
    for refused in (joined, left):
        assert isinstance(refused, RuleViolation)
        assert refused.code == "joining_closed"
    assert await escrow(battle) == before


async def test_a_verdict_that_waited_for_the_freeze_is_the_audit_group_s(
    settings: Settings, clock: Clock
) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    action = await act("MEI", by=None)
    await clock.set(CUT_OFF)
    # The freeze stands in front of it at the gate.
    async with gate_held(settings, closing=False):
        freezing = asyncio.create_task(commands.freeze(battle))

        async def one_waits() -> bool:
            return await waiting_for_locks() == 1

        async def two_wait() -> bool:
            return await waiting_for_locks() == 2

        await eventually(one_waits)
        deciding = asyncio.create_task(actions.decide(action, await person_id("OP"), "accepted"))
        await eventually(two_wait)
    frozen, refused = await asyncio.gather(freezing, deciding, return_exceptions=True)
    assert frozen is True
    assert isinstance(refused, RuleViolation)
    assert refused.code == "not_auditor"


async def test_the_freeze_waits_for_what_is_under_way(settings: Settings, clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await clock.set(CUT_OFF - TICK)
    async with gate_held(settings, closing=False) as other:
        await other.execute(
            "INSERT INTO action (id, person, plan, plan_version, kind, happened_at, received_at,"
            " within_cap, outcome) SELECT gen_random_uuid(), id, 'field', 1, 'call',"
            " leitai_clock(), leitai_clock(), true, 'pending' FROM person WHERE code = 'MEI'"
        )
        await clock.set(CUT_OFF)
        freezing = asyncio.create_task(commands.freeze(battle))

        async def it_waits() -> bool:
            return await waiting_for_locks() == 1

        await eventually(it_waits)
        assert not freezing.done()
    assert await freezing
    assert await queries.pending_count(await queries.battle(battle)) == 1


async def test_random_moments_about_the_window(clock: Clock) -> None:
    battle = await open_field(clock)
    chance = random.Random(17)
    started = False
    expected = dict.fromkeys(("MEI", "BAO", "CHEN", "DAI"), 0)
    edges = [STARTS, CUT_OFF]
    moments = sorted(
        chance.choice(edges) + chance.randint(-3, 3) * chance.choice([TICK, 1000 * TICK])
        for _ in range(60 * TIMES)
    )
    for moment in moments:
        await at(moment)
        if moment >= STARTS and not started and chance.random() < 0.3:
            started = await commands.start(battle)
        code = chance.choice(list(expected))
        action = await act(code)
        received = await db.value("SELECT received_at FROM action WHERE id = $1", action)
        expected[code] += 2 * (STARTS <= received < CUT_OFF)
    await at(CUT_OFF + timedelta(seconds=1))
    await jobs.sweep({})
    frozen = (await queries.battle(battle)).frozen
    assert frozen
    assert frozen["people"] == expected
    standings = await db.column("SELECT score FROM standing WHERE board = $1", battle)
    assert sum(standings) == sum(expected.values())
    assert await verify() == []


async def test_a_clock_set_back_puts_nothing_before_what_was_there(clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await clock.set(STARTS + timedelta(hours=1))
    await act("MEI", "visit", "A-1", by=None)
    await clock.set(STARTS + timedelta(minutes=1))
    await act("BAO", "visit", "A-1", by=None)
    await act("MEI", "visit", "A-2", by=None)
    outcomes = await db.column("SELECT outcome FROM action ORDER BY received_at, id")
    assert outcomes[0] == "pending"
    assert sorted(outcomes) == ["duplicate_customer", "pending", "pending"]
    first = await db.value("SELECT customer FROM action ORDER BY received_at, id LIMIT 1")
    assert first == "id:A-1"


async def test_a_battle_starts_and_freezes_once_however_many_try(clock: Clock) -> None:
    battle = await open_field(clock)
    await clock.set(STARTS - TICK)
    assert not any(await asyncio.gather(*[commands.start(battle) for _ in range(4)]))
    await clock.set(STARTS)
    assert sum(await asyncio.gather(*[commands.start(battle) for _ in range(8)])) == 1
    await act("MEI")
    await clock.set(CUT_OFF - TICK)
    assert not any(await asyncio.gather(*[commands.freeze(battle) for _ in range(4)]))
    await clock.set(CUT_OFF)
    assert sum(await asyncio.gather(*[commands.freeze(battle) for _ in range(8)])) == 1
    frozen = await queries.battle(battle)
    assert frozen.frozen_at == CUT_OFF
    payload = {"battle": str(battle)}
    for again in (jobs.start, jobs.freeze, jobs.sweep):
        await again(payload)
    assert await queries.battle(battle) == frozen


async def test_a_late_start_counts_what_came_on_time(clock: Clock) -> None:
    battle = await open_field(clock)
    await clock.set(STARTS)
    await act("MEI")
    await act("CHEN", by=None)
    await clock.set(STARTS + timedelta(minutes=5))
    await jobs.sweep({})
    standing = dict(await scores(battle))
    assert standing == {"MEI": 2, "BAO": 0, "CHEN": 0, "DAI": 0}
    reached = await db.value("SELECT max(reached_at) FROM standing WHERE board = $1", battle)
    assert reached == STARTS
    assert await verify() == []


async def scores(battle: Any) -> list[tuple[str, int]]:
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT p.code, s.score FROM standing s JOIN person p ON p.id = s.person"
            " WHERE s.board = $1",
            battle,
        )
    return [(each["code"], each["score"]) for each in found]


async def test_a_battle_forgotten_until_after_its_cut_off_goes_through_both(clock: Clock) -> None:
    battle = await open_field(clock)
    await clock.set(STARTS + TICK)
    await act("MEI")
    await clock.set(CUT_OFF + timedelta(hours=1))
    await jobs.sweep({})
    one = await queries.battle(battle)
    assert one.state == "auditing"
    assert one.frozen
    assert one.frozen["people"]["MEI"] == 2


async def test_the_jobs_of_a_battle_wait_once(clock: Clock) -> None:
    battle = await open_field(clock)
    await jobs.plan_phases(await queries.battle(battle))
    waiting = await db.column(
        "SELECT entrypoint FROM pgqueuer WHERE entrypoint LIKE 'battle%' ORDER BY entrypoint"
    )
    assert waiting == sorted([jobs.START, jobs.LAST_HOUR, jobs.FREEZE])
    assert await verify() == []
    await begin(clock, battle)
    await close(clock, battle)
