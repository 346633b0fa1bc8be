"""`leitai demo`: everything in one command, on services of its own unless others are named."""

import asyncio
import errno
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Final

import asyncpg
import structlog
import uvicorn

from game.errors import RuleViolation
from server import config, serving, wiring
from server.config import DemoSettings
from server.demo import history, network, rounds, store_day, terminal, till
from server.demo.rounds import Pace
from server.kit import db, embedded
from server.kit.embedded import EmbeddedError
from server.kit.errors import REFUSALS
from server.kit.i18n import lazy
from server.kit.jobs import STOP_AFTER_S
from server.kit.migrate import migrate

log = structlog.get_logger()

REFUSED: Final = 2
LOOPBACK: Final = "127.0.0.1"
SYSTEM_PORTS: Final = 1023
PORTS_TRIED: Final = 100
COLLEAGUES: Final = (sys.executable, "-m", "server.demo.colleagues")
COLLEAGUES_REST_S: Final = 5.0


def run(*, lan: bool, reset: bool, port: int) -> int:
    """Run the demo until a signal ends it; returns the exit status, 2 when it can't begin."""
    try:
        _run(lan=lan, reset=reset, port=port)
    except EmbeddedError as fault:
        sys.stderr.write(f"{fault}\n")
        return REFUSED
    except RuleViolation as refusal:
        terminal.complain(REFUSALS[refusal.code].sentence, refusal.facts)
        return REFUSED
    return 0


def _run(*, lan: bool, reset: bool, port: int) -> None:
    if reset and config.settings().database_url is not None:
        raise RuleViolation("reset_of_a_named_database")
    host = network.EVERYWHERE if lan else LOOPBACK
    with _listening(host, port) as door, _services(reset=reset) as (database_url, redis_url):
        terminal.say(lazy("The demo company is getting ready …"))
        config.use(
            DemoSettings(
                host=host,
                port=port,
                database_url=database_url,
                redis_url=redis_url,
                leitai_origin=None,
            )
        )
        _play(door)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is started; who comes early waits at the door."""
    try:
        door = socket.create_server((host, port))
    except OSError as fault:
        if fault.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise RuleViolation("port_taken", port=port, free=_free_port(host, port)) from None
    with door:
        yield door


def _free_port(host: str, port: int) -> int:
    first = max(port, SYSTEM_PORTS) + 1
    for other in range(first, first + PORTS_TRIED):
        with suppress(OSError), socket.create_server((host, other)):
            return other
    return 0


@contextmanager
def _services(*, reset: bool) -> Iterator[tuple[str, str]]:
    """Have the database and Redis that the environment names, and our own for what it doesn't."""
    named = config.settings()
    if named.database_url is not None and named.redis_url is not None:
        yield named.database_url, named.redis_url
        return
    with embedded.services("demo", reset=reset) as own:
        yield named.database_url or own.database_url, named.redis_url or own.redis_url


def _play(door: socket.socket) -> None:
    settings = uvicorn.Config("server.app:create_app", log_level="warning", **serving.UVICORN)
    with asyncio.Runner(loop_factory=settings.get_loop_factory()) as runner:
        runner.run(_serve(settings, door))


async def _serve(settings: uvicorn.Config, door: socket.socket) -> None:
    database_url = config.settings().database_url or ""
    try:
        await migrate(database_url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise RuleViolation("database_refuses", fault=fault) from fault
    await _begin()
    await Server(settings, lambda: _beside(database_url)).serve(sockets=[door])


async def _begin() -> None:
    """Make the demo company where there is none yet."""
    wiring.wire()
    await db.open_pool()
    try:
        await history.begin()
    finally:
        await db.close_pool()


class Server(uvicorn.Server):
    """uvicorn, and what runs beside it: begun once it answers, ended before the app closes."""

    def __init__(self, settings: uvicorn.Config, beside: Callable[[], Awaitable[None]]) -> None:
        super().__init__(settings)
        self._make_beside = beside
        self._beside: asyncio.Future[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # A terminal with a QR code on it is no log: it hears of trouble only.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        self._beside = asyncio.ensure_future(self._make_beside())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._beside is not None:
            self._beside.cancel()
            with suppress(asyncio.CancelledError):
                await self._beside
        await super().shutdown(sockets)


async def _beside(database_url: str) -> None:
    """Greet, then keep the jobs, the rounds and the colleagues going until cancelled."""
    _greet()
    worker = serving.worker(database_url)
    working = asyncio.create_task(worker.run(), name="worker")
    others = [
        asyncio.create_task(rounds.keep_going(Pace()), name="rounds"),
        asyncio.create_task(_keep_colleagues(), name="colleagues"),
        asyncio.create_task(store_day.keep_going(), name="store_day"),
        asyncio.create_task(till.keep_going(Random()), name="till"),  # noqa: S311
    ]
    try:
        ended, _ = await asyncio.wait([working, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            log.error("demo_part_ended", part=task.get_name(), exc_info=task.exception())
    finally:
        # Not cancelled at once: the job under way comes to its end.
        worker.stop()
        for task in others:
            task.cancel()
        await asyncio.wait([working, *others], timeout=STOP_AFTER_S)
        working.cancel()


async def _keep_colleagues() -> None:
    """Keep the colleagues' process alive; it ends by itself when this one is gone."""
    while True:
        process = await asyncio.create_subprocess_exec(
            *COLLEAGUES,
            f"http://{LOOPBACK}:{config.settings().port}",
            stdin=asyncio.subprocess.PIPE,
            env={name: text for name, text in os.environ.items() if not name.endswith("_URL")},
            # A Ctrl-C in the terminal is for us.
            start_new_session=True,
        )
        try:
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        log.warning("colleagues_ended", status=status)
        await asyncio.sleep(COLLEAGUES_REST_S)


def _greet() -> None:
    here = config.settings()
    link = network.origin(here.host, here.port)
    terminal.say(lazy("The battle is on: %(link)s"), link=link)
    terminal.show_qr(link)
    if here.host == network.EVERYWHERE:
        terminal.say(
            lazy("Everyone on this network can open this address and play any role, finance too.")
        )
        terminal.say(
            lazy("Offline use, installing and the camera need HTTPS; over plain HTTP they are off.")
        )
    terminal.say(lazy("Ctrl-C ends it; the next start goes on from here."))
