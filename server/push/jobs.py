"""What is left behind for phones: pushes soon after news, and a sweep once a day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from server.kit import clock, jobs
from server.kit.db import command
from server.push import commands, delivery, presence, robots

PUSH: Final = "push"
SWEEP: Final = "push_sweep"

SETTLES: Final = timedelta(seconds=20)
"""A burst of news is one push, and whoever is between two pages has opened the next by then."""
PEOPLE_AT_ONCE: Final = 200


@command
async def plan(people: Sequence[UUID], after: timedelta = SETTLES) -> None:
    """Leave behind that these people are to be told."""
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        part = [str(each) for each in people[start : start + PEOPLE_AT_ONCE]]
        await jobs.enqueue(PUSH, {"people": part}, after)


async def push(payload: dict[str, Any]) -> None:
    """Tell the people of the payload; in the quiet hours, come back in the morning."""
    people = [UUID(each) for each in payload["people"]]
    later = await delivery.deliver(people, await presence.here(people))
    for at, whom in later.items():
        await plan(whom, at - await clock.now())


async def say(payload: dict[str, Any]) -> None:
    """Have the robot of the payload say its text."""
    await robots.say(UUID(payload["unit"]), payload["text"])


async def sweep(_: dict[str, Any]) -> None:
    """Forget what is over, once a day."""
    await commands.sweep()


JOBS: dict[str, jobs.Job] = {PUSH: push, robots.SAY: say, SWEEP: sweep}
CRON = {SWEEP: "23 4 * * *"}
