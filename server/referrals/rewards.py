"""Rewards: what was given to a referrer is made equal to what the fold says is due (H2 to H5)."""

from typing import Final
from uuid import UUID

import msgspec

from game import ledger as postings
from game import referrals as rules
from game.referrals import Deal, Reward
from server.coupons import commands as coupons
from server.kit import db, ids
from server.kit.db import command
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications.hints import hint
from server.people.rights import record
from server.referrals import campaigns, queries, words
from server.referrals.queries import Given, StoredDeal

REWARD: Final = "referral"
BACK: Final = "referral_back"


class Settled(msgspec.Struct, frozen=True):
    """What a settling changed; `kept` was used before it could be taken back."""

    given: tuple[Reward, ...]
    taken: list[Given]
    kept: list[Given]


@command
async def settle(cause: StoredDeal, reason: str = "", by: UUID | None = None) -> Settled:
    """Give what has become due for a referrer, and take back what is due no longer.

    `cause` is the deal that changed; `reason` and `by` say why and by whom it was reversed.
    """
    # One at a time for a referrer and campaign: what was given is compared with all deals.
    await db.execute("SELECT FROM invitation WHERE id = $1 FOR NO KEY UPDATE", cause.invitation)
    deals = await queries.deals_of(cause.referrer, cause.plan, cause.campaign)
    due = rules.rewards_due([await as_deal(each) for each in deals])
    found = await queries.rewards_of(cause.referrer, cause.plan, cause.campaign)
    standing = {(each.key, each.coupon_rule): each for each in found if each.state != "taken"}
    given = [name for name, each in standing.items() if each.state == "given"]
    change = rules.changes(given, due)
    by_order = {str(each.order_id): each for each in deals}
    for reward in change.give:
        await _give(by_order[reward.order], reward, standing.get(reward.name))
    gone: dict[bool, list[Given]] = {True: [], False: []}
    for name in change.take:
        gone[await _take(cause, standing[name], reason, by)].append(standing[name])
    await hint([cause.referrer], "referrals", "coupons", "wallet")
    return Settled(change.give, gone[True], gone[False])


async def as_deal(stored: StoredDeal) -> Deal:
    """Return a deal as the fold reads it, under the terms its friend was bound by."""
    one = await campaigns.pinned(stored)
    return Deal(
        order=str(stored.order_id),
        amount=stored.amount,
        role=stored.role,
        rule=one.rule,
        is_counted=stored.state == "counted",
        reversed=stored.reversed_as,
    )


async def _give(deal: StoredDeal, reward: Reward, kept: Given | None) -> None:
    if kept is not None:
        # It was used when it should have been taken back: it is due again, and there already.
        await db.execute(
            "UPDATE referral_reward SET state = 'given', taken_at = NULL WHERE id = $1", kept.id
        )
        return
    row = ids.new_id()
    await db.execute(
        "INSERT INTO referral_reward (id, referrer, plan, campaign, plan_version, key,"
        " coupon_rule, points, deal, state, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'due', leitai_clock())",
        row, deal.referrer, deal.plan, deal.campaign, deal.plan_version, reward.key,
        reward.coupon, reward.points, deal.order_id,
    )  # fmt: skip
    coupon = await _issue(row, deal, reward) if reward.coupon else None
    transfer = await _post(row, deal, reward) if reward.points else None
    await db.execute(
        "UPDATE referral_reward SET state = 'given', coupon = $2, transfer = $3 WHERE id = $1",
        row, coupon, transfer,
    )  # fmt: skip


async def _issue(row: UUID, deal: StoredDeal, reward: Reward) -> UUID:
    is_rung = reward.key.startswith("ladder:")
    return await coupons.issue(
        deal.referrer, deal.plan, deal.plan_version, reward.coupon,
        source="ladder" if is_rung else "referrer", reference=str(row), giver=deal.friend_name,
    )  # fmt: skip


async def _post(row: UUID, deal: StoredDeal, reward: Reward) -> UUID:
    transfer = ids.derived_id(row, REWARD)
    await ledger.post(
        Transfer(
            id=transfer,
            kind=REWARD,
            reference=str(row),
            actor=None,
            facts=await _facts(deal),
            posting=postings.award(str(deal.referrer), reward.points),
        )
    )
    return transfer


async def _facts(deal: StoredDeal) -> dict[str, object]:
    one = await campaigns.pinned(deal)
    return {
        "title": msgspec.to_builtins(one.rule.title),
        "plan": deal.plan,
        "version": deal.plan_version,
        "campaign": deal.campaign,
        "friend": deal.friend_name,
        "order": str(deal.order_id),
    }


async def _take(cause: StoredDeal, given: Given, reason: str, by: UUID | None) -> bool:
    """Take one reward back; False where its coupon was redeemed already: it stays, on record."""
    said = reason or str(words.WHY[cause.reversed_as or "refunded"])
    if given.transfer is not None:
        await ledger.post(
            Transfer(
                id=ids.derived_id(given.id, BACK),
                kind=BACK,
                reference=str(given.id),
                actor=by,
                facts=await _facts(cause) | {"why": cause.reversed_as, "reason": reason},
                posting=postings.award(str(cause.referrer), -given.points),
                reverses=given.transfer,
            )
        )
    is_taken = given.coupon is None or await coupons.revoke(given.coupon, said, by)
    await db.execute(
        "UPDATE referral_reward SET state = $2, taken_at = leitai_clock() WHERE id = $1",
        given.id, "taken" if is_taken else "kept",
    )  # fmt: skip
    if not is_taken:
        facts = {"coupon": str(given.coupon), "order": str(cause.order_id)}
        await record(by, "keep_reward", f"person:{cause.referrer}", said, facts=facts)
    return is_taken
