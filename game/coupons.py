"""Coupons at the till: may this one be redeemed, what comes off, what can be undone (H2 to H7)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from game.coupon_terms import AMOUNT_MAX, CouponRule
from game.errors import RuleViolation
from game.money import floor_times
from game.periods import days_after

State = Literal["issued", "redeemed", "expired", "revoked"]
Reversal = Literal["undone", "refunded"]

UNDO_WITHIN = timedelta(minutes=2)
RECEIPT_MAX = 40


class Discount(NamedTuple):
    """What a coupon does to an order, in 分; `off` + `payable` is the order's amount."""

    off: int
    payable: int


class Presented(msgspec.Struct, frozen=True):
    """A coupon as it lies on the counter, with what the company knows of it and its holder."""

    state: State
    expires_at: datetime
    holder: str
    stores: tuple[str, ...]
    """Paths of units in which it is good; empty: everywhere."""
    has_ordered: bool
    """Whether the holder had an order before, here or before this product came."""
    used_at: datetime | None = None
    used_in: str = ""
    """When and in which store it was redeemed, where it was."""


def expiry(rule: CouponRule, issued_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when a coupon issued now expires: the end of its last day in the plan's zone."""
    return days_after(issued_at, rule.valid_days + 1, zone)


def check(
    rule: CouponRule, coupon: Presented, *, cashier: str, store: str | None, now: datetime
) -> None:
    """Refuse a coupon that this till may not redeem now; whatever is final comes first.

    `store` is the path of the till's store, None while it is not known yet. Refused as
    `coupon_used` (at, store), `coupon_revoked`, `coupon_expired` (until), `own_coupon`,
    `coupon_wrong_store` (stores), `not_first_order`.
    """
    if coupon.state == "redeemed":
        raise RuleViolation("coupon_used", at=coupon.used_at, store=coupon.used_in)
    if coupon.state == "revoked":
        raise RuleViolation("coupon_revoked")
    if coupon.state == "expired" or coupon.expires_at <= now:
        raise RuleViolation("coupon_expired", until=coupon.expires_at)
    if coupon.holder == cashier:
        raise RuleViolation("own_coupon")
    if store is not None and not is_good_in(coupon.stores, store):
        raise RuleViolation("coupon_wrong_store", stores=coupon.stores)
    if rule.first_order_only and coupon.has_ordered:
        raise RuleViolation("not_first_order")


def is_good_in(stores: Collection[str], store: str) -> bool:
    """Whether a coupon for these units (empty: all) is good in a store, itself or below one."""
    return not stores or any(store == unit or store.startswith(f"{unit}/") for unit in stores)


def discount(rule: CouponRule, amount: int) -> Discount:
    """Return what comes off an order of `amount` 分 and what is left to pay.

    A part is rounded down to the 分 in what is paid, so nobody pays more than the rate says.
    Refused as `amount_unreadable`, `below_least_order` (least).
    """
    check_amount(amount)
    if amount < rule.least_order:
        raise RuleViolation("below_least_order", least=rule.least_order)
    if rule.kind == "amount":
        off = min(rule.value, amount)
    elif rule.kind in ("percent", "fee"):
        off = amount - floor_times(amount, rule.rate)
    else:
        off = 0
    if rule.most_off is not None:
        off = min(off, rule.most_off)
    return Discount(off, amount - off)


def check_amount(amount: int) -> None:
    """Refuse an order that no till takes in as `amount_unreadable`."""
    if not 0 <= amount <= AMOUNT_MAX:
        raise RuleViolation("amount_unreadable")


def comes_back(rule: CouponRule) -> bool:
    """Whether the holder has the coupon again after a refund: what was handed over is gone."""
    return rule.kind not in ("gift", "service")


def receipt_number(typed: str) -> str:
    """Return a receipt number in the one way it is compared: no blanks, capitals, half width.

    Refused as `receipt_missing`, `receipt_unreadable`.
    """
    number = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if not number:
        raise RuleViolation("receipt_missing")
    if len(number) > RECEIPT_MAX or not number.isprintable():
        raise RuleViolation("receipt_unreadable", most=RECEIPT_MAX)
    return number


def check_undo(
    reversed_as: Reversal | None, *, placed_by: str, by: str, placed_at: datetime, now: datetime
) -> None:
    """Refuse to undo an order unless the same person does it within two minutes, once.

    Refused as `already_reversed`, `not_your_redemption`, `undo_too_late`.
    """
    if reversed_as is not None:
        raise RuleViolation("already_reversed")
    if by != placed_by:
        raise RuleViolation("not_your_redemption")
    if now >= placed_at + UNDO_WITHIN:
        raise RuleViolation("undo_too_late")


def check_refund(reversed_as: Reversal | None, reason: str) -> None:
    """Refuse to refund an order twice, or without a reason, as `already_reversed`, `reason_missing`."""
    if reversed_as is not None:
        raise RuleViolation("already_reversed")
    if not reason.strip():
        raise RuleViolation("reason_missing")
