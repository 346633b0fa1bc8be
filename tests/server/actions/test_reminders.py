"""Reviews that wait: told once a day to those who may decide, never of their own actions."""

import pytest

from server import wiring
from server.actions import reminders
from server.kit import db
from tests.support.field import act, open_plan
from tests.support.services import Clock


@pytest.fixture(autouse=True)
async def _plan(pool: None, clock: Clock) -> None:
    wiring.wire()
    await open_plan(clock)


async def told() -> list[tuple[str, int]]:
    found = await db.column(
        "SELECT p.code || ' ' || (n.facts->>'n') FROM notice n JOIN person p ON p.id = n.person"
        " WHERE n.kind = 'reviews_wait' ORDER BY n.at, p.code"
    )
    return [(each.split()[0], int(each.split()[1])) for each in found]


async def test_what_waits_for_two_hours_is_told_once_a_day(clock: Clock) -> None:
    await act("MEI", by=None)
    await act("BAO", by=None)
    await clock.advance(hours=2)
    await reminders.look({})
    assert await told() == []
    await clock.advance(seconds=1)
    for _ in range(2):
        await reminders.look({})
    assert await told() == [("OP", 2), ("OP2", 2)]
    await clock.advance(days=1)
    await reminders.look({})
    assert len(await told()) == 4


async def test_nobody_is_told_of_their_own_or_of_what_is_decided(clock: Clock) -> None:
    await act("OP", by=None)
    await act("MEI")
    await clock.advance(hours=3)
    await reminders.look({})
    assert await told() == [("OP2", 1)]
