"""The stage of the story: scenes at their moments, played in order under the one clock.

Inside the transaction that tells the story, and nowhere else, the clock stands where it is.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from game.errors import RuleViolation
from server.config import settings
from server.demo import company
from server.kit import db
from server.people import queries as people

STORY_CLOCK: Final = """
CREATE OR REPLACE FUNCTION leitai_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT current_setting('leitai.story')::timestamptz $$
"""
Scene = Callable[[], Awaitable[object]]


@asynccontextmanager
async def story() -> AsyncIterator[None]:
    """Put the story's clock in the place of the true one; the transaction puts it back."""
    true_clock = await db.value("SELECT pg_get_functiondef('leitai_clock()'::regprocedure)")
    await db.execute(STORY_CLOCK)
    yield
    await db.execute(true_clock)


async def be_at(moment: datetime) -> None:
    """Stop the story's clock at a moment."""
    await db.execute("SELECT set_config('leitai.story', $1, true)", moment.isoformat())


async def id_of(person: str) -> UUID:
    """Return who has a company id or a phone; refused as `person_unknown`."""
    found = await people.known(person)
    if found is None:
        raise RuleViolation("person_unknown")
    return found.id


class Stage:
    """What is to happen when; `now` is where the story ends and the visitor comes in."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.zone = ZoneInfo(settings().company_timezone)
        self.today = now.astimezone(self.zone).date()
        self._scenes: list[tuple[datetime, int, Scene]] = []
        self._numbers = count()
        self._people: dict[str, UUID] = {}

    def at(self, moment: datetime, scene: Scene) -> None:
        """Let a scene happen at a moment; what is later than now never does."""
        heappush(self._scenes, (moment, next(self._numbers), scene))

    def on(self, day: date, clock: time, scene: Scene) -> None:
        """Let a scene happen at a time of a day, in the company's zone."""
        self.at(self.moment(day, clock), scene)

    def moment(self, day: date, clock: time) -> datetime:
        """Return a time of a day in the company's zone."""
        return datetime.combine(day, clock, self.zone)

    def days_ago(self, days: int) -> date:
        """Return the day so many days before today."""
        return self.today - timedelta(days=days)

    async def play(self) -> None:
        """Play every scene in order; scenes may add others that come later."""
        while self._scenes and self._scenes[0][0] <= self.now:
            moment, _number, scene = heappop(self._scenes)
            await be_at(moment)
            await scene()

    async def meet(self) -> None:
        """Learn the ids of everybody: colleagues by company id, outsiders by phone."""
        names = [each.person for each in company.colleagues()]
        for name in (*names, *(each.phone for each in company.OUTSIDERS)):
            self._people[name] = await id_of(name)

    def id(self, person: str) -> UUID:
        """Return the id of a company id or an outsider's phone."""
        return self._people[person]
