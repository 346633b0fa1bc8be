"""What the pages of coupons show: a ticket, an order, as templates want them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from litestar.connection import ASGIConnection
from markupsafe import Markup

from game.coupon_terms import CouponRule
from server.coupons import queries, words
from server.coupons.queries import Coupon, Order
from server.kit import clock, db
from server.kit.web import origin_of
from server.people.queries import masked_phone
from server.plans.words import as_builtins


async def ticket(one: Coupon, now: datetime) -> dict[str, Any]:
    """Return a coupon as its ticket shows it, without what redeems it."""
    rule = await queries.rule_of(one)
    return face(rule) | {
        "id": one.id,
        "state": one.state_at(now),
        "source": words.source(one),
        "stores": words.where(one, rule),
        "until": words.last_day(one.expires_at, now),
        "expires_at": one.expires_at,
        "redeemed_at": one.redeemed_at,
        "redeemed_in": one.redeemed_in,
        "reason": one.reason,
    }


def face(rule: CouponRule) -> dict[str, Any]:
    """Return what a coupon gives: its title, its figure and its terms."""
    return {
        "title": as_builtins(rule.title),
        "figure": words.figure(rule),
        "terms": words.terms(rule),
        "kind": rule.kind,
    }


async def tickets(person: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return a person's coupons by what can be done with them: usable, used, over."""
    now = await clock.now()
    drawn = [await ticket(one, now) for one in await queries.coupons_of(person)]
    return {
        "usable": [each for each in drawn if each["state"] == "issued"],
        "used": [each for each in drawn if each["state"] == "redeemed"],
        "over": [each for each in drawn if each["state"] in {"expired", "revoked"}],
    }


def qr_code(connection: ASGIConnection[Any, Any, Any, Any], one: Coupon) -> Markup:
    """Return the QR code of a coupon: an upper-case link makes it small and quick to read."""
    link = f"{origin_of(connection)}/c/{one.token}".upper()
    return Markup(segno.make(link, error="m").svg_inline(omitsize=True))  # noqa: S704  # drawn here


async def customer_of(person: UUID | None, customer_key: str) -> str:
    """Return whose coupon or order it is as a till may see it: the name and the masked phone.

    Who came by a link and told no name is known by the phone alone.
    """
    if person is None:
        shown = await db.value("SELECT shown FROM customer WHERE key = $1", customer_key)
        return str(shown or "")
    name = await db.value("SELECT name FROM person WHERE id = $1", person)
    return " ".join(dict.fromkeys(filter(None, (name, await masked_phone(person)))))


async def lines(orders: list[Order]) -> list[dict[str, Any]]:
    """Return orders as lists show them, with the title of the coupon of each."""
    held = await queries.coupons_in([one.coupon for one in orders if one.coupon is not None])
    titles = {each.id: as_builtins((await queries.rule_of(each)).title) for each in held}
    return [
        {
            "id": one.id,
            "receipt": one.receipt,
            "payable": one.payable,
            "store": one.store_name,
            "placed_at": one.placed_at,
            "reversed_as": one.reversed_as,
            "coupon": None if one.coupon is None else titles[one.coupon],
        }
        for one in orders
    ]


async def order(one: Order) -> dict[str, Any]:
    """Return an order with what its coupon gave and whose it is."""
    held = None if one.coupon is None else await queries.coupon(one.coupon)
    return {
        "id": one.id,
        "receipt": one.receipt,
        "amount": one.amount,
        "off": one.off,
        "payable": one.payable,
        "store": one.store_name,
        "by": one.by,
        "placed_at": one.placed_at,
        "reversed_as": one.reversed_as,
        "reversed_at": one.reversed_at,
        "reversed_why": one.reversed_why,
        "reverser": one.reverser,
        "customer": await customer_of(one.customer, one.customer_key),
        "coupon": None if held is None else face(await queries.rule_of(held)),
    }
