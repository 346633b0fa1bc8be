"""A company that may push to this machine."""

from datetime import datetime

import pytest

from server import wiring
from tests.support.cast import DESK, bring_in
from tests.support.services import Clock

NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")


@pytest.fixture
async def company(clock: Clock) -> None:
    """The desk, at noon of a Monday in Shanghai; a pool or the app is opened before."""
    wiring.wire()
    await clock.set(NOON)
    await bring_in(DESK)
