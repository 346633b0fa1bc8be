"""Pages of screens: set one up, and the wall itself."""

from typing import Any, Final
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.response import Redirect
from markupsafe import Markup

from game.errors import RuleViolation
from server.battles.queries import battle
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.kit.web import origin_of
from server.people.auth import caller_by, screen_cookie
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.people.stores import stores
from server.screens import commands, queries, views

SETTING_UP: Final = [allowed("store_manager", "operations", "admin")]


@get("/screens", guards=SETTING_UP)
async def index(request: Asked) -> Response[Any]:
    """List the screens, and offer one more."""
    return await _index(request)


@post("/screens", guards=SETTING_UP)
async def make(request: Asked) -> Response[Any]:
    """Set a screen up, and show its link this once."""
    form, caller = await typed(request, "name", "store", KEY), caller_in(request)
    made: list[tuple[UUID, str]] = []

    async def work() -> dict[str, Any]:
        # The secret goes to the page, and not into what is kept for the same key again.
        where = _id(form["store"])
        made.append(await commands.make(caller, form["name"], where))
        return {"screen": str(made[0][0])}

    try:
        await forms.write(caller.id, "/screens", form, work)
    except RuleViolation as refusal:
        return await _index(request, refusal, form)
    return await _linked(request, *made[0]) if made else Redirect("/screens", status_code=303)


@post("/screens/{screen:uuid}/link", guards=SETTING_UP)
async def renew(request: Asked, screen: UUID) -> Response[Any]:
    """Make a new link for a screen, and show it this once."""
    form, caller = await typed(request, KEY), caller_in(request)
    made: list[str] = []

    async def work() -> dict[str, Any]:
        made.append(await commands.renew(caller, screen))
        return {}

    await forms.write(caller.id, f"/screens/{screen}/link", form, work)
    return await _linked(request, screen, *made) if made else Redirect("/screens", status_code=303)


@post("/screens/{screen:uuid}/name", guards=SETTING_UP, status_code=303)
async def rename(request: Asked, screen: UUID) -> Response[Any]:
    """Call a screen something else."""
    form, caller = await typed(request, "name", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.rename(caller, screen, form["name"])
        return {}

    try:
        await forms.write(caller.id, f"/screens/{screen}/name", form, work)
    except RuleViolation as refusal:
        return await _index(request, refusal)
    return Redirect("/screens", status_code=303)


@post("/screens/{screen:uuid}/revoke", guards=SETTING_UP, status_code=303)
async def revoke(request: Asked, screen: UUID) -> Response[Any]:
    """Revoke a screen's link."""
    form, caller = await typed(request, KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.revoke(caller, screen)
        return {}

    await forms.write(caller.id, f"/screens/{screen}/revoke", form, work)
    return Redirect("/screens", status_code=303)


@get("/screens/{token:str}")
async def show(request: Asked, token: str) -> Response[Any]:
    """Show the wall of a link; a revoked one is a calm page."""
    screen = await queries.by_token(token)
    if screen is None:
        return page(request, "screens/revoked.html", status=410)
    caller = request.scope.get("user")
    opened = None
    if caller is None or (caller.kind != "employee" and caller.id != screen.id):
        opened = await commands.open_link(screen.id)
        request.scope["user"] = await caller_by(opened.token)
    answer = page(request, "screens/wall.html", **await views.wall(screen.store))
    # Its address is its key: it is told to nobody.
    answer.headers["Referrer-Policy"] = "no-referrer"
    if opened:
        answer.set_cookie(screen_cookie(request, opened))
    return answer


@get("/battles/{battle_id:uuid}/screen", guards=[signed_in])
async def show_battle(request: Asked, battle_id: UUID) -> Response[Any]:
    """Show a battle on the wall, and what comes after it."""
    await battle(battle_id)
    return page(request, "screens/wall.html", **await views.wall(None, battle_id))


async def _index(
    request: Asked, refusal: RuleViolation | None = None, form: dict[str, str] | None = None
) -> Response[Any]:
    caller = caller_in(request)
    is_everywhere = not caller.roles.isdisjoint(commands.EVERYWHERE)
    own = None if is_everywhere else await commands.place_of(caller, None)
    return page(
        request,
        "screens/index.html",
        status=status_of(refusal) if refusal else 200,
        refusal=said(refusal) if refusal else None,
        screens=await queries.screens(own),
        stores=await stores() if is_everywhere else [],
        values=form or {},
        key=forms.key_after(form or {}, refusal),
        new_key=forms.new_key,
    )


async def _linked(request: Asked, screen: UUID, token: str) -> Response[Any]:
    link = f"{origin_of(request)}/screens/{token.lower()}"
    qr = segno.make(link, error="m").svg_inline(scale=1, border=2, omitsize=True)
    return page(
        request,
        "screens/link.html",
        status=201,
        screen=await queries.screen(screen),
        link=link,
        qr=Markup(qr),  # noqa: S704  # drawn by us
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise RuleViolation("malformed") from None


routes = [index, make, renew, rename, revoke, show, show_battle]
