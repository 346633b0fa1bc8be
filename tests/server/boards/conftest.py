"""Boards: a service without HTTP around it, and services that may be killed."""

from collections.abc import AsyncIterator, Iterator

import pytest

from server.boards.service import Service
from server.config import Settings
from server.kit import embedded


@pytest.fixture
async def boards(pool: None, settings: Settings) -> AsyncIterator[Service]:
    """A service whose tasks don't run: a test projects when it wants to."""
    service = Service(settings.redis_url or "")
    yield service
    await service.link.close()


@pytest.fixture(scope="session")
def rough() -> Iterator[embedded.Services]:
    """Services of our own, to be killed: durable, so that what was committed is there again."""
    with embedded.throwaway("rough", durable=True) as found:
        yield found
