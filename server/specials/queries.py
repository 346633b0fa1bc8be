"""Special contributions as they are read: what waits, what was decided, what a day gave."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.plan import Plan
from server.kit import db
from server.plans import queries as plans

SHOWN_MOST: Final = 50
DAYS_SHOWN: Final = 31


class Special(msgspec.Struct, frozen=True):
    """A special contribution, with the names of those who have a part in it."""

    id: UUID
    plan: str
    plan_version: int
    person: UUID
    name: str
    points: int
    reason: str
    proposed_by: UUID
    proposed_by_name: str
    proposed_at: datetime
    state: str
    decided_by_name: str | None
    decided_at: datetime | None
    note: str


_SPECIAL = """SELECT s.id, s.plan, s.plan_version, s.person, p.name, s.points, s.reason,
  s.proposed_by, b.name AS proposed_by_name, s.proposed_at, s.state,
  d.name AS decided_by_name, s.decided_at, s.note
FROM special s JOIN person p ON p.id = s.person JOIN person b ON b.id = s.proposed_by
LEFT JOIN person d ON d.id = s.decided_by
"""


class Day(msgspec.Struct, frozen=True):
    """What was given on one day, by plan: the report of issuance."""

    day: str
    plan: str
    points: int
    people: int
    taken_back: int


async def listed() -> list[Special]:
    """Return what waits, oldest first, then what was decided, newest first."""
    return await db.rows(
        Special,
        _SPECIAL + "ORDER BY s.state = 'proposed' DESC,"
        " CASE WHEN s.state = 'proposed' THEN s.proposed_at END,"
        " s.decided_at DESC, s.id DESC LIMIT $1",
        SHOWN_MOST,
    )


async def days(zone: str) -> list[Day]:
    """Return what was given on each of the last days, newest first."""
    return await db.rows(
        Day,
        "SELECT to_char(given_at AT TIME ZONE $1, 'YYYY-MM-DD') AS day, plan,"
        " sum(points)::bigint AS points, count(DISTINCT person) AS people,"
        " coalesce(sum(points) FILTER (WHERE state = 'taken_back'), 0)::bigint AS taken_back"
        " FROM special WHERE given_at > leitai_clock() - make_interval(days => $2)"
        " GROUP BY 1, 2 ORDER BY 1 DESC, 2",
        zone,
        DAYS_SHOWN,
    )


async def open_plans() -> list[Plan]:
    """Return the plans in force that know special contributions."""
    return [each.plan for each in await plans.in_force() if each.plan.special is not None]


async def person_named(said: str) -> UUID:
    """Return who has this number or is the only one of this name; refused as `special_person`."""
    found = await db.column(
        "SELECT id FROM person WHERE active AND (code = $1 OR name = $1) LIMIT 2", said.strip()
    )
    if len(found) != 1:
        raise RuleViolation("special_person")
    return UUID(str(found[0]))


async def special(which: UUID) -> Special:
    """Return one of them; refused as `special_unknown`."""
    one = await db.row(Special, _SPECIAL + "WHERE s.id = $1", which)
    if one is None:
        raise RuleViolation("special_unknown")
    return one
