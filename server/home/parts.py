"""What else is on today: the challenge that fits, week one's kick-off, the next badge."""

from typing import Any
from uuid import UUID

from server.badges import views as badges
from server.challenges import queries, views
from server.challenges.queries import Challenge
from server.people.auth import Caller
from server.people.stores import store_of


async def challenge(caller: Caller) -> dict[str, Any] | None:
    """Return the card of a running challenge: mine before one I was asked into or my store's."""
    places = await queries.places_of(caller.id)
    store = await store_of(caller.id)
    at = store.id if store else None
    fitting = [
        one
        for one in await queries.challenges()
        if one.kind != "kick_off" and one.state in {"open", "live"} and _fits(one, places, at)
    ]

    def place(one: Challenge) -> tuple[bool, bool, bool]:
        return not places.get(one.id, False), one.store is None, one.state != "live"

    chosen = min(fitting, key=place, default=None)
    return await views.card(chosen, places.get(chosen.id)) if chosen else None


def _fits(one: Challenge, places: dict[UUID, bool], store: UUID | None) -> bool:
    return one.id in places or (one.store is not None and one.store == store)


async def kick_off(caller: Caller) -> dict[str, Any] | None:
    """Return week one's card while it runs (K7)."""
    one = await queries.newest("kick_off")
    if one is None or one.state not in {"open", "live"}:
        return None
    return await views.card(one, (await queries.places_of(caller.id)).get(one.id))


async def next_badge(caller: Caller) -> dict[str, Any] | None:
    """Return the badge whose next tier is nearest."""
    near = (await badges.shelves(caller.id))["near"]
    return near[0] if near else None
