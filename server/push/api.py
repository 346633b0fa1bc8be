"""Push over JSON: what browsers say by themselves."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, post
from litestar.params import Body

from server.kit.web import key_of, once, origin_of
from server.people.auth import Caller
from server.people.guards import anybody
from server.push import commands
from server.push.browsers import called
from server.push.commands import Browser

Asked = Request[Caller, Any, Any]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Endpoint = Annotated[str, msgspec.Meta(max_length=2000)]
OK: Final = 200


class Keys(msgspec.Struct, frozen=True):
    """What a message is encrypted for, base64url."""

    p256dh: Short
    auth: Short


class Subscription(msgspec.Struct, frozen=True, rename="camel"):
    """A `PushSubscription` as JSON, and the endpoint it `replaces`."""

    endpoint: Endpoint
    keys: Keys
    replaces: Endpoint = ""


class Seen(msgspec.Struct, frozen=True):
    """The endpoint of the browser that speaks."""

    endpoint: Endpoint


@post("/api/push/devices", guards=[anybody])
async def turn_on(
    request: Asked, data: Annotated[Subscription, Body()]
) -> Response[dict[str, Any]]:
    """Send the caller's pushes to this browser from now on."""
    caller = request.user
    name = called(request.headers.get("user-agent", ""))
    browser = Browser(data.endpoint, data.keys.p256dh, data.keys.auth, name, origin_of(request))

    async def work() -> dict[str, Any]:
        await commands.turn_on(caller.id, caller.session, browser, data.replaces)
        return {}

    answer = await once(caller.id, key_of(request), ["push", data], work)
    return Response(answer.data, status_code=answer.status)


@post("/api/push/seen", guards=[anybody], status_code=OK)
async def see(request: Asked, data: Annotated[Seen, Body()]) -> dict[str, bool]:
    """Note that a browser is used; `known` tells whether the caller's pushes still go there.

    No key: saying it again is the same.
    """
    caller = request.user
    return {"known": await commands.see(caller.id, caller.session, data.endpoint)}


@post("/api/push/gone", guards=[anybody], status_code=OK)
async def turn_off(request: Asked, data: Annotated[Seen, Body()]) -> dict[str, bool]:
    """Send no more pushes to the browser that says so; saying it again changes nothing."""
    await commands.turn_off_here(request.user.id, data.endpoint)
    return {}


@post("/api/push/later", guards=[anybody], status_code=OK)
async def later(request: Asked) -> dict[str, bool]:
    """Don't offer pushes to the caller for two weeks; saying it again only moves that on."""
    await commands.ask_later(request.user.id)
    return {}


routes = [turn_on, see, turn_off, later]
