"""My data: see it, take it away, correct it, have it erased; and the desk of whoever answers."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.home import data
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people import doors, erasure, queries, reveals
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, anybody, caller_in

PATH: Final = "/me/data"
DESK: Final = "/people/data"
ADMIN: Final = [allowed("admin")]
FIELD_OF: Final = {"name_missing": "name", "request_missing": "said"}


@get(PATH, guards=[anybody])
async def show(request: Asked) -> Response[Any]:
    """Show the caller what is held of them."""
    return await _show(request)


@get(f"{PATH}/copy", guards=[anybody])
async def copy(request: Asked) -> Response[bytes]:
    """Hand out the same as a file."""
    body = msgspec.json.format(msgspec.json.encode(await data.held(caller_in(request))))
    return Response(
        body,
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="leitai-my-data.json"',
            "Cache-Control": "no-store",
        },
    )


@post(f"{PATH}/name", guards=[anybody], status_code=303)
async def rename(request: Asked) -> Response[Any]:
    """Correct a name: of customers and partners at once, of employees by whoever keeps the file."""
    form, caller = await typed(request, "name", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await erasure.rename(caller.id, form["name"])
        return {}

    return await _done(request, f"{PATH}/name", form, work)


@post(f"{PATH}/ask", guards=[anybody], status_code=303)
async def ask(request: Asked) -> Response[Any]:
    """Ask an administrator to correct or erase something."""
    form, caller = await typed(request, "kind", "said", "why", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        if form["kind"] == "erase":
            await erasure.ask(caller.id, "erase", form["why"])
        else:
            await erasure.ask(caller.id, "correct", form["said"])
        return {}

    return await _done(request, f"{PATH}/ask", form, work)


@get(f"{PATH}/erase", guards=[anybody])
async def show_erase(request: Asked) -> Response[Any]:
    """Say what goes and what stays, before anything does."""
    return _erase(request)


@post(f"{PATH}/erase", guards=[anybody], status_code=303)
async def erase(request: Asked) -> Response[Any]:
    """Erase a customer or a partner who says so twice; then nobody is signed in any more."""
    form, caller = await typed(request, "sure", KEY), caller_in(request)
    try:
        _check_sure(form)
        _check_outside(caller)
        await erasure.erase(caller.id, caller.id)
    except RuleViolation as refusal:
        return _erase(request, refusal)
    return doors.leave(request)


@get(DESK, guards=ADMIN)
async def show_desk(request: Asked) -> Response[Any]:
    """Show administrators what is asked, and who was shown many numbers today."""
    return await _desk(request)


@post(f"{DESK}/{{asked:uuid}}", guards=ADMIN, status_code=303)
async def answer(request: Asked, asked: UUID) -> Response[Any]:
    """Answer a request, or carry an erasure out."""
    form, caller = await typed(request, "answer", "verb", "sure", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        if form["verb"] == "erase":
            _check_sure(form)
            await erasure.carry_out(asked, caller.id)
        else:
            await erasure.answer(asked, caller.id, form["answer"])
        return {}

    try:
        await forms.write(caller.id, f"{DESK}/{asked}", form, work)
    except RuleViolation as refusal:
        return await _desk(request, refusal)
    return Redirect(DESK, status_code=303)


def _check_sure(form: dict[str, str]) -> None:
    if form["sure"] != "yes":
        raise RuleViolation("not_confirmed")


def _check_outside(caller: Caller) -> None:
    """An employee asks: whoever works here can't be nobody."""
    if caller.kind == "employee":
        raise RuleViolation("not_allowed")


async def _done(request: Asked, path: str, form: dict[str, str], work: Any) -> Response[Any]:
    try:
        await forms.write(caller_in(request).id, path, form, work)
    except RuleViolation as refusal:
        return await _show(request, form, refusal)
    return Redirect(f"{PATH}?saved=1", status_code=303)


async def _show(
    request: Asked, form: dict[str, str] | None = None, refusal: RuleViolation | None = None
) -> Response[Any]:
    caller, values = caller_in(request), form or {}
    field = FIELD_OF.get(refusal.code) if refusal else None
    if field == "said" and values.get("kind") == "erase":
        field = "why"
    answer = page(
        request,
        "me/data.html",
        status=status_of(refusal) if refusal else 200,
        **await data.held(caller),
        kind=caller.kind,
        requests=await erasure.requests(open_only=False, person=caller.id),
        saved=request.query_params.get("saved") == "1",
        values={"name": caller.name} | values,
        idempotency_key=forms.key_after(values, refusal),
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _erase(request: Asked, refusal: RuleViolation | None = None) -> Response[Any]:
    return page(
        request,
        "me/erase.html",
        status=status_of(refusal) if refusal else 200,
        kind=caller_in(request).kind,
        idempotency_key=forms.new_key(),
        refusal=said(refusal) if refusal else None,
    )


async def _desk(request: Asked, refusal: RuleViolation | None = None) -> Response[Any]:
    asked = await erasure.requests(open_only=True)
    return page(
        request,
        "people/data.html",
        status=status_of(refusal) if refusal else 200,
        requests=[
            {"id": each.id, "person": each.person, "name": each.name, "kind": each.kind,
             "said": each.said, "at": each.at, "key": forms.new_key(),
             "phone": await queries.masked_phone(each.person)}
            for each in asked
        ],
        looked=await reveals.today(),
        most=reveals.MOST,
        refusal=said(refusal) if refusal else None,
    )  # fmt: skip


routes = [show, copy, rename, ask, show_erase, erase, show_desk, answer]
