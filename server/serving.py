"""Run the app and the worker: uvicorn with the settings that were measured."""

import asyncio
import os
from typing import Any

import uvicorn

from server import config, wiring
from server.actions import reminders
from server.antispam import jobs as antispam
from server.badges import jobs as badges
from server.battles import jobs as battles
from server.boards import jobs as boards
from server.challenges import jobs as challenges
from server.commissions import jobs as commissions
from server.coupons import jobs as coupons
from server.honours import jobs as honours
from server.kit import db, embedded
from server.kit.bus import Bus
from server.kit.jobs import Worker
from server.leads import clocks as lead_clocks
from server.leads import jobs as leads
from server.ledger import arrivals
from server.notifications import jobs as notifications
from server.people import jobs as people
from server.push import jobs as push
from server.referrals import jobs as referrals
from server.rewards import jobs as rewards
from server.settlements import jobs as settlements
from server.trail import jobs as trail

SLICES = (
    antispam,
    arrivals,
    badges,
    battles,
    boards,
    challenges,
    commissions,
    coupons,
    honours,
    lead_clocks,
    leads,
    notifications,
    people,
    push,
    referrals,
    reminders,
    rewards,
    settlements,
    trail,
)
WORKER_JOBS = {name: job for each in SLICES for name, job in each.JOBS.items()}
WORKER_CRON = {name: when for each in SLICES for name, when in each.CRON.items()}
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
    """Run jobs until a signal ends it; a session of its own, no HTTP.

    Its bus carries the hints of jobs to the processes that hold the sockets.
    """
    chosen = config.settings()
    url, bus = chosen.database_url or "", Bus(chosen.redis_url or "")
    db.configure(url)
    wiring.wire()
    await db.open_pool()
    await bus.start()
    try:
        await worker(url).run()
    finally:
        await bus.stop()
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
            "server.app:create_dev_app", reload=True, reload_dirs=["server", "game", "pwa/templates"],
            port=config.settings().port, **UVICORN,
        )  # fmt: skip
    return 0
