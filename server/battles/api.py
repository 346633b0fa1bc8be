"""Battles over JSON: the list, the roster, the audit, the settlement."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import Body

from server.actions import commands as actions
from server.actions.api import NewVerdict, answered
from server.battles import commands, queries
from server.battles.queries import Battle
from server.kit.web import key_of, once
from server.people.auth import Caller
from server.people.guards import allowed, signed_in

CallerRequest = Request[Caller, Any, Any]


class Membership(msgspec.Struct, forbid_unknown_fields=True):
    """The side a person takes."""

    side: Annotated[str, msgspec.Meta(max_length=64)]


def _as_data(one: Battle) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "plan": one.plan,
        "plan_version": one.plan_version,
        "rule": one.rule,
        "kinds": one.kinds,
        "state": one.state,
        "starts": one.starts.isoformat(),
        "cut_off": one.cut_off.isoformat(),
    }


@get("/api/battles", guards=[signed_in])
async def index() -> dict[str, Any]:
    """Return the battles, those that run first."""
    return {"battles": [_as_data(one) for one in await queries.battles()]}


@get("/api/battles/{battle_id:uuid}", guards=[signed_in])
async def show(battle_id: UUID) -> dict[str, Any]:
    """Return one battle, with its result once it is settled."""
    one = await queries.battle(battle_id)
    return _as_data(one) | {"frozen": one.frozen, "result": one.result}


@get("/api/battles/{battle_id:uuid}/audit", guards=[allowed("audit")])
async def audit(battle_id: UUID) -> dict[str, Any]:
    """Return what an auditor looks at: every action of the roster in the battle's window."""
    one = await queries.battle(battle_id)
    return {"actions": msgspec.to_builtins(await queries.audited(one))}


@put("/api/battles/{battle_id:uuid}/membership", guards=[signed_in])
async def join(
    request: CallerRequest, battle_id: UUID, data: Annotated[Membership, Body()]
) -> Response[dict[str, Any]]:
    """Take a side until the battle starts."""
    caller = request.user

    async def work() -> dict[str, Any]:
        await commands.join(battle_id, caller.id, data.side)
        return {"side": data.side}

    return answered(await once(caller.id, key_of(request), ["join", battle_id, data], work))


@delete("/api/battles/{battle_id:uuid}/membership", guards=[signed_in], status_code=200)
async def leave(request: CallerRequest, battle_id: UUID) -> Response[dict[str, Any]]:
    """Leave the side until the battle starts."""
    caller = request.user

    async def work() -> dict[str, Any]:
        await commands.leave(battle_id, caller.id)
        return {"side": None}

    answer = await once(caller.id, key_of(request), ["leave", battle_id], work)
    return Response(answer.data, status_code=HTTPStatus.OK)


@post("/api/battles/{battle_id:uuid}/audit/{action_id:uuid}", guards=[allowed("audit")])
async def decide(
    request: CallerRequest, battle_id: UUID, action_id: UUID, data: Annotated[NewVerdict, Body()]
) -> Response[dict[str, Any]]:
    """Accept or strike an action of a battle in audit, also against an earlier verdict."""
    caller = request.user

    async def work() -> dict[str, Any]:
        decided = await actions.decide(
            action_id, caller.id, data.verdict, data.reason, auditing=battle_id
        )
        return actions.facts_of(decided)

    return answered(await once(caller.id, key_of(request), ["audit", action_id, data], work))


@post("/api/battles/{battle_id:uuid}/settlement", guards=[allowed("audit")])
async def settle(request: CallerRequest, battle_id: UUID) -> Response[dict[str, Any]]:
    """Pay the pot by the audited score."""
    caller = request.user

    async def work() -> dict[str, Any]:
        settled = await commands.settle(battle_id, caller.id)
        return _as_data(settled) | {"result": settled.result}

    return answered(await once(caller.id, key_of(request), ["settle", battle_id], work))


routes = [index, show, audit, join, leave, decide, settle]
