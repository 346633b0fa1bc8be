"""The projector: copies what has changed from PostgreSQL to Redis, in every process.

Woken after each commit of its own process, it also looks round every second for what others
have left behind. Applying is idempotent, so any number of processes may project one board.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

import structlog
from redis.exceptions import ResponseError

from server.boards import queries
from server.boards.queries import Changes
from server.boards.schemas import Board
from server.boards.view import Cursor, View
from server.kit.redis import RedisAwayError

log = structlog.get_logger()

ROUND_S: Final = 1.0
GAP_S: Final = 0.02
"""Commits within this time are projected together."""
BACKOFF_MAX_S: Final = 1.0

Moved = Callable[[UUID | None], None]
"""Told which board has changed; None: any may have, look at what is watched."""


class Projector:
    """Keeps the view of every open board up to date, and says what has moved."""

    def __init__(self, view: View, moved: Moved, *, round_s: float = ROUND_S) -> None:
        self._view = view
        self._moved = moved
        self._round_s = round_s
        self._woken: set[UUID] = set()
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._failures = 0

    @property
    def is_well(self) -> bool:
        """Whether the last round went through."""
        return self._failures == 0

    def wake(self, board: UUID) -> None:
        """Say that a board has changed."""
        self._woken.add(board)
        self._wake.set()

    async def run(self) -> None:
        """Project for ever; whatever fails is tried again."""
        loop = asyncio.get_running_loop()
        next_round = loop.time()
        while True:
            is_round = loop.time() >= next_round
            if is_round:
                next_round = loop.time() + self._round_s
            woken, self._woken = self._woken, set()
            self._wake.clear()
            await self._supervised(None if is_round else woken)
            # Boards that are not shown from Redis, or can't be, are read from SQL by who watches;
            # a round also finds what other processes did to them.
            for board in [None] if is_round else woken:
                self._moved(board)
            await asyncio.sleep(GAP_S + self._backoff())
            await self._wait(next_round - loop.time())

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _supervised(self, boards: Iterable[UUID] | None) -> None:
        try:
            await self.project(boards)
            if self._failures:
                log.info("projector_well")
            self._failures = 0
        except Exception as error:  # noqa: BLE001 - it must go on whatever happens
            if not self._failures:
                log.warning("projector_held_up", error=repr(error))
            self._failures += 1

    def _backoff(self) -> float:
        if not self._failures:
            return 0.0
        most = min(BACKOFF_MAX_S, 0.05 * 2**self._failures)
        return random.uniform(most / 2, most)  # noqa: S311 - jitter, not a secret

    async def project(self, woken: Iterable[UUID] | None = None) -> None:
        """Project every open board once, or those of `woken`."""
        async with self._turn:
            failed: Exception | None = None
            for board in await queries.open_boards(woken):
                try:
                    await self._project(board)
                except RedisAwayError:
                    raise
                except Exception as error:  # noqa: BLE001 - one board must not stop the others
                    log.warning("board_not_projected", board=str(board.id), error=repr(error))
                    failed = error
            if failed is not None:
                raise failed

    async def rebuild(self, board: Board, reason: str) -> None:
        """Make a board's view anew from its standings, with a new epoch."""
        if not await self._view.may_rebuild(board.id):
            self.wake(board.id)
            return
        snapshot = await queries.snapshot(board)
        applied = await self._view.rebuild(
            board, snapshot.x, snapshot.at, snapshot.rows, snapshot.moments
        )
        log.info(
            "board_rebuilt", board=str(board.id), reason=reason,
            members=applied.moved, version=applied.version,
        )  # fmt: skip
        self._moved(board.id)

    async def _project(self, board: Board) -> None:
        while True:
            try:
                cursor = await self._view.cursor(board.id)
                if cursor is None:
                    return await self.rebuild(board, "no_view")
                changes = await queries.changes_after(board.id, cursor.x, cursor.i)
                if changes is None:
                    return None
                if cursor.x > changes.xmax:
                    return await self.rebuild(board, "ahead_of_postgresql")
                if await self._apply(board, cursor, changes):
                    return None
            except ResponseError as error:
                # A key is not what it should be: somebody has been at it.
                return await self.rebuild(board, repr(error))

    async def _apply(self, board: Board, cursor: Cursor, changes: Changes) -> bool:
        """Apply a batch; True when it was the last one."""
        after = _after(cursor, changes)
        applied = await self._view.apply(
            board, after, changes.at, [(change.row, change.told) for change in changes.rows]
        )
        if applied is None:
            return False
        if applied.moved:
            self._moved(board.id)
        if any(not change.is_settled for change in changes.rows):
            # They are applied; the cursor waits until nothing older can turn up.
            self.wake(board.id)
            return True
        return len(changes.rows) < queries.BATCH


def _after(cursor: Cursor, changes: Changes) -> Cursor:
    """The cursor past what is settled; behind the fence, rows come in their order."""
    settled = [change for change in changes.rows if change.is_settled]
    return Cursor(cursor.epoch, settled[-1].xid, settled[-1].id) if settled else cursor
