"""What is decided about a deal on its page: linked, checked, refused, found genuine, taken back."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal
from uuid import UUID

from litestar import Response, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.deals import commands, queries, views
from server.deals.queries import Waiting
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

FIELD_OF: Final = {
    "lead_not_valid": "lead",
    "lead_number_unknown": "lead",
    "link_needs_proof": "proof",
}
Decided = Callable[[], Awaitable[None]]


@post("/deals/{deal_id:uuid}/link", guards=[allowed(*views.REPORTERS)], status_code=303)
async def link(request: Asked, deal_id: UUID) -> Response[Any]:
    """Link a deal to another lead; its seller may too, while it is to be checked."""
    caller, form = caller_in(request), await typed(request, "lead", "proof", KEY)

    async def decide() -> None:
        if not views.may(await views.seen(caller, deal_id), caller)["can_link"]:
            raise RuleViolation("not_allowed")
        await commands.link(deal_id, form["lead"], caller.id, form["proof"])

    return await _decide(request, deal_id, "link", form, decide)


@post("/deals/{deal_id:uuid}/check", guards=[allowed("operations")], status_code=303)
async def check(request: Asked, deal_id: UUID) -> Response[Any]:
    """Find a deal true; go on with the next one that waits."""
    form = await typed(request, KEY)
    ruled_out = await _practices(request)

    async def decide() -> None:
        await commands.check(deal_id, caller_in(request).id, ruled_out)

    marked = form | {"practices": " ".join(map(str, ruled_out))}
    return await _decide(request, deal_id, "check", marked, decide)


@post("/deals/{deal_id:uuid}/refuse", guards=[allowed("operations")], status_code=303)
async def refuse(request: Asked, deal_id: UUID) -> Response[Any]:
    """Refuse a deal that isn't true."""
    form = await typed(request, "reason", "practice", KEY)

    async def decide() -> None:
        practice = _place(form["practice"])
        await commands.refuse(deal_id, caller_in(request).id, form["reason"], practice)

    return await _decide(request, deal_id, "refuse", form, decide)


@post("/deals/{deal_id:uuid}/verify", guards=[allowed("finance")], status_code=303)
async def verify(request: Asked, deal_id: UUID) -> Response[Any]:
    """Say that a deal is genuine."""
    form = await typed(request, KEY)

    async def decide() -> None:
        await commands.verify(deal_id, caller_in(request).id)

    return await _decide(request, deal_id, "verify", form, decide)


@post("/deals/{deal_id:uuid}/reverse", guards=[allowed(*views.TAKERS)], status_code=303)
async def reverse(request: Asked, deal_id: UUID) -> Response[Any]:
    """Take a deal back: refunded, or struck."""
    form = await typed(request, "why", "reason", "practice", KEY)
    why: Literal["refunded", "struck"] = "struck" if form["why"] == "struck" else "refunded"

    async def decide() -> None:
        practice = _place(form["practice"])
        await commands.reverse(deal_id, caller_in(request).id, why, form["reason"], practice)

    return await _decide(request, deal_id, "reverse", form, decide)


async def one(
    request: Asked,
    deal_id: UUID,
    asked: str = "",
    form: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
) -> Response[Any]:
    """Show a deal; `asked` names the form on it that came back with a refusal."""
    caller = caller_in(request)
    found = await views.seen(caller, deal_id)
    field = _field(asked, refusal)
    waits = (
        await queries.waiting("check", caller.id)
        if "operations" in caller.roles
        else Waiting(0, None)
    )
    return page(
        request,
        "deals/show.html",
        status=status_of(refusal) if refusal else 200,
        deal=await views.card(found, caller),
        next_one=waits.first if found.state != "reported" else None,
        asked=asked,
        values=form or {},
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


def _field(asked: str, refusal: RuleViolation | None) -> str | None:
    if refusal is None:
        return None
    if refusal.code == "reason_missing":
        return "reason"
    return FIELD_OF.get(refusal.code) if asked == "link" else None


async def _decide(
    request: Asked, deal_id: UUID, asked: str, form: dict[str, str], decide: Decided
) -> Response[Any]:
    async def work() -> dict[str, Any]:
        await decide()
        return {}

    try:
        await forms.write(caller_in(request).id, f"/deals/{deal_id}/{asked}", form, work)
    except RuleViolation as refusal:
        return await one(request, deal_id, asked, form, refusal)
    return Redirect(f"/deals/{deal_id}", status_code=303)


async def _practices(request: Asked) -> list[int]:
    ticked = (await forms.form_of(request)).getall("practice", [])
    places = [_place(str(each)) for each in ticked]
    return [each for each in places if each is not None]


def _place(typed_place: str) -> int | None:
    return int(typed_place) if typed_place.isdecimal() and len(typed_place) < 4 else None


routes = [link, check, refuse, verify, reverse]
