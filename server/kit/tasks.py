"""Tasks that run as long as their process, and how they end."""

import asyncio
from collections.abc import Iterable
from typing import Final

AGAIN_S: Final = 0.5


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they are over.

    Once is not enough: a library that is waiting with a time limit may swallow a cancellation
    that comes just as it is done, and its task would run on for ever.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=AGAIN_S)
