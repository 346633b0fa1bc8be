"""What referrals do about what others tell (see server/wiring.py)."""

from typing import Final
from uuid import UUID

from game.referrals import is_deal
from server.antispam.events import SuspicionDecided
from server.coupons import queries as coupons
from server.coupons.events import OrderPlaced, OrderReversed
from server.deals import orders
from server.referrals import deals, queries

EARNING: Final = frozenset({"employee", "partner"})
"""Whose sales are deals that may pay a commission; a customer's thanks are the campaign's."""


async def count_deal(event: OrderPlaced) -> None:
    """Take the first order of a bound friend as the deal of who invited them."""
    friend = event.customer or await coupons.person_of(event.customer_key)
    referral = await queries.living(friend, event.at) if friend else None
    if referral is None:
        return
    if referral.role in EARNING:
        await orders.take_referred(event, referral.plan, referral.referrer)
    if is_deal(referral.bound_at, referral.until, event.at, is_first=event.is_first):
        await deals.placed(event, referral)


async def take_back(event: OrderReversed) -> None:
    """Undo what an order brought about."""
    await deals.reverse(event)


async def go_on(event: SuspicionDecided) -> None:
    """Give what was held, or tell that it is refused."""
    kind, _, order = event.subject.partition(":")
    if kind == "referral":
        await deals.decided(UUID(order), cleared=event.cleared, reason=event.reason)
