"""Pages of rewards for colleagues: the catalogue, a reward, my redemptions, a ticket."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import caller_in, signed_in
from server.rewards import (
    commands,
    desk_pages,
    manage_pages,
    queries,
    suggestion_pages,
    views,
    words,
)


@get("/rewards", guards=[signed_in])
async def index(request: Asked) -> Response[Any]:
    """Show the catalogue: what the caller can have now first, then how far they are."""
    caller, now = caller_in(request), await clock.now()
    who = await queries.standing(caller.id)
    return page(
        request,
        "rewards/index.html",
        available=who.available,
        rewards=views.shelf(await queries.rewards(), who, now),
        waiting=await queries.waiting_of(caller.id),
        can_manage=not caller.roles.isdisjoint(manage_pages.MANAGERS),
        can_hand_over=not caller.roles.isdisjoint(desk_pages.COUNTER),
    )


@get("/rewards/{reward_id:uuid}", guards=[signed_in])
async def show(request: Asked, reward_id: UUID) -> Response[Any]:
    """Show one reward, and what redeeming it means."""
    return await _reward(request, reward_id)


@post("/rewards/{reward_id:uuid}/redeem", guards=[signed_in], status_code=303)
async def redeem(request: Asked, reward_id: UUID) -> Response[Any]:
    """Redeem a reward for the points that were shown; its ticket is next."""
    form, caller = await typed(request, "points", "note", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        points = int(form["points"]) if form["points"].isascii() and form["points"].isdigit() else 0
        made = await commands.redeem(reward_id, caller.id, points, form["note"].strip())
        return {"redemption": str(made)}

    try:
        done = await forms.write(caller.id, f"/rewards/{reward_id}/redeem", form, work)
    except RuleViolation as refusal:
        return await _reward(request, reward_id, refusal, form)
    return Redirect(f"/redemptions/{done['redemption']}?done=1", status_code=303)


async def _reward(
    request: Asked,
    reward_id: UUID,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    caller, now = caller_in(request), await clock.now()
    one, who = await queries.reward(reward_id), await queries.standing(caller.id)
    return page(
        request,
        "rewards/show.html",
        status=status_of(refusal) if refusal else 200,
        reward=views.card(one, who, now),
        available=who.available,
        values=form or {},
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.key_after(form or {}, refusal),
        can_manage=not caller.roles.isdisjoint(manage_pages.MANAGERS),
    )


@get("/rewards/pictures/{picture_id:uuid}", guards=[signed_in])
async def picture(picture_id: UUID) -> Response[bytes]:
    """Show the picture of a reward; another picture has another address."""
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await queries.picture(picture_id), media_type="image/jpeg", headers=headers)


@get("/redemptions", guards=[signed_in])
async def redemptions(request: Asked) -> Response[Any]:
    """List the caller's redemptions: those that wait first."""
    now, found = await clock.now(), await queries.redemptions_of(caller_in(request).id)
    tickets = [views.ticket(one, now) for one in found]
    return page(
        request,
        "rewards/redemptions.html",
        waiting=[each for each in tickets if each["state"] == "waiting"],
        ended=[each for each in tickets if each["state"] != "waiting"],
    )


@get("/redemptions/{redemption_id:uuid}", guards=[signed_in])
async def ticket(request: Asked, redemption_id: UUID, done: str = "") -> Response[Any]:
    """Show a redemption to its owner: how far it is, and the code that the counter asks for."""
    return await _ticket(request, redemption_id, is_new=done == "1")


@post("/redemptions/{redemption_id:uuid}/cancel", guards=[signed_in], status_code=303)
async def cancel(request: Asked, redemption_id: UUID) -> Response[Any]:
    """Cancel what waits; the points are free at once."""
    form, caller = await typed(request, KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.cancel(redemption_id, caller.id)
        return {}

    path = f"/redemptions/{redemption_id}"
    try:
        await forms.write(caller.id, f"{path}/cancel", form, work)
    except RuleViolation as refusal:
        return await _ticket(request, redemption_id, refusal)
    return Redirect(path, status_code=303)


async def _ticket(
    request: Asked,
    redemption_id: UUID,
    refusal: RuleViolation | None = None,
    *,
    is_new: bool = False,
) -> Response[Any]:
    one, now = await queries.own_redemption(redemption_id, caller_in(request)), await clock.now()
    drawn = views.ticket(one, now)
    is_shown = drawn["state"] == "waiting" and one.way == "scan"
    return page(
        request,
        "rewards/ticket.html",
        status=status_of(refusal) if refusal else 200,
        ticket=drawn,
        code=words.code(one.code) if is_shown else "",
        qr=views.qr_code(request, one) if is_shown else "",
        is_new=is_new and drawn["state"] in {"waiting", "fulfilled"},
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.new_key(),
    )


routes = [
    index,
    show,
    redeem,
    picture,
    redemptions,
    ticket,
    cancel,
    *desk_pages.routes,
    *manage_pages.routes,
    *suggestion_pages.routes,
]
