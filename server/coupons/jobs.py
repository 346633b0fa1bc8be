"""What the clock causes in coupons: they expire, and their holders are told before."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from server.antispam.devices import KEPT
from server.config import settings
from server.coupons import queries, watching
from server.coupons.commands import HINT
from server.kit import clock, db, formats, jobs
from server.kit.db import command
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.plans.words import as_builtins

SWEEP: Final = "coupon_sweep"
FORGET: Final = "order_forget"
BATCH: Final = 500
WARN_BEFORE: Final = timedelta(days=3)


class Ending(msgspec.Struct, frozen=True):
    """A coupon whose holder is to be told that it ends."""

    id: UUID
    holder: UUID
    expires_at: datetime


async def sweep(_: dict[str, Any]) -> None:
    """Expire what is over and warn of what soon will be, some at a time; again is harmless."""
    while await expire() == BATCH:
        pass
    while await warn() == BATCH:
        pass


@command
async def expire() -> int:
    """Expire coupons whose moment has passed; a till had refused them since. Returns how many."""
    holders = await db.column(
        "UPDATE coupon SET state = 'expired' WHERE id IN (SELECT id FROM coupon"
        " WHERE state = 'issued' AND expires_at <= leitai_clock()"
        " ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING holder",
        BATCH,
    )
    if holders:
        await hint(sorted(set(holders)), HINT)
    return len(holders)


@command
async def warn() -> int:
    """Tell holders once, three days before; not whose coupon came in the last day of them."""
    now = await clock.now()
    ending = await db.rows(
        Ending,
        "UPDATE coupon SET warned_at = $1 WHERE id IN (SELECT id FROM coupon"
        " WHERE state = 'issued' AND warned_at IS NULL AND expires_at > $1"
        " AND expires_at <= $1 + $2::interval AND issued_at <= $1 - interval '1 day'"
        " ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, holder, expires_at",
        now, WARN_BEFORE, BATCH,
    )  # fmt: skip
    for one in ending:
        rule = await queries.rule_of(await queries.coupon(one.id))
        facts = {
            "what": as_builtins(rule.title),
            "until": formats.exact(one.expires_at, settings().company_timezone),
        }
        await notify([one.holder], "coupon_ending", f"coupon:{one.id}", facts, f"/coupons/{one.id}")
    return len(ending)


async def forget(_: dict[str, Any]) -> None:
    """Forget by which device and with what an order was paid, as antispam forgets sightings."""
    await db.execute(
        "UPDATE customer_order SET payer = '', device = '' WHERE (payer <> '' OR device <> '')"
        " AND placed_at < leitai_clock() - $1::text::interval",
        KEPT,
    )


JOBS: dict[str, jobs.Job] = {SWEEP: sweep, FORGET: forget, **watching.JOBS}
CRON = {SWEEP: "*/5 * * * *", FORGET: "27 4 * * *", **watching.CRON}
