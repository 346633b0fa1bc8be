"""Passports: what became of a lead, step by step, and the lists they stand in: reads only."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import db

LISTED_MOST: Final = 100


class Passport(msgspec.Struct, frozen=True):
    """A lead as its passport shows it; `store` is a name, `until` the end of its protection."""

    id: UUID
    plan: str
    plan_version: int
    reporter: UUID
    reporter_name: str
    customer: UUID
    shown: str
    name: str
    tags: list[str]
    note: str
    channel: str
    door: str
    store: str
    captured_at: datetime | None
    received_at: datetime
    stage: str
    stage_at: datetime
    is_held: bool
    review_due: datetime | None
    reason: str
    until: datetime | None
    owner: UUID | None
    owner_name: str
    contact_due: datetime | None
    contacted_at: datetime | None
    unassigned_at: datetime | None
    photos: list[UUID]


class Step(msgspec.Struct, frozen=True):
    """One line of a passport; `by` None is the product, `owner` whom the step is about."""

    lead: UUID
    step: str
    by: str | None
    at: datetime
    note: str
    owner: str | None


class Seller(msgspec.Struct, frozen=True):
    """Somebody a lead may be given to, with how many they follow up now."""

    id: UUID
    name: str
    unit: str
    open: int


PASSPORT: Final = """
SELECT l.id, l.plan, l.plan_version, l.reporter, r.name AS reporter_name, c.id AS customer,
       c.shown, l.name, l.tags, l.note, l.channel, l.door, coalesce(s.name, '') AS store,
       l.captured_at, l.received_at, l.stage, l.stage_at, l.is_held, l.review_due, l.reason,
       upper(l.protected) AS until, l.owner, coalesce(o.name, '') AS owner_name, l.contact_due,
       l.contacted_at, l.unassigned_at,
       array(SELECT id FROM lead_photo WHERE lead = l.id ORDER BY id) AS photos
FROM lead l JOIN person r ON r.id = l.reporter JOIN customer c ON c.key = l.customer
LEFT JOIN person o ON o.id = l.owner LEFT JOIN unit s ON s.id = l.store
"""
STEPS: Final = """
SELECT t.lead, t.step, p.name AS by, t.at, t.note, o.name AS owner
FROM lead_step t LEFT JOIN person p ON p.id = t.by
LEFT JOIN person o ON o.id::text = t.facts->>'owner'
"""
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "open": ("submitted", "valid", "assigned", "contacted", "visiting"),
    "deal": ("deal",),
    "over": ("lost", "duplicate", "invalid", "withdrawn"),
}
"""Stages by how a list is filtered."""


async def passport(lead: UUID) -> Passport:
    """Return a passport; refused as `lead_unknown`."""
    found = await db.row(Passport, f"{PASSPORT} WHERE l.id = $1", lead)
    if found is None:
        raise RuleViolation("lead_unknown")
    return found


async def steps(leads: list[UUID]) -> list[Step]:
    """Return the steps of leads, the oldest first."""
    return await db.rows(Step, f"{STEPS} WHERE t.lead = ANY ($1::uuid[]) ORDER BY t.id", leads)


async def reported(person: UUID, group: str) -> list[Passport]:
    """Return what somebody reported, the newest first; `group` is one of GROUPS, "" all."""
    return await db.rows(
        Passport,
        f"{PASSPORT} WHERE l.reporter = $1 AND ($2::text[] = '{{}}' OR l.stage = ANY ($2))"
        " ORDER BY l.received_at DESC, l.id DESC LIMIT $3",
        person, list(GROUPS.get(group, ())), LISTED_MOST,
    )  # fmt: skip


async def counted(person: UUID) -> dict[str, int]:
    """Count what somebody reported by group, and all of it as ""."""
    found = await db.rows(
        Counted, "SELECT stage, count(*)::int AS n FROM lead WHERE reporter = $1 GROUP BY 1", person
    )
    of = {group: sum(e.n for e in found if e.stage in of) for group, of in GROUPS.items()}
    return of | {"": sum(each.n for each in found)}


class Counted(msgspec.Struct, frozen=True):
    """How many leads are in a stage."""

    stage: str
    n: int


async def followed(owner: UUID, group: str) -> list[Passport]:
    """Return what somebody follows up: first contacts by when they are due, then the longest still.

    `group` "deal" and "over" are what came of it, the newest first.
    """
    is_open = group not in {"deal", "over"}
    order = (
        "l.stage <> 'assigned', CASE WHEN l.stage = 'assigned' THEN l.contact_due END, l.stage_at"
        if is_open
        else "l.stage_at DESC"
    )
    return await db.rows(
        Passport,
        f"{PASSPORT} WHERE l.owner = $1 AND l.stage = ANY ($2) ORDER BY {order}, l.id LIMIT $3",
        owner, list(GROUPS["open" if is_open else group]), LISTED_MOST,
    )  # fmt: skip


async def unassigned() -> list[Passport]:
    """Return the leads for which a person has to choose who follows up, the longest waiting first."""
    return await db.rows(
        Passport,
        f"{PASSPORT} WHERE l.unassigned_at IS NOT NULL ORDER BY l.unassigned_at, l.id LIMIT $1",
        LISTED_MOST,
    )


async def sellers() -> list[Seller]:
    """Return everybody of the sales, those with the fewest leads in hand first."""
    return await db.rows(
        Seller,
        "SELECT p.id, p.name, coalesce(u.name, '') AS unit, (SELECT count(*)::int FROM lead l"
        " WHERE l.owner = p.id AND l.stage IN ('assigned', 'contacted', 'visiting')) AS open"
        " FROM person p JOIN person_role r ON r.person = p.id AND r.role = 'sales'"
        " LEFT JOIN unit u ON u.id = p.unit WHERE p.active ORDER BY open, p.sort_name, p.code",
    )


async def waiting(owner: UUID) -> dict[str, Any]:
    """Count what waits for an owner: first contacts to make, and how many of them are late."""
    found = await db.row(
        Waiting,
        "SELECT count(*)::int AS count, count(*) FILTER (WHERE contact_due <= leitai_clock())::int"
        " AS late, min(contact_due) AS due FROM lead WHERE owner = $1 AND stage = 'assigned'",
        owner,
    )
    return msgspec.structs.asdict(found or Waiting(0, 0, None))


class Waiting(msgspec.Struct, frozen=True):
    """First contacts that wait for an owner; `due` is the soonest."""

    count: int
    late: int
    due: datetime | None


async def unassigned_count() -> int:
    """Count the leads for which a person has to choose who follows up."""
    found: int = await db.value("SELECT count(*)::int FROM lead WHERE unassigned_at IS NOT NULL")
    return found
