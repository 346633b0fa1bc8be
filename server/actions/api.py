"""Actions over JSON: what phones, company systems and the demo's colleagues use."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Body, Parameter

from game.action_terms import PEOPLE_MAX, Mode
from server.actions import commands, queries
from server.kit.web import Answer, key_of, once
from server.people.auth import Caller
from server.people.guards import allowed, signed_in

CallerRequest = Request[Caller, Any, Any]
REVIEWS_MAX = 50


class NewStarter(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody who started work: a phone or the company's own number, and the day (C2)."""

    who: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    since: date


class NewAction(msgspec.Struct, forbid_unknown_fields=True):
    """A report; `captured_at` is the phone's clock."""

    plan: Annotated[str, msgspec.Meta(max_length=64)]
    kind: Annotated[str, msgspec.Meta(max_length=64)]
    customer: Annotated[str, msgspec.Meta(max_length=64)] = ""
    note: str = ""
    captured_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    mode: Mode = "direct"
    starters: Annotated[list[NewStarter], msgspec.Meta(max_length=PEOPLE_MAX)] = []


class NewVerdict(msgspec.Struct, forbid_unknown_fields=True):
    """A decision of the review desk or an auditor."""

    verdict: Literal["accepted", "struck"]
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


def answered(answer: Answer) -> Response[dict[str, Any]]:
    """Send what a write answers."""
    return Response(answer.data, status_code=answer.status)


@post("/api/actions", guards=[signed_in])
async def report(
    request: CallerRequest, data: Annotated[NewAction, Body()]
) -> Response[dict[str, Any]]:
    """Report an action; it scores once it is accepted."""
    caller = request.user

    async def work() -> dict[str, Any]:
        said = commands.Report(
            plan=data.plan, kind=data.kind, customer=data.customer, note=data.note,
            captured_at=data.captured_at, mode=data.mode,
            starters=[(each.who, each.since) for each in data.starters],
        )  # fmt: skip
        reported = await commands.report(caller.id, said)
        return msgspec.to_builtins(reported)  # type: ignore[no-any-return]

    return answered(await once(caller.id, key_of(request), ["report", data], work))


@post("/api/actions/{action_id:uuid}/verdict", guards=[allowed("operations")])
async def decide(
    request: CallerRequest, action_id: UUID, data: Annotated[NewVerdict, Body()]
) -> Response[dict[str, Any]]:
    """Accept or strike a pending action."""
    caller = request.user

    async def work() -> dict[str, Any]:
        decided = await commands.decide(action_id, caller.id, data.verdict, data.reason)
        return commands.facts_of(decided)

    return answered(await once(caller.id, key_of(request), ["decide", action_id, data], work))


@get("/api/reviews", guards=[allowed("operations")])
async def reviews(
    request: CallerRequest,
    limit: Annotated[int, Parameter(ge=1, le=REVIEWS_MAX)] = 20,
) -> dict[str, Any]:
    """Return the oldest actions that this reviewer may decide."""
    return {"actions": msgspec.to_builtins(await queries.waiting(request.user.id, limit))}


routes = [report, decide, reviews]
