"""How often something may be tried: exact counters in SQL, over a moving window.

They guard doors, so they survive a wiped Redis and count right under any concurrency.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final, NamedTuple

from game.errors import RuleViolation
from server.kit import clock, crypto, db

HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=1)
"""Older attempts count nowhere and are cleared away."""


class Limit(NamedTuple):
    """At most `most` attempts called `name` in any `window`; one more is refused as `refusal`."""

    name: str
    most: int
    window: timedelta
    refusal: str


class Spent(NamedTuple):
    """An attempt that was counted, so that a success can be taken off again."""

    names: tuple[str, ...]
    at: datetime


def counter(kind: str, value: str) -> str:
    """Return the name of a counter; what is counted (a phone, an address) can't be read from it."""
    digest = hmac.digest(crypto.keys().finding, f"{kind}|{value}".encode(), hashlib.sha256)
    return f"{kind}:{digest.hex()[:32]}"


def network(address: str) -> str:
    """Return who is behind an address: IPv4 as it is, of IPv6 the /64 that one household has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


@db.command
async def spend(*limits: Limit) -> Spent:
    """Count one attempt against every limit, or none: refused with `minutes` to wait."""
    names = tuple(sorted({limit.name for limit in limits}))
    for name in names:
        await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)
    now = await clock.now()
    for limit in limits:
        await _check(limit, now)
    await db.execute(
        "DELETE FROM attempt WHERE name = ANY ($1) AND window_start <= $2", names, now - LONGEST
    )
    await db.execute(
        "INSERT INTO attempt (name, window_start, count) SELECT unnest($1::text[]), $2, 1"
        " ON CONFLICT (name, window_start) DO UPDATE SET count = attempt.count + 1",
        names, now,
    )  # fmt: skip
    return Spent(names, now)


async def forgive(spent: Spent) -> None:
    """Take an attempt off again: who gets in hasn't used up a try."""
    await db.execute(
        "UPDATE attempt SET count = count - 1"
        " WHERE name = ANY ($1) AND window_start = $2 AND count > 0",
        spent.names, spent.at,
    )  # fmt: skip


@db.command
async def forget() -> None:
    """Delete the attempts that no limit looks back to: a name never tried again keeps its last."""
    await db.execute(
        "DELETE FROM attempt WHERE window_start <= leitai_clock() - $1::interval", LONGEST
    )


async def _check(limit: Limit, now: datetime) -> None:
    moments: Sequence[datetime] = await db.column(
        "SELECT window_start FROM attempt, generate_series(1, count)"
        " WHERE name = $1 AND window_start > $2 ORDER BY window_start DESC LIMIT $3",
        limit.name, now - limit.window, limit.most,
    )  # fmt: skip
    if len(moments) == limit.most:
        wait = moments[-1] + limit.window - now
        raise RuleViolation(limit.refusal, minutes=max(1, ceil(wait.total_seconds() / 60)))
