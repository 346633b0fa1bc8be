"""Leads as their doors and the review desk need them: reads only."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.leads import Holder
from server.kit import db


class Sent(msgspec.Struct, frozen=True):
    """A lead as its reporter's form says what became of it."""

    id: UUID
    plan: str
    plan_version: int
    reporter: UUID
    customer: str
    shown: str
    name: str
    stage: str
    is_held: bool
    review_due: datetime | None
    received_at: datetime
    taken_until: datetime | None
    """For a duplicate: until when the customer is somebody else's; None once they are free."""
    taken_by_me: bool
    is_watched: bool


class Waiting(msgspec.Struct, frozen=True):
    """A lead in the review queue; `number` of `photos` are its pictures."""

    id: UUID
    plan: str
    plan_version: int
    written_at: datetime
    reporter: UUID
    reporter_name: str
    unit: str
    name: str
    shown: str
    tags: list[str]
    note: str
    channel: str
    door: Literal["form", "self", "api"]
    consent: Literal["reporter", "customer", "system"]
    captured_at: datetime | None
    received_at: datetime
    stage: str
    review_due: datetime
    photos: list[UUID]
    earlier: int
    """Leads of the same customer received before, whatever became of them."""


class Photo(msgspec.Struct, frozen=True):
    """A picture that was reported with a lead, and who may see it beside the desk."""

    media_type: str
    body: bytes
    reporter: UUID
    owner: UUID | None


HOLDER: Final = (
    "SELECT id::text AS lead, reporter::text, upper(protected) AS until FROM lead"
    " WHERE customer = $1 AND protected @> $2::timestamptz"
)
SENT: Final = """
SELECT l.id, l.plan, l.plan_version, l.reporter, l.customer, c.shown, l.name, l.stage, l.is_held,
       l.review_due, l.received_at, upper(t.protected) AS taken_until,
       coalesce(t.reporter = l.reporter, false) AS taken_by_me,
       EXISTS (SELECT FROM lead_watch w WHERE w.person = l.reporter AND w.customer = l.customer
               AND w.told_at IS NULL) AS is_watched
FROM lead l JOIN customer c ON c.key = l.customer
LEFT JOIN lead t ON t.customer = l.customer AND t.id <> l.id AND t.protected @> leitai_clock()
WHERE l.id = $1
"""
WAITING: Final = """
SELECT l.id, l.plan, l.plan_version, v.created_at AS written_at, l.reporter,
       p.name AS reporter_name, coalesce(u.path, '') AS unit, l.name, c.shown, l.tags, l.note,
       l.channel, l.door, l.consent, l.captured_at, l.received_at, l.stage, l.review_due,
       array(SELECT id FROM lead_photo WHERE lead = l.id ORDER BY id) AS photos,
       (SELECT count(*)::int FROM lead e
        WHERE e.customer = l.customer AND e.received_at < l.received_at) AS earlier
FROM lead l JOIN plan v ON v.id = l.plan AND v.version = l.plan_version
JOIN person p ON p.id = l.reporter LEFT JOIN unit u ON u.id = p.unit
JOIN customer c ON c.key = l.customer
"""
QUEUE: Final = "l.stage = 'submitted' AND NOT l.is_held AND l.reporter <> $1"


class Queue(msgspec.Struct, frozen=True):
    """How much waits for a reviewer, and how much of it is late; their own leads don't count."""

    count: int
    late: int
    own: int


async def holder(customer: str, now: datetime) -> Holder | None:
    """Return whose a customer is at this moment (D6)."""
    return await db.row(Holder, HOLDER, customer, now)


async def sent(lead: UUID) -> Sent | None:
    """Return what became of a lead, None for an id that is none."""
    return await db.row(Sent, SENT, lead)


async def queue(reviewer: UUID, now: datetime) -> Queue:
    """Count what waits."""
    found = await db.row(
        Queue,
        "SELECT count(*) FILTER (WHERE l.reporter <> $1)::int AS count,"
        " count(*) FILTER (WHERE l.reporter <> $1 AND l.review_due < $2)::int AS late,"
        " count(*) FILTER (WHERE l.reporter = $1)::int AS own"
        " FROM lead l WHERE l.stage = 'submitted' AND NOT l.is_held",
        reviewer, now,
    )  # fmt: skip
    return found or Queue(0, 0, 0)


async def waiting(reviewer: UUID, most: int) -> list[Waiting]:
    """Return what waits for a reviewer, what is due first on top."""
    return await db.rows(
        Waiting, f"{WAITING} WHERE {QUEUE} ORDER BY l.review_due, l.id LIMIT $2", reviewer, most
    )


async def photo(photo_id: UUID) -> Photo | None:
    """Return a picture of a lead."""
    return await db.row(
        Photo,
        "SELECT f.media_type, f.body, l.reporter, l.owner FROM lead_photo f"
        " JOIN lead l ON l.id = f.lead WHERE f.id = $1",
        photo_id,
    )


async def last_plan(reporter: UUID) -> str:
    """Return the plan that somebody's newest lead is under, "" before their first."""
    found: str | None = await db.value(
        "SELECT plan FROM lead WHERE reporter = $1 ORDER BY received_at DESC LIMIT 1", reporter
    )
    return found or ""
