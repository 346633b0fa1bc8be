"""The app on a real port in the test's own loop, and a phone's browser to look at it with."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from litestar.types import ASGIApp
from playwright.async_api import Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
CONNECTS_S = 30
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}


class Server(uvicorn.Server):
    """uvicorn that says when it is ready, and leaves the signals to pytest."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                ws="server.kit.socket_protocol:SocketProtocol",
                ws_per_message_deflate=False,
                lifespan="on",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=5,
            )
        )
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Serve the app on a loopback port, a free one by default; gives `http://127.0.0.1:…`."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        server = Server(app)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        ready = asyncio.create_task(server.ready.wait())
        # A start that fails ends `running` first, and its exception is the news.
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            await running
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


@asynccontextmanager
async def connected(page: Page) -> AsyncIterator[None]:
    """Do what opens a page, and wait until its socket is up: it has said what it watches."""
    said = asyncio.Event()
    page.once("websocket", lambda socket: socket.on("framesent", lambda _: said.set()))
    yield
    await asyncio.wait_for(said.wait(), CONNECTS_S)


def chromium_options() -> dict[str, Any]:
    """Return how Playwright starts Chromium: the system's where there is one, else its own."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return {"executable_path": found, "args": list(CHROMIUM_FLAGS)}


def each_with_its_own_state(app: ASGIApp) -> ASGIApp:
    """Copy the lifespan's state for each request, as a server does; Litestar writes into it."""

    async def one(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            scope = scope | {"state": dict(scope.get("state", {}))}
        await app(scope, receive, send)

    return one
