"""Tasks end when they are told to, also those that missed it the first time."""

import asyncio

from server.kit import tasks


async def test_a_swallowed_cancellation_is_asked_for_again() -> None:
    swallowed = asyncio.Event()

    async def deaf_once() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf_once())
    await asyncio.wait([task], timeout=0)
    await tasks.end([task])
    assert swallowed.is_set()
    assert task.cancelled()


async def test_tasks_that_are_over_are_left_alone() -> None:
    async def failed() -> None:
        raise ValueError

    task = asyncio.create_task(failed())
    await asyncio.wait([task])
    await tasks.end([task])
    assert isinstance(task.exception(), ValueError)
    await tasks.end([])
