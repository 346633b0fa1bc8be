"""What is known of coupons and of customers' orders: reads only."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.coupon_terms import CouponRule
from game.coupons import Reversal, State
from game.errors import RuleViolation
from server.coupons import codes
from server.kit import db
from server.plans import queries as plans


class Coupon(msgspec.Struct, frozen=True):
    """A coupon as it is stored; `redeemed_in` is the name of the store, "" while it isn't."""

    id: UUID
    plan: str
    plan_version: int
    made_at: datetime
    rule: str
    holder: UUID
    source: str
    reference: str
    giver: str
    store: UUID | None
    store_name: str
    issued_at: datetime
    expires_at: datetime
    state: State
    order: UUID | None
    redeemed_at: datetime | None
    redeemed_in: str
    reason: str

    @property
    def code(self) -> str:
        """Return the code as it is shown: XXXX-XXXX-XX."""
        return codes.shown(codes.code_of(self.id))

    @property
    def token(self) -> str:
        """Return the token of its QR code."""
        return codes.token_of(self.id)

    def state_at(self, now: datetime) -> State:
        """Return its state at a moment: what the sweep has not reached yet is expired too."""
        is_over = self.state == "issued" and self.expires_at <= now
        return "expired" if is_over else self.state


COUPON: Final = """
SELECT c.id, c.plan, c.plan_version, p.created_at AS made_at, c.rule, c.holder, c.source,
       c.reference, c.giver, c.store, coalesce(b.name, '') AS store_name, c.issued_at,
       c.expires_at, c.state, c.redeemed_by AS "order", o.placed_at AS redeemed_at,
       coalesce(s.name, '') AS redeemed_in, c.reason
FROM coupon c JOIN plan p ON p.id = c.plan AND p.version = c.plan_version
LEFT JOIN unit b ON b.id = c.store
LEFT JOIN customer_order o ON o.id = c.redeemed_by LEFT JOIN unit s ON s.id = o.store
"""


async def coupons_of(person: UUID) -> list[Coupon]:
    """Return the coupons of a person: those to redeem first, of these the one that ends first."""
    return await db.rows(
        Coupon,
        f"{COUPON} WHERE c.holder = $1 ORDER BY c.state <> 'issued',"
        " CASE WHEN c.state = 'issued' THEN c.expires_at END,"
        " coalesce(o.placed_at, c.revoked_at, c.expires_at) DESC, c.id",
        person,
    )


async def coupon(id_: UUID) -> Coupon:
    """Return one coupon; refused as `coupon_unknown`."""
    found = await db.row(Coupon, f"{COUPON} WHERE c.id = $1", id_)
    if found is None:
        raise RuleViolation("coupon_unknown")
    return found


async def coupons_in(ids: list[UUID]) -> list[Coupon]:
    """Return the coupons of these ids, in no order."""
    return await db.rows(Coupon, f"{COUPON} WHERE c.id = ANY ($1::uuid[])", ids)


async def by_index(index: bytes) -> Coupon | None:
    """Return the coupon whose code or token has this index."""
    return await db.row(Coupon, f"{COUPON} WHERE c.token_index = $1 OR c.code_index = $1", index)


async def rule_of(one: Coupon) -> CouponRule:
    """Return the rule that a coupon was issued under, of its own version of the plan."""
    return (await plans.rules_of(one.plan, one.plan_version, one.made_at)).coupons[one.rule]


class Order(msgspec.Struct, frozen=True):
    """A customer's order as it is stored, in 分; `by` is the name of who placed it."""

    id: UUID
    store: UUID
    store_name: str
    store_path: str
    customer_key: str
    customer: UUID | None
    receipt: str
    amount: int
    off: int
    payable: int
    coupon: UUID | None
    is_first: bool
    source: Literal["till", "api"]
    placed_by: UUID
    by: str
    placed_at: datetime
    reversed_as: Reversal | None
    reversed_at: datetime | None
    reversed_why: str
    reverser: str


ORDER: Final = """
SELECT o.id, o.store, u.name AS store_name, u.path AS store_path, o.customer_key, o.customer,
       o.receipt, o.amount, o.off, o.payable, o.coupon, o.is_first, o.source, o.placed_by,
       p.name AS by, o.placed_at, o.reversed_as, o.reversed_at, o.reversed_why,
       coalesce(r.name, '') AS reverser
FROM customer_order o JOIN unit u ON u.id = o.store JOIN person p ON p.id = o.placed_by
LEFT JOIN person r ON r.id = o.reversed_by
"""


async def order(id_: UUID) -> Order:
    """Return one order; refused as `order_unknown`."""
    found = await db.row(Order, f"{ORDER} WHERE o.id = $1", id_)
    if found is None:
        raise RuleViolation("order_unknown")
    return found


async def orders_by(person: UUID, since: datetime, most: int) -> list[Order]:
    """Return what a person took in since a moment, newest first."""
    return await db.rows(
        Order,
        f"{ORDER} WHERE o.placed_by = $1 AND o.placed_at >= $2 ORDER BY o.placed_at DESC LIMIT $3",
        person, since, most,
    )  # fmt: skip


async def orders_in(store: UUID | None, receipt: str, most: int) -> list[Order]:
    """Return the orders of a store (None: of all), newest first; with `receipt` only that one."""
    return await db.rows(
        Order,
        f"{ORDER} WHERE ($1::uuid IS NULL OR o.store = $1) AND ($2 = '' OR o.receipt = $2)"
        " ORDER BY o.placed_at DESC LIMIT $3",
        store, receipt, most,
    )  # fmt: skip


async def has_ordered(person: UUID) -> bool:
    """Whether a person had an order that stands, here or before this product came."""
    found: bool = await db.value("SELECT customer_has_ordered(customer_key_of($1))", person)
    return found


async def person_of(customer_key: str) -> UUID | None:
    """Return the person whom the company also knows under this key of a customer."""
    kind, _, index = customer_key.partition(":")
    if kind != "tel":
        return None
    found: UUID | None = await db.value(
        "SELECT person FROM person_phone WHERE blind_index = $1", bytes.fromhex(index)
    )
    return found
