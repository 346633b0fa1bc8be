"""Ending a piece of work between any two of its steps."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


class KilledError(Exception):
    """The work was ended at the step that was asked for."""


class EndedAt:
    """Awaits a coroutine, and ends it where it waits for the `step`-th time."""

    def __init__(self, work: Coroutine[Any, Any, T], step: int) -> None:
        self._work = work
        self._step = step

    def __await__(self) -> Generator[Any, Any, T]:
        waits = 0
        go_on, given = self._work.send, None
        try:
            while True:
                future = go_on(given)
                waits += 1
                if waits == self._step and future is not None:
                    # As a task is cancelled: by way of what it waits for.
                    future.cancel()
                try:
                    yield future
                except BaseException as error:  # noqa: BLE001 - all of it is the work's to handle
                    go_on, given = self._work.throw, error
                else:
                    go_on, given = self._work.send, None
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except asyncio.CancelledError:
            raise KilledError(waits) from None


async def ended_at(work: Coroutine[Any, Any, T], step: int) -> T | None:
    """Run work until its `step`-th wait; None where it was ended, else what it answers."""
    try:
        return await EndedAt(work, step)
    except KilledError:
        return None
