"""Actions as people see them: the review queue, my own."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from game.action_terms import Mode
from game.errors import RuleViolation
from server.kit import db


class Starter(msgspec.Struct, frozen=True):
    """Who started work, as people see them, and on which day (C2)."""

    shown: str
    since: date


class Waiting(msgspec.Struct, frozen=True):
    """A pending action in the review queue."""

    id: UUID
    person: UUID
    name: str
    side: str
    rank: str
    plan: str
    plan_version: int
    kind: str
    customer_shown: str
    note: str
    happened_at: datetime
    received_at: datetime
    photos: list[UUID]
    mode: Mode
    starters: list[Starter]


STARTERS: Final = """coalesce((
    SELECT jsonb_agg(jsonb_build_object('shown', s.shown, 'since', day.value) ORDER BY s.key)
    FROM jsonb_each_text(a.starters) day JOIN customer s ON s.key = day.key), '[]') AS starters"""

_WAITING = (
    """
SELECT a.id, a.person, p.name, p.side, p.rank, a.plan, a.plan_version, a.kind,
  coalesce(c.shown, '') AS customer_shown, a.note, a.happened_at, a.received_at,
  ARRAY(SELECT e.id FROM evidence e WHERE e.action = a.id ORDER BY e.id) AS photos,
  a.mode, """
    + STARTERS
    + """
FROM action a JOIN person p ON p.id = a.person LEFT JOIN customer c ON c.key = a.customer
"""
)
# What waits for reviewer $1: not their own, and not of a battle in audit, whose auditors decide.
AT_THE_DESK = """
WHERE a.outcome = 'pending' AND a.person <> $1 AND NOT EXISTS (
  SELECT FROM battle b JOIN battle_member m ON m.battle = b.id AND m.person = a.person
  WHERE b.state = 'auditing' AND b.plan = a.plan AND a.kind = ANY (b.kinds)
    AND b.starts <= a.received_at AND a.received_at < b.cut_off)
"""


async def waiting(reviewer: UUID, limit: int) -> list[Waiting]:
    """Return the oldest pending actions of others, for this reviewer."""
    return await db.rows(
        Waiting, _WAITING + AT_THE_DESK + "ORDER BY a.received_at, a.id LIMIT $2",
        reviewer, limit,
    )  # fmt: skip


class Mine(msgspec.Struct, frozen=True):
    """An action as its author sees it; `held_at`: when its customer's place was last taken."""

    id: UUID
    person: UUID
    plan: str
    plan_version: int
    kind: str
    customer_shown: str
    note: str
    received_at: datetime
    verdict: str
    outcome: str
    points: int
    reason: str
    mode: Mode
    decided_by: UUID | None
    decided_by_name: str | None
    held_at: datetime | None
    photos: list[UUID]


_MINE = """
SELECT a.id, a.person, a.plan, a.plan_version, a.kind, coalesce(c.shown, '') AS customer_shown,
  a.note, a.received_at, a.verdict, a.outcome, a.points, a.reason, a.mode, a.decided_by,
  d.name AS decided_by_name,
  (SELECT max(b.received_at) FROM action b WHERE b.plan = a.plan AND b.kind = a.kind
   AND b.customer = a.customer AND b.customer <> '' AND b.received_at < a.received_at
   AND b.outcome IN ('scored', 'within_quota', 'pending')) AS held_at,
  ARRAY(SELECT e.id FROM evidence e WHERE e.action = a.id ORDER BY e.id) AS photos
FROM action a LEFT JOIN customer c ON c.key = a.customer LEFT JOIN person d ON d.id = a.decided_by
"""
# What became of an action, as its author looks for it.
_STATE = (
    "CASE WHEN outcome IN ('scored', 'pending') THEN outcome"
    " WHEN outcome = 'within_quota' THEN 'scored' ELSE 'refused' END"
)


async def mine(person: UUID, state: str, before: UUID | None, limit: int) -> list[Mine]:
    """Return a person's own actions, newest first, from behind `before`; `state` "all" or one."""
    return await db.rows(
        Mine,
        _MINE + f"WHERE a.person = $1 AND ($2 = 'all' OR {_STATE} = $2)"
        " AND ($3::uuid IS NULL OR (a.received_at, a.id) <"
        " (SELECT received_at, id FROM action WHERE id = $3))"
        " ORDER BY a.received_at DESC, a.id DESC LIMIT $4",
        person, state, before, limit,
    )  # fmt: skip


async def mine_by_state(person: UUID) -> dict[str, int]:
    """Return how many actions of a person are scored, pending and refused."""
    async with db.connection() as one:
        found = await one.fetch(
            f"SELECT {_STATE} AS state, count(*) AS n FROM action WHERE person = $1 GROUP BY 1",
            person,
        )
    return {each["state"]: each["n"] for each in found}


async def action(action_id: UUID) -> Mine:
    """Return one action with what became of it, or refuse with `action_unknown`."""
    found = await db.row(Mine, _MINE + "WHERE a.id = $1", action_id)
    if found is None:
        raise RuleViolation("action_unknown")
    return found


async def received(person: UUID, plan: str, kind: str, start: datetime) -> int:
    """Return how many actions of a kind a person has sent since `start`."""
    found = await db.value(
        "SELECT count(*) FROM action WHERE person = $1 AND plan = $2 AND kind = $3"
        " AND received_at >= $4",
        person, plan, kind, start,
    )  # fmt: skip
    return int(found)


class Evidence(msgspec.Struct, frozen=True):
    """A photo and whose action it belongs to."""

    person: UUID
    media_type: str
    body: bytes


async def evidence(evidence_id: UUID) -> Evidence | None:
    """Return one photo."""
    return await db.row(
        Evidence,
        "SELECT a.person, e.media_type, e.body FROM evidence e JOIN action a ON a.id = e.action"
        " WHERE e.id = $1",
        evidence_id,
    )


class Reviewed(Waiting, frozen=True):
    """An action as whoever decides on it sees it, with what was decided."""

    verdict: str
    outcome: str
    points: int
    reason: str
    decided_by_name: str | None


async def reviewed(action_id: UUID) -> Reviewed:
    """Return one action for its reviewer, or refuse with `action_unknown`."""
    found = await db.row(
        Reviewed,
        "SELECT a.id, a.person, p.name, p.side, p.rank, a.plan, a.plan_version, a.kind,"
        " coalesce(c.shown, '') AS customer_shown, a.note, a.happened_at, a.received_at,"
        " a.verdict, a.outcome, a.points, a.reason, d.name AS decided_by_name,"
        " ARRAY(SELECT e.id FROM evidence e WHERE e.action = a.id ORDER BY e.id) AS photos,"
        " a.mode, " + STARTERS + " FROM action a JOIN person p ON p.id = a.person"
        " LEFT JOIN customer c ON c.key = a.customer LEFT JOIN person d ON d.id = a.decided_by"
        " WHERE a.id = $1",
        action_id,
    )
    if found is None:
        raise RuleViolation("action_unknown")
    return found


class Pending(msgspec.Struct, frozen=True):
    """An own action that waits, as far as its worth needs it."""

    plan: str
    plan_version: int
    kind: str
    received_at: datetime
    mode: Mode


async def pending_of(person: UUID) -> list[Pending]:
    """Return a person's actions that wait for a verdict."""
    return await db.rows(
        Pending,
        "SELECT plan, plan_version, kind, received_at, mode FROM action"
        " WHERE person = $1 AND outcome = 'pending'",
        person,
    )


async def sent_since(person: UUID, start: datetime) -> dict[tuple[str, str], int]:
    """Return how many actions a person has sent since `start`, by plan and kind."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT plan, kind, count(*) AS n FROM action"
            " WHERE person = $1 AND received_at >= $2 GROUP BY plan, kind",
            person, start,
        )  # fmt: skip
    return {(each["plan"], each["kind"]): each["n"] for each in found}
