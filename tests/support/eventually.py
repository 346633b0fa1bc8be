"""Waiting for a condition, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_S = 0.02


async def eventually(
    what: Callable[[], Awaitable[T]], *, within: float = 10.0, why: str = "it never came true"
) -> T:
    """Ask `what` until it answers something true, and return that; AssertionError after `within`.

    Exceptions count as "not yet": services come and go in these tests.
    """
    deadline = asyncio.get_running_loop().time() + within
    last: object = None
    while asyncio.get_running_loop().time() < deadline:
        try:
            async with asyncio.timeout_at(deadline):
                last = found = await what()
        except Exception as error:  # noqa: BLE001
            last = error
        else:
            if found:
                return found
        await asyncio.sleep(POLL_S)
    raise AssertionError(f"{why} within {within} s; last: {last!r}")
