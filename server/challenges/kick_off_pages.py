"""The kick-off: the plan in force in three steps, week one's pack, my first step (K7)."""

from typing import Any

from litestar import Response, get

from server.challenges import queries, views
from server.kit import clock, formats, forms
from server.kit.pages import page
from server.people.auth import Caller
from server.people.forms import Asked
from server.people.guards import caller_in, signed_in
from server.plans import queries as plans
from server.plans.words import as_builtins

SHOWN_WINDOWS = 3


@get("/kick-off", guards=[signed_in])
async def show(request: Asked) -> Response[Any]:
    """Show how the campaign begins, and everybody's first step in it."""
    caller = caller_in(request)
    one = await queries.newest("kick_off")
    started = None if one is None else await views.shown(one, caller)
    return page(
        request,
        "challenges/kick_off.html",
        started=started,
        offered=None if one else await _offered(),
        plan=await _plan(started, one),
        windows=await _windows(),
        can_start="operations" in caller.roles,
        join_key=forms.new_key(),
        first=_first(started, caller),
    )


async def _offered() -> dict[str, Any] | None:
    """Return the week-one template of a plan in force, where none was started yet."""
    for each in await plans.in_force():
        for name, rule in each.plan.challenges.items():
            if rule.kind == "kick_off":
                return views.template(each.plan, name)
    return None


async def _plan(started: Any, one: queries.Challenge | None) -> dict[str, Any] | None:
    if started and one:
        plan = await queries.plan_of(one)
        return {"id": plan.id, "title": as_builtins(plan.title)}
    for each in await plans.in_force():
        if any(rule.kind == "kick_off" for rule in each.plan.challenges.values()):
            return {"id": each.id, "title": as_builtins(each.plan.title)}
    return None


async def _windows() -> list[dict[str, Any]]:
    """Return the next double-reward windows of every plan in force."""
    now = await clock.now()
    found: list[dict[str, Any]] = [
        {
            "title": [as_builtins(each.plan.actions[kind].title) for kind in window.actions],
            "times": formats.score(window.times),
            "from": window.from_,
            "until": window.until,
        }
        for each in await plans.in_force()
        for window in each.plan.multipliers
        if window.until > now
    ]
    return sorted(found, key=lambda each: each["from"])[:SHOWN_WINDOWS]


def _first(started: dict[str, Any] | None, caller: Caller) -> int:
    """Return which of the three steps is the caller's next: join, do it, be seen."""
    if started is None or caller.opted_out:
        return 0
    if not started["me"]["is_in"]:
        return 1
    return 3 if all(task["is_done"] for task in started["me"]["tasks"]) else 2


routes = [show]
