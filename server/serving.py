"""Run the app and the worker: uvicorn with the settings that were measured."""

import asyncio
import os
from typing import Any

import uvicorn

from server import config, wiring
from server.battles import jobs as battles
from server.boards import jobs as boards
from server.challenges import jobs as challenges
from server.coupons import jobs as coupons
from server.honours import jobs as honours
from server.kit import db, embedded
from server.kit.jobs import Worker

WORKER_JOBS = {**battles.JOBS, **boards.JOBS, **honours.JOBS, **challenges.JOBS, **coupons.JOBS}
WORKER_CRON = {**battles.CRON, **boards.CRON, **honours.CRON, **challenges.CRON, **coupons.CRON}
# Frames are small and the same for everybody: deflating them costs more than it saves.
UVICORN: dict[str, Any] = {
    "factory": True,
    "ws": "server.kit.socket_protocol:SocketProtocol",
    "ws_per_message_deflate": False,
    "ws_max_size": 16_384,
    "loop": "uvloop",
    "http": "httptools",
    "access_log": False,
    "timeout_graceful_shutdown": 10,
}


def worker(database_url: str) -> Worker:
    """Return a worker with every job of the product."""
    return Worker(database_url, WORKER_JOBS, WORKER_CRON)


def serve() -> int:
    """Serve until a signal ends it."""
    chosen = config.settings()
    uvicorn.run("server.app:create_app", host=chosen.host, port=chosen.port, **UVICORN)
    return 0


async def work() -> int:
    """Run jobs until a signal ends it; a session of its own, no HTTP."""
    url = config.settings().database_url or ""
    db.configure(url)
    wiring.wire()
    await db.open_pool()
    try:
        await worker(url).run()
    finally:
        await db.close_pool()
    return 0


def develop() -> int:
    """Serve with reload on embedded services, jobs beside it."""
    from server.kit.migrate import migrate  # noqa: PLC0415

    with embedded.services(name="dev") as services:
        asyncio.run(migrate(services.database_url))
        # The reloader starts the app in a process of its own: it learns by the environment.
        os.environ |= {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
        uvicorn.run(
            "server.app:create_app", reload=True, reload_dirs=["server", "game", "pwa/templates"],
            port=config.settings().port, **UVICORN,
        )  # fmt: skip
    return 0
