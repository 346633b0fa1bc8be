"""The review desk: one action at a time, the oldest first (operations)."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.actions import queries as actions
from server.antispam import queries as antispam
from server.battles import cards, queries
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

REVIEWERS: Final = [allowed("operations")]


@get("/reviews", guards=REVIEWERS)
async def show_desk(request: Asked, decided: UUID | None = None) -> Response[Any]:
    """Show the oldest action that waits; `decided` is the one that was just decided."""
    done = None if decided is None else cards.decided(await actions.reviewed(decided))
    return await _desk(request, decided=done)


@post("/reviews/{action_id:uuid}", guards=REVIEWERS, status_code=303)
async def decide(request: Asked, action_id: UUID) -> Response[Any]:
    """Accept or strike, and go on with the next one; a refusal keeps what was typed."""
    form = await typed(request, *cards.FIELDS)
    try:
        await cards.judge(caller_in(request).id, f"/reviews/{action_id}", form, action_id)
    except RuleViolation as refusal:
        return await _desk(request, refusal=refusal, form=form, asked=action_id)
    return Redirect(f"/reviews?decided={action_id}", status_code=303)


async def _desk(
    request: Asked,
    *,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
    asked: UUID | None = None,
    decided: dict[str, Any] | None = None,
) -> Response[Any]:
    waiting = await queries.desk(caller_in(request).id)
    is_unsaid = refusal is not None and refusal.code == "reason_missing"
    shown = asked if is_unsaid else waiting.first
    return page(
        request,
        "reviews/show.html",
        status=status_of(refusal) if refusal else 200,
        action=await cards.card(await actions.reviewed(shown)) if shown else None,
        waiting=waiting.count,
        suspicious=(await antispam.waiting(caller_in(request).id)).count,
        reasons=cards.reasons(),
        keys=cards.keys(),
        values=form or {},
        decided=decided,
        refusal=said(refusal) if refusal and not is_unsaid else None,
        strike_refusal=said(refusal) if refusal and is_unsaid else None,
    )


routes = [show_desk, decide]
