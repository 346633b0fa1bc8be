"""Pages of deals: all there are, a new one, one with its way so far."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from game.errors import RuleViolation
from server.actions.photos import as_evidence
from server.deals import call_pages, commands, decision_pages, queries, sales, views
from server.deals.queries import PAGE
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.leads.numbers import digits_of
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in

FIELDS: Final = (
    *("plan", "contract", "customer", "name", "amount", "made_on", "lead", "proof", "note"),
    *("seller", KEY),
)  # fmt: skip
FIELD_OF: Final = {
    "amount_unreadable": "amount",
    "contract_missing": "contract",
    "contract_taken": "contract",
    "contract_unreadable": "contract",
    "customer_unreadable": "customer",
    "deal_amount_unreadable": "amount",
    "deal_date_unreadable": "made_on",
    "deal_in_the_future": "made_on",
    "deal_too_old": "made_on",
    "lead_not_valid": "lead",
    "lead_number_unknown": "lead",
    "link_needs_proof": "proof",
    "photo_missing": "photos",
    "photo_unreadable": "photos",
    "too_many_photos": "photos",
    "seller_unknown": "seller",
}
"""Beside which field a refusal is said; any other is said above the form."""
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "all": (),
    "reported": ("reported", "checked"),
    "counted": ("counted",),
    "closed": ("refused", "struck", "refunded"),
}


@get("/deals", guards=[signed_in])
async def index(
    request: Asked,
    wanted: Annotated[str, Parameter(query="state")] = "all",
    before: UUID | None = None,
) -> Response[Any]:
    """List deals, newest first: operations, finance and audit see all, others their own."""
    caller, shown = caller_in(request), wanted if wanted in LISTS else "all"
    person = None if views.watches(caller) else caller.id
    found = await queries.deals(person, LISTS[shown], before, PAGE + 1)
    return page(
        request,
        "deals/index.html",
        deals=[views.row(each, caller) for each in found[:PAGE]],
        shown=shown,
        older=f"/deals?state={shown}&before={found[PAGE - 1].id}" if len(found) > PAGE else None,
        waiting=await _waiting(request),
        can_report=not caller.roles.isdisjoint(views.REPORTERS),
    )


async def _waiting(request: Asked) -> list[dict[str, Any]]:
    """Return the queues of the caller's roles in which something waits: {queue, count, first}."""
    caller = caller_in(request)
    asked = [("check", "operations"), ("verify", "finance")]
    found = [
        (queue, await queries.waiting(queue, caller.id))
        for queue, role in asked
        if role in caller.roles
    ]
    return [
        {"queue": queue, "count": each.count, "first": each.first}
        for queue, each in found
        if each.count
    ]


@get("/deals/new", guards=[allowed(*views.REPORTERS)])
async def show_new(request: Asked, lead: str = "", plan: str = "") -> Response[Any]:
    """Ask for a deal; `lead` is the number of the lead it comes from, `plan` the lead's."""
    values = {"lead": lead if digits_of(lead) else "", "plan": plan}
    return await _new(request, values)


@post("/deals", guards=[allowed(*views.REPORTERS)], status_code=303)
async def report(request: Asked) -> Response[Any]:
    """Take a deal in; a refusal keeps what was typed."""
    caller, form = caller_in(request), await typed(request, *FIELDS)
    try:
        photos = await forms.files(request, "photos")
        sale = await sales.read(caller, form, await as_evidence(photos))

        async def work() -> dict[str, Any]:
            return {"deal": str(await commands.report(caller.id, sale))}

        sent = await forms.write(caller.id, "/deals", form, work, photos)
    except RuleViolation as refusal:
        return await _new(request, form, refusal)
    return Redirect(f"/deals/{sent['deal']}", status_code=303)


@get("/deals/{deal_id:uuid}", guards=[signed_in])
async def show(request: Asked, deal_id: UUID) -> Response[Any]:
    """Show a deal, and to whom may decide about it how."""
    return await decision_pages.one(request, deal_id)


@get("/deals/{deal_id:uuid}/photos/{photo_id:uuid}", guards=[signed_in])
async def photo(request: Asked, deal_id: UUID, photo_id: UUID) -> Response[bytes]:
    """Show the photo of a contract to whoever sees the deal."""
    await views.seen(caller_in(request), deal_id)
    return Response(
        await queries.photo(deal_id, photo_id),
        media_type="image/jpeg",
        headers={
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _new(
    request: Asked, form: dict[str, str], refusal: RuleViolation | None = None
) -> Response[Any]:
    caller, field = caller_in(request), FIELD_OF.get(refusal.code) if refusal else None
    plans = await sales.plans_taking()
    today = sales.today(plans[0], await clock.now()) if plans else ""
    return page(
        request,
        "deals/new.html",
        status=status_of(refusal) if refusal else 200,
        plans=[sales.choice(each) for each in plans],
        names_seller="operations" in caller.roles,
        today=today,
        values={"made_on": today} | form,
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        idempotency_key=forms.key_after(form, refusal),
    )


routes = [
    index, show_new, report, show, photo, *decision_pages.routes, *call_pages.routes,
]  # fmt: skip
