"""A company with one employee and one administrator, and a gateway for its messages."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from server import config
from server.people import passcodes
from tests.support.door import PASSCODE, bring


@pytest.fixture(scope="session")
async def passcode_hash() -> str:
    """One hash for everybody: making one takes a tenth of a second."""
    return await passcodes.hashed(PASSCODE)


@pytest.fixture
async def company(client: httpx.AsyncClient, passcode_hash: str) -> None:
    """E1 (with a phone), E2 (without), and the administrator AD."""
    await bring(
        "E1,梅,staff,总部/一队,一队,13812341234,",
        "E2,宝,staff,总部/一队,一队,,",
        "AD,文管理,manager,总部,,,admin",
        passcode_hash=passcode_hash,
    )


class Gateway:
    """The company's gateway for messages: keeps what it gets, answers as told."""

    def __init__(self) -> None:
        self.status = 200
        self.messages: list[dict[str, Any]] = []

    @property
    def code(self) -> str:
        """The code in the newest message."""
        return str(self.messages[-1]["code"])

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split()[0])
        self.messages.append(msgspec.json.decode(await reader.readexactly(length)))
        writer.write(
            f"HTTP/1.1 {self.status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()


@pytest.fixture
async def gateway(settings: config.Settings) -> AsyncIterator[Gateway]:
    """A gateway on a port of its own, named in the settings."""
    made = Gateway()
    async with await asyncio.start_server(made.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}/messages"
        config.use(settings.model_copy(update={"message_webhook_url": url}))
        yield made
    config.use(settings)
