"""Pages of double-reward windows: what is planned, and one more (C6)."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.plan import Plan
from server.challenges import windows
from server.challenges.windows import TIMES, Window
from server.kit import clock, formats, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.plans import queries as plans
from server.plans.words import as_builtins

PLANNING: Final = [allowed("operations")]


@get("/challenges/windows", guards=[signed_in])
async def index(request: Asked) -> Response[Any]:
    """Show the windows of every plan in force; operations may plan one more."""
    return await _index(request)


@post("/challenges/windows", guards=PLANNING, status_code=303)
async def add(request: Asked) -> Response[Any]:
    """Plan a window; a refusal keeps what was typed."""
    form = await typed(request, "plan", "starts", "until", "times", KEY)
    kinds = [str(each) for each in (await forms.form_of(request)).getall("kinds", [])]
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        return {"version": (await windows.add(await _window(form, kinds), caller.id)).version}

    try:
        await forms.write(caller.id, "/challenges/windows", form, work, kinds)
    except RuleViolation as refusal:
        return await _index(request, refusal, form, kinds)
    return Redirect("/challenges/windows", status_code=303)


async def _window(form: dict[str, str], kinds: list[str]) -> Window:
    plan = next((each.plan for each in await plans.in_force() if each.id == form["plan"]), None)
    if plan is None:
        raise RuleViolation("plan_unknown")
    until = _moment(form["until"], plan.zone)
    if until is None:
        raise RuleViolation("window_unreadable")
    times = next((each for each in TIMES if str(each) == form["times"]), TIMES[0])
    return Window(plan.id, kinds, _moment(form["starts"], plan.zone), until, times)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise RuleViolation("window_unreadable") from None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone)


async def _index(
    request: Asked,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
    kinds: list[str] | None = None,
) -> Response[Any]:
    caller, now = caller_in(request), await clock.now()
    can_plan = "operations" in caller.roles
    return page(
        request,
        "challenges/windows.html",
        status=status_of(refusal) if refusal else 200,
        refusal=said(refusal) if refusal else None,
        plans=[_listed(each.plan, now) for each in await plans.in_force()],
        can_plan=can_plan,
        times=[{"id": str(each), "words": f"×{formats.score(each)}"} for each in TIMES],
        values=form or {},
        chosen=kinds or [],
        key=forms.key_after(form or {}, refusal),
    )


def _listed(plan: Plan, now: datetime) -> dict[str, Any]:
    windows_now: list[dict[str, Any]] = [
        {
            "title": [as_builtins(plan.actions[kind].title) for kind in each.actions],
            "times": formats.score(each.times),
            "from": each.from_,
            "until": each.until,
            "state": "over" if each.until <= now else "live" if each.from_ <= now else "soon",
        }
        for each in sorted(plan.multipliers, key=lambda each: each.from_, reverse=True)
    ]
    return {
        "id": plan.id,
        "title": as_builtins(plan.title),
        "timezone": plan.timezone,
        "windows": windows_now,
        "kinds": [
            {"id": kind, "title": as_builtins(rule.title)} for kind, rule in plan.actions.items()
        ],
    }


routes = [index, add]
