"""Redemptions: redeem, hand over, decide, cancel, expire (G2).

Whoever redeems holds points and takes a piece of stock; whatever ends it spends or frees the
points once and, where it comes to nothing, puts the piece back once. Locks are taken in one
order everywhere: the redemption, the person's accounts, the reward.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game import rewards as rules
from game.errors import RuleViolation
from game.rewards import State
from server.config import settings
from server.coupons import commands as coupons
from server.kit import clock, db, events, ids
from server.kit.db import command
from server.ledger import commands as ledger
from server.ledger import holds
from server.notifications.hints import hint
from server.plans import queries as plans
from server.rewards import deadlines, queries, telling
from server.rewards.events import RewardFulfilled
from server.rewards.queries import Redemption, Reward

NOTE_MAX: Final = 200
CODE_LENGTH: Final = 8


@command
async def redeem(reward_id: UUID, person: UUID, points: int, note: str = "") -> UUID:
    """Redeem a reward for the points its page showed; returns the redemption.

    Refused as `game.rewards.obstacle` says, `reward_price_changed`, `reward_coupon_missing`,
    `note_too_long`, `reward_unknown`.
    """
    if len(note) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    # The limit is counted under the person's own lock: two taps at once are two in a row.
    await ledger.lock("points", [person])
    reward, now = await queries.reward(reward_id), await clock.now()
    rules.check_redeem(reward.terms, (await queries.standing(person)).redeemer(reward, now))
    if points != reward.points:
        raise RuleViolation("reward_price_changed", points=reward.points)

    id_, zone = ids.new_id(), ZoneInfo(settings().company_timezone)
    ends = rules.expires_at(now, reward.keeps_days, zone)
    await holds.hold(id_, person, "points", reward.points, f"redemption:{id_}", ends)
    left = await _take(reward)
    await db.execute(
        "INSERT INTO redemption (id, reward, person, kind, title, points, took_stock, note, code,"
        " redeemed_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id_, reward.id, person, reward.kind, reward.title, reward.points, left is not None, note,
        ids.new_word(CODE_LENGTH), now, ends,
    )  # fmt: skip
    if rules.is_low(left, reward.low_stock):
        await telling.low_stock(reward)
    one = await queries.redemption(id_)
    if reward.way == "at_once":
        await _fulfil(one, None, now)
    else:
        await deadlines.plan(one)
        await telling.redeemed(one)
    await hint([person], "wallet", "rewards")
    return id_


async def _take(reward: Reward) -> int | None:
    """Take a piece by one guarded statement; returns how many are left, None of an endless one."""
    async with db.connection() as one:
        found = await one.fetchrow(
            "UPDATE reward SET stock = stock - 1 WHERE id = $1 AND archived_at IS NULL"
            " AND points = $2 AND (stock IS NULL OR stock > 0) RETURNING stock",
            reward.id, reward.points,
        )  # fmt: skip
    if found is not None:
        left: int | None = found["stock"]
        return left
    # Since it was read, the last one went, or operations changed it.
    now = await queries.reward(reward.id)
    if now.archived_at is not None:
        raise RuleViolation("reward_archived")
    if now.points != reward.points:
        raise RuleViolation("reward_price_changed", points=now.points)
    raise RuleViolation("reward_sold_out")


@command
async def hand_over(redemption: UUID, by: UUID, code: str) -> Redemption:
    """Hand a reward over at the counter, against the code that its owner shows.

    Refused as `game.rewards.check_hand_over` says, `redemption_unknown`.
    """
    one, now = await _turn(redemption)
    if code != one.code:
        raise RuleViolation("redemption_unknown")
    rules.check_hand_over(
        one.way, one.state, one.expires_at, now, person=str(one.person), by=str(by)
    )
    return await _fulfil(one, by, now)


@command
async def decide(redemption: UUID, by: UUID, *, approves: bool, reason: str = "") -> Redemption:
    """Approve what is not picked up, or refuse either with a reason.

    Refused as `game.rewards.check_decision` says, `note_too_long`, `redemption_unknown`.
    """
    if len(reason) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    one, now = await _turn(redemption)
    rules.check_decision(
        one.way, one.state, one.expires_at, now,
        person=str(one.person), by=str(by), approves=approves, reason=reason,
    )  # fmt: skip
    if approves:
        return await _fulfil(one, by, now)
    return await _give_back(one, "refused", by, now, reason.strip())


@command
async def cancel(redemption: UUID, by: UUID) -> Redemption:
    """Cancel one's own redemption while it waits.

    Refused as `redemption_unknown`, `redemption_over`.
    """
    one, now = await _turn(redemption)
    rules.check_cancel(one.state, one.expires_at, now, person=str(one.person), by=str(by))
    return await _give_back(one, "cancelled", by, now)


@command
async def expire(redemption: UUID) -> bool:
    """End what waited too long; False where it is over already, or its time has not come."""
    one, now = await _turn(redemption)
    if one.state != "waiting" or now < one.expires_at:
        return False
    await _give_back(one, "expired", None, now)
    return True


async def _turn(redemption: UUID) -> tuple[Redemption, datetime]:
    """Lock a redemption; returns it as it is behind the lock."""
    await db.value("SELECT id FROM redemption WHERE id = $1 FOR NO KEY UPDATE", redemption)
    return await queries.redemption(redemption), await clock.now()


async def _fulfil(one: Redemption, by: UUID | None, now: datetime) -> Redemption:
    """Spend the points of a redemption and give what they are spent for."""
    facts: dict[str, Any] = {
        "title": one.title,
        "redemption": str(one.id),
        "reward": str(one.reward),
        "kind": one.kind,
        "redeemed_at": one.redeemed_at.isoformat(),
    }
    coupon = await _issue(one) if one.kind == "coupon" else None
    await holds.capture(
        one.id,
        holds.Capture(
            id=ids.derived_id(one.id, "fulfil"),
            kind="redemption",
            reference=str(one.id),
            actor=by,
            facts=facts,
        ),
    )
    ended = await _end(one, "fulfilled", by, now, coupon=coupon)
    await events.publish(RewardFulfilled(one.id, one.person, one.reward, now))
    await telling.fulfilled(ended)
    return ended


async def _issue(one: Redemption) -> UUID:
    """Issue the coupon that a redemption was for, by the rules of the plan in force."""
    reward = await queries.reward(one.reward)
    found = next((each for each in await plans.in_force() if each.id == reward.coupon_plan), None)
    if found is None or reward.coupon_rule not in found.plan.coupons:
        raise RuleViolation("reward_coupon_missing")
    return await coupons.issue(
        one.person, found.id, found.version, str(reward.coupon_rule),
        source="reward", reference=str(one.id),
    )  # fmt: skip


async def _give_back(
    one: Redemption, state: State, by: UUID | None, now: datetime, reason: str = ""
) -> Redemption:
    """Set the points free and put the piece back, in the transaction that ends it."""
    ended = await _end(one, state, by, now, reason=reason)
    await holds.release(one.id)
    if one.took_stock:
        await db.execute(
            "UPDATE reward SET stock = least(stock + 1, 1000000)"
            " WHERE id = $1 AND stock IS NOT NULL",
            one.reward,
        )
    await telling.given_back(ended)
    return ended


async def _end(
    one: Redemption,
    state: State,
    by: UUID | None,
    now: datetime,
    *,
    reason: str = "",
    coupon: UUID | None = None,
) -> Redemption:
    """Write how a redemption ended; `_turn` has locked it, so nobody else ends it."""
    await db.execute(
        "UPDATE redemption SET state = $2, ended_by = $3, ended_at = $4, reason = $5, coupon = $6"
        " WHERE id = $1",
        one.id, state, by, now, reason, coupon,
    )  # fmt: skip
    await hint([one.person], "wallet", "rewards")
    return msgspec.structs.replace(one, state=state, ended_at=now, reason=reason, coupon=coupon)
