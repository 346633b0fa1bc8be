"""The desk: what operations decide on, and the counter where gifts are handed over."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.coupons.till_pages import SCANNER_POLICY
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people import limits
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.people.limits import Limit, counter
from server.rewards import commands, queries, views, words
from server.rewards.queries import Redemption

COUNTER: Final = ("store", "store_manager", "operations")
AT_THE_COUNTER: Final = [allowed(*COUNTER)]
DECIDING: Final = [allowed("operations")]
OUTCOMES: Final = ("approved", "refused")
WRONG_CODES: Final = 20
"""An hour: a slip of the finger is no crime, a machine gets nowhere with 40 bits."""


@get("/redemptions/desk", guards=AT_THE_COUNTER)
async def desk(request: Asked, code: str = "", done: UUID | None = None) -> Response[Any]:
    """Show what waits for a decision, and look a pick-up code up."""
    if not code:
        return await _desk(request, done=done)
    try:
        found = await find(caller_in(request), code)
    except RuleViolation as refusal:
        return await _desk(request, {"code": code}, refusal)
    return await _desk(request, {"code": code}, found=found)


@get(["/p/{code:str}", "/P/{code:str}"], guards=[signed_in], include_in_schema=False)
async def open_code(request: Asked, code: str) -> Response[Any]:
    """Open the link of a pick-up QR code: the desk for who hands out, else one's own tickets."""
    if caller_in(request).roles.isdisjoint(COUNTER):
        return Redirect("/redemptions", status_code=303)
    return Redirect(f"/redemptions/desk?code={words.read_code(code) or '-'}", status_code=303)


@post("/redemptions/{redemption_id:uuid}/fulfil", guards=AT_THE_COUNTER, status_code=303)
async def fulfil(request: Asked, redemption_id: UUID) -> Response[Any]:
    """Hand a reward over, against the code that its owner shows."""
    form, caller = await typed(request, "code", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.hand_over(redemption_id, caller.id, words.read_code(form["code"]))
        return {}

    return await _written(request, redemption_id, "fulfil", form, work)


@post("/redemptions/{redemption_id:uuid}/decide", guards=DECIDING, status_code=303)
async def decide(request: Asked, redemption_id: UUID) -> Response[Any]:
    """Approve, or refuse with a reason."""
    form, caller = await typed(request, "outcome", "reason", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        if form["outcome"] not in OUTCOMES:
            raise RuleViolation("malformed")
        await commands.decide(
            redemption_id, caller.id, approves=form["outcome"] == "approved", reason=form["reason"]
        )
        return {}

    return await _written(request, redemption_id, "decide", form, work)


async def find(caller: Caller, typed_code: str) -> Redemption:
    """Return the redemption of a typed code; wrong ones are counted against who types them."""
    spent = await limits.spend(
        Limit(counter("pick_up", str(caller.id)), WRONG_CODES, timedelta(hours=1), "too_many_codes")
    )
    found = await queries.by_code(words.read_code(typed_code))
    await limits.forgive(spent)
    return found


async def _written(
    request: Asked, redemption_id: UUID, verb: str, form: dict[str, str], work: Any
) -> Response[Any]:
    try:
        path = f"/redemptions/{redemption_id}/{verb}"
        await forms.write(caller_in(request).id, path, form, work)
    except RuleViolation as refusal:
        return await _desk(request, form | {"redemption": str(redemption_id)}, refusal)
    return Redirect(f"/redemptions/desk?done={redemption_id}", status_code=303)


async def _desk(
    request: Asked,
    values: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
    *,
    found: Redemption | None = None,
    done: UUID | None = None,
) -> Response[Any]:
    caller, now = caller_in(request), await clock.now()
    decides = "operations" in caller.roles
    queue = await queries.to_decide(caller.id) if decides else []
    ended = await queries.redemption(done) if done else None
    is_about_code = refusal is not None and "redemption" not in (values or {})
    is_own = found is not None and found.person == caller.id
    answer = page(
        request,
        "rewards/desk.html",
        status=status_of(refusal) if refusal else 200,
        decides=decides,
        queue=[views.ticket(one, now) for one in queue],
        keys={str(one.id): (forms.new_key(), forms.new_key()) for one in queue},
        found=None if found is None else views.ticket(found, now) | {"is_own": is_own},
        done=None if ended is None else views.ticket(ended, now),
        values=values or {},
        faults={"code": said(refusal)} if refusal and is_about_code else {},
        refusal=said(refusal) if refusal and not is_about_code else None,
        idempotency_key=forms.new_key(),
    )
    # The reader of QR codes is WebAssembly where a phone has none of its own.
    answer.headers["Content-Security-Policy"] = SCANNER_POLICY
    return answer


routes = [desk, open_code, fulfil, decide]
