"""Today: for each role the one thing to do next, then what is on."""

from typing import Any, Final

from litestar import Response, get
from litestar.response import Redirect

from game.periods import window
from server.actions import pages as action_pages
from server.actions import queries as actions
from server.battles import queries as battles
from server.battles import views
from server.battles.queries import Battle
from server.config import settings
from server.home import data_pages, lead_queues, me, parts, queues, tasks, wallet
from server.kit import clock
from server.kit.i18n import _
from server.kit.pages import page
from server.people.auth import STORE, Caller
from server.people.forms import Asked
from server.plans import queries as plans
from server.plans.words import as_builtins

ACTIONS_SHOWN: Final = 3
STEPS_SHOWN: Final = 3
WAITING: Final = {"joining": "soon", "auditing": "audit"}
"""What is said to a member while nothing can be scored."""


@get("/")
async def today(request: Asked) -> Response[Any]:
    """Show today; nobody signed in goes to the door, a customer to their coupons."""
    caller = request.user
    if caller is None:
        return Redirect("/cast" if settings().demo else "/sign-in", status_code=303)
    if caller.kind != "employee":
        return Redirect("/coupons", status_code=303)
    found = await battles.battles()
    if caller.roles == {"screen"}:
        return Redirect(f"/battles/{found[0].id}/screen" if found else "/battles", status_code=303)
    return await _today(request, caller, found)


async def _today(request: Asked, caller: Caller, found: list[Battle]) -> Response[Any]:
    mine = await battles.memberships(caller.id)
    shown = _shown(found, set(mine), is_employee=not caller.has_desk)
    recent = await actions.mine(caller.id, "all", None, ACTIONS_SHOWN)
    work = [
        *await tasks.of(caller, found),
        *await lead_queues.of(caller),
        *await queues.of(caller),
    ]
    headline = await _headline(caller, shown, mine, work, has_reported=bool(recent))
    beside = await _parts(caller)
    return page(
        request,
        "home/today.html",
        headline=_invited(headline, beside["challenge"], caller),
        battle=await views.card(shown, mine.get(shown.id)) if shown else None,
        work=work,
        steps=await _steps(caller, shown) if shown and shown.id in mine else [],
        actions=await action_pages.rows(recent),
        is_employee=not caller.has_desk,
        in_store=not caller.roles.isdisjoint(STORE),
        **beside,
    )


def _invited(
    headline: dict[str, Any], challenge: dict[str, Any] | None, caller: Caller
) -> dict[str, Any]:
    """Return the headline, or where nothing is more urgent the challenge that one may join."""
    is_free = headline["kind"] in {"calm", "start"} and not caller.opted_out
    if challenge is None or challenge["joined"] or not is_free:
        return headline
    return {"kind": "challenge", "id": challenge["id"], "title": challenge["title"]}


async def _parts(caller: Caller) -> dict[str, Any]:
    """Return what else is on for whoever has no desk."""
    if caller.has_desk:
        return {"challenge": None, "kick_off": None, "next_badge": None}
    return {
        "challenge": await parts.challenge(caller),
        "kick_off": await parts.kick_off(caller),
        "next_badge": await parts.next_badge(caller),
    }


def _shown(found: list[Battle], mine: set[Any], *, is_employee: bool) -> Battle | None:
    """Return the battle to show: one of mine that runs, one to join, then what is over.

    An employee's own last one comes before what strangers fight out.
    """

    def place(one: Battle) -> tuple[bool, bool, bool]:
        strange = one.id not in mine
        if not is_employee:
            return one.is_over, strange, False
        return strange and one.state != "joining", one.is_over, strange

    return min(found, key=place, default=None)


async def _headline(
    caller: Caller,
    shown: Battle | None,
    mine: dict[Any, str],
    work: list[tasks.Task],
    *,
    has_reported: bool,
) -> dict[str, Any]:
    """Return the one thing to do next."""
    if urgent := next((each for each in work if each.is_urgent), None):
        return {
            "kind": "work",
            "sentence": urgent.sentence,
            "href": urgent.href,
            "label": urgent.label,
        }
    if caller.has_desk or shown is None or shown.is_over:
        return {"kind": "calm" if caller.has_desk or has_reported else "start"}
    if shown.state == "joining" and shown.id not in mine and not caller.opted_out:
        return {"kind": "join", "battle_id": shown.id, "title": await views.title_of(shown)}
    if shown.id in mine and shown.state in WAITING:
        return {"kind": WAITING[shown.state], "side": mine[shown.id]}
    member = await battles.member(shown.id, caller.id)
    my = await views.my_row(shown, caller, member)
    if shown.state == "live" and my and my["first"]:
        return {"kind": "chase", "points": my["first"]["points"], "side": my["side"]}
    if shown.state == "live" and my and my["points"]:
        return {"kind": "leading", "side": my["side"]}
    return {"kind": "calm" if has_reported else "start"}


async def _steps(caller: Caller, shown: Battle | None) -> list[dict[str, Any]]:
    """Return what counts in my battle, each done once it was reported today."""
    if shown is None or shown.state != "live":
        return []
    plan = (await plans.plan_version(shown.plan, shown.plan_version)).plan
    start, _end = window("day", await clock.now(), plan.zone)
    sent = await actions.sent_since(caller.id, start)
    return [
        {
            "title": as_builtins(plan.actions[kind].title),
            "under": _("%(n)s reported today", n=n) if (n := sent.get((plan.id, kind), 0)) else "",
            "points": plan.actions[kind].points,
            "done": n > 0,
            "href": f"/actions/new?kind={plan.id}/{kind}",
        }
        for kind in shown.kinds[:STEPS_SHOWN]
    ]


routes = [today, *wallet.routes, *me.routes, *data_pages.routes]
