"""Rewards that points are redeemed for: who may, how often, how it is handed over (G2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.errors import RuleViolation
from game.periods import days_after, window
from game.plan_terms import RANKS, Rank

RewardKind = Literal["gift", "coupon", "leave", "training", "service"]
KINDS: tuple[RewardKind, ...] = ("gift", "coupon", "leave", "training", "service")

Way = Literal["scan", "approval", "at_once"]
WAYS: dict[RewardKind, Way] = {
    "gift": "scan",
    "coupon": "at_once",
    "leave": "approval",
    "training": "approval",
    "service": "approval",
}
"""How a kind is fulfilled: handed over at a counter, approved by a person, or given at once."""

LimitPer = Literal["day", "week", "month", "quarter", "year", "ever"]
LIMIT_PERIODS: tuple[LimitPer, ...] = ("day", "week", "month", "quarter", "year", "ever")

State = Literal["waiting", "fulfilled", "refused", "cancelled", "expired"]
REMINDED_BEFORE = timedelta(hours=38)
"""Ten in the morning of the day before the last."""


class Limit(msgspec.Struct, frozen=True):
    """At most `most` of a reward for one person in each period of the company's zone."""

    most: int
    per: LimitPer


class Eligibility(msgspec.Struct, frozen=True):
    """Whom a reward is for: units by path, all below them included, and ranks; empty is anyone."""

    units: tuple[str, ...] = ()
    ranks: tuple[Rank, ...] = ()


class Reward(msgspec.Struct, frozen=True):
    """What redeeming depends on; `stock` None is unlimited, 0 is sold out."""

    points: int
    stock: int | None
    limit: Limit | None
    eligibility: Eligibility
    is_archived: bool = False


class Redeemer(msgspec.Struct, frozen=True):
    """Who redeems: `available` points after debt, `redeemed` of this reward in the period."""

    kind: Literal["employee", "customer", "partner"]
    rank: str
    unit: str
    available: int
    redeemed: int


def limit_window(per: LimitPer, moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return [start, end) in which redemptions count against a limit; `ever` has no ends."""
    if per == "ever":
        return datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return window(per, moment, zone)


def is_eligible(terms: Eligibility, redeemer: Redeemer) -> bool:
    """Whether a reward is for this person; points are an employee's, so nobody else redeems."""
    if redeemer.kind != "employee":
        return False
    if terms.ranks and redeemer.rank not in terms.ranks:
        return False
    below = (redeemer.unit == unit or redeemer.unit.startswith(f"{unit}/") for unit in terms.units)
    return not terms.units or any(below)


def obstacle(reward: Reward, redeemer: Redeemer) -> RuleViolation | None:
    """Return why this person can't redeem this reward now: first what no saving would help."""
    if reward.is_archived:
        return RuleViolation("reward_archived")
    if not is_eligible(reward.eligibility, redeemer):
        return RuleViolation("reward_not_for_you")
    if reward.limit is not None and redeemer.redeemed >= reward.limit.most:
        return RuleViolation("reward_limit_reached", most=reward.limit.most)
    if reward.stock == 0:
        return RuleViolation("reward_sold_out")
    if redeemer.available < reward.points:
        return RuleViolation("reward_not_covered", missing=reward.points - redeemer.available)
    return None


def check_redeem(reward: Reward, redeemer: Redeemer) -> None:
    """Refuse who can't redeem: see `obstacle`."""
    found = obstacle(reward, redeemer)
    if found is not None:
        raise found


def is_low(left: int | None, threshold: int | None) -> bool:
    """Whether the piece just taken left exactly as many as should be told about."""
    return left is not None and left == threshold


def check_terms(
    *, points: int, stock: int | None, limit: Limit | None, ranks: tuple[str, ...], keeps_days: int
) -> None:
    """Refuse a reward whose terms say nothing sensible, as `reward_terms` with its field."""
    wrong = {
        "points": not 1 <= points <= 1_000_000_000,
        "stock": stock is not None and not 0 <= stock <= 1_000_000,
        "limit_most": limit is not None and limit.most < 1,
        "limit_per": limit is not None and limit.per not in LIMIT_PERIODS,
        "ranks": not set(ranks) <= set(RANKS),
        "keeps_days": not 1 <= keeps_days <= 365,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise RuleViolation("reward_terms", field=field)


def expires_at(redeemed_at: datetime, keeps_days: int, zone: ZoneInfo) -> datetime:
    """Return when what still waits goes back: the end of the day `keeps_days` later."""
    return days_after(redeemed_at, keeps_days + 1, zone)


def reminder_at(redeemed_at: datetime, expires: datetime) -> datetime | None:
    """Return when to say that it is kept until tomorrow; None where it was redeemed later."""
    moment = expires - REMINDED_BEFORE
    return moment if moment > redeemed_at else None


def check_waiting(state: State, expires: datetime, now: datetime) -> None:
    """Refuse to fulfil, refuse or cancel what is over, the clock included."""
    if state != "waiting":
        raise RuleViolation("redemption_over", state=state)
    if now >= expires:
        raise RuleViolation("redemption_over", state="expired")


def check_hand_over(
    way: Way, state: State, expires: datetime, now: datetime, *, person: str, by: str
) -> None:
    """Refuse the counter: what is not picked up there, is over, or is one's own."""
    if way != "scan":
        raise RuleViolation("redemption_needs_approval")
    check_waiting(state, expires, now)
    _check_other(person, by)


def check_decision(
    way: Way,
    state: State,
    expires: datetime,
    now: datetime,
    *,
    person: str,
    by: str,
    approves: bool,
    reason: str,
) -> None:
    """Refuse a decision on what is over or one's own, an approval of a gift, a bare refusal."""
    check_waiting(state, expires, now)
    _check_other(person, by)
    if approves and way != "approval":
        raise RuleViolation("redemption_needs_counter")
    if not approves and not reason.strip():
        raise RuleViolation("reason_missing")


def check_cancel(state: State, expires: datetime, now: datetime, *, person: str, by: str) -> None:
    """Refuse to cancel what is over, or somebody else's."""
    if person != by:
        raise RuleViolation("redemption_unknown")
    check_waiting(state, expires, now)


def _check_other(person: str, by: str) -> None:
    if person == by:
        raise RuleViolation("own_redemption")
