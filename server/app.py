"""The composition root: builds the app out of its slices. Imported by nobody."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from litestar import Litestar, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.plugins.structlog import StructlogConfig, StructlogPlugin

from server import config, wiring
from server.boards import service as live
from server.config import settings
from server.home.reporting import ReportPlace
from server.kit import db, face, statics, web
from server.notifications.bell import Bell
from server.people.auth import SessionMiddleware

SLICES = (
    "people", "notifications", "push", "plans", "actions", "specials", "boards", "antispam", "coupons",
    "referrals", "leads", "deals", "commissions", "budgets", "settlements", "analytics",
    "rewards", "challenges", "battles", "badges", "honours", "cards", "screens", "trail", "home",
)  # fmt: skip


@get("/healthz", include_in_schema=False, sync_to_thread=False)
def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"state": "alive"}


@get("/readyz", include_in_schema=False)
async def readyz() -> Response[dict[str, Any]]:
    """Say whether this process can do its work; Redis away only delays the boards."""
    try:
        database = await db.value("SELECT 'there'")
    except web.AWAY:
        database = "away"
    boards = live.ready()
    is_ready = database == "there" and not boards["dead"]
    said = {"database": database, "boards": boards}
    return Response(said, status_code=200 if is_ready else 503)


def _routes() -> list[Any]:
    """Collect the routes of each slice: its pages for people, its api for programs."""
    shown = {"demo": settings().demo, "styleguide": settings().styleguide}
    slices = (*SLICES, *(name for name, is_shown in shown.items() if is_shown))
    names = [f"server.{name}.{part}" for name in slices for part in ("pages", "api")]
    modules = [import_module(name) for name in names if find_spec(name)]
    return [route for module in modules for route in module.routes]


@asynccontextmanager
async def _lifespan(_: Litestar) -> AsyncIterator[None]:
    url = settings().database_url
    if url is None:
        raise RuntimeError("no database: the commands of server/cli.py set it")
    db.configure(url)
    wiring.wire()
    await db.open_pool(settings().database_pool_max)
    await live.start()
    try:
        yield
    finally:
        await live.stop()
        await db.close_pool()


def create_dev_app() -> Litestar:
    """Build the app of `leitai dev`, whose reloader starts it in a process of its own."""
    config.use(config.DevSettings())
    return create_app()


def create_app() -> Litestar:
    """Build the app; nothing is opened before its lifespan starts."""
    # Two lines a socket say nothing that the log of our own hub doesn't.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return Litestar(
        route_handlers=[healthz, readyz, *face.routes(), *_routes()],
        lifespan=[_lifespan],
        middleware=[face.speaking, web.OriginGuard(), SessionMiddleware(), Bell(), ReportPlace()],
        exception_handlers=web.EXCEPTION_HANDLERS,
        # Its own middleware would log cookies and bodies.
        plugins=[StructlogPlugin(StructlogConfig(enable_middleware_logging=False))],
        compression_config=statics.COMPRESSION,
        request_max_body_size=web.BODY_MAX,
        openapi_config=OpenAPIConfig(title="Leitai", version="0.1.0", path="/api/schema"),
    )
