"""Leads over JSON: what phones and the company's own systems use."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.params import Body

from server.antispam.devices import device_or_session_of, network_of
from server.kit.web import key_of, once, origin_of
from server.leads import commands
from server.leads.commands import Submission
from server.people.auth import Caller
from server.people.guards import anybody


class NewLead(msgspec.Struct, forbid_unknown_fields=True):
    """A lead; `captured_at` is the phone's clock, `agrees` says that the customer does."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    phone: Annotated[str, msgspec.Meta(max_length=40)]
    agrees: bool
    plan: Annotated[str, msgspec.Meta(max_length=64)] = ""
    tags: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=64)]], msgspec.Meta(max_length=20)
    ] = []
    note: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    channel: Annotated[str, msgspec.Meta(max_length=64)] = ""
    store: UUID | None = None
    captured_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


@post("/api/leads", guards=[anybody])
async def submit(
    request: Request[Caller, Any, Any], data: Annotated[NewLead, Body()]
) -> Response[dict[str, Any]]:
    """Report a lead: submitted, or a duplicate until a moment."""
    caller = request.user
    reported = Submission(
        plan=data.plan, name=_clean(data.name), tags=[_clean(each) for each in data.tags],
        note=_clean(data.note), channel=_clean(data.channel), store=data.store,
        captured_at=data.captured_at, agrees=data.agrees, door="api",
        device=device_or_session_of(request, caller.session), network=network_of(request),
        origin=origin_of(request),
    )  # fmt: skip

    async def work() -> dict[str, Any]:
        received = await commands.submit(caller.id, data.phone, reported)
        return msgspec.to_builtins(received)  # type: ignore[no-any-return]

    answer = await once(caller.id, key_of(request), ["lead", data], work)
    return Response(answer.data, status_code=answer.status)


def _clean(text: str) -> str:
    """Leave out what PostgreSQL can't hold."""
    return text.replace("\x00", "")


routes = [submit]
