"""Simulated phones: a socket each, which keep the newest frame as the real ones do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from server.people.sessions import start_session

RECONNECT_S = 0.05


async def cookie_of(person: UUID) -> str:
    """Sign somebody in; returns their Cookie header."""
    return f"sid={(await start_session(person)).token}"


@asynccontextmanager
async def socket(
    site: str, cookie: str = "", origin: str | None = None
) -> AsyncIterator[ClientConnection]:
    """Open `/live` of a site as one of its pages does, or as another `origin` does."""
    headers = {"Origin": site if origin is None else origin}
    if cookie:
        headers["Cookie"] = cookie
    url = site.replace("http", "ws", 1) + "/live"
    async with connect(url, additional_headers=headers, compression=None, proxy=None) as one:
        yield one


async def say(one: ClientConnection, **message: Any) -> None:
    await one.send(msgspec.json.encode(message).decode())


async def hear(one: ClientConnection, kind: str, within: float = 5.0) -> dict[str, Any]:
    """The next message of a kind."""
    async with asyncio.timeout(within):
        while True:
            message: dict[str, Any] = msgspec.json.decode(await one.recv())
            if message["t"] == kind:
                return message


class Phone:
    """Watches one board for as long as it runs, reconnecting whenever it is cut."""

    def __init__(self, site: str, cookie: str, board: UUID) -> None:
        self.site = site
        self.frame: dict[str, Any] | None = None
        self.connected = 0
        self.went_back: list[tuple[Any, Any]] = []
        self._cookie = cookie
        self._board = str(board)
        self._socket: ClientConnection | None = None
        self._task = asyncio.create_task(self._live())

    def cut(self) -> None:
        """Cut the connection without a word, as a tunnel does."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _live(self) -> None:
        while True:
            with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                async with socket(self.site, self._cookie) as self._socket:
                    self.connected += 1
                    await say(self._socket, t="watch", boards=[self._board])
                    async for text in self._socket:
                        self._take(msgspec.json.decode(text))
            self._socket = None
            await asyncio.sleep(RECONNECT_S)

    def _take(self, message: dict[str, Any]) -> None:
        if message["t"] != "frame":
            return
        shown = self.frame
        if shown and shown["epoch"] == message["epoch"] and message["version"] < shown["version"]:
            self.went_back.append((shown["version"], message["version"]))
            return
        self.frame = message
