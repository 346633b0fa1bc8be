"""The page of the blacklist (I1): who is on it and why, put on, taken off (operations)."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.leads import blacklist
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

PAGE: Final = "/blacklist"
KEEPERS: Final = [allowed("operations")]
FIELD_OF: Final = {"phone_unreadable": "phone", "reason_missing": "reason"}


@get(PAGE, guards=KEEPERS)
async def index(request: Asked, skip: int = 0) -> Response[Any]:
    """List whom nobody reports."""
    return await _page(request, skip=max(0, skip))


@post(f"{PAGE}/find", guards=KEEPERS, status_code=200)
async def find(request: Asked) -> Response[Any]:
    """Look a number up; in a form's body, because addresses are written into logs."""
    form = await typed(request, "wanted")
    try:
        return await _page(request, wanted=form["wanted"])
    except RuleViolation as refusal:
        return await _page(request, refusal=refusal, found_as=form["wanted"])


@post(PAGE, guards=KEEPERS, status_code=303)
async def add(request: Asked) -> Response[Any]:
    """Put a number on the list."""
    caller, form = caller_in(request), await typed(request, "phone", "reason", KEY)

    async def work() -> dict[str, Any]:
        await blacklist.add(form["phone"], form["reason"], caller.id)
        return {}

    try:
        await forms.write(caller.id, PAGE, form, work)
    except RuleViolation as refusal:
        return await _page(request, form=form, refusal=refusal)
    return Redirect(PAGE, status_code=303)


@post(f"{PAGE}/remove", guards=KEEPERS, status_code=303)
async def remove(request: Asked) -> Response[Any]:
    """Take a number off the list."""
    caller, form = caller_in(request), await typed(request, "customer", "reason", KEY)

    async def work() -> dict[str, Any]:
        await blacklist.remove(form["customer"], form["reason"], caller.id)
        return {}

    try:
        await forms.write(caller.id, f"{PAGE}/remove", form, work)
    except RuleViolation as refusal:
        return await _page(request, refusal=refusal)
    return Redirect(PAGE, status_code=303)


async def _page(
    request: Asked,
    *,
    skip: int = 0,
    wanted: str = "",
    found_as: str = "",
    form: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
) -> Response[Any]:
    found = await blacklist.listed(wanted, skip)
    field = FIELD_OF.get(refusal.code) if refusal and form is not None else None
    is_more = len(found) > blacklist.PAGE
    return page(
        request,
        "leads/blacklist.html",
        status=status_of(refusal) if refusal else 200,
        listed=found[: blacklist.PAGE],
        wanted=wanted or found_as,
        values=form or {},
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        older=f"{PAGE}?skip={skip + blacklist.PAGE}" if is_more else None,
        keys={"add": forms.key_after(form or {}, refusal), "remove": forms.new_key()},
    )


routes = [index, find, add, remove]
