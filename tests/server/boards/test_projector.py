"""The projector: exactly what was committed, once, whatever Redis or other writers do (P10)."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from redis.asyncio import Redis

from server.boards import commands, jobs, queries
from server.boards.readings import StandingRow
from server.boards.schemas import Frame
from server.boards.service import Service
from server.boards.view import Cursor
from server.config import Settings
from server.kit import db, ids
from tests.support.boards import KIND as KIND_TITLE
from tests.support.boards import STARTS, Arena, arena, lasting, said


async def shown(boards: Service, made: Arena) -> Frame:
    await boards.projector.project([made.id])
    frame = await boards.frames.frame(made.id)
    assert not frame.delayed
    return frame


async def scored(boards: Service, count: int = 6) -> Arena:
    """A board with some points and a view of them."""
    made = await arena((4, 4))
    await boards.projector.project([made.id])
    for number in range(count):
        person = made.people[number % len(made.people)]
        await made.score_points(person, number + 1, timedelta(seconds=number))
    await boards.projector.project([made.id])
    return made


def keys(made: Arena) -> str:
    return f"{{board:{made.id}}}"


async def set_back(redis: Redis, made: Arena, x: int) -> None:
    await redis.hset(f"{keys(made)}:meta", mapping={"x": x, "i": -1})


async def test_repeats_are_harmless(boards: Service) -> None:
    made = await scored(boards)
    before = await shown(boards, made)
    await set_back(boards.link.client, made, 0)
    after = await shown(boards, made)
    assert lasting(after) == lasting(before)
    assert (after.epoch, after.version) == (before.epoch, before.version)


async def test_any_order_and_any_repeats_end_the_same(boards: Service) -> None:
    made = await scored(boards, 12)
    before = await shown(boards, made)
    row = await queries.board(made.id)
    changes = await queries.changes_after(made.id, 0, -1)
    cursor = await boards.view.cursor(made.id)
    assert row
    assert changes
    assert cursor
    pairs = [(change.row, change.told) for change in changes.rows]
    seed = random.Random(7)
    for _ in range(20):
        jumbled = seed.choices(pairs, k=len(pairs)) + seed.sample(pairs, len(pairs))
        # The first half applied to nothing, then the second to what that has left.
        await boards.view.rebuild(row, cursor.x, changes.at, [], [])
        fresh = await boards.view.cursor(made.id)
        assert fresh
        await boards.view.apply(row, fresh, changes.at, jumbled)
        assert lasting(await shown(boards, made)) == lasting(before)


@asynccontextmanager
async def slow_writer(settings: Settings, made: Arena) -> AsyncIterator[UUID]:
    """Somebody who has written a score of 9 and commits only at the end of the block."""
    late = made.people[0]
    slow = await asyncpg.connect(settings.database_url)
    try:
        async with slow.transaction():
            await slow.execute(
                "WITH moved AS (UPDATE standing SET score = 9, version = version + 1"
                " WHERE board = $1 AND person = $2 RETURNING *)"
                " INSERT INTO change (board, person, side, score, reached_at, version)"
                " SELECT board, person, side, score, reached_at, version FROM moved",
                made.id, late,
            )  # fmt: skip
            yield late
    finally:
        await slow.close()


async def test_what_commits_behind_the_fence_is_not_passed_over(
    boards: Service, settings: Settings
) -> None:
    made = await arena((2, 2))
    await boards.projector.project([made.id])
    async with slow_writer(settings, made) as late:
        # Ours begins later and commits first: it has the higher transaction id.
        await made.score_points(made.people[1], 1, timedelta(seconds=1))
        assert (await shown(boards, made)).top[0].name == made.names[made.people[1]]
    assert (await shown(boards, made)).top[0].name == made.names[late]


async def test_a_rebuild_does_not_pass_over_who_has_not_committed(
    boards: Service, settings: Settings
) -> None:
    made = await arena((2, 2))
    async with slow_writer(settings, made) as late:
        await made.score_points(made.people[1], 1, timedelta(seconds=1))
        rebuilt = await shown(boards, made)
        assert rebuilt.top[0].name == made.names[made.people[1]]
    after = await shown(boards, made)
    assert after.top[0].name == made.names[late]
    assert after.epoch == rebuilt.epoch


async def test_a_hundred_writers_lose_nothing(boards: Service) -> None:
    made = await arena((5, 5, 5))
    seed = random.Random(3)

    async def write(number: int) -> None:
        for turn in range(5):
            await made.score_points(
                seed.choice(made.people), seed.randint(1, 5), timedelta(seconds=number + turn)
            )

    async def keep_projecting() -> None:
        while True:
            await boards.projector.project()

    projecting = asyncio.create_task(keep_projecting())
    async with asyncio.TaskGroup() as group:
        for number in range(100):
            group.create_task(write(number))
    projecting.cancel()
    await asyncio.gather(projecting, return_exceptions=True)
    frame = await shown(boards, made)
    assert said(frame) == made.expected()
    # It was followed, not rebuilt: otherwise this test would say nothing.
    cursor = await boards.view.cursor(made.id)
    assert cursor
    assert cursor.epoch == frame.epoch


async def test_several_projectors_of_one_board_agree(boards: Service, settings: Settings) -> None:
    made = await arena((3, 3))
    other = Service(settings.redis_url or "")
    for number in range(10):
        await made.score_points(made.people[number % 6], 1, timedelta(seconds=number))
        await asyncio.gather(
            boards.projector.project([made.id]), other.projector.project([made.id])
        )
    assert said(await shown(boards, made)) == made.expected()
    await other.link.close()


async def test_a_cursor_ahead_of_postgresql_means_another_history(boards: Service) -> None:
    made = await scored(boards)
    before = await shown(boards, made)
    redis = boards.link.client
    await set_back(redis, made, 1 << 50)
    await redis.hset(f"{keys(made)}:versions", str(made.people[0]), 1000)
    await made.score_points(made.people[0], 1, timedelta(minutes=1))
    after = await shown(boards, made)
    assert after.epoch != before.epoch
    assert said(after) == made.expected()


async def test_a_batch_for_another_epoch_is_refused(boards: Service) -> None:
    made = await scored(boards)
    row = await queries.board(made.id)
    assert row
    stale = Cursor("another", 1, 1)
    change = StandingRow(made.people[0], "1队", 1000, 1, 1000)
    assert await boards.view.apply(row, stale, STARTS, [(change, None)]) is None
    assert said(await shown(boards, made)) == made.expected()


@pytest.mark.parametrize("lost", ["meta", "people", "versions", "totals", "side:1", "reached:1"])
async def test_one_lost_key_is_found_by_one_audit(boards: Service, lost: str) -> None:
    made = await scored(boards)
    before = await shown(boards, made)
    await boards.link.client.delete(f"{keys(made)}:{lost}")
    await boards.auditor.audit()
    after = await shown(boards, made)
    assert after.epoch != before.epoch
    assert said(after) == made.expected()


@pytest.mark.parametrize(
    "tampering",
    [
        ("ZADD", "people", -1, "{0}"),
        ("ZADD", "side:1", -1, "{0}"),
        ("ZADD", "reached:1", 5, "{0}"),
        ("ZREM", "people", "{0}"),
        ("ZADD", "people", -(2**40), "somebody"),
        ("HINCRBY", "totals", 1, 100),
        ("HSET", "versions", "{0}", 900),
        ("HSET", "versions", "{0}", 0),
        ("SET", "people", "nonsense"),
    ],
)
async def test_tampering_is_found_by_one_audit(
    boards: Service, tampering: tuple[object, ...]
) -> None:
    made = await scored(boards)
    before = await shown(boards, made)
    verb, key, *rest = [str(part).replace("{0}", str(made.people[0])) for part in tampering]
    await boards.link.client.execute_command(verb, f"{keys(made)}:{key}", *rest)
    await boards.auditor.audit()
    after = await shown(boards, made)
    assert after.epoch != before.epoch
    assert said(after) == made.expected()


async def test_an_honest_view_passes_the_audit(boards: Service) -> None:
    made = await scored(boards)
    await made.score_points(made.people[0], 1, timedelta(minutes=1))
    assert await boards.auditor.audit() == []
    before = await shown(boards, made)
    assert await boards.auditor.audit() == []
    assert (await shown(boards, made)).epoch == before.epoch


async def test_the_view_of_an_ended_board_is_dropped(boards: Service) -> None:
    made = await scored(boards)
    assert await boards.link.client.keys(f"{keys(made)}*")
    await commands.close(made.id, "final", ["1队"])
    await boards.auditor.audit()
    assert not await boards.link.client.keys(f"{keys(made)}*")


async def test_old_change_rows_go_and_the_last_moments_stay(boards: Service) -> None:
    made = await scored(boards, 8)
    before = await shown(boards, made)
    await db.execute("UPDATE change SET created_at = created_at - interval '25 hours'")
    assert await jobs.delete_old_changes() == 3 + len(made.people)
    await boards.link.client.flushall()
    assert lasting(await shown(boards, made)) == lasting(before)
    await made.score_points(made.people[0], 1, timedelta(minutes=1))
    assert await jobs.delete_old_changes() == 1, "the sixth latest moment"


async def test_whoever_comes_later_is_a_later_version_and_nobody_is_moved(
    boards: Service,
) -> None:
    made = await arena((2, 2))
    before = await shown(boards, made)
    newcomer, old = ids.new_id(), made.people[0]
    await db.execute(
        "INSERT INTO person (id, code, name, rank) VALUES ($1, 'new', '新人', 'staff')", newcomer
    )
    await commands.open_standings(made.id, [(newcomer, "2队"), (old, "2队")])
    after = await shown(boards, made)
    assert (after.epoch, after.version) == (before.epoch, before.version + 1)
    assert "新人" in [row.name for row in after.top]
    assert await queries.side_of(made.id, old) == "1队"


async def test_a_hundred_moments_keep_the_last_five(boards: Service) -> None:
    made = await scored(boards, 40)
    frame = await shown(boards, made)
    assert [moment.points for moment in frame.moments] == [40, 39, 38, 37, 36]
    assert frame.moments[0].kind_title == KIND_TITLE
