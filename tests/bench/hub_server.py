"""The fan-out of `server/kit` alone: each message of the bus to every socket, as a hub does it.

`python -m tests.bench.hub_server PORT VALKEY_URL`
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import uvicorn
from litestar import Litestar, asgi
from litestar.types import Receive, Scope, Send

from server.kit.bus import Bus
from server.kit.live import Built, Hub, Socket
from server.kit.socket_protocol import write_frame_of

TOPIC = "bench"
# Above what is published: the pace is the publisher's, the same for everybody.
RATE = 1000


class Relay:
    """The newest frame, and the hub that spreads it."""

    def __init__(self, valkey: str) -> None:
        self.frame = ""
        self.count = 0
        self.bus = Bus(valkey)
        self.hub = Hub(self._build, now=self._now, rate=RATE)

    async def _build(self, _: str) -> Built:
        return Built(self.frame, ("bench", self.count))

    async def _now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def heard(self, _: str, data: dict[str, Any]) -> None:
        self.frame = data["frame"]
        self.count += 1
        self.hub.mark(TOPIC)


def create_app(valkey: str) -> Litestar:
    """Build an app of one socket route."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        relay = app.state.relay = Relay(valkey)
        await relay.bus.start()
        relay.bus.listen(TOPIC, relay.heard)
        yield
        await relay.hub.stop()
        await relay.bus.stop()

    @asgi("/live", copy_scope=True)
    async def live(scope: Scope, receive: Receive, send: Send) -> None:
        hub: Hub = scope["litestar_app"].state.relay.hub
        await receive()
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        socket = Socket(send, write=write_frame_of(scope))
        hub.add(socket)
        hub.watch(socket, TOPIC)
        try:
            while (await receive())["type"] == "websocket.receive":
                pass
        finally:
            hub.remove(socket)
            socket.drop()

    return Litestar(route_handlers=[live], lifespan=[lifespan])


def main() -> None:
    from server.serving import UVICORN  # noqa: PLC0415

    port, valkey = sys.argv[1:]
    options = {**UVICORN, "factory": False, "log_level": "warning"}
    uvicorn.run(create_app(valkey), host="127.0.0.1", port=int(port), **options)


if __name__ == "__main__":
    asyncio.set_event_loop(None)
    main()
