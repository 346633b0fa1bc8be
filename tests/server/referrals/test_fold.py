"""What was given, after any history of deals, verdicts, releases and refunds, is the fold."""

import random
from contextlib import suppress
from uuid import UUID

import pytest

from game.errors import RuleViolation
from game.referrals import rewards_due
from server.coupons import commands as coupons
from server.kit import db
from server.ledger.verification import verify
from server.referrals import deals, jobs, queries, rewards
from tests.support.cast import person_id
from tests.support.friends import CAMPAIGN, PLAN, bring, customer, open_campaign, order
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")
FRIENDS = 6
STEPS = ["order", "order", "order", "wait", "wait", "refund", "refund", "undo", "hold", "decide"]


async def names_due(referrer: UUID) -> set[tuple[str, str]]:
    """What a fold over the whole history says."""
    stored = await queries.deals_of(referrer, PLAN, CAMPAIGN)
    folded = rewards_due([await rewards.as_deal(each) for each in stored])
    return {each.name for each in folded}


async def names_given(referrer: UUID) -> set[tuple[str, str]]:
    """What the referrer has, by the rows and by what they stand for."""
    given = [
        each for each in await queries.rewards_of(referrer, PLAN, CAMPAIGN) if each.state == "given"
    ]
    living = await db.value(
        "SELECT count(*) FROM coupon WHERE holder = $1 AND state IN ('issued', 'redeemed')"
        " AND source IN ('referrer', 'ladder')",
        referrer,
    )
    points = await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account WHERE owner = $1"
        " AND asset = 'points' AND kind IN ('wallet', 'debt')",
        referrer,
    )
    assert living == sum(each.coupon is not None for each in given)
    assert points == sum(each.points for each in given)
    return {(each.key, each.coupon_rule) for each in given}


@pytest.mark.parametrize(("kind", "seed"), [("customer", 3), ("employee", 2)])
async def test_live_equals_the_fold_after_every_step(clock: Clock, kind: str, seed: int) -> None:
    await open_campaign(clock, release_days="1", hour="99", day="99")
    chance = random.Random(seed)
    referrer = await customer(0) if kind == "customer" else await person_id("MEI")
    friends = [await bring(referrer, number) for number in range(1, FRIENDS + 1)]
    sold: list[UUID] = []
    for _ in range(36):
        step = chance.choice(STEPS)
        await clock.advance(minutes=1)
        # An order that is reversed already, or too old to be undone, changes nothing.
        with suppress(RuleViolation):
            await _step(step, chance, clock, friends, sold)
        assert await names_given(referrer) == await names_due(referrer)
        assert await verify() == []
    print(
        await db.column("SELECT state || coalesce(reversed_as, chr(45)) FROM referral_deal"),
        len(sold),
        await db.column("SELECT reversed_as FROM customer_order"),
    )
    came = set(await db.column("SELECT DISTINCT state FROM referral_reward"))
    assert came == {"given", "taken"}


async def _step(
    step: str, chance: random.Random, clock: Clock, friends: list[UUID], sold: list[UUID]
) -> None:
    if step == "order":
        amount = chance.choice([80_000, 6_000_000])
        sold.append(await order(chance.choice(friends), amount=amount))
    elif step == "wait":
        await clock.advance(hours=chance.choice([1, 30]))
        await jobs.sweep({})
    elif sold and step == "refund":
        await coupons.refund(chance.choice(sold), await person_id("AN"), "尺寸不合")
    elif sold and step == "undo":
        await coupons.undo(sold[-1], await person_id("AN"))
    elif sold and step == "hold":
        await db.execute(
            "UPDATE referral_deal SET state = 'held' WHERE order_id = $1 AND state = 'waiting'",
            chance.choice(sold),
        )
    elif sold:
        await deals.decided(chance.choice(sold), cleared=chance.random() < 0.7, reason="looked")
