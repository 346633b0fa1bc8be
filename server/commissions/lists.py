"""What the pages of commissions list: reads only; amounts in 分."""

from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

import msgspec

from game import commissions as rules
from game.errors import RuleViolation
from server.commissions import queries
from server.commissions.queries import COLUMNS, FROM, Stored
from server.kit import db

PAGE: Final = 50
LISTED: Final = f"""
SELECT {COLUMNS}, p.name, coalesce(o.name, '') AS customer, coalesce(o.contract, '') AS contract,
  a.posted_at
{FROM} JOIN person p ON p.id = a.person LEFT JOIN deal o ON o.id = a.deal
"""


class Listed(Stored, frozen=True):
    """An accrual with the words a list needs."""

    name: str
    customer: str
    """What the customer is called, "" where nobody said."""
    contract: str
    posted_at: datetime | None


class Moved(msgspec.Struct, frozen=True):
    """One change of what an accrual gave."""

    n: int
    transfer: UUID | None
    posted: int
    waived: int
    why: str
    reason: str
    by_name: str
    at: datetime


class Totals(msgspec.Struct, frozen=True):
    """What a person was given since a moment, and what still waits."""

    posted: int
    waiting: int


async def progress(one: Stored) -> tuple[int, tuple[int, Fraction] | None]:
    """Return what the deals of an accrual's period come to, and what is missing to a better rate."""
    together = await queries.counted_with(one)
    reached = sum(each.base for each in together if each.standing == "counts")
    return reached, rules.next_tier(await queries.terms_of(one), reached)


async def periods_now(person: UUID, now: datetime) -> list[Stored]:
    """Return an accrual of each rule that counts a person's deals over a period with `now` in it."""
    return await db.rows(
        Stored,
        f"SELECT DISTINCT ON (a.plan, a.rule) {COLUMNS} {FROM}"
        " WHERE a.person = $1 AND a.starts <= $2 AND $2 < a.ends"
        " ORDER BY a.plan, a.rule, a.made_at DESC",
        person, now,
    )  # fmt: skip


async def of_person(person: UUID, before: tuple[datetime, UUID] | None = None) -> list[Listed]:
    """Return what a person earned, the newest deals first, a page of it."""
    at, id_ = before or (None, None)
    return await db.rows(
        Listed,
        f"{LISTED} WHERE a.person = $1 AND ($2::timestamptz IS NULL OR (a.made_at, a.id) < ($2, $3))"
        " ORDER BY a.made_at DESC, a.id DESC LIMIT $4",
        person, at, id_, PAGE,
    )  # fmt: skip


async def totals(person: UUID, since: datetime) -> Totals:
    """Return what moved in a person's wallet since a moment, and what they wait for."""
    found = await db.row(
        Totals,
        "SELECT (SELECT coalesce(sum(m.posted), 0)::bigint FROM accrual_move m"
        "   JOIN accrual a ON a.id = m.accrual WHERE a.person = $1 AND m.at >= $2) AS posted,"
        " (SELECT coalesce(sum(a.amount - (a.posted - a.waived)), 0)::bigint FROM accrual a"
        "   WHERE a.person = $1 AND a.waits_for <> '') AS waiting",
        person, since,
    )  # fmt: skip
    if found is None:
        raise RuntimeError("a sum has a row")
    return found


async def accrual(id_: UUID) -> Listed:
    """Return one accrual; refused as `not_found`."""
    found = await db.row(Listed, f"{LISTED} WHERE a.id = $1", id_)
    if found is None:
        raise RuleViolation("not_found")
    return found


async def moves(accrual_: UUID) -> list[Moved]:
    """Return every change of what an accrual gave, the first first."""
    return await db.rows(
        Moved,
        "SELECT m.n, m.transfer, m.posted, m.waived, m.why, m.reason,"
        " coalesce(p.name, '') AS by_name, m.at FROM accrual_move m"
        " LEFT JOIN person p ON p.id = m.by WHERE m.accrual = $1 ORDER BY m.n",
        accrual_,
    )


async def waiting(for_: str) -> list[Listed]:
    """Return what waits for a verdict, or for room in the budget: the oldest deals first."""
    return await db.rows(
        Listed,
        f"{LISTED} WHERE a.waits_for = $1 ORDER BY a.made_at, a.id LIMIT $2",
        for_, PAGE,
    )  # fmt: skip


async def counts() -> dict[str, int]:
    """Return how much waits for a verdict, and how much for room in a budget."""
    found = await db.value(
        "SELECT jsonb_object_agg(waits_for, n) FROM (SELECT waits_for, count(*) AS n FROM accrual"
        " WHERE waits_for <> '' GROUP BY waits_for) w"
    )
    return {"verdict": 0, "budget": 0} | (found or {})


async def latest() -> list[Listed]:
    """Return what was given last."""
    return await db.rows(
        Listed,
        f"{LISTED} WHERE a.waits_for = '' ORDER BY a.posted_at DESC NULLS LAST, a.id DESC LIMIT $1",
        PAGE,
    )


async def of_deal(deal_: UUID) -> list[Listed]:
    """Return what a deal earned people, with their names."""
    return await db.rows(Listed, f"{LISTED} WHERE a.deal = $1 ORDER BY a.rule", deal_)
