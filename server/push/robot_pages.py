"""Robots of group chats, for those who run the company's campaigns."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.kit import forms
from server.kit.forms import KEY
from server.kit.i18n import _
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in
from server.push import robots

PATH: Final = "/robots"
DESK: Final = [allowed("operations", "admin")]


@get(PATH, guards=DESK)
async def show(request: Asked, heard: str = "") -> Response[Any]:
    """Show which robots there are; `heard` tells how a test went."""
    return await _show(request, heard=heard if heard in {"yes", "no"} else "")


@post(PATH, guards=DESK, status_code=303)
async def place(request: Asked) -> Response[Any]:
    """Let a robot speak for a unit."""
    form, caller = await typed(request, "unit", "address", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await robots.place(_unit(form["unit"]), form["address"].strip(), caller.id)
        return {}

    try:
        await forms.write(caller.id, PATH, form, work)
    except RuleViolation as refusal:
        return await _show(request, form, refusal)
    return Redirect(PATH, status_code=303)


@post(f"{PATH}/{{unit:uuid}}/remove", guards=DESK, status_code=303)
async def remove(request: Asked, unit: UUID) -> Response[Any]:
    """Let a robot say nothing more; a second tap changes nothing."""
    await robots.remove(unit, caller_in(request).id)
    return Redirect(PATH, status_code=303)


@post(f"{PATH}/{{unit:uuid}}/test", guards=DESK, status_code=303)
async def try_out(unit: UUID) -> Response[Any]:
    """Have a robot say a word, to see that it can."""
    heard = await robots.say(unit, _("Leitai speaks here from now on."))
    return Redirect(f"{PATH}?heard={'yes' if heard else 'no'}", status_code=303)


def _unit(typed_id: str) -> UUID:
    try:
        return UUID(typed_id)
    except ValueError:
        raise RuleViolation("unit_unknown") from None


async def _show(
    request: Asked,
    form: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
    heard: str = "",
) -> Response[Any]:
    faults = {} if refusal is None else {"address": said(refusal)}
    return page(
        request,
        "push/robots.html",
        status=status_of(refusal) if refusal else 200,
        robots=await robots.robots(),
        units=await robots.units(),
        heard=heard,
        values=form or {},
        faults=faults,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [show, place, remove, try_out]
