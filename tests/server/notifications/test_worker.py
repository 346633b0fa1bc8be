"""What a job tells reaches the processes that hold the sockets; without Redis the job is done too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from server import config, serving
from server.kit import db, jobs
from server.notifications import hints
from server.people.jobs import SWEEP
from tests.support.eventually import eventually

NOBODY = "redis://127.0.0.1:1"


async def tell(_: dict[str, Any]) -> None:
    """A job whose effect is news."""

    @db.command
    async def told() -> None:
        await db.execute("INSERT INTO setting VALUES ('told', '{}')")
        await hints.hint([], "inbox")

    await told()


@contextlib.asynccontextmanager
async def working() -> AsyncIterator[None]:
    """A worker as `leitai work` starts it, with the one job above."""
    task = asyncio.create_task(serving.work())
    try:
        await eventually(lambda: _is_open(task), within=30, why="the worker never opened its pool")
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _is_open(task: asyncio.Task[int]) -> bool:
    assert not task.done(), task.exception()
    return db.DB.pool is not None


@pytest.fixture(autouse=True)
async def _job(reset: None) -> AsyncIterator[None]:
    kept = serving.WORKER_JOBS[SWEEP]
    serving.WORKER_JOBS[SWEEP] = tell
    yield
    serving.WORKER_JOBS[SWEEP] = kept


async def is_done() -> bool:
    return bool(await db.value("SELECT true FROM setting WHERE name = 'told'"))


async def test_a_hint_of_a_job_reaches_other_processes(settings: config.Settings) -> None:
    """Heard as another process hears it: a bus here would be taken for the worker's own."""
    layer = RedisPubSubChannelLayer(hosts=[settings.redis_url], prefix="leitai")
    channel = await layer.new_channel()
    await layer.group_add("people", channel)
    async with working():
        await jobs.enqueue(SWEEP, {})
        async with asyncio.timeout(30):
            heard = await layer.receive(channel)
    await layer.flush()
    assert heard["data"] == {"people": [], "what": ["inbox"]}


async def test_redis_away_fails_no_job(settings: config.Settings) -> None:
    config.use(settings.model_copy(update={"redis_url": NOBODY}))
    try:
        async with working():
            await jobs.enqueue(SWEEP, {})
            await eventually(is_done, within=30, why="the job was not done")
    finally:
        config.use(settings)
