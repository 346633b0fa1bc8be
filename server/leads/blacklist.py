"""Customers whom nobody reports: the company said so, or they objected themselves (I1)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.leads import REASON_MAX
from server.actions.customers import customer_key
from server.kit import clock, crypto, db
from server.kit.db import command
from server.people.rights import record

PAGE: Final = 50


class Listed(msgspec.Struct, frozen=True):
    """A customer on the blacklist; `added_by` is a name, None for the customer's own objection."""

    customer: str
    shown: str
    cause: Literal["company", "objection"]
    reason: str
    added_by: str | None
    added_at: datetime


async def check(customer: str) -> None:
    """Refuse a customer on the list: `customer_objected` or `customer_blacklisted`."""
    cause = await db.value("SELECT cause FROM blacklist WHERE customer = $1", customer)
    if cause == "objection":
        raise RuleViolation("customer_objected")
    if cause is not None:
        raise RuleViolation("customer_blacklisted")


async def listed(typed: str, skip: int) -> list[Listed]:
    """Return a page of the list and one more, the newest first; `typed` is a phone to find."""
    key = await key_of(typed) if typed.strip() else ""
    return await db.rows(
        Listed,
        "SELECT b.customer, c.shown, b.cause, b.reason, p.name AS added_by, b.added_at"
        " FROM blacklist b JOIN customer c ON c.key = b.customer"
        " LEFT JOIN person p ON p.id = b.added_by WHERE $1 = '' OR b.customer = $1"
        " ORDER BY b.added_at DESC, b.customer LIMIT $2 OFFSET $3",
        key, PAGE + 1, skip,
    )  # fmt: skip


async def key_of(typed: str) -> str:
    """Return the key under which a phone would be found; refused as `phone_unreadable`."""
    return f"tel:{crypto.blind_index(crypto.normal_phone(typed)).hex()}"


@command
async def add(typed: str, reason: str, by: UUID) -> None:
    """Put a phone on the list. Refused as `phone_unreadable`, `reason_missing`."""
    said = reason.strip()[:REASON_MAX]
    if not said:
        raise RuleViolation("reason_missing")
    key = await customer_key(crypto.normal_phone(typed))
    await put(key, "company", said, by)
    await record(by, "blacklist", f"customer:{key}", said)


@command
async def put(
    customer: str, cause: Literal["company", "objection"], reason: str, by: UUID | None
) -> None:
    """Write a customer on the list; an objection stands whatever the company says beside it."""
    await db.execute(
        "INSERT INTO blacklist (customer, cause, reason, added_by, added_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer) DO UPDATE"
        " SET cause = excluded.cause, reason = excluded.reason, added_by = excluded.added_by,"
        " added_at = excluded.added_at WHERE excluded.cause = 'objection'",
        customer, cause, reason, by, await clock.now(),
    )  # fmt: skip


@command
async def remove(customer: str, reason: str, by: UUID) -> None:
    """Take a customer off the list, for a reason that stays in the audit trail.

    Refused as `reason_missing`, `not_blacklisted`.
    """
    if not reason.strip():
        raise RuleViolation("reason_missing")
    gone = await db.execute("DELETE FROM blacklist WHERE customer = $1", customer)
    if gone == "DELETE 0":
        raise RuleViolation("not_blacklisted")
    await record(by, "unblacklist", f"customer:{customer}", reason.strip()[:REASON_MAX])
