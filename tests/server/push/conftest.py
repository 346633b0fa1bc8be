"""A company that may push to this machine, and a push service on it."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import pytest

from server import config, wiring
from tests.support.cast import DESK, bring_in
from tests.support.pushing import Service, push_service, to_loopback
from tests.support.services import Clock

NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")


@pytest.fixture(autouse=True)
def _loopback(settings: config.Settings) -> Iterator[None]:
    with to_loopback(settings):
        yield


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """The push service, which keeps all it was handed."""
    async with push_service() as found:
        yield found


@pytest.fixture
async def company(clock: Clock) -> None:
    """The desk, at noon of a Monday in Shanghai; a pool or the app is opened before."""
    wiring.wire()
    await clock.set(NOON)
    await bring_in(DESK)
