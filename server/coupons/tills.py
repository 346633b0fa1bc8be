"""A till: who may stand at it, in which store, and what they send there."""

from typing import Any, Final
from uuid import UUID

from game.errors import RuleViolation
from server.coupons import codes, commands, guessing
from server.coupons.commands import Sale
from server.coupons.queries import Order
from server.kit import crypto
from server.people import stores
from server.people.auth import Caller
from server.people.stores import Store

CASHIERS: Final = ("store", "store_manager", "operations")
"""Roles that check and redeem coupons, and take orders in."""
REFUNDERS: Final = ("store_manager", "operations", "finance")
ANYWHERE: Final = frozenset({"operations", "finance"})
"""Roles that see the orders of every store; store staff see those of their own."""


async def store_for(caller: Caller, chosen: str | UUID = "") -> Store:
    """Return the store a caller stands in: their own, else the one they chose.

    Refused as `store_missing`, `store_unknown`.
    """
    own = await stores.store_of(caller.id)
    if own is not None:
        return own
    try:
        return await stores.store(UUID(str(chosen)))
    except ValueError:
        raise RuleViolation("store_missing") from None


async def check_reach(caller: Caller, order: Order) -> None:
    """Refuse whoever may not see an order, of another store, as `order_unknown`."""
    if caller.roles.isdisjoint(ANYWHERE):
        own = await stores.store_of(caller.id)
        if own is None or own.id != order.store:
            raise RuleViolation("order_unknown")


async def take_in(sale: Sale, presented: str, customer: str) -> UUID:
    """Take an order in, with the coupon of a token or a typed code if one was presented.

    A code is refused without telling why: whoever types it counts it (`guessing.counted`).
    """
    if not presented:
        return await commands.place_order(sale, customer)
    token = codes.read_token(presented)
    if token is not None:
        return await commands.redeem(codes.index_of(token), sale, customer)
    found = await guessing.redeemable(presented)
    try:
        return await commands.redeem(codes.index_of(found.token), sale, customer)
    except RuleViolation as refusal:
        raise guessing.alike(refusal) from None


def keyed(kind: str, value: str) -> str:
    """Return by what a payer or a device is told from others, "" for none; not to be read back."""
    return crypto.blind_index(f"{kind}|{value}").hex()[:32] if value else ""


def facts_of(one: Order) -> dict[str, Any]:
    """Return an order as JSON of the API."""
    return {
        "id": str(one.id),
        "store": str(one.store),
        "receipt": one.receipt,
        "amount": one.amount,
        "off": one.off,
        "payable": one.payable,
        "coupon": None if one.coupon is None else str(one.coupon),
        "is_first": one.is_first,
        "placed_at": one.placed_at.isoformat(),
        "reversed_as": one.reversed_as,
    }
