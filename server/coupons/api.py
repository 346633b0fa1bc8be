"""Orders over JSON: what tills and a company's own systems take in, undo and refund."""

from contextlib import nullcontext
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import Body, Parameter

from game import coupons as rules
from game.coupon_terms import AMOUNT_MAX
from game.errors import RuleViolation
from server.actions.api import answered
from server.actions.customers import customer_key
from server.coupons import codes, commands, counter, guessing, queries, tills, words
from server.coupons.commands import Sale
from server.kit import formats
from server.kit.web import key_of, once
from server.people.auth import Caller
from server.people.forms import Asked, address_of
from server.people.guards import allowed, caller_in

SEEN_BY: Final = (*tills.CASHIERS, "finance")
ShortText = Annotated[str, msgspec.Meta(max_length=200)]


class NewOrder(msgspec.Struct, forbid_unknown_fields=True):
    """An order; `amount` in 分. `coupon` is the token of a QR code or a typed code.

    `customer` is a phone or the company's customer number; with a coupon it may be left out.
    `store` counts for callers who work in none; `payer` and `device` are kept keyed only.
    """

    receipt: ShortText
    amount: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
    store: UUID | None = None
    customer: ShortText = ""
    coupon: ShortText = ""
    payer: ShortText = ""
    device: ShortText = ""


class Refund(msgspec.Struct, forbid_unknown_fields=True):
    """Why an order is refunded."""

    reason: Annotated[str, msgspec.Meta(max_length=500)]


@post("/api/orders", guards=[allowed(*tills.CASHIERS)])
async def place(request: Asked, data: Annotated[NewOrder, Body()]) -> Response[dict[str, Any]]:
    """Take an order in, redeeming its coupon in the same transaction."""
    caller = caller_in(request)
    store = await tills.store_for(caller, data.store or "")
    sale = Sale(
        store, data.receipt, data.amount, caller.id, "api",
        tills.keyed("payer", data.payer), tills.keyed("device", data.device),
    )  # fmt: skip

    async def work() -> dict[str, Any]:
        known = await customer_key(data.customer) if data.coupon and data.customer else ""
        order = await tills.take_in(sale, data.coupon, known or data.customer)
        return tills.facts_of(await queries.order(order))

    is_typed = data.coupon and codes.read_token(data.coupon) is None
    address = address_of(request)
    counting = guessing.counted(caller.id, store.id, address) if is_typed else nullcontext()
    async with counting:
        return answered(await once(caller.id, key_of(request), ["order", data], work))


@get("/api/orders/{order_id:uuid}", guards=[allowed(*SEEN_BY)])
async def show(request: Asked, order_id: UUID) -> dict[str, Any]:
    """Return one order."""
    return tills.facts_of(await _seen(caller_in(request), order_id))


@post("/api/orders/{order_id:uuid}/undo", guards=[allowed(*tills.CASHIERS)])
async def undo(request: Asked, order_id: UUID) -> Response[dict[str, Any]]:
    """Undo an order within two minutes, by who placed it."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await _seen(caller, order_id)
        await commands.undo(order_id, caller.id)
        return tills.facts_of(await queries.order(order_id))

    return answered(await once(caller.id, key_of(request), ["undo", order_id], work))


@post("/api/orders/{order_id:uuid}/refund", guards=[allowed(*tills.REFUNDERS)])
async def refund(
    request: Asked, order_id: UUID, data: Annotated[Refund, Body()]
) -> Response[dict[str, Any]]:
    """Refund an order: what it caused is taken back."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await _seen(caller, order_id)
        await commands.refund(order_id, caller.id, data.reason)
        return tills.facts_of(await queries.order(order_id))

    return answered(await once(caller.id, key_of(request), ["refund", order_id, data], work))


@get("/api/coupons/{token:str}/payable", guards=[allowed(*tills.CASHIERS)])
async def payable(
    token: str, amount: Annotated[str, Parameter(max_length=40)] = ""
) -> dict[str, Any]:
    """Return what an order typed in yuan comes to with a coupon, before it is redeemed."""
    found = await queries.by_index(codes.index_of(codes.read_token(token) or ""))
    if found is None:
        raise RuleViolation("coupon_unknown")
    with counter.spoken():
        cut = rules.discount(await queries.rule_of(found), words.cents_of(amount))
    shown = {"payable": formats.money(cut.payable), "off": formats.money(cut.off)}
    return {"off": cut.off, "payable": cut.payable, "shown": shown}


async def _seen(caller: Caller, order_id: UUID) -> queries.Order:
    one = await queries.order(order_id)
    await tills.check_reach(caller, one)
    return one


routes = [place, show, undo, refund, payable]
