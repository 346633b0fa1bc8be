"""Pages at the door: sign in, one-time code, invite, new passcode, sign out."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.response import Redirect

from game.errors import RuleViolation
from server.config import settings
from server.kit import crypto
from server.kit.pages import local_path, page
from server.people import codes, invites, queries, sessions, sign_in
from server.people.auth import no_session_cookie, session_cookie
from server.people.forms import Asked, address_of, said, status_of, typed
from server.people.guards import caller_in, signed_in

DOOR = "people/sign_in.html"


@get("/sign-in")
async def show_sign_in(request: Asked, next: str = "/") -> Response[Any]:  # noqa: A002  # its name in the URL
    """Ask for phone or company id and passcode."""
    if request.user:
        return Redirect(local_path(next), status_code=303)
    return _door(request, {"next": next})


@post("/sign-in", status_code=303)
async def enter_by_passcode(request: Asked) -> Response[Any]:
    """Sign in with a passcode; a refusal keeps what was typed."""
    form = await typed(request, "person", "passcode", "next")
    try:
        opened = await sign_in.with_passcode(
            form["person"], form["passcode"], address_of(request), _replaced(request)
        )
    except RuleViolation as refusal:
        return _door(request, form, refusal)
    return _enter(request, opened, form["next"])


@post("/sign-in/code", status_code=200)
async def send_code(request: Asked) -> Response[Any]:
    """Send a one-time code to whom is meant; the answer is the same for everybody."""
    form = await typed(request, "person", "next")
    try:
        await codes.count_request(form["person"], address_of(request))
    except RuleViolation as refusal:
        return _door(request, form, refusal)
    answer = _door(request, form, step="code")
    answer.background = BackgroundTask(codes.send_code, form["person"])
    return answer


@post("/sign-in/code/check", status_code=303)
async def enter_by_code(request: Asked) -> Response[Any]:
    """Sign in with the code that was sent."""
    form = await typed(request, "person", "code", "next")
    try:
        opened = await codes.with_code(
            form["person"], form["code"], address_of(request), _replaced(request)
        )
    except RuleViolation as refusal:
        return _door(request, form, refusal, step="code")
    return _enter(request, opened, form["next"])


@get("/invites/{token:str}")
async def show_invite(request: Asked, token: str) -> Response[Any]:
    """Greet whom an invite is for; looking doesn't use it up."""
    return await _invite(request, token)


@post("/invites/{token:str}", status_code=303)
async def accept_invite(request: Asked, token: str) -> Response[Any]:
    """Set the invited person's passcode and let them in."""
    form = await typed(request, "passcode", "passcode_again")
    try:
        _same_twice(form)
        opened = await invites.accept(token, form["passcode"], _replaced(request))
    except RuleViolation as refusal:
        return await _invite(request, token, refusal)
    return _enter(request, opened, "/")


@get("/passcode", guards=[signed_in])
async def show_passcode(request: Asked) -> Response[Any]:
    """Ask for a new passcode."""
    return await _passcode(request)


@post("/passcode", guards=[signed_in], status_code=303)
async def change_passcode(request: Asked) -> Response[Any]:
    """Replace the passcode; every other session ends."""
    caller = caller_in(request)
    form = await typed(request, "old", "passcode", "passcode_again")
    try:
        _same_twice(form)
        await sign_in.change_passcode(
            caller.id, caller.session, form["old"], form["passcode"], address_of(request)
        )
    except RuleViolation as refusal:
        return await _passcode(request, refusal)
    return _enter(request, await sessions.start_session(caller.id, ended=caller.session), "/me")


@post("/sign-out", status_code=303)
async def sign_out(request: Asked) -> Response[Any]:
    """End this session, and with it what the browser kept of its person."""
    if request.user:
        await sessions.sign_out(request.user.session)
    return leave(request)


def leave(request: Asked) -> Response[Any]:
    """Send whoever has no session any more to the door; the browser forgets the pages it saw.

    Its own stores are emptied by the page and the worker, but for what waits to be sent: that
    stays on a shared phone until its owner is back (`pwa/src/lib/store.ts`).
    """
    return Redirect(
        "/sign-in",
        status_code=303,
        cookies=[no_session_cookie(request)],
        headers={"Clear-Site-Data": '"cache"'},
    )


def _replaced(request: Asked) -> UUID | None:
    return request.user.session if request.user else None


def _enter(request: Asked, opened: sessions.Opened, path: str) -> Response[Any]:
    cookie = session_cookie(request, opened)
    return Redirect(local_path(path), status_code=303, cookies=[cookie])


def _same_twice(form: dict[str, str]) -> None:
    if form["passcode"] != form["passcode_again"]:
        raise RuleViolation("passcodes_differ")


def _door(
    request: Asked,
    form: dict[str, str],
    refusal: RuleViolation | None = None,
    step: str = "passcode",
) -> Response[Any]:
    return page(
        request,
        DOOR,
        status=status_of(refusal) if refusal else 200,
        step=step,
        values={"person": form.get("person", "")},
        faults={},
        refusal=said(refusal) if refusal else None,
        sent_to=_masked(form.get("person", "")) if step == "code" else None,
        next=local_path(form.get("next")),
        demo=settings().demo,
    )


def _masked(person: str) -> str | None:
    """A phone that was typed; whose phone a company id has is not told."""
    try:
        return crypto.masked(crypto.normal_phone(person))
    except RuleViolation:
        return None


async def _invite(
    request: Asked, token: str, refusal: RuleViolation | None = None
) -> Response[Any]:
    try:
        person = await invites.invited(token)
    except RuleViolation as gone:
        return page(request, "people/invite.html", status=status_of(gone), mode="gone")
    return page(
        request,
        "people/invite.html",
        status=status_of(refusal) if refusal else 200,
        mode="accept",
        person=person,
        company=await queries.company_name(),
        token=token,
        values={},
        faults={"passcode": said(refusal)} if refusal else {},
    )


async def _passcode(request: Asked, refusal: RuleViolation | None = None) -> Response[Any]:
    field = "old" if refusal and refusal.code == "old_passcode_wrong" else "passcode"
    return page(
        request,
        "people/passcode.html",
        status=status_of(refusal) if refusal else 200,
        has_one=await sign_in.needs_old_passcode(caller_in(request).session),
        values={},
        faults={field: said(refusal)} if refusal else {},
    )


routes = [
    show_sign_in,
    enter_by_passcode,
    send_code,
    enter_by_code,
    show_invite,
    accept_invite,
    show_passcode,
    change_passcode,
    sign_out,
]
