"""Typed codes: a wrong one is counted, and tells nothing but that it is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from server.antispam.incidents import note_wrong_code
from server.coupons import codes, queries
from server.coupons.queries import Coupon
from server.kit import clock
from server.people import limits
from server.people.limits import HOUR, Limit, counter, network

REFUSAL: Final = "coupon_code_refused"
# Which refusals of a coupon are one and the same to whoever typed its code.
ALIKE: Final = frozenset({"coupon_unknown", "coupon_used", "coupon_expired", "coupon_revoked"})
NO_CODE: Final = b""


@asynccontextmanager
async def counted(account: UUID, store: UUID | None, address: str) -> AsyncIterator[None]:
    """Count a typed code against its account, till, address and everybody, unless it is right.

    Only what ends as `coupon_code_refused` stays counted. One too many is refused as
    `too_many_codes` before anything is looked up.
    """
    spent = await limits.spend(*_limits(account, store, address))
    try:
        yield
    except RuleViolation as refusal:
        if refusal.code == REFUSAL:
            await note_wrong_code(account, store)
        else:
            await limits.forgive(spent)
        raise
    await limits.forgive(spent)


def _limits(account: UUID, store: UUID | None, address: str) -> list[Limit]:
    # Guessing 50 bits stays hopeless: 500 tries an hour at a million living codes hit one in
    # 250 years.
    counted = [
        ("account", str(account), 5, HOUR),
        ("address", network(address), 50, HOUR),
        ("everybody", "", 500, HOUR),
        *([("till", str(store), 10, HOUR)] if store else []),
    ]
    return [_limit(kind, value, most, window) for kind, value, most, window in counted]


def _limit(kind: str, value: str, most: int, window: timedelta) -> Limit:
    return Limit(counter(f"coupon {kind}", value), most, window, "too_many_codes")


def index_of(typed: str) -> bytes:
    """Return what the database finds a typed code by; what can't be one is looked up too."""
    code = codes.read_code(typed)
    return NO_CODE if code is None else codes.index_of(code)


async def redeemable(typed: str) -> Coupon:
    """Return the coupon of a typed code; unknown, used, expired and revoked are refused alike."""
    found, now = await queries.by_index(index_of(typed)), await clock.now()
    if found is None or found.state_at(now) != "issued":
        raise RuleViolation(REFUSAL)
    return found


def alike(refusal: RuleViolation) -> RuleViolation:
    """Return what whoever typed a code is told: not whether there is such a coupon."""
    return RuleViolation(REFUSAL) if refusal.code in ALIKE else refusal
