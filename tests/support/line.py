"""A line between a phone and the site that can stall, or lose what it is told to lose."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65_536


class Line:
    """A TCP line: what goes through it arrives, later, or never."""

    def __init__(self, site: str) -> None:
        self.site = ""
        self.loses = b""
        """A connection on which the phone sends something that begins so is cut."""
        self._port = urlsplit(site).port
        self._flows = asyncio.Event()
        self._flows.set()

    def stall(self) -> None:
        """Nothing arrives any more, and nobody is told."""
        self._flows.clear()

    def flow(self) -> None:
        """All that was held back arrives."""
        self._flows.set()

    async def carry(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        site, there = await asyncio.open_connection("127.0.0.1", self._port)
        ways = [
            asyncio.create_task(self._one_way(phone, there)),
            asyncio.create_task(self._one_way(site, back)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ways:
                each.cancel()
            there.close()
            back.close()

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                if self.loses and data.startswith(self.loses):
                    return
                await self._flows.wait()
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def line_to(site: str) -> AsyncIterator[Line]:
    """Lay a line to a site; `line.site` is where the phone finds it."""
    line = Line(site)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as server:
        line.site = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield line
        line.flow()
        server.close()
