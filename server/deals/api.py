"""Deals over JSON: what a company's own systems report, check, call back and take back."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import Body

from game.deals import AMOUNT_MAX, CallResult
from server.actions.api import answered
from server.deals import commands, queries, sales, views
from server.deals.commands import Sale
from server.deals.queries import Deal
from server.kit.web import key_of, once
from server.people.forms import Asked
from server.people.guards import allowed, caller_in, signed_in
from server.people.stores import store_of

ShortText = Annotated[str, msgspec.Meta(max_length=200)]
LongText = Annotated[str, msgspec.Meta(max_length=500)]


class NewDeal(msgspec.Struct, forbid_unknown_fields=True):
    """A deal; `amount` in 分. `customer` is a phone or the company's customer number.

    `lead` is the number of its lead, "" to find it by the customer; `seller` (operations only)
    is the number of the colleague who made it.
    """

    plan: ShortText
    contract: ShortText
    customer: ShortText
    amount: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    name: ShortText = ""
    lead: ShortText = ""
    proof: LongText = ""
    note: LongText = ""
    seller: ShortText = ""


class Checked(msgspec.Struct, forbid_unknown_fields=True):
    """The forbidden practices that were ruled out, by their places in the plan from 0."""

    ruled_out: list[int]


class Refused(msgspec.Struct, forbid_unknown_fields=True):
    """Why a deal is not accepted, and the forbidden practice that was found, if one was."""

    reason: LongText
    practice: int | None = None


class Called(msgspec.Struct, forbid_unknown_fields=True):
    """What a call-back came to; a denial needs a note."""

    result: CallResult
    note: LongText = ""


class Reversed(msgspec.Struct, forbid_unknown_fields=True):
    """Why a deal is taken back."""

    why: Literal["refunded", "struck"]
    reason: LongText
    practice: int | None = None


@post("/api/deals", guards=[allowed(*views.REPORTERS)])
async def report(request: Asked, data: Annotated[NewDeal, Body()]) -> Response[dict[str, Any]]:
    """Take a deal in, to be checked."""
    caller = caller_in(request)
    seller = await sales.seller_of(caller, data.seller)
    store = await store_of(seller) if seller else None
    said = Sale(
        plan=data.plan, contract=data.contract, customer=data.customer, amount=data.amount,
        made_at=data.made_at, seller=seller, source="api", name=data.name, lead=data.lead,
        proof=data.proof, note=data.note, store=store.id if store else None,
    )  # fmt: skip

    async def work() -> dict[str, Any]:
        return await _facts(await commands.report(caller.id, said))

    return answered(await once(caller.id, key_of(request), ["deal", data], work))


@get("/api/deals/{deal_id:uuid}", guards=[signed_in])
async def show(request: Asked, deal_id: UUID) -> dict[str, Any]:
    """Return one deal."""
    caller = caller_in(request)
    one = await views.seen(caller, deal_id)
    return facts_of(one) | {"state": views.state_for(one, caller)}


@post("/api/deals/{deal_id:uuid}/check", guards=[allowed("operations")])
async def check(
    request: Asked, deal_id: UUID, data: Annotated[Checked, Body()]
) -> Response[dict[str, Any]]:
    """Find a deal true."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.check(deal_id, caller.id, data.ruled_out)
        return await _facts(deal_id)

    return answered(await once(caller.id, key_of(request), ["check", deal_id, data], work))


@post("/api/deals/{deal_id:uuid}/refuse", guards=[allowed("operations")])
async def refuse(
    request: Asked, deal_id: UUID, data: Annotated[Refused, Body()]
) -> Response[dict[str, Any]]:
    """Refuse a deal that isn't true."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.refuse(deal_id, caller.id, data.reason, data.practice)
        return await _facts(deal_id)

    return answered(await once(caller.id, key_of(request), ["refuse", deal_id, data], work))


@post("/api/deals/{deal_id:uuid}/call", guards=[allowed("service")])
async def call(
    request: Asked, deal_id: UUID, data: Annotated[Called, Body()]
) -> Response[dict[str, Any]]:
    """Write down what a call-back came to."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.called(deal_id, caller.id, data.result, data.note)
        return await _facts(deal_id)

    return answered(await once(caller.id, key_of(request), ["call", deal_id, data], work))


@post("/api/deals/{deal_id:uuid}/verify", guards=[allowed("finance")])
async def verify(request: Asked, deal_id: UUID) -> Response[dict[str, Any]]:
    """Say that a deal is genuine."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.verify(deal_id, caller.id)
        return await _facts(deal_id)

    return answered(await once(caller.id, key_of(request), ["verify", deal_id], work))


@post("/api/deals/{deal_id:uuid}/reverse", guards=[allowed(*views.TAKERS)])
async def reverse(
    request: Asked, deal_id: UUID, data: Annotated[Reversed, Body()]
) -> Response[dict[str, Any]]:
    """Take a deal back: refunded, or struck."""
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.reverse(deal_id, caller.id, data.why, data.reason, data.practice)
        return await _facts(deal_id)

    return answered(await once(caller.id, key_of(request), ["reverse", deal_id, data], work))


async def _facts(deal_id: UUID) -> dict[str, Any]:
    return facts_of(await queries.deal(deal_id))


def facts_of(one: Deal) -> dict[str, Any]:
    """Return a deal as JSON of the API."""
    return {
        "id": str(one.id),
        "plan": one.plan,
        "contract": one.contract,
        "amount": one.amount,
        "made_at": one.made_at.isoformat(),
        "lead": str(one.lead) if one.lead else None,
        "linked_as": one.linked_as,
        "order": str(one.order_id) if one.order_id else None,
        "is_first": one.is_first,
        "state": one.state,
        "reason": one.reason,
    }


routes = [report, show, check, refuse, call, verify, reverse]
