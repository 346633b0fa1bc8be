"""The inbox: what is new for whoever is signed in (M3)."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.config import settings
from server.kit import formats, forms, i18n
from server.kit.forms import KEY
from server.kit.pages import local_path, page, speech
from server.notifications import commands, queries, telling
from server.notifications.queries import PAGE
from server.people.forms import Asked, typed
from server.people.guards import anybody, caller_in


@get("/inbox", guards=[anybody])
async def show(request: Asked, skip: int = 0) -> Response[Any]:
    """Show a page of news, unread first."""
    caller, start = caller_in(request), max(skip, 0)
    found = await queries.inbox(caller.id, start)
    now, zone = formats.utc_now(), settings().company_timezone
    with i18n.speaking(speech(request)):
        sections = telling.sections(found[:PAGE], now, zone)
    return page(
        request,
        "inbox/show.html",
        sections=sections,
        unread=await queries.unread(caller.id),
        newest=max(found, key=lambda each: (each.at, each.id)).id if found else None,
        older=f"/inbox?skip={start + PAGE}" if len(found) > PAGE else None,
        idempotency_key=forms.new_key(),
    )


@get("/inbox/{notice_id:uuid}", guards=[anybody])
async def follow(request: Asked, notice_id: UUID) -> Redirect:
    """Mark one notice as read and go to what it is about."""
    caller = caller_in(request)
    found = await queries.notice(caller.id, notice_id)
    await commands.read(caller.id, found.id)
    return Redirect(local_path(found.href), status_code=303)


@post("/inbox/read", guards=[anybody], status_code=303)
async def read_all(request: Asked) -> Redirect:
    """Mark everything as read that stood on the page."""
    form, caller = await typed(request, "newest", KEY), caller_in(request)
    try:
        newest = UUID(form["newest"])
    except ValueError:
        raise RuleViolation("malformed") from None

    async def work() -> dict[str, Any]:
        await commands.read_all(caller.id, newest)
        return {}

    await forms.write(caller.id, "/inbox/read", form, work)
    return Redirect("/inbox", status_code=303)


routes = [show, follow, read_all]
