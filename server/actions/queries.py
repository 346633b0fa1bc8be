"""Actions as people see them: the review queue, my own."""

from datetime import datetime
from uuid import UUID

import msgspec

from server.kit import db


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


_WAITING = """
SELECT a.id, a.person, p.name, p.side, p.rank, a.plan, a.plan_version, a.kind,
  coalesce(c.shown, '') AS customer_shown, a.note, a.happened_at, a.received_at,
  ARRAY(SELECT e.id FROM evidence e WHERE e.action = a.id ORDER BY e.id) AS photos
FROM action a JOIN person p ON p.id = a.person LEFT JOIN customer c ON c.key = a.customer
WHERE a.outcome = 'pending'
"""


async def waiting(reviewer: UUID, limit: int) -> list[Waiting]:
    """Return the oldest pending actions of others, for this reviewer."""
    return await db.rows(
        Waiting, _WAITING + "AND a.person <> $1 ORDER BY a.received_at, a.id LIMIT $2",
        reviewer, limit,
    )  # fmt: skip


async def waiting_count(reviewer: UUID) -> int:
    """Return how many actions wait for this reviewer."""
    found = await db.value(
        "SELECT count(*) FROM action WHERE outcome = 'pending' AND person <> $1", reviewer
    )
    return int(found)
