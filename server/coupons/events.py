"""What the slices above learn from coupons and the orders of customers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from server.kit.events import Event


class CouponRedeemed(Event, frozen=True):
    """A coupon was redeemed with an order, in a store."""

    coupon: UUID
    order: UUID
    holder: UUID
    store: UUID
    by: UUID
    at: datetime


class OrderPlaced(Event, frozen=True):
    """A customer's order was taken in, with or without a coupon; amounts in 分.

    `customer` is the person, None for somebody the company knows only by `customer_key`; `rule`
    is the coupon's, "" without one; `payer` and `device` are keyed indexes, "" where unknown.
    """

    order: UUID
    customer: UUID | None
    customer_key: str
    store: UUID
    amount: int
    payable: int
    coupon: UUID | None
    rule: str
    is_first: bool
    payer: str
    device: str
    at: datetime
    by: UUID


class OrderReversed(Event, frozen=True):
    """An order no longer stands: what it caused must be taken back."""

    order: UUID
    customer: UUID | None
    why: Literal["undone", "refunded"]
    reason: str
    by: UUID
    at: datetime
