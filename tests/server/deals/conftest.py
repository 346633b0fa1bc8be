"""What is told of deals while a test runs."""

from typing import Any

import pytest

from server import wiring
from server.deals.events import DealChecked, DealReversed
from server.kit import events


@pytest.fixture
def heard(pool: None, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The events DealChecked and DealReversed, in order; everybody else listens as well."""
    found: list[Any] = []

    async def hear(event: events.Event) -> None:
        found.append(event)

    wiring.wire()
    for kind in (DealChecked, DealReversed):
        usual = events._handlers.get(kind, ())
        monkeypatch.setitem(events._handlers, kind, (*usual, hear))
    return found
