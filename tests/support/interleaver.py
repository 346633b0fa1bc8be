"""Two sessions stepped statement by statement through one schedule (promises.md, 4.12)."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import asyncpg

from server.kit.db import prepare

Step = tuple[Any, ...]
"""A statement and its arguments; the first step is BEGIN, the last COMMIT."""


def schedules(first: int, second: int) -> Iterator[tuple[int, ...]]:
    """Every order in which `first` steps of session 0 and `second` of session 1 can run."""
    turns = first + second
    for mine in combinations(range(turns), first):
        yield tuple(0 if turn in mine else 1 for turn in range(turns))


class Session:
    """One connection, its steps, and what each of them answered."""

    def __init__(self, connection: asyncpg.Connection, steps: Sequence[Step]) -> None:
        self.connection = connection
        self.left = list(steps)
        self.due = 0
        self.answers: list[Any] = []
        self.error: asyncpg.PostgresError | None = None
        self.waited = False
        self.running: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        return self.running is None or self.running.done()

    async def _step(self) -> None:
        sql, *arguments = self.left.pop(0)
        if self.error is None:
            try:
                self.answers.append(await self.connection.fetchval(sql, *arguments))
            except asyncpg.PostgresError as error:
                self.error = error
        elif not self.left:
            # After an error nothing more of the transaction runs; its end undoes it.
            await self.connection.execute("ROLLBACK")

    def go(self) -> None:
        """Run the next step, if one is due and the one before has ended."""
        if self.due and self.left and self.is_idle:
            self.due -= 1
            self.running = asyncio.create_task(self._step())


class Interleaver:
    """Plays schedules on two connections; a third asks who is blocked."""

    def __init__(self, first: Any, second: Any, watcher: Any) -> None:
        self.connections = (first, second)
        self.watcher = watcher

    async def play(
        self, schedule: Sequence[int], steps: tuple[Sequence[Step], Sequence[Step]]
    ) -> tuple[Session, Session]:
        """Step both sessions in the order of the schedule, to their ends."""
        first, second = (
            Session(connection, own)
            for connection, own in zip(self.connections, steps, strict=True)
        )
        both = (first, second)
        for turn in schedule:
            both[turn].due += 1
            await self._settle(both)
        while any(each.left or not each.is_idle for each in both):
            await self._settle(both)
        return both

    async def _settle(self, both: tuple[Session, Session]) -> None:
        """Let both go on until each has done what is due or waits for the other's lock."""
        while True:
            for each in both:
                each.go()
            busy = [each for each in both if not each.is_idle]
            blocked = [each for each in busy if await self._is_blocked(each)]
            if not busy and not any(each.due and each.left for each in both):
                return
            if busy and len(blocked) == len(busy):
                for each in blocked:
                    each.waited = True
                if not any(each.due and each.left and each.is_idle for each in both):
                    return

    async def _is_blocked(self, each: Session) -> bool:
        pid = each.connection.get_server_pid()
        waits = await self.watcher.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid)
        return bool(waits) and not each.is_idle


async def connections(url: str, count: int) -> list[asyncpg.Connection]:
    """Open sessions outside the app's pool, as the app sets its own up."""
    made = []
    for _ in range(count):
        made.append(await asyncpg.connect(url, server_settings={"timezone": "UTC"}))
        await prepare(made[-1])
    return made
