"""Pages of a till: scan, check, redeem, and what came of it."""

from math import ceil
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.response import Redirect

from game.coupons import UNDO_WITHIN
from game.errors import RuleViolation
from game.periods import window
from server.antispam import devices
from server.config import settings
from server.coupons import codes, commands, counter, guessing, queries, tills, views, words
from server.coupons.commands import Sale
from server.coupons.counter import OnCounter
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import POLICY, page
from server.people import stores
from server.people.forms import Asked, address_of, said, status_of, typed
from server.people.guards import allowed, caller_in

TILL: Final = [allowed(*tills.CASHIERS)]
# The reader of QR codes is WebAssembly where a phone has none of its own.
SCANNER_POLICY: Final = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"
SHOWN_MOST: Final = 20
FIELD_OF: Final = {
    "amount_unreadable": "amount",
    "below_least_order": "amount",
    "receipt_missing": "receipt",
    "receipt_taken": "receipt",
    "receipt_unreadable": "receipt",
    "store_missing": "store",
    "store_unknown": "store",
}
"""What the cashier can mend, and where; anything else is a no that fills the screen."""
BESIDE_THE_FORM: Final = frozenset({"still_running", "idempotency_mismatch"})


@get("/till", guards=TILL)
async def show(request: Asked) -> Response[Any]:
    """Ask for a code: by the camera, a photo or the keyboard."""
    answer = await _till(request)
    await devices.note_till(request, caller_in(request).id)
    answer.set_cookie(devices.device_cookie(request))
    return answer


@post("/till/code", guards=TILL, status_code=303)
async def read_code(request: Asked) -> Response[Any]:
    """Look a typed code up; wrong ones are counted, and tell nothing."""
    caller, form = caller_in(request), await typed(request, "code")
    store = await stores.store_of(caller.id)
    till = None if store is None else store.id
    try:
        async with guessing.counted(caller.id, till, address_of(request)):
            found = await guessing.redeemable(form["code"])
    except RuleViolation as refusal:
        return await _till(request, form, refusal)
    return Redirect(f"/till/check/{found.token}", status_code=303)


@get("/till/check/{token:str}", guards=TILL)
async def check(request: Asked, token: str) -> Response[Any]:
    """Say what a coupon is, whose, and whether this till may redeem it."""
    return await _check(request, token, {KEY: forms.new_key()})


@post("/till/check/{token:str}", guards=TILL, status_code=303)
async def redeem(request: Asked, token: str) -> Response[Any]:
    """Redeem a coupon with its order; a slip of the fingers keeps what was typed."""
    caller, form = caller_in(request), await typed(request, "amount", "receipt", "store", KEY)

    async def work() -> dict[str, Any]:
        sale = Sale(
            await tills.store_for(caller, form["store"]),
            form["receipt"], words.cents_of(form["amount"]), caller.id, "till",
        )  # fmt: skip
        return {"order": str(await commands.redeem(_index(token), sale))}

    try:
        done = await forms.write(caller.id, f"/till/check/{token}", form, work)
    except RuleViolation as refusal:
        if refusal.code in FIELD_OF or refusal.code in BESIDE_THE_FORM:
            return await _check(request, token, form, refusal)
        return _refused(request, refusal)
    return Redirect(f"/till/done/{done['order']}", status_code=303)


@get("/till/done/{order_id:uuid}", guards=TILL)
async def done(request: Asked, order_id: UUID) -> Response[Any]:
    """Fill the screen with what has been redeemed; who did it may undo it for two minutes."""
    caller, one = caller_in(request), await queries.order(order_id)
    await tills.check_reach(caller, one)
    left = one.placed_at + UNDO_WITHIN - await clock.now()
    is_undoable = one.placed_by == caller.id and one.reversed_as is None
    return page(
        request,
        "coupons/done.html",
        order=await views.order(one),
        undo_seconds=max(0, ceil(left.total_seconds())) if is_undoable else 0,
        idempotency_key=forms.new_key(),
    )


@post("/till/done/{order_id:uuid}/undo", guards=TILL, status_code=303)
async def undo(request: Asked, order_id: UUID) -> Response[Any]:
    """Undo a redemption: the coupon is good again."""
    caller, form = caller_in(request), await typed(request, KEY)

    async def work() -> dict[str, Any]:
        await commands.undo(order_id, caller.id)
        return {"order": str(order_id)}

    try:
        await forms.write(caller.id, f"/till/done/{order_id}/undo", form, work)
    except RuleViolation as refusal:
        return _refused(request, refusal)
    return Redirect(f"/till/done/{order_id}", status_code=303)


async def _till(
    request: Asked, form: dict[str, str] | None = None, refusal: RuleViolation | None = None
) -> Response[Any]:
    caller, now = caller_in(request), await clock.now()
    today, _ = window("day", now, ZoneInfo(settings().company_timezone))
    own = await stores.store_of(caller.id)
    orders = await queries.orders_by(caller.id, today, SHOWN_MOST)
    answer = page(
        request,
        "coupons/till.html",
        status=status_of(refusal) if refusal else 200,
        store=None if own is None else own.name,
        values=form or {},
        faults={"code": said(refusal)} if refusal else {},
        orders=await views.lines(orders),
    )
    answer.headers["Content-Security-Policy"] = SCANNER_POLICY
    return answer


async def _check(
    request: Asked, token: str, form: dict[str, str], refusal: RuleViolation | None = None
) -> Response[Any]:
    caller = caller_in(request)
    try:
        one = await counter.on_counter(_index(token))
        rule = await one.terms()
        own = await stores.store_of(caller.id)
        one.check(rule, caller.id, own)
    except RuleViolation as final:
        return _refused(request, final)
    field = FIELD_OF.get(refusal.code) if refusal else None
    return page(
        request,
        "coupons/check.html",
        status=status_of(refusal) if refusal else 200,
        token=token,
        ticket=await _shown(one),
        store=None if own is None else own.name,
        stores=[] if own else await stores.stores(),
        values=form,
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        idempotency_key=forms.key_after(form, refusal) if refusal else form[KEY],
    )


async def _shown(one: OnCounter) -> dict[str, Any]:
    held = await queries.coupon(one.id)
    drawn = await views.ticket(held, one.at)
    return drawn | {"customer": await views.customer_of(one.holder, one.customer_key)}


def _refused(request: Asked, refusal: RuleViolation) -> Response[Any]:
    """Fill the screen with a no and its reason."""
    return page(
        request, "coupons/refused.html", status=status_of(refusal), code=refusal.code,
        sentence=said(refusal),
    )  # fmt: skip


def _index(token: str) -> bytes:
    return codes.index_of(codes.read_token(token) or "")


routes = [show, read_code, check, redeem, done, undo]
