"""The bus ends when it is told to, at whatever moment that is."""

import asyncio
from typing import Any

from server.config import Settings
from server.kit.bus import Bus
from tests.support.eventually import eventually


async def test_it_stops_while_a_message_is_just_sent(settings: Settings) -> None:
    bus = Bus(settings.redis_url or "")
    stopping: list[asyncio.Task[None]] = []

    async def send(*_: Any) -> None:
        stopping.append(asyncio.create_task(bus.stop()))

    bus._layer.group_send = send
    await bus.start()
    bus.publish("people", {})

    async def is_told() -> bool:
        return bool(stopping)

    await eventually(is_told)
    async with asyncio.timeout(5):
        await stopping[0]
