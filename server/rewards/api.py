"""Rewards over JSON: the catalogue, redeem, cancel, fulfil, decide."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Body

from server.actions.api import answered
from server.kit import clock
from server.kit.web import key_of, once
from server.people.auth import Caller
from server.people.guards import allowed, signed_in
from server.rewards import commands, desk_pages, queries, views, words

CallerRequest = Request[Caller, Any, Any]


class NewRedemption(msgspec.Struct, forbid_unknown_fields=True):
    """A redemption; `points` is the price that was shown."""

    points: int
    note: Annotated[str, msgspec.Meta(max_length=commands.NOTE_MAX)] = ""


class HandOver(msgspec.Struct, forbid_unknown_fields=True):
    """The pick-up code that the owner shows."""

    code: Annotated[str, msgspec.Meta(max_length=20)]


class NewDecision(msgspec.Struct, forbid_unknown_fields=True):
    """What operations decide; a refusal has its reason."""

    outcome: Literal["approved", "refused"]
    reason: Annotated[str, msgspec.Meta(max_length=commands.NOTE_MAX)] = ""


@get("/api/rewards", guards=[signed_in])
async def index(request: CallerRequest) -> dict[str, Any]:
    """Return the catalogue as the caller sees it; `state` is `now` or the code of what is in the way."""
    who, now = await queries.standing(request.user.id), await clock.now()
    shown = ("id", "kind", "way", "title", "about", "points", "stock", "state", "missing")
    cards = views.shelf(await queries.rewards(), who, now)
    return {
        "available": who.available,
        "rewards": [{name: card[name] for name in shown} for card in cards],
    }


@get("/api/redemptions", guards=[signed_in])
async def redemptions(request: CallerRequest) -> dict[str, Any]:
    """Return the caller's redemptions, those that wait first."""
    found = await queries.redemptions_of(request.user.id)
    return {"redemptions": [queries.as_facts(one) for one in found]}


@post("/api/rewards/{reward_id:uuid}/redemptions", guards=[signed_in])
async def redeem(
    request: CallerRequest, reward_id: UUID, data: Annotated[NewRedemption, Body()]
) -> Response[dict[str, Any]]:
    """Redeem a reward: its points are held until it is handed over."""
    caller = request.user

    async def work() -> dict[str, Any]:
        made = await commands.redeem(reward_id, caller.id, data.points, data.note)
        return queries.as_facts(await queries.redemption(made))

    return answered(await once(caller.id, key_of(request), ["redeem", reward_id, data], work))


@post("/api/redemptions/{redemption_id:uuid}/cancel", guards=[signed_in])
async def cancel(request: CallerRequest, redemption_id: UUID) -> Response[dict[str, Any]]:
    """Cancel one's own redemption while it waits."""
    caller = request.user

    async def work() -> dict[str, Any]:
        return queries.as_facts(await commands.cancel(redemption_id, caller.id))

    return answered(await once(caller.id, key_of(request), ["cancel", redemption_id], work))


@post("/api/redemptions/{redemption_id:uuid}/fulfil", guards=desk_pages.AT_THE_COUNTER)
async def fulfil(
    request: CallerRequest, redemption_id: UUID, data: Annotated[HandOver, Body()]
) -> Response[dict[str, Any]]:
    """Hand a reward over, against its code."""
    caller = request.user

    async def work() -> dict[str, Any]:
        code = words.read_code(data.code)
        done = await commands.hand_over(redemption_id, caller.id, code)
        return queries.as_facts(done)

    return answered(await once(caller.id, key_of(request), ["fulfil", redemption_id, data], work))


@post("/api/redemptions/{redemption_id:uuid}/decide", guards=[allowed("operations")])
async def decide(
    request: CallerRequest, redemption_id: UUID, data: Annotated[NewDecision, Body()]
) -> Response[dict[str, Any]]:
    """Approve a redemption, or refuse it with a reason."""
    caller = request.user

    async def work() -> dict[str, Any]:
        done = await commands.decide(
            redemption_id, caller.id, approves=data.outcome == "approved", reason=data.reason
        )
        return queries.as_facts(done)

    return answered(await once(caller.id, key_of(request), ["decide", redemption_id, data], work))


routes = [index, redemptions, redeem, cancel, fulfil, decide]
