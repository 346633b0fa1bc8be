"""Pages of badges: mine, one badge; fragments for the moment of a new one and for a side."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.status_codes import HTTP_204_NO_CONTENT

from server.badges import views
from server.kit.pages import page
from server.people.forms import Asked
from server.people.guards import anybody, caller_in, signed_in


@get("/badges", guards=[signed_in])
async def index(request: Asked) -> Response[Any]:
    """Show the caller's badges: earned, within reach, not yet."""
    shelves = await views.shelves(caller_in(request).id)
    return page(request, "badges/index.html", shelves=shelves)


@get("/badges/{plan:str}/{badge:str}", guards=[signed_in])
async def show(request: Asked, plan: str, badge: str) -> Response[Any]:
    """Tell of one badge how it is earned, how far the caller is, and what theirs rests on."""
    return page(request, "badges/show.html", **await views.detail(caller_in(request), plan, badge))


@get("/badges/moment", guards=[anybody], include_in_schema=False)
async def show_moment(request: Asked) -> Response[Any]:
    """Return what is new for the caller as a dialog; nothing where nothing is."""
    found = await views.moment(caller_in(request).id)
    if found is None:
        return Response(None, status_code=HTTP_204_NO_CONTENT)
    return page(request, "badges/_moment.html", **found)


@get("/badges/sides/{battle:uuid}/{place:int}", guards=[signed_in], include_in_schema=False)
async def show_side(request: Asked, battle: UUID, place: int) -> Response[Any]:
    """Return the badges of a battle's side, to be put into its page."""
    return page(request, "badges/_side.html", people=await views.of_side(battle, place))


routes = [index, show, show_moment, show_side]
