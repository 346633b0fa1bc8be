"""Durable work: a job is enqueued in the transaction of its cause, and runs at least once.

Jobs are importable functions over a small payload; one may run twice, so its effect checks
whether it is still to be done.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import structlog
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule
from pgqueuer.queries import Queries

from server.kit import db

log = structlog.get_logger()

Job = Callable[[dict[str, Any]], Awaitable[None]]
# A listener that died with its connection is not noticed otherwise (libraries.md T10).
DEQUEUE_EVERY = timedelta(seconds=2)
PAUSE_MAX_S = 15
STOP_AFTER_S = 2


async def enqueue(
    name: str, payload: dict[str, Any], after: timedelta = timedelta(0), key: str | None = None
) -> None:
    """Leave a job behind in the current transaction; `key` keeps the same job from waiting twice."""
    async with db.connection() as one:
        await Queries(AsyncpgDriver(one)).enqueue(
            name,
            msgspec.json.encode(payload),
            execute_after=max(after, timedelta(0)),
            dedupe_key=key,
            on_conflict="skip",
        )


class Worker:
    """Runs jobs and the schedule until it is stopped; starts again when PostgreSQL went away."""

    def __init__(self, database_url: str, jobs: Mapping[str, Job], cron: Mapping[str, str]) -> None:
        self._url = database_url
        self._jobs = jobs
        self._cron = cron
        self._queue: PgQueuer | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop()`; a lost connection is opened again, with growing pauses."""
        pause = 1
        while not self._stopping.is_set():
            try:
                await self._work()
                pause = 1
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("worker_lost_database", error=repr(error), again_in_s=pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), timeout=pause)
            pause = min(2 * pause, PAUSE_MAX_S)

    async def _work(self) -> None:
        pool = await asyncpg.create_pool(
            self._url, min_size=1, max_size=4, server_settings={"application_name": "leitai work"}
        )
        try:
            self._queue = self._registered(PgQueuer.from_asyncpg_pool(pool))
            await self._queue.run(dequeue_timeout=DEQUEUE_EVERY)
        finally:
            self._queue = None
            pool.terminate()

    def _registered(self, queue: PgQueuer) -> PgQueuer:
        for name, job in self._jobs.items():
            queue.entrypoint(name, on_failure="hold")(_wrapped(name, job))
        for name, expression in self._cron.items():
            queue.schedule(f"cron_{name}", expression, clean_old=True)(
                _scheduled(name, self._jobs[name])
            )
        return queue

    def stop(self) -> None:
        """Ask the worker to end after the job under way."""
        self._stopping.set()
        if self._queue is not None:
            self._queue.shutdown.set()


def _wrapped(name: str, job: Job) -> Callable[[QueuedJob], Awaitable[None]]:
    async def run(queued: QueuedJob) -> None:
        try:
            await job(msgspec.json.decode(queued.payload or b"{}"))
        except asyncio.CancelledError:
            # PgQueuer would delete the job that was running when the worker is cancelled.
            raise RetryRequested(delay=timedelta(0)) from None
        except Exception as error:
            log.exception("job_failed", job=name)
            raise RetryRequested(delay=timedelta(seconds=5)) from error

    return run


def _scheduled(name: str, job: Job) -> Callable[[Schedule], Awaitable[None]]:
    async def run(_: Schedule) -> None:
        try:
            await job({})
        except Exception:
            log.exception("scheduled_job_failed", job=name)

    return run
