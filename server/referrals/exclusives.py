"""The page of a member of staff, and the exclusive coupon that it offers (H10)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from game import referrals as rules
from game.campaign_terms import Exclusive
from game.errors import RuleViolation
from game.periods import window
from server.antispam import devices
from server.coupons import commands as coupons
from server.coupons.counter import spoken
from server.kit import clock, db, ids
from server.kit.db import command
from server.notifications.hints import hint
from server.referrals import campaigns, queries
from server.referrals.campaigns import Campaign
from server.referrals.commands import Seen
from server.referrals.queries import Invitation

GREETING_MOST: Final = 60


@command
async def offer(invitation: Invitation, *, is_on: bool) -> None:
    """Offer the exclusive coupon on one's page, or no longer; refused as `exclusive_closed`."""
    one = await campaigns.campaign(invitation.plan, invitation.campaign)
    _terms(one, invitation)
    await db.execute(
        "UPDATE invitation SET offered_at = CASE WHEN $2 THEN leitai_clock() END WHERE id = $1",
        invitation.id, is_on,
    )  # fmt: skip


@command
async def greet(invitation: Invitation, words: str) -> None:
    """Say on one's page what friends read first; refused as `greeting_too_long` (most)."""
    said = " ".join(words.split())
    if len(said) > GREETING_MOST:
        raise RuleViolation("greeting_too_long", most=GREETING_MOST)
    await db.execute("UPDATE invitation SET greeting = $2 WHERE id = $1", invitation.id, said)


@command
async def claim(code: str, customer: UUID, seen: Seen) -> UUID:
    """Give a customer, new or old, the exclusive coupon of a page, once; returns the coupon.

    Refused as `link_unknown`, `campaign_unknown`, `campaign_not_begun`, `campaign_over`,
    `own_link`, `not_a_customer`, `exclusive_closed`, `exclusive_gone`.
    """
    invitation = await queries.invitation(code)
    one = await campaigns.campaign(invitation.plan, invitation.campaign)
    # One after the other, so that no more than the plan says are claimed.
    await db.execute("SELECT FROM invitation WHERE id = $1 FOR NO KEY UPDATE", invitation.id)
    now = await clock.now()
    with spoken():
        rules.check_open(one.rule, now)
    if customer == invitation.person:
        raise RuleViolation("own_link")
    if await campaigns.role_of(customer) != "customer":
        raise RuleViolation("not_a_customer")
    had: UUID | None = await claimed(invitation.id, customer)
    if had is not None:
        return had
    terms = _terms(one, invitation)
    is_offered = await db.value(
        "SELECT offered_at IS NOT NULL FROM invitation WHERE id = $1", invitation.id
    )
    if not is_offered:
        raise RuleViolation("exclusive_closed")
    if await left(one, terms, invitation.id, now) <= 0:
        raise RuleViolation("exclusive_gone")
    row = ids.new_id()
    coupon = await coupons.issue(
        customer, one.plan.id, one.plan.version, terms.coupon,
        source="exclusive", reference=str(row), giver=invitation.name,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO exclusive_claim (id, invitation, customer, coupon, at)"
        " VALUES ($1, $2, $3, $4, $5)",
        row, invitation.id, customer, coupon, now,
    )  # fmt: skip
    await devices.note_sighting(seen.device, customer, "friend", seen.network)
    await hint([invitation.person], "referrals")
    return coupon


async def claimed(invitation: UUID, customer: UUID) -> UUID | None:
    """Return the exclusive coupon that somebody has of a page."""
    found: UUID | None = await db.value(
        "SELECT coupon FROM exclusive_claim WHERE invitation = $1 AND customer = $2",
        invitation, customer,
    )  # fmt: skip
    return found


async def left(one: Campaign, terms: Exclusive, invitation: UUID, now: datetime) -> int:
    """Return how many may still be claimed in this period."""
    start, end = window(terms.per, now, one.plan.zone)
    taken: int = await db.value(
        "SELECT count(*) FROM exclusive_claim WHERE invitation = $1 AND at >= $2 AND at < $3",
        invitation, start, end,
    )  # fmt: skip
    return terms.most - taken


def _terms(one: Campaign, invitation: Invitation) -> Exclusive:
    if one.rule.exclusive is None or invitation.role != "employee":
        raise RuleViolation("exclusive_closed")
    return one.rule.exclusive
