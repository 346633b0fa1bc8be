"""Wallets and statements: what was posted, and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.kit import db


class Balance(msgspec.Struct, frozen=True):
    """One asset of a person: `available` is what can be spent, after debt."""

    asset: str
    available: int
    debt: int
    staked: int
    """In the escrow of battles that are not settled."""
    held: int = 0
    """Kept for what was redeemed and not handed over yet; not part of `available`."""


class Line(msgspec.Struct, frozen=True):
    """One line of a statement: what one transfer changed for a person, debt included."""

    transfer: UUID
    kind: str
    reference: str
    asset: str
    amount: int
    at: datetime
    facts: dict[str, Any]
    actor_name: str | None
    reverses: UUID | None


_LINES = """
SELECT t.id AS transfer, t.kind, t.reference, e.asset, sum(e.amount)::bigint AS amount,
  t.booked_at AS at, t.facts, p.name AS actor_name, t.reverses
FROM account a JOIN entry e ON e.account = a.id JOIN transfer t ON t.id = e.transfer
LEFT JOIN person p ON p.id = t.actor
WHERE a.owner = $1 AND a.kind IN ('wallet', 'debt')
"""


async def balances(person: UUID) -> dict[str, Balance]:
    """Return the person's balances by asset; points are always there."""
    found = await db.rows(
        Balance,
        """
        SELECT a.asset, sum(a.posted - a.held)::bigint AS available,
          -coalesce(sum(a.posted) FILTER (WHERE a.kind = 'debt'), 0)::bigint AS debt,
          coalesce((
            SELECT -sum(e.amount)::bigint FROM account w JOIN entry e ON e.account = w.id
            JOIN transfer t ON t.id = e.transfer AND t.kind = 'stake'
            JOIN entry x ON x.transfer = t.id
            JOIN account escrow ON escrow.id = x.account AND escrow.kind = 'escrow'
              AND escrow.posted > 0
            WHERE w.owner = $1 AND w.kind = 'wallet' AND w.asset = a.asset
              AND NOT EXISTS (SELECT FROM transfer r WHERE r.reverses = t.id)), 0) AS staked,
          sum(a.held)::bigint AS held
        FROM account a WHERE a.owner = $1 AND a.kind IN ('wallet', 'debt') GROUP BY a.asset
        """,
        person,
    )
    return {"points": Balance("points", 0, 0, 0)} | {each.asset: each for each in found}


async def available(person: UUID, asset: str) -> int:
    """Return what the person can spend of an asset, after debt."""
    found = await db.value(
        "SELECT sum(posted - held)::bigint FROM account"
        " WHERE owner = $1 AND asset = $2 AND kind IN ('wallet', 'debt')",
        person,
        asset,
    )
    return found or 0


async def statement(person: UUID, start: datetime, end: datetime) -> list[Line]:
    """Return what changed in [start, end), newest first."""
    return await db.rows(
        Line,
        _LINES + "AND t.booked_at >= $2 AND t.booked_at < $3"
        " GROUP BY t.id, e.asset, p.name HAVING sum(e.amount) <> 0 ORDER BY t.booked_at DESC, t.id",
        person,
        start,
        end,
    )


async def line(person: UUID, transfer: UUID) -> Line | None:
    """Return one line of the person's own statement."""
    return await db.row(
        Line, _LINES + "AND t.id = $2 GROUP BY t.id, e.asset, p.name", person, transfer
    )


async def months(person: UUID, zone: str) -> list[str]:
    """Return the months (YYYY-MM, in the zone) in which something was posted, newest first."""
    return await db.column(
        "SELECT DISTINCT to_char(t.booked_at AT TIME ZONE $2, 'YYYY-MM') AS month"
        " FROM account a JOIN entry e ON e.account = a.id JOIN transfer t ON t.id = e.transfer"
        " WHERE a.owner = $1 AND a.kind IN ('wallet', 'debt') ORDER BY month DESC",
        person,
        zone,
    )


async def reversal_of(transfer: UUID) -> UUID | None:
    """Return the transfer that reversed this one."""
    found: UUID | None = await db.value("SELECT id FROM transfer WHERE reverses = $1", transfer)
    return found
