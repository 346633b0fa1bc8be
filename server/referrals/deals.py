"""Deals: a friend's first order, judged, released, counted; and what a reversal undoes (H2, G9)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import structs

from game import referrals as rules
from game.antispam import Signals, Verdict
from game.referrals import Why
from server.antispam import commands as antispam
from server.antispam import facts
from server.coupons.events import OrderPlaced, OrderReversed
from server.kit import clock, db, events, jobs
from server.kit.db import command
from server.notifications.hints import hint
from server.referrals import campaigns, news, queries, rewards, words
from server.referrals.events import ReferralReversed, ReferralRewarded
from server.referrals.queries import Referral, StoredDeal

RELEASE: Final = "referral_release"
_STATE_OF: Final = {"clean": "waiting", "review": "held", "refused": "refused"}


def subject(order: UUID) -> str:
    """Name the reward of a deal for antispam."""
    return f"referral:{order}"


async def placed(event: OrderPlaced, referral: Referral) -> None:
    """Take in the order that is the deal of a referral, judge it, and give what is due.

    Where judging fails the order goes through and the reward waits (fail closed).
    """
    one = await campaigns.pinned(referral)
    release_at = event.at + timedelta(days=one.rule.release_days)
    await db.execute(
        "INSERT INTO referral_deal (order_id, referral, amount, placed_at, state, release_at,"
        " payer, device, store) VALUES ($1, $2, $3, $4, 'judging', $5, $6, $7, $8)",
        event.order, referral.id, event.amount, event.at, release_at, event.payer, event.device,
        event.store,
    )  # fmt: skip
    await judge(event.order)


@command
async def judge(order: UUID) -> None:
    """Have the verdict on a deal that has none yet, and go on by it."""
    deal = await _locked(order)
    if deal is None or deal.state != "judging" or deal.reversed_as:
        return
    verdict = await antispam.judged_or_held(lambda: _verdict(deal))
    if verdict is not None:
        await _set_state(order, _STATE_OF[verdict.outcome])
        await _go_on(deal)


async def _verdict(deal: StoredDeal) -> Verdict:
    one = await campaigns.pinned(deal)
    key: str = await db.value("SELECT customer_key_of($1)", deal.friend)
    signals = await facts.signals_of(deal.referrer, deal.friend, payer=deal.payer, customer_key=key)
    terms = rules.terms_of(one.rule, deal.role)
    return await antispam.judge(
        subject(deal.order_id), deal.referrer, await _with_order(signals, deal), one.rule.weights,
        what=words.gain(one.plan, rules.coupons_for(terms, deal.amount), terms.points),
        others=[deal.friend],
    )  # fmt: skip


async def _with_order(signals: Signals, deal: StoredDeal) -> Signals:
    """Add what the order tells: redeemed at once in the referrer's own store, undone before."""
    own_store: UUID | None = await db.value("SELECT unit FROM person WHERE id = $1", deal.referrer)
    minutes = (deal.placed_at - deal.bound_at) // timedelta(minutes=1)
    undone: int = await db.value(
        "SELECT count(*) FROM referral_deal WHERE referral = $1 AND reversed_as IS NOT NULL",
        deal.referral,
    )
    return structs.replace(
        signals,
        minutes_to_use=minutes if own_store == deal.store else None,
        undone_orders=undone,
    )


@command
async def decided(order: UUID, *, cleared: bool, reason: str) -> None:
    """Go on with a deal as a person decided about it."""
    deal = await _locked(order)
    if deal is None or deal.state in {"waiting", "counted"}:
        return
    await _set_state(order, "waiting" if cleared else "refused", "" if cleared else reason)
    await _go_on(deal)


@command
async def release(order: UUID) -> None:
    """Count a deal whose verdict is clean and whose release has come; before that, nothing."""
    deal = await _locked(order)
    if deal is None or deal.state != "waiting" or deal.reversed_as:
        return
    if deal.release_at > await clock.now() or not await antispam.cleared(subject(order)):
        return
    await db.execute(
        "UPDATE referral_deal SET state = 'counted', counted_at = leitai_clock()"
        " WHERE order_id = $1",
        order,
    )
    settled = await rewards.settle(deal)
    await news.rewarded(deal, settled)
    await events.publish(
        ReferralRewarded(
            deal.referral, deal.referrer, deal.friend, deal.order_id, deal.plan, deal.campaign,
            await clock.now(),
        )
    )  # fmt: skip


async def _go_on(deal: StoredDeal) -> None:
    began: datetime = await db.value("SELECT now()")
    if deal.release_at > await clock.now():
        payload, name = {"order": str(deal.order_id)}, f"{RELEASE}:{deal.order_id}"
        await jobs.enqueue(RELEASE, payload, deal.release_at - began, name)
    else:
        await release(deal.order_id)
    await hint([deal.referrer, deal.friend], "referrals")


@command
async def reverse(event: OrderReversed) -> None:
    """Take back what a deal gave, exactly that; the plan says what a refund leaves (G9)."""
    deal = await _locked(event.order)
    if deal is None or deal.reversed_as:
        return
    why: Why = event.why
    await db.execute(
        "UPDATE referral_deal SET reversed_as = $2, reversed_at = $3, reversed_why = $4"
        " WHERE order_id = $1",
        event.order, why, event.at, event.reason,
    )  # fmt: skip
    await hint([deal.referrer, deal.friend], "referrals")
    if deal.state == "counted":
        deal = structs.replace(deal, reversed_as=why)
        settled = await rewards.settle(deal, event.reason, event.by)
        await news.taken_back(deal, settled, event.reason)
        await events.publish(
            ReferralReversed(
                deal.referral, deal.referrer, deal.friend, deal.order_id, deal.plan,
                deal.campaign, why, event.at,
            )
        )  # fmt: skip


async def _locked(order: UUID) -> StoredDeal | None:
    await db.execute("SELECT FROM referral_deal WHERE order_id = $1 FOR UPDATE", order)
    return await queries.deal(order)


async def _set_state(order: UUID, state: str, reason: str = "") -> None:
    await db.execute(
        "UPDATE referral_deal SET state = $2, reason = $3, decided_at = leitai_clock()"
        " WHERE order_id = $1",
        order, state, reason,
    )  # fmt: skip
