"""The review queue of what looks suspicious, and the page where its person reads why (I3, I5)."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from game.errors import RuleViolation
from server.antispam import cards, desk, network_pages, queries
from server.antispam.queries import PAGE, Suspicion
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, anybody, caller_in

REVIEWERS: Final = [allowed("operations")]
# `state` is a name that Litestar keeps for itself.
Listed = Annotated[str, Parameter(query="state")]


@get("/suspicions", guards=REVIEWERS)
async def show_queue(
    request: Asked, listed: Listed = "waiting", decided: UUID | None = None, skip: int = 0
) -> Response[Any]:
    """Show the oldest that waits, or what was decided; `decided` is the one just decided."""
    if listed == "decided":
        return await _decided(request, max(skip, 0))
    done = None if decided is None else cards.row(await queries.suspicion(decided))
    return await _desk(request, done=done)


@get("/suspicions/{verdict_id:uuid}", guards=[anybody])
async def show_one(request: Asked, verdict_id: UUID, *, alike: bool = False) -> Response[Any]:
    """Show one: to its person what waits and why, to a reviewer all there is to know.

    With `alike` the reviewer decides about all that are like it at once.
    """
    of, caller = await queries.suspicion(verdict_id), caller_in(request)
    if of.person == caller.id and of.what is not None:
        return await _mine(request, of)
    if "operations" not in caller.roles:
        raise RuleViolation("suspicion_unknown")
    return await _desk(request, of=of, form={"alike": "1"} if alike else None)


@post("/suspicions/{verdict_id:uuid}/decision", guards=REVIEWERS, status_code=303)
async def decide(request: Asked, verdict_id: UUID) -> Response[Any]:
    """Clear or refuse, and go on with the next one; a refusal keeps what was typed."""
    form, path = await typed(request, *cards.FIELDS), f"/suspicions/{verdict_id}/decision"
    try:
        await cards.decide(caller_in(request).id, path, form, verdict_id)
    except RuleViolation as refusal:
        is_unsaid = refusal.code == "reason_missing"
        of = await queries.suspicion(verdict_id) if is_unsaid else None
        return await _desk(request, of=of, refusal=refusal, form=form)
    return Redirect(f"/suspicions?decided={verdict_id}", status_code=303)


@post("/suspicions/{verdict_id:uuid}/appeal", guards=[anybody], status_code=303)
async def appeal(request: Asked, verdict_id: UUID) -> Response[Any]:
    """Take an appeal in; it is shown as waiting again."""
    form, caller = await typed(request, "text", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await desk.appeal(verdict_id, caller.id, form["text"])
        return {}

    try:
        await forms.write(caller.id, f"/suspicions/{verdict_id}/appeal", form, work)
    except RuleViolation as refusal:
        if refusal.code == "suspicion_unknown":
            raise
        return await _mine(request, await queries.suspicion(verdict_id), refusal, form)
    return Redirect(f"/suspicions/{verdict_id}", status_code=303)


async def _desk(
    request: Asked,
    *,
    of: Suspicion | None = None,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
    done: dict[str, Any] | None = None,
) -> Response[Any]:
    caller = caller_in(request)
    waiting = await queries.waiting(caller.id)
    if of is None and waiting.first:
        of = await queries.suspicion(waiting.first)
    is_unsaid = refusal is not None and refusal.code == "reason_missing"
    return page(
        request,
        "suspicions/show.html",
        status=status_of(refusal) if refusal else 200,
        suspicion=await cards.card(of, caller.id) if of else None,
        may_decide=of is not None
        and of.state == "waiting"
        and await queries.may_decide(of.id, caller.id),
        waiting=waiting.count,
        reasons=cards.reasons(of) if of else [],
        keys=cards.keys(),
        values=form or {},
        decided=done,
        refusal=said(refusal) if refusal and not is_unsaid else None,
        refuse_refusal=said(refusal) if refusal and is_unsaid else None,
    )


async def _decided(request: Asked, skip: int) -> Response[Any]:
    found = await queries.decided(skip)
    caller = caller_in(request)
    return page(
        request,
        "suspicions/decided.html",
        suspicions=[cards.row(each) for each in found[:PAGE]],
        waiting=(await queries.waiting(caller.id)).count,
        older=f"/suspicions?state=decided&skip={skip + PAGE}" if len(found) > PAGE else None,
    )


async def _mine(
    request: Asked,
    of: Suspicion,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    return page(
        request,
        "suspicions/mine.html",
        status=status_of(refusal) if refusal else 200,
        suspicion=cards.row(of),
        decisions=await queries.decisions(of.id),
        values=form or {},
        idempotency_key=forms.key_after(form or {}, refusal),
        faults={"text": said(refusal)} if refusal and refusal.code == "appeal_missing" else {},
        refusal=said(refusal) if refusal and refusal.code != "appeal_missing" else None,
    )


routes = [show_queue, show_one, decide, appeal, *network_pages.routes]
