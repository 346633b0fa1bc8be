"""Showing a phone in clear: by role, with a reason, counted and limited (promises.md § 3, 4.8)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game.errors import RuleViolation
from server.config import settings
from server.kit import clock, crypto, db, events, ids
from server.kit.i18n import Lazy, _, lazy
from server.people.events import ManyPhonesSeen
from server.people.rights import record

Kind = Literal["customer", "person"]

MOST: Final = 30
"""Phones that one person is shown in a day of the company."""
ALERT_AT: Final = 20
"""So many in a day are told to administrators."""
REASON_MOST: Final = 200
ROLES: Final[Mapping[Kind, frozenset[str]]] = {
    "customer": frozenset({"operations", "sales", "service"}),
    "person": frozenset({"admin"}),
}
REASONS: Final[dict[str, Lazy]] = {
    "call": lazy("to call about a lead or a deal"),
    "asked": lazy("the customer asked for a call"),
    "identity": lazy("to check who it is"),
    "other": lazy("another reason"),
}
"""Why, in one tap; `other` needs words of its own."""

SEALED: Final[Mapping[Kind, str]] = {
    "customer": "SELECT ciphertext, wrapped_key FROM customer"
    " WHERE key = $1 AND wrapped_key IS NOT NULL",
    "person": "SELECT ciphertext, wrapped_key FROM person_phone WHERE person::text = $1",
}
PLACE: Final[Mapping[Kind, str]] = {"customer": "customer", "person": "person_phone"}


class _Sealed(msgspec.Struct, frozen=True):
    ciphertext: bytes
    wrapped_key: bytes


class Seen(msgspec.Struct, frozen=True):
    """A phone that was shown: who saw it, when and why."""

    by: UUID
    name: str
    reason: str
    at: datetime


class Day(msgspec.Struct, frozen=True):
    """How many phones somebody was shown today."""

    by: UUID
    name: str
    count: int


def choices() -> list[dict[str, str]]:
    """Return the reasons to choose from, as forms want them."""
    return [{"id": each, "title": str(title)} for each, title in REASONS.items()]


def reason_of(chosen: str, note: str) -> str:
    """Return the reason that a form gives: one of REASONS, or words of its own."""
    said = note.strip()[:REASON_MOST]
    if chosen == "other" or chosen not in REASONS:
        return said
    if not said:
        return str(REASONS[chosen])
    return _("%(reason)s: %(note)s", reason=REASONS[chosen], note=said)


@db.command
async def reveal(kind: Kind, subject: str, by: UUID, reason: str) -> str:
    """Return a phone as E.164 and keep who saw it and why; seen again on a day, it counts once.

    `subject` is the customer's key, or the id of the person; whether they are any business of
    `by` beyond the role the caller checks. Refused as `not_allowed`, `reason_missing`,
    `reveals_spent` past 30 a day, `phone_gone` where there is none (any more), and
    `phone_sealed_elsewhere`.
    """
    said = reason.strip()[:REASON_MOST]
    if not said:
        raise RuleViolation("reason_missing")
    if ROLES[kind].isdisjoint(
        await db.column("SELECT role FROM person_role WHERE person = $1", by)
    ):
        raise RuleViolation("not_allowed")
    stored = await db.row(_Sealed, SEALED[kind], subject)
    if stored is None:
        raise RuleViolation("phone_gone")
    sealed = crypto.Sealed(stored.ciphertext, stored.wrapped_key)
    phone = crypto.unseal(sealed, PLACE[kind], "ciphertext", subject)
    await _count(kind, subject, by, said)
    return phone


async def left(by: UUID) -> int:
    """Return how many phones somebody may still be shown today."""
    count: int = await db.value(
        "SELECT count(*) FROM phone_reveal WHERE by = $1 AND day = $2",
        by, _day(await clock.now()),
    )  # fmt: skip
    return max(0, MOST - count)


async def seen(kind: Kind, subject: str, most: int = 50) -> list[Seen]:
    """Return who was shown this phone, the latest first."""
    return await db.rows(
        Seen,
        "SELECT r.by, p.name, r.reason, r.at FROM phone_reveal r JOIN person p ON p.id = r.by"
        " WHERE r.kind = $1 AND r.subject = $2 ORDER BY r.at DESC, r.id DESC LIMIT $3",
        kind, subject, most,
    )  # fmt: skip


async def today() -> list[Day]:
    """Return who was shown phones today, most of all first."""
    return await db.rows(
        Day,
        "SELECT r.by, p.name, count(*)::int AS count FROM phone_reveal r"
        " JOIN person p ON p.id = r.by WHERE r.day = $1 GROUP BY r.by, p.id"
        " ORDER BY count(*) DESC, p.sort_name LIMIT 50",
        _day(await clock.now()),
    )


async def _count(kind: Kind, subject: str, by: UUID, reason: str) -> None:
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 22))", str(by))
    now = await clock.now()
    day = _day(now)
    shown = await db.column(
        "SELECT kind || ' ' || subject FROM phone_reveal WHERE by = $1 AND day = $2", by, day
    )
    if f"{kind} {subject}" in shown:
        return
    if len(shown) >= MOST:
        raise RuleViolation("reveals_spent", most=MOST)
    await db.execute(
        "INSERT INTO phone_reveal VALUES ($1, $2, $3, $4, $5, $6, $7)",
        ids.new_id(), by, kind, subject, reason, day, now,
    )  # fmt: skip
    await record(by, "reveal_phone", f"{kind}:{subject}", reason)
    if len(shown) + 1 == ALERT_AT:
        await events.publish(ManyPhonesSeen(by, ALERT_AT, day))


def _day(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings().company_timezone)).date()
