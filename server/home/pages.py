"""Today: for each role the one thing to do next, then what is on."""

from typing import Any, Final

from litestar import Response, get
from litestar.response import Redirect

from server.actions import pages as action_pages
from server.actions import queries as actions
from server.battles import queries as battles
from server.battles.queries import Battle
from server.config import settings
from server.home import (
    data_pages,
    headlines,
    house_queues,
    lead_queues,
    me,
    my_battle,
    outside,
    parts,
    queues,
    search_pages,
    tasks,
    tour,
    wallet,
)
from server.kit.pages import page
from server.people.auth import STORE, Caller
from server.people.forms import Asked

ACTIONS_SHOWN: Final = 3
TOUR: Final = "tour"


@get("/")
async def today(request: Asked) -> Response[Any]:
    """Show today; nobody signed in goes to the door, a screen to its board."""
    caller = request.user
    if caller is None:
        return Redirect("/cast" if settings().demo else "/sign-in", status_code=303)
    step = request.query_params.get(TOUR, "")
    shown_round = await tour.of(caller, int(step) if step in {"2", "3"} else 1)
    if caller.kind in {"customer", "partner"}:
        return page(request, "home/outside.html", tour=shown_round, **await outside.today(caller))
    found = await battles.battles()
    if caller.kind == "screen" or caller.roles == {"screen"}:
        return Redirect(f"/battles/{found[0].id}/screen" if found else "/battles", status_code=303)
    return await _today(request, caller, found, shown_round)


async def _today(
    request: Asked, caller: Caller, found: list[Battle], shown_round: dict[str, Any] | None
) -> Response[Any]:
    mine = await battles.memberships(caller.id)
    recent = await actions.mine(caller.id, "all", None, ACTIONS_SHOWN)
    work = tasks.in_order(
        [
            *await tasks.of(caller, found),
            *await lead_queues.of(caller),
            *await queues.of(caller),
            *await house_queues.of(caller, found),
        ]
    )
    fight = await my_battle.of(caller, found, mine)
    beside = await _parts(caller)
    headline = headlines.of(caller, fight, work, beside["challenge"], has_reported=bool(recent))
    return page(
        request,
        "home/today.html",
        headline=headline,
        battle=fight.card if fight else None,
        work=work,
        steps=await my_battle.steps(caller, fight) if fight else [],
        actions=await action_pages.rows(recent),
        is_employee=not caller.has_desk,
        in_store=not caller.roles.isdisjoint(STORE),
        tour=shown_round,
        **beside,
    )


async def _parts(caller: Caller) -> dict[str, Any]:
    """Return what else is on for whoever has no desk."""
    if caller.has_desk:
        return {"challenge": None, "kick_off": None, "next_badge": None}
    return {
        "challenge": await parts.challenge(caller),
        "kick_off": await parts.kick_off(caller),
        "next_badge": await parts.next_badge(caller),
    }


routes = [today, *tour.routes, *search_pages.routes, *wallet.routes, *me.routes, *data_pages.routes]
