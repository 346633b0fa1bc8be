"""Goals: how far a board's tasks are, said by whoever owns the board, anew for each frame.

What counts for a task stands in tables above this slice, so its owner answers (see
server/wiring.py); nothing is stored twice, and no row is hot.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from server.boards.schemas import Goal

Source = Callable[[UUID], Awaitable[Goal | None]]
_sources: list[Source] = []


def answer(source: Source) -> None:
    """Let `source` say the goal of every board that has one; called by the composition root."""
    _sources[:] = [source]


async def goal_of(board: UUID) -> Goal | None:
    """Return how far a board's goal is now."""
    for source in _sources:
        return await source(board)
    return None
