"""Call-backs: the queue of service, and the draws as an auditor draws them again (I4)."""

from datetime import date, timedelta
from typing import Any, Final, get_args
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.deals import CallResult
from game.errors import RuleViolation
from server.deals import commands, drawing, queries, sales, views, words
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people import reveals
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

RESULTS: Final[tuple[CallResult, ...]] = get_args(CallResult)


@get("/deals/calls", guards=[allowed("service")])
async def show_calls(request: Asked, done: UUID | None = None) -> Response[Any]:
    """Show the customer to call back next; `done` is the deal just called about."""
    return await _calls(request, done)


@post("/deals/{deal_id:uuid}/call", guards=[allowed("service")], status_code=303)
async def call(request: Asked, deal_id: UUID) -> Response[Any]:
    """Write down what a call came to, and go on with the next one."""
    caller, form = caller_in(request), await typed(request, "result", "note", KEY)
    result = next((each for each in RESULTS if each == form["result"]), None)

    async def work() -> dict[str, Any]:
        if result is None:
            raise RuleViolation("malformed")
        await commands.called(deal_id, caller.id, result, form["note"])
        return {}

    try:
        await forms.write(caller.id, f"/deals/{deal_id}/call", form, work)
    except RuleViolation as refusal:
        return await _calls(request, None, form, refusal)
    return Redirect(f"/deals/calls?done={deal_id}", status_code=303)


@post("/deals/{deal_id:uuid}/number", guards=[allowed("service")], status_code=200)
async def show_number(request: Asked, deal_id: UUID) -> Response[Any]:
    """Show the customer's number once to whoever calls; never kept, so the form has no key."""
    caller, one = caller_in(request), await queries.deal(deal_id)
    phone, refusal = "", None
    try:
        phone = await _number(one, caller.id)
    except RuleViolation as found:
        refusal = found
    answer = await _calls(request, None, refusal=refusal, of=one if phone else None, phone=phone)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _number(one: queries.Deal, by: UUID) -> str:
    if one.id not in {each.id for each in await queries.queue("call", by)}:
        raise RuleViolation("deal_not_drawn")
    why = reveals.reason_of("call", one.contract)
    return await reveals.reveal("customer", one.customer, by, why)


@get("/deals/draws", guards=[allowed("audit", "finance")])
async def show_draws(request: Asked, plan: str = "", day: date | None = None) -> Response[Any]:
    """Show the draws of a day; its secret is told once the day is over."""
    now, taking = await clock.now(), await sales.plans_taking()
    chosen = next((each for each in taking if each.id == plan), taking[0] if taking else None)
    today = now.astimezone(chosen.zone).date() if chosen else now.date()
    shown = min(day or today - timedelta(days=1), today)
    drawn = await drawing.drawn_on(chosen.id, shown) if chosen else []
    return page(
        request,
        "deals/draws.html",
        plans=[sales.choice(each) for each in taking],
        plan=sales.choice(chosen) if chosen else None,
        day=shown.isoformat(),
        today=today.isoformat(),
        draws=[_draw(each) for each in drawn],
        drawn=sum(bool(each.why) for each in drawn),
        fingerprint=await drawing.fingerprint(chosen.id, shown) if chosen else "",
        secret=drawing.secret_of(chosen.id, shown).hex() if chosen and shown < today else "",
    )


def _draw(one: drawing.Drawn) -> dict[str, Any]:
    return {
        "id": one.deal,
        "contract": one.contract,
        "turn": one.turn,
        "seller": one.seller,
        "number": one.number,
        "share": one.share,
        "standing": str(words.STANDINGS[one.standing]),
        "why": str(words.DRAWN[one.why]),
        "is_drawn": bool(one.why),
        "result": str(words.RESULTS[one.call]) if one.call in words.RESULTS else "",
    }


async def _calls(
    request: Asked,
    done: UUID | None,
    form: dict[str, str] | None = None,
    refusal: RuleViolation | None = None,
    *,
    of: queries.Deal | None = None,
    phone: str = "",
) -> Response[Any]:
    caller = caller_in(request)
    found = [of] if of else await queries.queue("call", caller.id, 1)
    one = found[0] if found else None
    ended = await queries.deal(done) if done else None
    is_unsaid = refusal is not None and refusal.code == "reason_missing"
    return page(
        request,
        "deals/calls.html",
        status=status_of(refusal) if refusal else 200,
        deal=views.row(one, caller) | await _asked(one) if one else None,
        phone=phone,
        waiting=(await queries.waiting("call", caller.id)).count,
        done={"contract": ended.contract, "call": ended.call} if ended else None,
        values=form or {},
        faults={"note": said(refusal)} if refusal and is_unsaid else {},
        refusal=said(refusal) if refusal and not is_unsaid else None,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


async def _asked(one: queries.Deal) -> dict[str, Any]:
    """Return what service asks the customer about."""
    calls = await queries.calls(one.id)
    return {
        "phone": one.phone,
        "name": one.name,
        "store": one.store_name,
        "checked_at": one.checked_at,
        "calls": [
            {"name": each.name, "at": each.at, "result": str(words.RESULTS[each.result]),
             "note": each.note} for each in calls
        ],
    }  # fmt: skip


routes = [show_calls, call, show_number, show_draws]
