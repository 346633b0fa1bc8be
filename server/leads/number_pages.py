"""The number of a customer in clear: for whoever calls, with a reason, counted (people/reveals.py)."""

from typing import Any
from uuid import UUID

from litestar import Response, post

from game.errors import RuleViolation
from server.kit.pages import page
from server.leads import records
from server.leads.customer_pages import KEEPERS, viewer_of
from server.people import reveals
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in


@post("/customers/{customer:uuid}/number", guards=[allowed(*KEEPERS)], status_code=200)
async def show_number(request: Asked, customer: UUID) -> Response[Any]:
    """Show the number once; not kept under the form's key, which would keep it in clear."""
    caller, form = caller_in(request), await typed(request, "reason", "note")
    one = await records.record_of(customer, viewer_of(caller))
    phone, refusal = "", None
    try:
        why = reveals.reason_of(form["reason"], form["note"])
        phone = await reveals.reveal("customer", one.key, caller.id, why)
    except RuleViolation as found:
        refusal = found
    answer = page(
        request,
        "leads/number.html",
        status=status_of(refusal) if refusal else 200,
        customer={"id": one.id, "name": one.name, "shown": one.shown},
        phone=phone,
        left=await reveals.left(caller.id),
        why=reveals.choices(),
        values=form,
        refusal=said(refusal) if refusal else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


routes = [show_number]
