"""Invitations, referrals, deals and rewards: reads only."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.campaign_terms import Role
from game.errors import RuleViolation
from game.referrals import Bound, Why
from server.kit import db

CODE_LENGTH: Final = 8
_LOOKALIKES: Final = str.maketrans("OILU", "011V")


class Invitation(msgspec.Struct, frozen=True):
    """Somebody's link in a campaign, and what leads through it."""

    id: UUID
    code: str
    plan: str
    campaign: str
    person: UUID
    name: str
    """Of whom it is, as friends see it."""
    role: Role
    made_at: datetime
    clicks: int
    greeting: str
    offered_at: datetime | None


DealState = Literal["judging", "held", "refused", "waiting", "counted"]


class Referral(msgspec.Struct, frozen=True):
    """A friend's binding, and the deal it came to: the one that stands, else the last reversed."""

    id: UUID
    plan: str
    plan_version: int
    written_at: datetime
    campaign: str
    code: str
    role: Role
    referrer: UUID
    referrer_name: str
    friend: UUID
    friend_name: str
    bound_at: datetime
    until: datetime
    order: UUID | None
    deal_at: datetime | None
    deal_state: DealState | None
    release_at: datetime | None
    decided_at: datetime | None
    counted_at: datetime | None
    reason: str
    reversed_as: Why | None
    reversed_at: datetime | None
    reversed_why: str


class StoredDeal(msgspec.Struct, frozen=True):
    """A deal with the referral it belongs to."""

    order_id: UUID
    referral: UUID
    referrer: UUID
    friend: UUID
    friend_name: str
    invitation: UUID
    plan: str
    plan_version: int
    written_at: datetime
    campaign: str
    role: Role
    bound_at: datetime
    amount: int
    placed_at: datetime
    state: DealState
    release_at: datetime
    payer: str
    store: UUID
    reversed_as: Why | None


class Given(msgspec.Struct, frozen=True):
    """One reward of a referrer, as it stands."""

    id: UUID
    plan: str
    plan_version: int
    written_at: datetime
    key: str
    coupon_rule: str
    points: int
    deal: UUID
    friend_name: str
    state: Literal["due", "given", "taken", "kept"]
    coupon: UUID | None
    transfer: UUID | None
    made_at: datetime
    taken_at: datetime | None


INVITATION: Final = """
SELECT i.id, i.code, i.plan, i.campaign, i.person, p.name, i.role, i.made_at, i.clicks,
       i.greeting, i.offered_at
FROM invitation i JOIN person p ON p.id = i.person
"""
REFERRAL: Final = """
SELECT r.id, r.plan, r.plan_version, v.created_at AS written_at, r.campaign, i.code, i.role, r.referrer,
       w.name AS referrer_name, r.friend, f.name AS friend_name, r.bound_at, r.until,
       d.order_id AS "order", d.placed_at AS deal_at, d.state AS deal_state, d.release_at,
       d.decided_at, d.counted_at, coalesce(d.reason, '') AS reason, d.reversed_as,
       d.reversed_at, coalesce(d.reversed_why, '') AS reversed_why
FROM referral r JOIN invitation i ON i.id = r.invitation
JOIN person w ON w.id = r.referrer JOIN person f ON f.id = r.friend
JOIN plan v ON v.id = r.plan AND v.version = r.plan_version
LEFT JOIN LATERAL (
  SELECT * FROM referral_deal WHERE referral = r.id
  ORDER BY reversed_as IS NOT NULL, placed_at DESC LIMIT 1
) d ON true
"""
DEAL: Final = """
SELECT d.order_id, d.referral, r.referrer, r.friend, f.name AS friend_name, r.invitation, r.plan,
       r.plan_version, v.created_at AS written_at, r.campaign, i.role, r.bound_at, d.amount, d.placed_at, d.state,
       d.release_at, d.payer, d.store, d.reversed_as
FROM referral_deal d JOIN referral r ON r.id = d.referral JOIN person f ON f.id = r.friend
JOIN invitation i ON i.id = r.invitation
JOIN plan v ON v.id = r.plan AND v.version = r.plan_version
"""
GIVEN: Final = """
SELECT g.id, g.plan, g.plan_version, v.created_at AS written_at, g.key, g.coupon_rule, g.points, g.deal,
       f.name AS friend_name, g.state, g.coupon, g.transfer, g.made_at, g.taken_at
FROM referral_reward g JOIN referral_deal d ON d.order_id = g.deal
JOIN referral r ON r.id = d.referral JOIN person f ON f.id = r.friend
JOIN plan v ON v.id = g.plan AND v.version = g.plan_version
"""


def read_code(typed: str) -> str:
    """Return the code that was meant, whatever its case and look-alikes."""
    return typed.strip().upper().replace("-", "").translate(_LOOKALIKES)


async def invitation(code: str) -> Invitation:
    """Return the invitation of a code, as somebody typed it; refused as `link_unknown`."""
    found = await db.row(
        Invitation, f"{INVITATION} WHERE i.code = $1 AND p.active", read_code(code)
    )
    if found is None:
        raise RuleViolation("link_unknown")
    return found


async def invitation_of(person: UUID, plan: str, campaign: str) -> Invitation | None:
    """Return somebody's link in a campaign, if they have one."""
    return await db.row(
        Invitation,
        f"{INVITATION} WHERE i.person = $1 AND i.plan = $2 AND i.campaign = $3",
        person, plan, campaign,
    )  # fmt: skip


async def bound(friend: UUID, plan: str, campaign: str) -> Bound | None:
    """Return a friend's last binding in a campaign."""
    found = await db.row(
        _Bound,
        "SELECT referrer, until FROM referral WHERE friend = $1 AND plan = $2 AND campaign = $3"
        " AND NOT replaced",
        friend, plan, campaign,
    )  # fmt: skip
    return Bound(str(found.referrer), found.until) if found else None


class _Bound(msgspec.Struct, frozen=True):
    referrer: UUID
    until: datetime


async def referral_of(friend: UUID, plan: str, campaign: str) -> Referral | None:
    """Return a friend's last referral in a campaign."""
    return await db.row(
        Referral,
        f"{REFERRAL} WHERE r.friend = $1 AND r.plan = $2 AND r.campaign = $3 AND NOT r.replaced",
        friend, plan, campaign,
    )  # fmt: skip


async def as_friend(friend: UUID) -> list[Referral]:
    """Return who invited somebody, the newest first."""
    return await db.rows(
        Referral, f"{REFERRAL} WHERE r.friend = $1 ORDER BY r.bound_at DESC", friend
    )


async def friends_of(referrer: UUID, plan: str, campaign: str, most: int) -> list[Referral]:
    """Return whom somebody brought in a campaign, where something happened last first."""
    return await db.rows(
        Referral,
        f"{REFERRAL} WHERE r.referrer = $1 AND r.plan = $2 AND r.campaign = $3"
        " ORDER BY greatest(r.bound_at, d.placed_at, d.counted_at, d.reversed_at) DESC LIMIT $4",
        referrer, plan, campaign, most,
    )  # fmt: skip


async def living(friend: UUID, at: datetime) -> Referral | None:
    """Return the referral to which an order at a moment belongs: of several campaigns the first."""
    return await db.row(
        Referral,
        f"{REFERRAL} WHERE r.friend = $1 AND r.bound_at <= $2 AND $2 < r.until"
        " ORDER BY r.bound_at, r.id LIMIT 1",
        friend, at,
    )  # fmt: skip


async def deal(order: UUID) -> StoredDeal | None:
    """Return the deal that an order is, if it is one."""
    return await db.row(StoredDeal, f"{DEAL} WHERE d.order_id = $1", order)


async def deals_of(referrer: UUID, plan: str, campaign: str) -> list[StoredDeal]:
    """Return a referrer's deals of a campaign in the order they were placed."""
    return await db.rows(
        StoredDeal,
        f"{DEAL} WHERE r.referrer = $1 AND r.plan = $2 AND r.campaign = $3"
        " ORDER BY d.placed_at, d.order_id",
        referrer, plan, campaign,
    )  # fmt: skip


async def overdue() -> list[UUID]:
    """Return the orders of deals that are to be judged again or released by now."""
    return await db.column(
        "SELECT order_id FROM referral_deal WHERE reversed_as IS NULL AND (state = 'judging'"
        " OR (state = 'waiting' AND release_at <= leitai_clock())) ORDER BY release_at LIMIT 500"
    )


async def rewards_of(referrer: UUID, plan: str, campaign: str) -> list[Given]:
    """Return what somebody was given in a campaign, taken back or not, the newest first."""
    return await db.rows(
        Given,
        f"{GIVEN} WHERE g.referrer = $1 AND g.plan = $2 AND g.campaign = $3"
        " ORDER BY g.made_at DESC, g.id DESC",
        referrer, plan, campaign,
    )  # fmt: skip


async def counted(referrer: UUID, plan: str, campaign: str) -> int:
    """Count the deals that stand on somebody's ladder."""
    found: int = await db.value(
        "SELECT count(*) FROM referral_deal d JOIN referral r ON r.id = d.referral"
        " WHERE r.referrer = $1 AND r.plan = $2 AND r.campaign = $3"
        " AND d.state = 'counted' AND d.reversed_as IS NULL",
        referrer, plan, campaign,
    )  # fmt: skip
    return found


async def accepted(person: UUID, plan: str, campaign: str) -> list[int]:
    """Return which versions of a campaign's agreement somebody accepted."""
    return await db.column(
        "SELECT version FROM partner_agreement"
        " WHERE person = $1 AND plan = $2 AND campaign = $3",
        person, plan, campaign,
    )  # fmt: skip
