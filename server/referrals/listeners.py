"""What referrals do about what others tell (see server/wiring.py)."""

from uuid import UUID

from game.referrals import is_deal
from server.antispam.events import SuspicionDecided
from server.coupons import queries as coupons
from server.coupons.events import OrderPlaced, OrderReversed
from server.referrals import deals, queries


async def count_deal(event: OrderPlaced) -> None:
    """Take the first order of a bound friend as the deal of who invited them."""
    friend = event.customer or await coupons.person_of(event.customer_key)
    if friend is None or not event.is_first:
        return
    referral = await queries.living(friend, event.at)
    if referral and is_deal(referral.bound_at, referral.until, event.at, is_first=event.is_first):
        await deals.placed(event, referral)


async def take_back(event: OrderReversed) -> None:
    """Undo what an order brought about."""
    await deals.reverse(event)


async def go_on(event: SuspicionDecided) -> None:
    """Give what was held, or tell that it is refused."""
    kind, _, order = event.subject.partition(":")
    if kind == "referral":
        await deals.decided(UUID(order), cleared=event.cleared, reason=event.reason)
