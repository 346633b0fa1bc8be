"""A TCP proxy in front of the apps, which cuts: at once, or in the middle of an answer."""

import asyncio
import contextlib
import random

CHUNK = 65_536


class Proxy:
    """Forwards each connection to one of the backends that is there."""

    def __init__(self, backends: list[int], chance: random.Random, cut_share: float) -> None:
        self.backends = backends
        self.port = 0
        self.cuts = 0
        self.cut_share = cut_share
        self._chance = chance
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        """Cut every connection without a word."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            there = await self._connect()
            if there is None:
                return
            back, forth = there
            self._writers.add(forth)
            try:
                limit = None
                if self._chance.random() < self.cut_share:
                    limit = self._chance.randrange(20_000)
                await _first_of(self._pump(reader, forth, None), self._pump(back, writer, limit))
            finally:
                forth.transport.abort()
                self._writers.discard(forth)
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for port in self._chance.sample(self.backends, len(self.backends)):
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None
    ) -> None:
        """Copy until an end, or until `limit` bytes have passed and the rest is lost."""
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if limit is not None and (limit := limit - len(data)) < 0:
                    self.cuts += 1
                    return
                writer.write(data)
                await writer.drain()


async def _first_of(*pumps: "asyncio.Future[None] | object") -> None:
    tasks = [asyncio.ensure_future(pump) for pump in pumps]  # type: ignore[arg-type]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
