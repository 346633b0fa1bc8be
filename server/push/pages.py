"""Pushes as a person sets them: what about, on which phones; and the offer to turn them on."""

from typing import Any, Final
from uuid import UUID

from litestar import MediaType, Response, get, post
from litestar.response import Redirect

from game.pushes import A_DAY, QUIET_FROM, QUIET_UNTIL, may_ask
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page, render
from server.notifications.words import GROUPS
from server.people.auth import Caller
from server.people.forms import Asked, typed
from server.people.guards import anybody, caller_in
from server.push import commands, keys, queries, robot_pages, robots
from server.push.words import UNDER, groups_for

PATH: Final = "/me/notices"


@get(PATH, guards=[anybody])
async def show(request: Asked, saved: bool = False) -> Response[Any]:
    """Show what the caller is told of, and where."""
    caller = caller_in(request)
    return page(
        request,
        "push/show.html",
        **_terms(),
        groups=await _groups(caller),
        devices=await queries.devices(caller.id),
        key=await keys.spoken(),
        has_robot=await robots.is_near(caller.id),
        saved=saved,
        idempotency_key=forms.new_key(),
    )


@post(PATH, guards=[anybody], status_code=303)
async def choose(request: Asked) -> Redirect:
    """Keep what the caller wants to be told of."""
    form, caller = await typed(request, KEY), caller_in(request)
    wanted = sorted(map(str, (await forms.form_of(request)).getall("group", [])))

    async def work() -> dict[str, Any]:
        await commands.choose(caller.id, wanted, groups_for(caller.kind))
        return {}

    await forms.write(caller.id, PATH, form, work, wanted)
    return Redirect(f"{PATH}?saved=true", status_code=303)


@post(f"{PATH}/devices/{{device:uuid}}/remove", guards=[anybody], status_code=303)
async def turn_off(request: Asked, device: UUID) -> Redirect:
    """Send one of the caller's phones no more pushes; a second tap changes nothing."""
    await commands.turn_off(caller_in(request).id, device)
    return Redirect(PATH, status_code=303)


@get("/push/offer", guards=[anybody])
async def offer(request: Asked) -> Response[str]:
    """Offer to turn pushes on, after a first good moment; 204 when it is not the time."""
    caller = caller_in(request)
    said = await queries.choice(caller.id)
    had = await queries.had_a_moment(caller.id)
    if not may_ask(await clock.now(), had_a_moment=had, asked_at=said.asked_at):
        return Response("", status_code=204, media_type=MediaType.HTML)
    named = [GROUPS[group] for group in groups_for(caller.kind)[:3]]
    html = render("push/_offer.html", **_terms(), named=named, key=await keys.spoken())
    return Response(html, media_type=MediaType.HTML)


def _terms() -> dict[str, Any]:
    return {
        "quiet_from": f"{QUIET_FROM:%H:%M}",
        "quiet_until": f"{QUIET_UNTIL:%H:%M}",
        "most": A_DAY,
    }


async def _groups(caller: Caller) -> list[dict[str, Any]]:
    unwanted = (await queries.choice(caller.id)).unwanted
    return [
        {"id": group, "title": GROUPS[group], "under": UNDER[group], "on": group not in unwanted}
        for group in groups_for(caller.kind)
    ]


routes = [show, choose, turn_off, offer, *robot_pages.routes]
