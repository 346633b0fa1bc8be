"""The page of special contributions: propose, confirm, and what was given each day (C7)."""

from typing import Any, Final, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.kit import forms
from server.kit.forms import KEY
from server.kit.i18n import lazy
from server.kit.pages import page
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in
from server.plans.words import as_builtins
from server.specials import commands, queries
from server.specials.commands import PAGE, ROLES, Decision
from server.specials.queries import Special

GUARDS: Final = [allowed(*ROLES)]
FIELDS: Final = ("plan", "person", "points", "reason", KEY)
FIELD_OF: Final = {
    "special_person": "person",
    "special_own": "person",
    "special_points": "points",
    "special_reason": "reason",
}
"""Beside which field a refusal is said; any other is said above the list."""
DECISIONS: Final = ("given", "refused", "taken_back")
STATES: Final = {
    "given": ("done", lazy("given")),
    "refused": ("quiet", lazy("not given")),
    "taken_back": ("quiet", lazy("taken back")),
}


@get(PAGE, guards=GUARDS)
async def index(request: Asked) -> Response[Any]:
    """Show what waits, what was decided, and the sums of each day."""
    return await _index(request)


@post(PAGE, guards=GUARDS, status_code=303)
async def propose(request: Asked) -> Response[Any]:
    """Propose points for somebody."""
    form, by = await typed(request, *FIELDS), caller_in(request).id

    async def work() -> dict[str, Any]:
        points = int(form["points"]) if form["points"].strip().isdecimal() else 0
        person = await queries.person_named(form["person"])
        made = await commands.propose(form["plan"], person, points, form["reason"], by)
        return {"special": str(made)}

    try:
        await forms.write(by, PAGE, form, work)
    except RuleViolation as refusal:
        return await _index(request, form, refusal)
    return Redirect(PAGE, status_code=303)


@post(PAGE + "/{special:uuid}", guards=GUARDS, status_code=303)
async def decide(request: Asked, special: UUID) -> Response[Any]:
    """Give, refuse or take back."""
    form, by = await typed(request, "decision", "note", KEY), caller_in(request).id
    if form["decision"] not in DECISIONS:
        raise RuleViolation("not_found")

    async def work() -> dict[str, Any]:
        await commands.decide(special, cast("Decision", form["decision"]), by, form["note"])
        return {}

    try:
        await forms.write(by, f"{PAGE}/{special}", form, work)
    except RuleViolation as refusal:
        return await _index(request, {}, refusal)
    return Redirect(PAGE, status_code=303)


async def _index(
    request: Asked, form: dict[str, str] | None = None, refusal: RuleViolation | None = None
) -> Response[Any]:
    caller, typed_in = caller_in(request), form or {}
    field = FIELD_OF.get(refusal.code) if refusal and typed_in else None
    plans, found = await queries.open_plans(), await queries.listed()
    return page(
        request,
        "specials/index.html",
        status=status_of(refusal) if refusal else 200,
        plans=[
            {"id": each.id, "title": as_builtins(each.title), "most": each.special.most}
            for each in plans
            if each.special is not None
        ],
        waiting=[_row(each, caller) for each in found if each.state == "proposed"],
        decided=[_row(each, caller) for each in found if each.state != "proposed"],
        days=await queries.days(plans[0].timezone if plans else "UTC"),
        values=typed_in,
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        idempotency_key=forms.key_after(typed_in, refusal),
    )


def _row(one: Special, caller: Caller) -> dict[str, Any]:
    seal, word = STATES.get(one.state, ("", ""))
    return {
        "id": one.id,
        "name": one.name,
        "points": one.points,
        "reason": one.reason,
        "proposed": [one.proposed_by_name, one.proposed_at],
        "seal": seal,
        "state": str(word),
        "decided": [one.decided_by_name, one.decided_at] if one.decided_at else None,
        "note": one.note,
        "may_confirm": caller.id not in {one.person, one.proposed_by},
        "may_take_back": one.state == "given" and caller.id != one.person,
        "keys": [forms.new_key(), forms.new_key()],
    }


routes = [index, propose, decide]
