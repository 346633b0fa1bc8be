"""What is known of deals: reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from game.deals import CallResult, State
from game.errors import RuleViolation
from server.kit import db

PAGE: Final = 30


class Deal(msgspec.Struct, frozen=True):
    """A deal as it is stored, in 分, with the names of all who have a part in it."""

    id: UUID
    plan: str
    plan_version: int
    made_from: datetime
    """When its version of the plan was written."""
    source: str
    contract: str
    customer: str
    phone: str
    """Masked, or the company's own number of the customer."""
    name: str
    amount: int
    made_at: datetime
    store: UUID | None
    store_name: str
    seller: UUID | None
    seller_name: str
    reporter: UUID | None
    reporter_name: str
    lead: UUID | None
    lead_at: datetime | None
    linked_as: str
    proof: str
    order_id: UUID | None
    is_first: bool
    note: str
    reported_by: UUID
    reported_name: str
    reported_at: datetime
    state: State
    checked_by: UUID | None
    checked_name: str
    checked_at: datetime | None
    call: str
    """none, waiting, confirmed or denied."""
    counted_at: datetime | None
    verified_name: str
    verified_at: datetime | None
    closed_name: str
    closed_at: datetime | None
    reason: str
    practice: int | None
    photos: list[UUID]

    @property
    def parts(self) -> set[str | None]:
        """Everybody who gains by it or said it was so: none of them may decide about it."""
        return {str(each) for each in (self.seller, self.reporter, self.reported_by) if each}


class Call(msgspec.Struct, frozen=True):
    """One attempt to reach a customer."""

    by: UUID
    name: str
    at: datetime
    result: CallResult
    note: str


class Waiting(msgspec.Struct, frozen=True):
    """How many wait for somebody, and the oldest."""

    count: int
    first: UUID | None


class Lately(msgspec.Struct, frozen=True):
    """Deals of a seller within 30 days: with one customer, in all, and refunded."""

    pair: int
    deals: int
    refunded: int


DEAL: Final = """
SELECT d.id, d.plan, d.plan_version, v.created_at AS made_from, d.source, d.contract, d.customer,
       c.shown AS phone, d.name, d.amount, d.made_at, d.store, coalesce(u.name, '') AS store_name,
       d.seller, coalesce(s.name, '') AS seller_name,
       d.reporter, coalesce(r.name, '') AS reporter_name, d.lead, l.received_at AS lead_at,
       d.linked_as, d.proof, d.order_id, d.is_first, d.note,
       d.reported_by, b.name AS reported_name, d.reported_at, d.state,
       d.checked_by, coalesce(k.name, '') AS checked_name, d.checked_at, d.call, d.counted_at,
       coalesce(f.name, '') AS verified_name, d.verified_at,
       coalesce(e.name, '') AS closed_name, d.closed_at, d.reason, d.practice,
       ARRAY(SELECT p.id FROM deal_photo p WHERE p.deal = d.id ORDER BY p.id) AS photos
FROM deal d JOIN plan v ON v.id = d.plan AND v.version = d.plan_version
JOIN customer c ON c.key = d.customer JOIN person b ON b.id = d.reported_by
LEFT JOIN unit u ON u.id = d.store LEFT JOIN lead l ON l.id = d.lead
LEFT JOIN person s ON s.id = d.seller LEFT JOIN person r ON r.id = d.reporter
LEFT JOIN person k ON k.id = d.checked_by LEFT JOIN person f ON f.id = d.verified_by
LEFT JOIN person e ON e.id = d.closed_by
"""
NOT_OWN: Final = (
    "d.reported_by <> $1 AND d.seller IS DISTINCT FROM $1 AND d.reporter IS DISTINCT FROM $1"
)
QUEUES: Final = {
    "check": "d.state = 'reported'",
    "call": "d.call = 'waiting' AND d.closed_at IS NULL AND d.checked_by <> $1",
    "verify": "d.state = 'counted' AND d.verified_at IS NULL AND d.checked_by <> $1",
}
"""What waits for operations, for service and for finance."""


async def deal(id_: UUID) -> Deal:
    """Return one deal; refused as `deal_unknown`."""
    found = await db.row(Deal, f"{DEAL} WHERE d.id = $1", id_)
    if found is None:
        raise RuleViolation("deal_unknown")
    return found


async def deals(
    person: UUID | None, states: Sequence[str], before: UUID | None = None, most: int = PAGE
) -> list[Deal]:
    """Return deals, newest first: all, or those `person` has a part in; no state is any state."""
    return await db.rows(
        Deal,
        f"{DEAL} WHERE ($1::uuid IS NULL OR $1 IN (d.seller, d.reporter, d.reported_by))"
        " AND ($2::text[] = '{}' OR d.state = ANY ($2)) AND ($3::uuid IS NULL OR d.id < $3)"
        " ORDER BY d.id DESC LIMIT $4",
        person, list(states), before, most,
    )  # fmt: skip


async def deal_of_order(order: UUID) -> UUID | None:
    """Return the deal that an order of the till became."""
    found: UUID | None = await db.value("SELECT id FROM deal WHERE order_id = $1", order)
    return found


async def deals_of_lead(lead: UUID) -> list[Deal]:
    """Return the deals that a lead came to, the first one first."""
    return await db.rows(Deal, f"{DEAL} WHERE d.lead = $1 ORDER BY d.id", lead)


async def waiting(queue: str, by: UUID) -> Waiting:
    """Return what waits in one of QUEUES that this person may decide."""
    found = await db.row(
        Waiting,
        "SELECT count(*) AS count, (array_agg(d.id ORDER BY d.id))[1] AS first"
        f" FROM deal d WHERE {QUEUES[queue]} AND {NOT_OWN}",
        by,
    )
    return found or Waiting(0, None)


async def queue(queue: str, by: UUID, most: int = PAGE) -> list[Deal]:
    """Return what waits in one of QUEUES, the oldest first; tried in vain, it is the last."""
    return await db.rows(
        Deal,
        f"{DEAL} WHERE {QUEUES[queue]} AND {NOT_OWN} ORDER BY"
        " (SELECT max(c.id) FROM deal_call c WHERE c.deal = d.id) NULLS FIRST, d.id LIMIT $2",
        by, most,
    )  # fmt: skip


async def calls(deal_id: UUID) -> list[Call]:
    """Return the attempts to reach the customer of a deal, the first one first."""
    return await db.rows(
        Call,
        "SELECT c.by, p.name, c.at, c.result, c.note FROM deal_call c"
        " JOIN person p ON p.id = c.by WHERE c.deal = $1 ORDER BY c.id",
        deal_id,
    )


async def photo(deal_id: UUID, photo_id: UUID) -> bytes:
    """Return a photo of a deal, a JPEG; refused as `not_found`."""
    body: bytes | None = await db.value(
        "SELECT body FROM deal_photo WHERE id = $1 AND deal = $2", photo_id, deal_id
    )
    if body is None:
        raise RuleViolation("not_found")
    return body


async def lately(seller: UUID | None, customer: str, now: datetime) -> Lately:
    """Return what antispam asks of a seller's deals."""
    found = await db.row(
        Lately,
        "SELECT count(*) FILTER (WHERE customer = $2) AS pair, count(*) AS deals,"
        " count(*) FILTER (WHERE state = 'refunded') AS refunded FROM deal"
        " WHERE seller = $1 AND reported_at > $3::timestamptz - interval '30 days'",
        seller, customer, now,
    )  # fmt: skip
    return found or Lately(0, 0, 0)
