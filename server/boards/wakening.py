"""Who has to know at once that a board has changed: the projectors of this process."""

from collections.abc import Callable
from uuid import UUID

_sleepers: list[Callable[[UUID], None]] = []


def listen(awake: Callable[[UUID], None]) -> None:
    """Call `awake` with the id of every board that changes in this process."""
    _sleepers.append(awake)


def forget(awake: Callable[[UUID], None]) -> None:
    """Stop calling `awake`."""
    _sleepers.remove(awake)


def wake(board: UUID) -> None:
    """Say that a committed change of this board is there to be projected; never waits."""
    for awake in _sleepers:
        awake(board)
