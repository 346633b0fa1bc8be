"""Pages of customers' orders: found by their receipt, refunded with a reason."""

import contextlib
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.coupons import receipt_number
from game.errors import RuleViolation
from server.coupons import commands, queries, tills, views
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people import stores
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

SEEN_BY: Final = [allowed(*tills.CASHIERS, "finance")]
SHOWN_MOST: Final = 50


@get("/till/orders", guards=SEEN_BY)
async def index(request: Asked, receipt: str = "") -> Response[Any]:
    """List the orders of the caller's store (operations, finance: of all), or those of a receipt."""
    caller, wanted = caller_in(request), ""
    with contextlib.suppress(RuleViolation):
        wanted = receipt_number(receipt)
    return page(
        request,
        "coupons/orders.html",
        orders=await views.lines(await _orders(caller, wanted)),
        receipt=receipt,
    )


@get("/till/orders/{order_id:uuid}", guards=SEEN_BY)
async def show(request: Asked, order_id: UUID) -> Response[Any]:
    """Show an order, and to whom may refund it how."""
    return await _order(request, order_id)


@post("/till/orders/{order_id:uuid}/refund", guards=[allowed(*tills.REFUNDERS)], status_code=303)
async def refund(request: Asked, order_id: UUID) -> Response[Any]:
    """Refund an order: what it caused is taken back."""
    caller, form = caller_in(request), await typed(request, "reason", KEY)

    async def work() -> dict[str, Any]:
        await tills.check_reach(caller, await queries.order(order_id))
        await commands.refund(order_id, caller.id, form["reason"])
        return {"order": str(order_id)}

    try:
        await forms.write(caller.id, f"/till/orders/{order_id}/refund", form, work)
    except RuleViolation as refusal:
        return await _order(request, order_id, form, refusal)
    return Redirect(f"/till/orders/{order_id}", status_code=303)


async def _orders(caller: Caller, receipt: str) -> list[queries.Order]:
    if not caller.roles.isdisjoint(tills.ANYWHERE):
        return await queries.orders_in(None, receipt, SHOWN_MOST)
    own = await stores.store_of(caller.id)
    return await queries.orders_in(own.id, receipt, SHOWN_MOST) if own else []


async def _order(
    request: Asked,
    order_id: UUID,
    form: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
) -> Response[Any]:
    caller, one = caller_in(request), await queries.order(order_id)
    await tills.check_reach(caller, one)
    can_refund = not caller.roles.isdisjoint(tills.REFUNDERS)
    field = "reason" if refusal and refusal.code == "reason_missing" else None
    return page(
        request,
        "coupons/order.html",
        status=status_of(refusal) if refusal else 200,
        order=await views.order(one),
        can_refund=can_refund and one.reversed_as is None,
        values=form or {},
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [index, show, refund]
