"""1,000 scores a second into one board that 1,000 sockets watch, for 20 s.

One app process takes the scores in, another serves the sockets; they meet in PostgreSQL and
Valkey. Staleness is how old what a phone shows has become just before its next frame.
"""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from server.boards import queries
from server.boards.schemas import TOP
from server.boards.view import SPARE
from server.kit import db, embedded
from server.kit.migrate import migrate
from server.people.sessions import start_session
from tests.bench.crowd import Listener, gather
from tests.bench.services import on_services
from tests.support.boards import Arena, arena, lasting
from tests.support.eventually import eventually

SOCKETS = 1000
SOCKETS_PER_SESSION = 5
SCORES_PER_S = 1000
SECONDS = 20
SIDES = (30,) * 7


class Stamp(msgspec.Struct):
    """What is read of every frame."""

    t: str
    version: int = 0
    as_of: datetime | None = None


_stamp = msgspec.json.Decoder(Stamp)


class Watcher:
    """Reads the stamp of each frame as it arrives on one socket."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.ages_ms: list[float] = []
        self._shown: datetime | None = None
        # What came before the first score says nothing: nothing had changed since.
        self._seen = listener.messages

    def look(self, now: datetime) -> None:
        if self.listener.messages == self._seen:
            return
        self._seen = self.listener.messages
        stamp = _stamp.decode(self.listener.last)
        if stamp.as_of is None:
            return
        if self._shown is not None:
            self.ages_ms.append((now - self._shown).total_seconds() * 1000)
        self._shown = stamp.as_of


def run() -> dict[str, Any]:
    """Measure; returns frames per socket and second, and staleness."""
    return on_services("frames", _measure)


async def _measure(services: embedded.Services) -> dict[str, Any]:
    await migrate(services.database_url)
    await db.open_pool()
    made = await arena(SIDES)
    cookies = [(await start_session(made.people[n])).token for n in range(SOCKETS // 5)]
    async with _process(services, "board_server", port := str(free_port())):
        await eventually(lambda: _answers(int(port)), within=30)
        crowd = await gather(
            int(port),
            SOCKETS,
            "/live",
            lambda n: f"Origin: http://bench\r\nCookie: sid={cookies[n // 5]}\r\n",
            msgspec.json.encode({"t": "watch", "boards": [str(made.id)]}).decode(),
        )
        await eventually(lambda: _all_have_one(crowd), within=30)
        watchers = [Watcher(each) for each in crowd]
        had = sum(each.messages for each in crowd)
        written = await _write(services, made.id, watchers)
        frames = sum(each.messages for each in crowd) - had
        await eventually(lambda: _all_are_right(made, crowd), within=30, why="a socket is wrong")
    await db.close_pool()
    ages = sorted(age for watcher in watchers for age in watcher.ages_ms)
    return {
        "frames_at_1000_scores": round(frames / SOCKETS / SECONDS, 2),
        "frames_scores_per_s": round(written / SECONDS),
        "frames_staleness_p50_ms": round(statistics.median(ages)),
        "frames_staleness_p99_ms": round(ages[int(len(ages) * 0.99)]),
        "frames_final_equal": SOCKETS,
    }


async def _write(services: embedded.Services, board: UUID, watchers: list[Watcher]) -> int:
    """Let the other process score, and watch meanwhile; returns how many scores it took in."""
    command = ("board_writer", str(board), str(SCORES_PER_S), str(SECONDS))
    async with _process(services, *command) as writing:
        reading = asyncio.create_task(writing.stdout.read())  # type: ignore[union-attr]
        while not reading.done():
            now = datetime.now(UTC)  # noqa: TID251 - the same machine's clock as PostgreSQL's
            for watcher in watchers:
                watcher.look(now)
            await asyncio.sleep(0.01)
        return int((await reading).split()[-1])


async def _all_have_one(crowd: list[Listener]) -> bool:
    return all(each.messages for each in crowd)


async def _all_are_right(made: Arena, crowd: list[Listener]) -> bool:
    """Whether the last frame of every socket is what PostgreSQL says."""
    from server.boards.frames import assemble  # noqa: PLC0415

    row = await queries.board(made.id)
    if row is None:
        return False
    reading = await queries.reading(row, TOP + SPARE)
    finish = await queries.finish(made.id, [each.person for each in reading.top])
    if finish is None:
        return False
    truth = msgspec.json.decode(
        msgspec.json.encode(lasting(assemble(finish, reading, delayed=False)))
    )
    return all(truth.items() <= msgspec.json.decode(each.last).items() for each in crowd)


async def _answers(port: int) -> bool:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@asynccontextmanager
async def _process(
    services: embedded.Services, module: str, *arguments: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run an app process of ours on these services."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.{module}", *arguments,
        stdout=subprocess.PIPE,
        env={
            **os.environ, "DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url
        },
    )  # fmt: skip
    try:
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(running.wait(), 10)
            except TimeoutError:
                running.kill()
                await running.wait()


if __name__ == "__main__":
    print(run())
