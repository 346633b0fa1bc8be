"""Badges over JSON: that a moment was seen."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.params import Body

from server.actions.api import answered
from server.badges import commands
from server.kit.web import key_of, once
from server.people.auth import Caller
from server.people.guards import anybody


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """The awards whose moment was shown."""

    awards: Annotated[list[UUID], msgspec.Meta(max_length=200)]


@post("/api/badges/seen", guards=[anybody])
async def see(
    request: Request[Caller, Any, Any], data: Annotated[Seen, Body()]
) -> Response[dict[str, Any]]:
    """Note that the caller has seen these awards: each moment is shown once."""
    caller = request.user

    async def work() -> dict[str, Any]:
        await commands.mark_seen(caller.id, data.awards)
        return {"seen": len(data.awards)}

    return answered(await once(caller.id, key_of(request), ["badges", data], work))


routes = [see]
