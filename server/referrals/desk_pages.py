"""Pages of the desk: the partners, and how the campaigns go."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in
from server.plans.words import as_builtins
from server.referrals import campaigns, figures, partners, words

PARTNERS = "/referrals/partners"


@get(PARTNERS, guards=[allowed("operations")])
async def list_partners(request: Asked) -> Response[Any]:
    """List the partners and what their codes brought."""
    return await _partners(request)


@post(PARTNERS, guards=[allowed("operations")], status_code=303)
async def make_partner(request: Asked) -> Response[Any]:
    """Bring a partner in."""
    form, caller = await typed(request, "name", "phone", "type", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        made = await partners.make(form["name"], form["phone"], form["type"], caller.id)
        return {"partner": str(made)}

    try:
        await forms.write(caller.id, PARTNERS, form, work)
    except RuleViolation as refusal:
        return await _partners(request, form, refusal)
    return Redirect(PARTNERS, status_code=303)


@get("/referrals/campaigns", guards=[allowed("operations", "finance", "admin")])
async def list_campaigns(request: Asked) -> Response[Any]:
    """Show each campaign from links to deals, and its cost."""
    found = await campaigns.in_force()
    rows = [
        {
            "name": one.name,
            "title": as_builtins(one.rule.title),
            "starts": one.rule.starts,
            "ends": one.rule.ends,
            "is_open": one.rule.starts <= await clock.now() < one.rule.ends,
            "figures": await figures.figures(one.plan.id, one.id),
        }
        for one in found
    ]
    return page(request, "referrals/campaigns.html", campaigns=rows)


async def _partners(
    request: Asked, form: dict[str, str] | None = None, refusal: RuleViolation | None = None
) -> Response[Any]:
    fields = {
        "partner_name_missing": "name",
        "phone_unreadable": "phone",
        "phone_taken": "phone",
        "partner_type_unknown": "type",
    }
    faults = {fields.get(refusal.code, "name"): said(refusal)} if refusal else {}
    return page(
        request,
        "referrals/partners.html",
        status=status_of(refusal) if refusal else 200,
        partners=await partners.partners(),
        types={name: str(word) for name, word in words.PARTNER_TYPES.items()},
        values=form or {},
        faults=faults,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [list_partners, make_partner, list_campaigns]
