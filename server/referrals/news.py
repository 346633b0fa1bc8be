"""What a referrer hears: a friend has come, a reward arrived, something was taken back (G8, G9)."""

from typing import Any
from uuid import UUID

from server.kit import db
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.referrals import campaigns, words
from server.referrals.queries import Given, Invitation, StoredDeal
from server.referrals.rewards import Settled


async def claimed(invitation: Invitation, referral: UUID, friend: UUID) -> None:
    """Tell that a friend has claimed what the link offers."""
    name = await db.value("SELECT name FROM person WHERE id = $1", friend)
    topic, href = f"referral:{referral}", page_of(invitation.plan, invitation.campaign)
    await notify([invitation.person], "referral_claimed", topic, {"friend": name}, href)
    await hint([invitation.person, friend], "referrals")


async def rewarded(deal: StoredDeal, settled: Settled) -> None:
    """Tell what a deal brought."""
    names = [each.coupon for each in settled.given if each.coupon]
    points = sum(each.points for each in settled.given)
    if settled.given:
        await _tell(deal, "referral_reward", {"what": await _gain(deal, names, points)})


async def taken_back(deal: StoredDeal, settled: Settled, reason: str) -> None:
    """Tell what a reversal took back, and what stays because it was used already."""
    why = {"why": words.why(deal.reversed_as or "refunded", reason)}
    if settled.taken:
        await _tell(deal, "referral_back", why | {"what": await _gain_of(deal, settled.taken)})
    if settled.kept:
        await _tell(deal, "referral_kept", why | {"what": await _gain_of(deal, settled.kept)})


def page_of(plan: str, campaign: str) -> str:
    """Return where a referrer sees how a campaign goes."""
    return f"/referrals?campaign={plan}.{campaign}"


async def _gain_of(deal: StoredDeal, given: list[Given]) -> dict[str, str]:
    names = [each.coupon_rule for each in given if each.coupon_rule]
    return await _gain(deal, names, sum(each.points for each in given))


async def _gain(deal: StoredDeal, coupons: list[str], points: int) -> dict[str, str]:
    one = await campaigns.pinned(deal)
    return words.gain(one.plan, coupons, points)


async def _tell(deal: StoredDeal, kind: str, facts: dict[str, Any]) -> None:
    href = page_of(deal.plan, deal.campaign)
    said = {"friend": deal.friend_name} | facts
    await notify([deal.referrer], kind, f"deal:{deal.order_id}", said, href)
