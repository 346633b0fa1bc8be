"""Pages of customers: the records somebody may see, one of them, and its tags (D7)."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from game.errors import RuleViolation
from game.lead_terms import LeadTerms
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.leads import passport_words, passports, records
from server.leads.passport_pages import faces
from server.leads.records import SEE_ALL, Record
from server.leads.terms import received_under
from server.people import reveals
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

KEEPERS: Final = (*SEE_ALL, "sales")
"""Who keeps the records of customers."""
Tag = Annotated[str, Parameter(max_length=40)]


@get("/customers", guards=[allowed(*KEEPERS)])
async def index(request: Asked, tag: Tag = "") -> Response[Any]:
    """List the records that the caller sees."""
    return await _list(request, "", tag)


@post("/customers", guards=[allowed(*KEEPERS)], status_code=200)
async def search(request: Asked) -> Response[Any]:
    """Look for a phone, a tag or a name; not by an address, which would keep the phone."""
    form = await typed(request, "words")
    return await _list(request, form["words"][:80], "")


@get("/customers/{customer:uuid}", guards=[allowed(*KEEPERS)])
async def show(request: Asked, customer: UUID) -> Response[Any]:
    """Show one record with its history."""
    return await _record(request, customer)


@post("/customers/{customer:uuid}/tags", guards=[allowed(*KEEPERS)], status_code=303)
async def tag(request: Asked, customer: UUID) -> Response[Any]:
    """Put a tag on a customer, or take one off."""
    form, caller = await typed(request, "on", "off", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        if form["off"]:
            await records.tag_off(customer, form["off"], caller.id, viewer_of(caller))
        else:
            await records.tag_on(customer, form["on"], caller.id, viewer_of(caller))
        return {}

    try:
        await forms.write(caller.id, f"/customers/{customer}/tags", form, work)
    except RuleViolation as refusal:
        if refusal.code == "customer_unknown":
            raise
        return await _record(request, customer, form, refusal)
    return Redirect(f"/customers/{customer}", status_code=303)


def viewer_of(caller: Caller) -> UUID | None:
    """Return whose customers somebody sees: their own, None for all."""
    return caller.id if caller.roles.isdisjoint(SEE_ALL) else None


async def _list(request: Asked, words: str, tag: str) -> Response[Any]:
    viewer = viewer_of(caller_in(request))
    found = await records.records(viewer, words, tag)
    return page(
        request,
        "leads/customers.html",
        customers=[await _face(each) for each in found],
        words=words,
        tag=tag,
        tags=await records.tags(viewer),
        sees_all=viewer is None,
        is_cut=len(found) == records.LISTED_MOST,
    )


async def _record(
    request: Asked, customer: UUID,
    form: dict[str, str] | None = None, refusal: RuleViolation | None = None,
) -> Response[Any]:  # fmt: skip
    viewer = viewer_of(caller_in(request))
    one = await records.record_of(customer, viewer)
    leads = await records.leads_of(one.key)
    lines = [passport_words.line(each) for each in await passports.steps(leads)]
    return page(
        request,
        "leads/customer.html",
        status=status_of(refusal) if refusal else 200,
        customer=await _face(one),
        leads=await faces([await passports.passport(each) for each in leads]),
        lines=lines[::-1],
        values=form or {},
        faults={"on": said(refusal)} if refusal else {},
        key=forms.key_after(form or {}, refusal),
        why=reveals.choices(),
    )


async def _face(one: Record) -> dict[str, Any]:
    terms = (await received_under(one.lead)).leads or LeadTerms()
    return {
        "id": one.id,
        "name": one.name,
        "shown": one.shown,
        "owner": one.owner_name,
        "tags": one.tags,
        "needs": [passport_words.needs_word(each, terms) for each in one.needs],
        "word": str(passport_words.STAGES[one.stage]),
        "seal": passport_words.seal_state(one.stage),
        "stage_at": one.stage_at,
        "count": one.leads,
        "since": one.since,
        "lead": one.lead,
    }


routes = [index, search, show, tag]
