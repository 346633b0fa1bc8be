"""Pages of commissions: mine, each explained; and for the desk what waits, and a deal's parts."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.periods import window
from server.commissions import commands, lists, queries, views
from server.config import settings
from server.kit import clock, formats, forms
from server.kit.forms import KEY
from server.kit.i18n import locale
from server.kit.pages import page
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, anybody, caller_in
from server.plans import queries as plans

DESK: Final = frozenset({"operations", "finance"})
AT_DESK: Final = [allowed(*sorted(DESK))]
OPERATIONS: Final = [allowed("operations")]
SHELVES: Final = ("verdict", "budget", "given")


@get("/commissions", guards=[anybody])
async def show_mine(request: Asked, before: UUID | None = None) -> Response[Any]:
    """Show what the caller earned, what waits, and what is missing to a better rate."""
    caller, now = caller_in(request), await clock.now()
    zone = ZoneInfo(settings().company_timezone)
    start, _ = window("month", now, zone)
    since = await _place(caller, before)
    found = await lists.of_person(caller.id, since)
    totals = await lists.totals(caller.id, start)
    is_full = len(found) == lists.PAGE
    return page(
        request,
        "commissions/index.html",
        month=formats.month(now.astimezone(zone)),
        given=totals.posted,
        waiting=totals.waiting,
        climbs=await views.climbs(caller.id, now),
        accruals=await views.rows(found),
        older=f"/commissions?before={found[-1].id}" if is_full else None,
        at_desk=not caller.roles.isdisjoint(DESK),
    )


async def _place(caller: Caller, before: UUID | None) -> tuple[datetime, UUID] | None:
    if before is None:
        return None
    one = await lists.accrual(before)
    if one.person != caller.id:
        raise RuleViolation("not_found")
    return one.made_at, one.id


@get("/commissions/{accrual:uuid}", guards=[anybody])
async def show_one(request: Asked, accrual: UUID) -> Response[Any]:
    """Explain one commission: to its person, and to the desk."""
    caller, one = caller_in(request), await lists.accrual(accrual)
    is_own = one.person == caller.id
    if not is_own and caller.roles.isdisjoint(DESK):
        raise RuleViolation("not_found")
    return page(
        request,
        "commissions/show.html",
        one=await views.explanation(one, await lists.moves(accrual)),
        is_own=is_own,
        at_desk=not caller.roles.isdisjoint(DESK),
    )


@get("/commissions/desk", guards=AT_DESK)
async def show_desk(request: Asked, shelf: str = "verdict") -> Response[Any]:
    """Show what waits for a verdict or for room in a budget, and what was given last."""
    shown = shelf if shelf in SHELVES else SHELVES[0]
    found = await (lists.latest() if shown == "given" else lists.waiting(shown))
    return page(
        request,
        "commissions/desk.html",
        shelf=shown,
        counts=await lists.counts(),
        accruals=await views.rows(found),
    )


@get("/commissions/deals/{deal:uuid}", guards=AT_DESK)
async def show_deal(request: Asked, deal: UUID) -> Response[Any]:
    """Show what a deal earned people, and ask whose solution it adopted."""
    return await _deal(request, deal)


@post("/commissions/deals/{deal:uuid}/solution", guards=OPERATIONS, status_code=303)
async def name_solution(request: Asked, deal: UUID) -> Response[Any]:
    """Name whose technical solution a deal adopted."""
    form, by = await typed(request, "person", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await commands.name_solution(deal, form["person"], by)
        return {}

    try:
        await forms.write(by, f"/commissions/deals/{deal}/solution", form, work)
    except RuleViolation as refusal:
        return await _deal(request, deal, refusal, form)
    return Redirect(f"/commissions/deals/{deal}", status_code=303)


async def _deal(
    request: Asked,
    deal: UUID,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    stored = await queries.deal(deal)
    if stored is None:
        raise RuleViolation("not_found")
    plan = (await plans.plan_version(stored.plan, stored.plan_version)).plan
    pays = any(rule.part == "solution" for rule in plan.commissions.values())
    caller = caller_in(request)
    return page(
        request,
        "commissions/deal.html",
        status=status_of(refusal) if refusal else 200,
        deal=stored,
        plan=plan.title.in_locale(locale()),
        accruals=await views.rows(await lists.of_deal(deal)),
        asks=pays and stored.solution is None and "operations" in caller.roles,
        values=form or {},
        faults={"person": said(refusal)} if refusal else {},
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [show_mine, show_desk, show_one, show_deal, name_solution]
