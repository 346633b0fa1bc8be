"""Coupons and orders: issue, revoke, redeem, place, undo, refund (H2 to H7)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game import coupons as rules
from game.coupons import Reversal
from game.errors import RuleViolation
from server.actions.customers import customer_key
from server.coupons import codes, queries
from server.coupons.counter import on_counter, spoken
from server.coupons.events import CouponRedeemed, OrderPlaced, OrderReversed
from server.coupons.queries import Order
from server.kit import clock, db, events, ids
from server.kit.db import command
from server.notifications.hints import hint
from server.people.rights import record
from server.people.stores import Store
from server.plans import queries as plans

Source = Literal["friend", "referrer", "ladder", "exclusive", "reward", "gift"]
HINT: Final = "coupons"
"""The hint that open tickets listen to."""


class Sale(msgspec.Struct, frozen=True):
    """What a till (or a company's own system) says of an order; `amount` in 分."""

    store: Store
    receipt: str
    amount: int
    by: UUID
    source: Literal["till", "api"]
    payer: str = ""
    device: str = ""


@command
async def issue(
    holder: UUID, plan: str, version: int, rule: str, *, source: Source, reference: str,
    expires_at: datetime | None = None, store: UUID | None = None, giver: str = "",
) -> UUID:  # fmt: skip
    """Give somebody a coupon under a rule of a plan's version; returns its id.

    Once per (source, reference, rule): asked again, it answers the same one. `store` makes it
    good in that store only, `giver` is the name the ticket thanks. Refused as
    `coupon_rule_unknown`, `coupon_expired` where it would be over at once.
    """
    terms = (await plans.plan_version(plan, version)).plan
    if rule not in terms.coupons:
        raise RuleViolation("coupon_rule_unknown")
    now = await clock.now()
    ends = expires_at or rules.expiry(terms.coupons[rule], now, terms.zone)
    if ends <= now:
        with spoken():
            raise RuleViolation("coupon_expired", until=ends)
    while True:
        id_ = ids.new_id()
        issued: UUID | None = await db.value(
            "INSERT INTO coupon (id, plan, plan_version, rule, holder, source, reference, giver,"
            " store, code_index, token_index, issued_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            " ON CONFLICT DO NOTHING RETURNING id",
            id_, plan, version, rule, holder, source, reference, giver, store,
            codes.index_of(codes.code_of(id_)), codes.index_of(codes.token_of(id_)), now, ends,
        )  # fmt: skip
        if issued is not None:
            await hint([holder], HINT)
            return issued
        issued = await db.value(
            "SELECT id FROM coupon WHERE source = $1 AND reference = $2 AND rule = $3",
            source, reference, rule,
        )  # fmt: skip
        if issued is not None:
            return issued
        # Two ids may have the same code, once in 2^50: take another.


@command
async def revoke(coupon: UUID, reason: str, by: UUID | None) -> bool:
    """Take a coupon back that was not redeemed; False where it was. Said again, it stays so."""
    holder = await db.value(
        "UPDATE coupon SET state = 'revoked', revoked_at = leitai_clock(), revoked_by = $3,"
        " reason = $2 WHERE id = $1 AND state = 'issued' RETURNING holder",
        coupon, reason, by,
    )  # fmt: skip
    if holder is None:
        return (await queries.coupon(coupon)).state != "redeemed"
    await record(by, "revoke_coupon", f"coupon:{coupon}", reason)
    await hint([holder], HINT)
    return True


@command
async def redeem(index: bytes, sale: Sale, customer: str = "") -> UUID:
    """Redeem a coupon, found by the index of its code or token, with its order; returns the order.

    `customer` is whom the order is for where the caller knows (a key): the coupon is bound to
    its holder. Refused as `game.coupons.check` and `discount` say, `coupon_unknown`,
    `coupon_of_another`, `receipt_missing`, `receipt_unreadable`, `receipt_taken`.
    """
    receipt = rules.receipt_number(sale.receipt)
    one = await on_counter(index)
    rule = await one.terms()
    one.check(rule, sale.by, sale.store)
    if customer and customer != one.customer_key:
        raise RuleViolation("coupon_of_another")
    with spoken():
        cut = rules.discount(rule, sale.amount)
    placed = OrderPlaced(
        order=ids.new_id(), customer=one.holder, customer_key=one.customer_key,
        store=sale.store.id, amount=sale.amount, payable=cut.payable, coupon=one.id,
        rule=one.rule, is_first=not one.has_ordered, payer=sale.payer, device=sale.device,
        at=one.at, by=sale.by,
    )  # fmt: skip
    await _place(placed, receipt, sale)
    await events.publish(
        CouponRedeemed(one.id, placed.order, one.holder, sale.store.id, sale.by, one.at)
    )
    await hint([one.holder], HINT)
    return placed.order


@command
async def place_order(sale: Sale, customer: str) -> UUID:
    """Take in an order without a coupon, of a phone or a company's customer number.

    Refused as `customer_unreadable`, `amount_unreadable`, `receipt_missing`,
    `receipt_unreadable`, `receipt_taken`.
    """
    receipt = rules.receipt_number(sale.receipt)
    rules.check_amount(sale.amount)
    key = await customer_key(customer)
    if not key:
        raise RuleViolation("customer_unreadable")
    at = await db.value("SELECT customer_turn($1)", key)
    placed = OrderPlaced(
        order=ids.new_id(), customer=await queries.person_of(key), customer_key=key,
        store=sale.store.id, amount=sale.amount, payable=sale.amount, coupon=None, rule="",
        is_first=not await db.value("SELECT customer_has_ordered($1)", key),
        payer=sale.payer, device=sale.device, at=at, by=sale.by,
    )  # fmt: skip
    await _place(placed, receipt, sale)
    return placed.order


async def _place(placed: OrderPlaced, receipt: str, sale: Sale) -> None:
    state = await db.value(
        "SELECT order_place($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
        placed.order, placed.store, placed.customer_key, placed.customer, receipt, placed.amount,
        placed.amount - placed.payable, placed.payable, placed.coupon, placed.is_first,
        placed.payer, placed.device, sale.source, placed.by, placed.at,
    )  # fmt: skip
    if state != "placed":
        raise RuleViolation("receipt_taken", receipt=receipt)
    await events.publish(placed)


@command
async def undo(order: UUID, by: UUID) -> None:
    """Undo an order within two minutes, by who placed it: its coupon is to be redeemed again.

    What is undone stays on record and counts for the review. Refused as `already_reversed`,
    `not_your_redemption`, `undo_too_late`, `order_unknown`.
    """
    one, now = await _turn(order)
    rules.check_undo(
        one.reversed_as, placed_by=str(one.placed_by), by=str(by),
        placed_at=one.placed_at, now=now,
    )  # fmt: skip
    await _reverse(one, "undone", by, "", now)


@command
async def refund(order: UUID, by: UUID, reason: str) -> None:
    """Refund an order: what it caused is taken back, its coupon comes back if nothing was handed over.

    Refused as `already_reversed`, `reason_missing`, `order_unknown`.
    """
    one, now = await _turn(order)
    rules.check_refund(one.reversed_as, reason)
    await _reverse(one, "refunded", by, reason.strip(), now)


async def _turn(order: UUID) -> tuple[Order, datetime]:
    """Take the turn of an order's customer; returns the order as it is behind it."""
    found = await queries.order(order)
    now: datetime = await db.value("SELECT customer_turn($1)", found.customer_key)
    return await queries.order(order), now


async def _reverse(one: Order, why: Reversal, by: UUID, reason: str, now: datetime) -> None:
    await db.execute(
        "UPDATE customer_order SET reversed_as = $2, reversed_by = $3, reversed_at = $4,"
        " reversed_why = $5 WHERE id = $1 AND reversed_as IS NULL",
        one.id, why, by, now, reason,
    )  # fmt: skip
    if one.coupon is not None:
        held = await queries.coupon(one.coupon)
        if why == "undone" or rules.comes_back(await queries.rule_of(held)):
            await db.execute(
                "UPDATE coupon SET state = 'issued', redeemed_by = NULL"
                " WHERE id = $1 AND state = 'redeemed' AND redeemed_by = $2",
                held.id, one.id,
            )  # fmt: skip
        await hint([held.holder], HINT)
    verb = "undo_order" if why == "undone" else "refund_order"
    await record(by, verb, f"order:{one.id}", reason, facts={"receipt": one.receipt})
    await events.publish(OrderReversed(one.id, one.customer, why, reason, by, now))
