"""The audit of a battle after its cut-off: every action once more, then the settlement (E6)."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from game.errors import RuleViolation
from server.actions import queries as actions
from server.battles import audits, cards, commands, queries
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

AUDITORS: Final = [allowed("audit")]
# `state` is a name that Litestar keeps for itself.
Listed = Annotated[str, Parameter(query="state")]


@get("/battles/{battle_id:uuid}/audit", guards=AUDITORS)
async def show_audit(
    request: Asked,
    battle_id: UUID,
    listed: Listed = "pending",
    action: UUID | None = None,
    decided: UUID | None = None,
    skip: int = 0,
) -> Response[Any]:
    """Show the score before and after, what waits, and what was decided."""
    done = None if decided is None else cards.decided(await actions.reviewed(decided))
    return await _audit(request, battle_id, listed, action, skip=skip, decided=done)


@post("/battles/{battle_id:uuid}/audit/{action_id:uuid}", guards=AUDITORS, status_code=303)
async def decide(
    request: Asked, battle_id: UUID, action_id: UUID, listed: Listed = "pending"
) -> Response[Any]:
    """Accept or strike, also against an earlier verdict; a refusal keeps what was typed."""
    form, path = await typed(request, *cards.FIELDS), f"/battles/{battle_id}/audit"
    try:
        await cards.judge(caller_in(request).id, f"{path}/{action_id}", form, action_id, battle_id)
    except RuleViolation as refusal:
        return await _audit(request, battle_id, listed, action_id, refusal=refusal, form=form)
    shown = listed if listed in audits.LISTS else "pending"
    return Redirect(f"{path}?state={shown}&decided={action_id}", status_code=303)


@post("/battles/{battle_id:uuid}/settlement", guards=AUDITORS, status_code=303)
async def settle(request: Asked, battle_id: UUID) -> Response[Any]:
    """Pay the pot by the audited score, once."""
    form, caller = await typed(request, KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        return {"state": (await commands.settle(battle_id, caller.id)).state}

    try:
        await forms.write(caller.id, f"/battles/{battle_id}/settlement", form, work)
    except RuleViolation as refusal:
        return await _audit(request, battle_id, refusal=refusal, form=form)
    return Redirect(f"/battles/{battle_id}/result", status_code=303)


async def _audit(
    request: Asked,
    battle_id: UUID,
    state: str = "pending",
    action: UUID | None = None,
    *,
    skip: int = 0,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
    decided: dict[str, Any] | None = None,
) -> Response[Any]:
    one = await queries.battle(battle_id)
    await commands.check_auditor(one, caller_in(request).id)
    if one.is_over:
        return Redirect(f"/battles/{battle_id}/result", status_code=303)
    audit = await audits.audit(one)
    shown = state if state in audits.LISTS else "pending"
    is_unsaid = refusal is not None and refusal.code == "reason_missing"
    looked_at = audit.chosen(shown, None if refusal and not is_unsaid else action)
    return page(
        request,
        "battles/audit.html",
        status=status_of(refusal) if refusal else 200,
        battle={"id": battle_id, "title": audit.title, "state": one.state},
        sides=audit.sides,
        moved=audit.moved,
        progress=audit.progress,
        action=await cards.card(await actions.reviewed(looked_at)) if looked_at else None,
        shown=shown,
        counts=audit.counts,
        actions=audit.rows(shown, skip),
        older=audit.older(shown, skip),
        reasons=cards.reasons(),
        keys=cards.keys(),
        values=form or {},
        decided=decided,
        refusal=said(refusal) if refusal and not is_unsaid else None,
        strike_refusal=said(refusal) if refusal and is_unsaid else None,
        settle={
            "allowed": not audit.progress["pending"],
            "sentence": audit.sentence,
            "idempotency_key": forms.new_key(),
        },
    )


routes = [show_audit, decide, settle]
