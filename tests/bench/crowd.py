"""A crowd of sockets that cost little: raw WebSocket clients that only count what arrives."""

import asyncio
import base64
import os
import struct
from collections.abc import Awaitable, Callable
from typing import cast


class Listener(asyncio.Protocol):
    """One socket; counts the messages that begin with `counted` and keeps the last one."""

    def __init__(self, path: str, headers: str, first_words: str, counted: bytes) -> None:
        self.messages = 0
        self.last = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._path = path
        self._headers = headers
        self._first_words = first_words
        self._counted = counted
        self._buffer = bytearray()
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not subclasses.
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\n{self._headers}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, ended, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not ended:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.opened.set_exception(ConnectionError(head[:100].decode()))
                return
            self._is_open = True
            self._buffer = bytearray(rest)
            if self._first_words:
                self.say(self._first_words)
            self.opened.set_result(None)
        self._take_messages()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed"))

    def say(self, text: str) -> None:
        """Send a text message, masked with zeros as the cheapest mask there is."""
        data = text.encode()
        assert len(data) < 126
        self.transport.write(bytes((0x81, 0x80 | len(data), 0, 0, 0, 0)) + data)

    def _take_messages(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1], at + 2
            if size == 126:
                if len(buffer) < at + 4:
                    break
                size, start = struct.unpack_from(">H", buffer, at + 2)[0], at + 4
            elif size == 127:
                if len(buffer) < at + 10:
                    break
                size, start = struct.unpack_from(">Q", buffer, at + 2)[0], at + 10
            if len(buffer) < start + size:
                break
            if buffer[at] == 0x81 and buffer.startswith(self._counted, start):
                self.messages += 1
                self.last = bytes(buffer[start : start + size])
            elif buffer[at] == 0x89:
                self.transport.write(b"\x8a\x80\x00\x00\x00\x00")
            at = start + size
        del buffer[:at]


async def gather(
    port: int,
    count: int,
    path: str,
    headers: Callable[[int], str] = lambda _: "",
    first_words: str = "",
    counted: bytes = b'{"t":"frame"',
) -> list[Listener]:
    """Open `count` sockets, some at a time."""
    loop = asyncio.get_running_loop()

    async def one(number: int) -> Listener:
        _, listener = await loop.create_connection(
            lambda: Listener(path, headers(number), first_words, counted), "127.0.0.1", port
        )
        await asyncio.wait_for(listener.opened, 20)
        return listener

    crowd: list[Listener] = []
    for start in range(0, count, 50):
        several: list[Awaitable[Listener]] = [one(n) for n in range(start, min(start + 50, count))]
        crowd += await asyncio.gather(*several)
    return crowd
