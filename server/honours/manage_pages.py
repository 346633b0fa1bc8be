"""Operations and honours: award what a rule, a vote or colleagues found, revoke, write stories."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.honour_terms import HonourRule
from game.honours import due_state
from server.honours import commands, desk, queries, stories, views
from server.kit import clock, forms
from server.kit.forms import KEY, form_of
from server.kit.pages import one_of, page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

ROLES: Final = frozenset({"operations", "admin"})
DONE: Final = ("", "awards", "revocation", "stories")
MANAGERS: Final = [allowed("operations", "admin")]


@get("/honours/manage", guards=MANAGERS)
async def show_desk(request: Asked) -> Response[Any]:
    """List the rounds: those to be awarded first."""
    return page(request, "honours/desk.html", **await desk.rounds(await clock.now()))


@get("/honours/manage/{round_id:uuid}", guards=MANAGERS)
async def show_round(request: Asked, round_id: UUID) -> Response[Any]:
    """Show who may be awarded, who was, and their stories."""
    return await _round(request, round_id)


@post("/honours/manage/{round_id:uuid}/awards", guards=MANAGERS, status_code=303)
async def award(request: Asked, round_id: UUID) -> Response[Any]:
    """Award the title to everybody chosen."""
    form, by = await typed(request, "reason", KEY), caller_in(request).id
    chosen = [str(each) for each in (await form_of(request)).getall("subject", [])]

    async def work() -> dict[str, Any]:
        if not chosen:
            raise RuleViolation("not_a_candidate")
        for each in chosen:
            await commands.award(round_id, _id(each), by, form["reason"])
        return {"awarded": chosen}

    return await _written(request, round_id, "awards", form | {"subject": " ".join(chosen)}, work)


@post("/honours/manage/{round_id:uuid}/revocation", guards=MANAGERS, status_code=303)
async def revoke(request: Asked, round_id: UUID) -> Response[Any]:
    """Take a title back with a reason."""
    form, by = await typed(request, "award", "reason", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await commands.revoke(_id(form["award"]), by, form["reason"])
        return {"revoked": form["award"]}

    return await _written(request, round_id, "revocation", form, work)


@post("/honours/manage/{round_id:uuid}/stories", guards=MANAGERS, status_code=303)
async def draft(request: Asked, round_id: UUID) -> Response[Any]:
    """Write a story for a winner, who decides whether it is shown."""
    form, by = await typed(request, "award", "story", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await stories.draft(_id(form["award"]), by, form["story"])
        return {"drafted": form["award"]}

    return await _written(request, round_id, "stories", form, work)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RuleViolation("honour_unknown") from None


async def _written(
    request: Asked,
    round_id: UUID,
    verb: str,
    form: dict[str, str],
    work: Callable[[], Awaitable[dict[str, Any]]],
) -> Response[Any]:
    path = f"/honours/manage/{round_id}"
    try:
        await forms.write(caller_in(request).id, f"{path}/{verb}", form, work)
    except RuleViolation as refusal:
        return await _round(request, round_id, refusal, form)
    return Redirect(f"{path}?done={verb}", status_code=303)


async def _round(
    request: Asked,
    round_id: UUID,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    caller, one = caller_in(request), await queries.round_(round_id)
    rule: HonourRule = await queries.rule_of(one)
    now = await clock.now()
    return page(
        request,
        "honours/manage.html",
        status=status_of(refusal) if refusal else 200,
        bill=await views.bill(one, rule, caller),
        phase=views.phase(rule, due_state(one.span, now)),
        closes=one.closes,
        top=rule.top,
        by=rule.by,
        pending=await desk.pending(one, rule),
        candidates=await desk.candidates(one, rule, caller),
        awards=await desk.awards(one, caller),
        values=form or {"reason": desk.usual_reason(one, rule)},
        done=one_of(request.query_params.get("done"), DONE),
        refusal=said(refusal) if refusal else None,
        keys=[forms.new_key() for _ in range(3)],
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [show_desk, show_round, award, revoke, draft]
