"""The auditor: compares what Redis shows with the standings, and rebuilds what differs."""

import asyncio
from typing import Final

import structlog
from redis.exceptions import ResponseError

from server.boards import queries
from server.boards.projector import Projector
from server.boards.queries import Expected
from server.boards.readings import StandingRow
from server.boards.schemas import Board
from server.boards.view import Sampled, View

log = structlog.get_logger()

EVERY_S: Final = 60.0
SAMPLE: Final = 200


class Auditor:
    """Looks at every open board once a minute."""

    def __init__(self, view: View, projector: Projector, *, every_s: float = EVERY_S) -> None:
        self._view = view
        self._projector = projector
        self._every_s = every_s

    async def run(self) -> None:
        """Audit for ever."""
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self.audit()
            except Exception as error:  # noqa: BLE001 - it must go on whatever happens
                log.warning("auditor_held_up", error=repr(error))

    async def audit(self) -> list[str]:
        """Audit every open board, and drop the views of ended ones; returns what was found."""
        boards = await queries.open_boards()
        found = []
        for board in boards:
            fault = await self._fault_of(board)
            if fault:
                log.error("board_differs", board=str(board.id), fault=fault)
                await self._projector.rebuild(board, fault)
                found.append(fault)
        await self._drop_ended(boards)
        return found

    async def _fault_of(self, board: Board) -> str:
        # In this order: what is expected was committed, so projecting must have brought it over.
        expected = await queries.expected(board.id, SAMPLE)
        await self._projector.project([board.id])
        try:
            sampled = await self._view.sample(board, expected.rows)
        except ResponseError as error:
            return repr(error)
        if sampled is None:
            return ""
        return _fault_of_sums(board, expected, sampled) or await self._fault_of_rows(
            board, expected, sampled
        )

    async def _fault_of_rows(self, board: Board, expected: Expected, sampled: Sampled) -> str:
        ahead = {}
        for row, found in zip(expected.rows, sampled.rows, strict=True):
            version = int(found[0]) if found[0] else -1
            if version < row.version:
                return f"{row.person} is behind"
            if version > row.version:
                ahead[row.person] = version
            elif found[1:] != _places(row):
                return f"{row.person} is elsewhere"
        if ahead:
            now = await queries.versions(board.id, ahead)
            for person, version in ahead.items():
                if version > now.get(person, -1):
                    return f"{person} is ahead"
        return ""

    async def _drop_ended(self, boards: list[Board]) -> None:
        for left in await self._view.kept() - {board.id for board in boards}:
            board = await queries.board(left)
            await self._view.drop(left, board.sides if board else ())


def _places(row: StandingRow) -> tuple[str, str, str]:
    return str(row.packed), str(row.packed), str(row.reached) if row.score else ""


def _fault_of_sums(board: Board, expected: Expected, sampled: Sampled) -> str:
    count = sum(expected.members.values())
    if sampled.cards != (count, count):
        return f"{sampled.cards} members for {count}"
    if sampled.version < expected.version:
        return f"version {sampled.version} for {expected.version}"
    for side, (total, members) in zip(board.sides, sampled.sides, strict=True):
        if members != expected.members.get(side.name, 0):
            return f"{side.name} has {members} members"
        # Equal versions are equal standings; later ones may have moved the sums.
        if sampled.version == expected.version and total != expected.totals.get(side.name, 0):
            return f"{side.name} has {total} points"
    return ""
