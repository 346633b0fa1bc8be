"""The page of the company's own networks, for operations (I2)."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.antispam import networks
from server.antispam.devices import network_of
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

OPERATIONS: Final = [allowed("operations")]
PATH: Final = "/networks"


@get(PATH, guards=OPERATIONS)
async def show(request: Asked) -> Response[Any]:
    """Show the networks of the company, and those that may be."""
    return await _show(request)


@post(PATH, guards=OPERATIONS, status_code=303)
async def register(request: Asked) -> Response[Any]:
    """Register this network, or the one that was listed as busy."""
    form, by = await typed(request, "token", "name", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await networks.register(form["token"] or network_of(request), form["name"], by)
        return {}

    try:
        await forms.write(by, PATH, form, work)
    except RuleViolation as refusal:
        return await _show(request, form, refusal)
    return Redirect(PATH, status_code=303)


@post(f"{PATH}/remove", guards=OPERATIONS, status_code=303)
async def remove(request: Asked) -> Response[Any]:
    """Take a network off."""
    form, by = await typed(request, "token", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await networks.remove(form["token"], by)
        return {}

    try:
        await forms.write(by, f"{PATH}/remove", form, work)
    except RuleViolation as refusal:
        return await _show(request, form, refusal)
    return Redirect(PATH, status_code=303)


async def _show(
    request: Asked, form: dict[str, str] | None = None, refusal: RuleViolation | None = None
) -> Response[Any]:
    here, known = network_of(request), await networks.registered()
    return page(
        request,
        "networks/index.html",
        status=status_of(refusal) if refusal else 200,
        here=next((each.name for each in known if each.token == here), ""),
        networks=[
            {"token": each.token, "name": each.name, "under": [each.added_by, each.added_at],
             "leads": each.leads, "key": forms.new_key()}
            for each in known
        ],
        busy=[
            {"token": each.token, "most": each.most, "people": each.people, "at": each.last_at,
             "key": forms.new_key()}
            for each in await networks.busy()
            if each.token != here
        ],
        values=form or {},
        idempotency_key=forms.key_after(form or {}, refusal),
        faults={"name": said(refusal)} if refusal and refusal.code == "network_unnamed" else {},
        refusal=said(refusal) if refusal and refusal.code != "network_unnamed" else None,
    )  # fmt: skip


routes = [show, register, remove]
