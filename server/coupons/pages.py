"""Pages of coupons: what one holds, a ticket, and where the link of a QR code leads."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.response import Redirect

from game.errors import RuleViolation
from server.coupons import codes, order_pages, queries, till_pages, tills, views
from server.kit import clock
from server.kit.pages import page
from server.people.forms import Asked
from server.people.guards import anybody, caller_in


@get("/coupons", guards=[anybody])
async def index(request: Asked) -> Response[Any]:
    """List the caller's coupons: usable, used, over."""
    tickets = await views.tickets(caller_in(request).id)
    return page(request, "coupons/index.html", tickets=tickets)


@get("/coupons/{coupon_id:uuid}", guards=[anybody])
async def show(request: Asked, coupon_id: UUID) -> Response[Any]:
    """Show a ticket to its holder; for anybody else there is nothing here."""
    one = await queries.coupon(coupon_id)
    if one.holder != caller_in(request).id:
        raise RuleViolation("coupon_unknown")
    drawn = await views.ticket(one, await clock.now())
    is_open = drawn["state"] == "issued"
    return page(
        request,
        "coupons/show.html",
        ticket=drawn,
        code=one.code if is_open else "",
        qr=views.qr_code(request, one) if is_open else "",
    )


@get(["/c/{token:str}", "/C/{token:str}"], include_in_schema=False)
async def open_link(request: Asked, token: str) -> Response[Any]:
    """Open the link of a QR code: a till checks it, anybody else learns where to show it."""
    caller = request.user
    if caller is not None and not caller.roles.isdisjoint(tills.CASHIERS):
        return Redirect(f"/till/check/{codes.read_token(token) or '-'}", status_code=303)
    return page(request, "coupons/link.html")


routes = [index, show, open_link, *till_pages.routes, *order_pages.routes]
