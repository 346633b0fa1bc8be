"""Whom a title may go to: a person who takes part, or a team of them.

Whoever opted out is neither (A6).
"""

from typing import Final
from uuid import UUID

import msgspec

from server.kit import db


class Subject(msgspec.Struct, frozen=True):
    """A person, or a unit as a team; `unit` is what it is called, "" without one."""

    id: UUID
    kind: str
    name: str
    unit: str


_PEOPLE: Final = """
SELECT p.id, p.kind, p.name, coalesce(u.name, '') AS unit
FROM person p LEFT JOIN unit u ON u.id = p.unit WHERE p.active AND NOT p.opted_out
"""
TEAMS: Final = """
SELECT u.id, 'team' AS kind, u.name, coalesce(parent.name, '') AS unit,
  array_agg(p.id ORDER BY p.id) AS members
FROM unit u JOIN person p ON p.unit = u.id LEFT JOIN unit parent ON parent.id = u.parent
WHERE p.active AND NOT p.opted_out AND p.kind = 'employee'
GROUP BY u.id, u.name, parent.name HAVING count(*) >= 2
"""


class Team(Subject, frozen=True):
    """A unit of at least two people who take part."""

    members: list[UUID]


async def teams() -> list[Team]:
    """Return every team with its members."""
    return await db.rows(Team, TEAMS)


async def team_of(person: UUID) -> Team | None:
    """Return the team of a person, if theirs is one."""
    return await db.row(Team, f"SELECT * FROM ({TEAMS}) t WHERE $1 = ANY (t.members)", person)


async def known(who: str, ids: list[UUID]) -> dict[UUID, Subject]:
    """Return those of these whom a title of this kind may go to."""
    if who == "team":
        found = await db.rows(Subject, f"SELECT * FROM ({TEAMS}) t WHERE t.id = ANY ($1)", ids)
    else:
        found = await db.rows(Subject, f"{_PEOPLE} AND p.kind = $1 AND p.id = ANY ($2)", who, ids)
    return {each.id: each for each in found}


async def people_called(kind: str, name: str) -> list[UUID]:
    """Return who of a kind has this name; two are enough to know that it names nobody."""
    return await db.column(
        "SELECT id FROM person WHERE active AND NOT opted_out AND kind = $1 AND name = $2 LIMIT 2",
        kind, name,
    )  # fmt: skip


async def teams_called(typed: str) -> list[UUID]:
    """Return which teams may be meant by a name or a whole path."""
    found = [
        await db.column(f"SELECT id FROM ({TEAMS}) t JOIN unit USING (id) WHERE {key} = $1", typed)
        for key in ("unit.path", "unit.name")
    ]
    return next((each for each in found if each), [])


async def members_of(who: str, subject: UUID) -> list[UUID]:
    """Return the people behind a title: one, or a team's members who take part; none: nobody."""
    if who == "team":
        found = await db.row(Team, f"SELECT * FROM ({TEAMS}) t WHERE t.id = $1", subject)
        return found.members if found else []
    return list(await known(who, [subject]))
