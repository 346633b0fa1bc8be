"""Doors for customers: enter one's own number at a colleague's code, or object with one tap."""

from contextlib import suppress
from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.antispam.devices import device_cookie, device_of, network_of
from server.kit.forms import form_of
from server.kit.pages import page
from server.kit.web import origin_of
from server.leads import consent, doors, terms, views
from server.leads.commands import Submission
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import caller_in, signed_in

FIELD_OF: Final = {
    "phone_unreadable": "phone",
    "lead_name_missing": "name",
    "lead_name_long": "name",
    "need_unknown": "tags",
    "agreement_missing": "agrees",
}


@get("/leads/door", guards=[signed_in])
async def show_own(request: Asked, plan: str = "") -> Response[Any]:
    """Show the caller's own code, to hold out to a customer."""
    caller, plans = caller_in(request), await terms.open_plans()
    chosen = next((each for each in plans if each.id == plan), plans[0] if plans else None)
    own = await doors.door_of(caller.id, chosen.id) if chosen else None
    return page(
        request,
        "leads/code.html",
        name=caller.name,
        plans=views.plan_choices(plans, chosen),
        link=views.link(request, own.code) if own else None,
        qr=views.qr_code(request, own.code) if own else None,
    )


@get(["/l/{code:str}", "/L/{code:str}"], include_in_schema=False)
async def show_door(request: Asked, code: str, done: str = "") -> Response[Any]:
    """Ask a customer for their own number."""
    return await _door(request, code, is_done=done == "yes")


@post("/l/{code:str}", status_code=303, include_in_schema=False)
async def enter(request: Asked, code: str) -> Response[Any]:
    """Receive what a customer entered; the thanks are the same for everybody."""
    form = await typed(request, "name", "phone", "agrees")
    tags = [str(each) for each in (await form_of(request)).getall("tags", [])]
    entered = Submission(
        name=form["name"], tags=tags, agrees=form["agrees"] == "yes",
        device=device_of(request), network=network_of(request), origin=origin_of(request),
    )  # fmt: skip
    try:
        await doors.enter(code, form["phone"], entered)
    except RuleViolation as refusal:
        return await _door(request, code, form, tags, refusal)
    return Redirect(f"/l/{code}?done=yes", status_code=303)


@get(["/l/o/{token:str}", "/L/O/{token:str}"], include_in_schema=False)
async def show_objection(request: Asked, token: str) -> Response[Any]:
    """Ask once more: whoever previews a message opens its links too."""
    return await _objection(request, token)


@post("/l/o/{token:str}", status_code=200, include_in_schema=False)
async def objected(request: Asked, token: str) -> Response[Any]:
    """Nobody calls this customer from now on."""
    with suppress(RuleViolation):
        await consent.objected(token)
    return await _objection(request, token)


async def _objection(request: Asked, token: str) -> Response[Any]:
    try:
        one = await consent.asked(token)
    except RuleViolation as refusal:
        return page(
            request, "leads/objection.html", status=status_of(refusal),
            state="gone", sentence=said(refusal),
        )  # fmt: skip
    state = "done" if one.is_over else "ask"
    return page(request, "leads/objection.html", state=state, token=token, name=one.reporter_name)


async def _door(
    request: Asked,
    code: str,
    form: dict[str, str] | None = None,
    tags: list[str] | None = None,
    refusal: RuleViolation | None = None,
    *,
    is_done: bool = False,
) -> Response[Any]:
    try:
        one = await doors.door(code)
        plan = await terms.open_plan(one.plan)
    except RuleViolation as gone:
        return page(
            request, "leads/door.html", status=status_of(gone), state="gone", sentence=said(gone)
        )
    field = FIELD_OF.get(refusal.code) if refusal else None
    is_own = request.user is not None and request.user.id == one.person
    answer = page(
        request,
        "leads/door.html",
        status=status_of(refusal) if refusal else 200,
        state="own" if is_own else "done" if is_done else "ask",
        code=one.code,
        name=one.name,
        needs=views.choices(plan.leads.needs) if plan.leads else [],
        values=form or {},
        tags=tags or [],
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
    )
    answer.set_cookie(device_cookie(request))
    return answer


routes = [show_own, show_door, enter, show_objection, objected]
