"""The draw: which deals are called back, with all that decided it written down (I4)."""

import hashlib
import hmac
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from game import deals as rules
from game.deal_terms import Calls
from game.deals import Seller
from game.periods import window
from game.plan import Plan
from server.deals.queries import Deal
from server.kit import crypto, db

SELLER: Final = """
SELECT greatest(0, floor(extract(epoch FROM $2::timestamptz - p.created_at) / 86400))::integer AS days,
  coalesce((SELECT max(score) FROM verdict WHERE (person = $1 OR subject = $6)
            AND at > $2 - interval '90 days' AND (outcome = 'clean' OR state <> 'cleared')), 0) AS score,
  (SELECT floor(extract(epoch FROM $2 - max(c.at)) / 86400)::integer FROM deal_call c
   JOIN deal d ON d.id = c.deal WHERE d.seller = $1 AND c.result = 'denied') AS failed_days,
  (SELECT min(number) FROM deal_draw w
   WHERE w.seller = $1 AND w.plan = $3 AND w.at >= $4 AND w.at < $5) AS lowest
FROM person p WHERE p.id = $1
"""
ESCAPED: Final = """
SELECT EXISTS (SELECT FROM deal_draw w JOIN deal d ON d.id = w.deal
  WHERE w.why <> '' AND d.call <> 'confirmed' AND d.closed_at IS NOT NULL AND d.id <> $1
    AND d.plan = $2 AND (d.customer = $3 OR d.contract = $4))
"""


class _Seller(msgspec.Struct, frozen=True):
    days: int
    score: int
    failed_days: int | None
    lowest: str | None


class Drawn(msgspec.Struct, frozen=True):
    """A draw as it was made; `secret` is told once its day is over."""

    deal: UUID
    contract: str
    turn: int
    seller: str
    number: str
    lowest: str
    share: str
    standing: str
    why: str
    call: str
    at: datetime


async def draw(one: Deal, plan: Plan, calls: Calls, now: datetime) -> bool:
    """Draw a deal, in its turn of the plan, and write down why; says whether it is called back."""
    day = now.astimezone(plan.zone).date()
    secret = secret_of(plan.id, day)
    await db.execute(
        "INSERT INTO draw_day (plan, day, fingerprint) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        plan.id, day, hashlib.sha256(secret).hexdigest(),
    )  # fmt: skip
    number = rules.number(secret, str(one.id))
    seller = await _seller(one, plan, now)
    escaped = await db.value(ESCAPED, one.id, plan.id, one.customer, one.contract)
    found = rules.draw(calls, number, seller, escaped=escaped)
    await db.execute(
        "INSERT INTO deal_draw (deal, plan, day, turn, seller, number, lowest, share, standing,"
        " why, at) SELECT $1, $2, $3, count(*) + 1, $4, $5, $6, $7, $8, $9, $10 FROM deal_draw"
        " WHERE plan = $2 AND day = $3",
        one.id, plan.id, day, one.seller, number, (seller and seller.lowest) or "",
        f"{found.share.numerator}/{found.share.denominator}", found.standing, found.why, now,
    )  # fmt: skip
    return bool(found.why)


async def _seller(one: Deal, plan: Plan, now: datetime) -> Seller | None:
    if one.seller is None:
        return None
    found = await db.row(
        _Seller,
        SELLER, one.seller, now, plan.id, *window("week", now, plan.zone), f"deal:{one.id}",
    )  # fmt: skip
    return None if found is None else Seller(*msgspec.structs.astuple(found))


def secret_of(plan: str, day: date) -> bytes:
    """Return the secret of a day's draws, derived under the key file and never stored.

    To tell it gives nothing else away: each day's is independent of all others.
    """
    return hmac.digest(crypto.keys().finding, f"draw|{plan}|{day}".encode(), hashlib.sha256)


async def drawn_on(plan: str, day: date) -> list[Drawn]:
    """Return the draws of a day in their order."""
    return await db.rows(
        Drawn,
        "SELECT w.deal, d.contract, w.turn, coalesce(p.name, '') AS seller, w.number, w.lowest,"
        " w.share, w.standing, w.why, d.call, w.at FROM deal_draw w JOIN deal d ON d.id = w.deal"
        " LEFT JOIN person p ON p.id = w.seller WHERE w.plan = $1 AND w.day = $2 ORDER BY w.turn",
        plan, day,
    )  # fmt: skip


async def fingerprint(plan: str, day: date) -> str:
    """Return what was written down of a day's secret before its first draw, "" without one."""
    return await db.value(
        "SELECT fingerprint FROM draw_day WHERE plan = $1 AND day = $2", plan, day
    ) or ""  # fmt: skip
