"""Boards on a port of their own: their routes and their service, without the other slices."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from server import wiring
from server.boards import api, service
from server.config import settings
from server.kit import db, web
from server.people.auth import SessionMiddleware


@asynccontextmanager
async def _lifespan(_: Litestar) -> AsyncIterator[None]:
    db.configure(settings().database_url or "")
    wiring.wire()
    await db.open_pool()
    await service.start()
    try:
        yield
    finally:
        await service.stop()
        await db.close_pool()


def create_board_app() -> Litestar:
    """Build an app of boards alone."""
    return Litestar(
        route_handlers=api.routes,
        lifespan=[_lifespan],
        middleware=[SessionMiddleware()],
        exception_handlers=web.EXCEPTION_HANDLERS,
    )
