"""Where a link leads: the offer in five seconds, then phone, code, coupon in hand (H1, H2, H10).

`/r/<code>` is somebody's invitation, `/s/<code>` the page of a member of staff. Nobody needs an
account: who confirms a phone is a customer from then on.
"""

from typing import Any, Final, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.response import Redirect

from game.errors import RuleViolation
from server.antispam.devices import device_cookie, device_of, network_of
from server.kit import crypto
from server.kit.i18n import lazy
from server.kit.pages import page
from server.people import visitors
from server.people.auth import session_cookie
from server.people.forms import Asked, address_of, said, status_of, typed
from server.people.guards import anybody, caller_in
from server.referrals import commands, exclusives, queries, standing
from server.referrals.commands import Seen

Path = Literal["r", "s"]
TEMPLATE: Final = "referrals/landing.html"
# At this door nobody has a passcode.
SAID: Final = {
    "code_sent_today": lazy(
        "No more codes for this number today. Try again tomorrow; the offer stays."
    ),
    "too_many_tries": lazy("Too many tries from here. Wait %(minutes)s minutes, then go on."),
}


def seen_by(request: Asked) -> Seen:
    """Return the browser that asks."""
    return Seen(device_of(request), network_of(request))


@get(["/r/{code:str}", "/R/{code:str}"], include_in_schema=False)
async def open_invitation(request: Asked, code: str) -> Response[Any]:
    """Show what an invitation offers to whoever opens it."""
    return await _opened(request, "r", code)


@get(["/s/{code:str}", "/S/{code:str}"], include_in_schema=False)
async def open_store_page(request: Asked, code: str) -> Response[Any]:
    """Show the page of a member of staff."""
    return await _opened(request, "s", code)


@post("/r/{code:str}", status_code=200)
async def ask_code(request: Asked, code: str) -> Response[Any]:
    """Send a one-time code to the phone that was typed; the same answer for everybody."""
    return await _asked(request, "r", code)


@post("/s/{code:str}", status_code=200)
async def ask_code_for_store_page(request: Asked, code: str) -> Response[Any]:
    """Send a one-time code to the phone that was typed; the same answer for everybody."""
    return await _asked(request, "s", code)


@post("/r/{code:str}/check", status_code=303)
async def check_code(request: Asked, code: str) -> Response[Any]:
    """Let in whoever has the code, and give them what the link offers."""
    return await _checked(request, "r", code)


@post("/s/{code:str}/check", status_code=303)
async def check_code_of_store_page(request: Asked, code: str) -> Response[Any]:
    """Let in whoever has the code, and give them what the page offers."""
    return await _checked(request, "s", code)


@post("/r/{code:str}/claim", guards=[anybody], status_code=303)
async def claim(request: Asked, code: str) -> Response[Any]:
    """Give a customer who is signed in what the link offers."""
    await claim_for(request, "r", code, caller_in(request).id)
    return Redirect(f"/r/{code}", status_code=303)


@post("/s/{code:str}/claim", guards=[anybody], status_code=303)
async def claim_of_store_page(request: Asked, code: str) -> Response[Any]:
    """Give a customer who is signed in what the page offers."""
    await claim_for(request, "s", code, caller_in(request).id)
    return Redirect(f"/s/{code}", status_code=303)


async def claim_for(request: Asked, path: Path, code: str, person: UUID) -> None:
    """Claim; what is refused the page says by itself when it is opened again."""
    seen = seen_by(request)
    offers = [commands.claim] if path == "r" else [exclusives.claim, commands.claim]
    for each in offers:
        try:
            await each(code, person, seen)
        except RuleViolation:
            continue


async def _opened(request: Asked, path: Path, code: str) -> Response[Any]:
    try:
        invitation = await queries.invitation(code)
    except RuleViolation as refusal:
        return _gone(request, refusal)
    if request.user is None:
        await commands.click(invitation)
    return await _show(request, path, code)


async def _asked(request: Asked, path: Path, code: str) -> Response[Any]:
    form = await typed(request, "phone")
    try:
        await visitors.ask_code(form["phone"], address_of(request))
    except RuleViolation as refusal:
        # A code that was sent a moment ago is still good: it can be typed.
        step = "code" if refusal.code == "code_too_soon" else "phone"
        return await _show(request, path, code, step, form, refusal)
    answer = await _show(request, path, code, "code", form)
    answer.background = BackgroundTask(visitors.send_code, form["phone"])
    return answer


async def _checked(request: Asked, path: Path, code: str) -> Response[Any]:
    form = await typed(request, "phone", "code")
    try:
        entered = await visitors.enter(
            form["phone"], form["code"], address_of(request),
            request.user.session if request.user else None,
        )  # fmt: skip
    except RuleViolation as refusal:
        return await _show(request, path, code, "code", form, refusal)
    await claim_for(request, path, code, entered.person)
    cookies = [session_cookie(request, entered.opened), device_cookie(request)]
    return Redirect(f"/{path}/{code}", status_code=303, cookies=cookies)


async def _show(
    request: Asked,
    path: Path,
    code: str,
    step: str = "phone",
    form: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
) -> Response[Any]:
    try:
        shown = await standing.landing(request, path, code)
    except RuleViolation as gone:
        return _gone(request, gone)
    values = form or {}
    field = "code" if step == "code" else "phone"
    answer = page(
        request,
        TEMPLATE,
        status=status_of(refusal) if refusal else 200,
        **shown,
        step=step,
        values={"phone": values.get("phone", "")},
        faults={field: _said(refusal)} if refusal else {},
        sent_to=_masked(values.get("phone", "")),
    )
    answer.set_cookie(device_cookie(request))
    return answer


def _said(refusal: RuleViolation) -> str:
    here = SAID.get(refusal.code)
    return here % refusal.facts if here else said(refusal)


def _masked(phone: str) -> str:
    try:
        return crypto.masked(crypto.normal_phone(phone))
    except RuleViolation:
        return ""


def _gone(request: Asked, refusal: RuleViolation) -> Response[Any]:
    return page(request, TEMPLATE, status=status_of(refusal), state="gone", sentence=said(refusal))


routes = [
    open_invitation,
    open_store_page,
    ask_code,
    ask_code_for_store_page,
    check_code,
    check_code_of_store_page,
    claim,
    claim_of_store_page,
]
