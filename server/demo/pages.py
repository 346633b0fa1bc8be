"""The cast: step into any role. These routes exist in demo mode only."""

from typing import Any, Final

import segno
from litestar import Request, Response, get, post
from litestar.response import Redirect
from markupsafe import Markup

from server.battles import queries as battles
from server.config import settings
from server.demo import company, network
from server.demo.stage import id_of
from server.kit import db
from server.kit.i18n import _
from server.kit.pages import page
from server.people import queries as people
from server.people.auth import Caller, session_cookie
from server.people.sessions import start_session

Asked = Request[Caller | None, Any, Any]

FIRST_PAGES: Final = {
    "operations": "/reviews",
    "admin": "/people",
    "store": "/till",
    "sales": "/leads/follow",
    "service": "/deals/calls",
}
FIRST_BATTLES: Final = {
    "audit": ("auditing", "audit"),
    "finance": ("final", "result"),
    "screen": ("live", "screen"),
}
"""Where a role begins: a page, or a page of the first battle in a state; others at Today."""


@get("/cast", include_in_schema=False)
async def show(request: Asked) -> Response[Any]:
    """List the parts a visitor may play."""
    shared = settings().host == network.EVERYWHERE
    link = network.origin(settings().host, settings().port)
    return page(
        request,
        "demo/cast.html",
        company=await people.company_name(),
        cast=_cast(),
        links=await _links(),
        warning=_("Everyone on this network can play any role.") if shared else None,
        link=link if shared else None,
        qr=_qr(link) if shared else None,
    )


@post("/demo/become", status_code=303, include_in_schema=False)
async def become(request: Asked) -> Redirect:
    """Step into somebody by company id or phone: a session of theirs replaces this browser's."""
    person = await id_of(str((await request.form()).get("person", ""))[:64])
    before = request.user.session if request.user else None
    opened = await start_session(person, "demo", before)
    roles = await db.column("SELECT role FROM person_role WHERE person = $1", person)
    there = Redirect(await _first_page(roles), status_code=303)
    there.set_cookie(session_cookie(request, opened))
    return there


def _cast() -> list[dict[str, Any]]:
    """Every part with a name and what is to be tried; `place` is that of a side, 0 without one."""
    names = {each.person: each.name for each in company.colleagues()}
    names |= {each.phone: each.name for each in company.OUTSIDERS}
    sides = {each.person: each.side for each in company.colleagues()}
    places = {side: place for place, side in enumerate(company.client_sides(), 1)}
    return [
        {
            "id": part.person,
            "name": names[part.person],
            "role": str(part.role),
            "sentence": str(part.sentence),
            "place": places.get(sides.get(part.person, ""), 0),
        }
        for part in company.CAST
    ]


async def _links() -> list[dict[str, str]]:
    """Return what opens without being anybody: the link that an old customer sends to a friend."""
    code = await db.value(
        "SELECT code FROM invitation WHERE person = $1 ORDER BY made_at LIMIT 1",
        await id_of(company.OLD_CUSTOMER.phone),
    )
    if code is None:
        return []
    return [
        {
            "href": f"/r/{code}",
            "title": _("a friend's link"),
            "sentence": _(
                "what %(name)s sends: the offer, the coupons", name=company.OLD_CUSTOMER.name
            ),
        }
    ]


async def _first_page(roles: list[str]) -> str:
    for role in roles:
        if role in FIRST_PAGES:
            return FIRST_PAGES[role]
        if role in FIRST_BATTLES:
            state, leaf = FIRST_BATTLES[role]
            found = [each for each in await battles.battles() if each.state == state]
            return f"/battles/{found[0].id}/{leaf}" if found else "/battles"
    return "/"


def _qr(link: str) -> Markup:
    return Markup(segno.make(link).svg_inline(omitsize=True))  # noqa: S704  # drawn here


routes = [show, become]
