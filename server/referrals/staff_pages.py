"""The page of a member of staff, as they see it themselves (H10)."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.coupons import views as tickets
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import caller_in, signed_in
from server.people.stores import store_of
from server.referrals import campaigns, commands, exclusives, views
from server.referrals.campaigns import Campaign
from server.referrals.landing_pages import seen_by
from server.referrals.queries import Invitation

PAGE = "/stores/me"


@get(PAGE, guards=[signed_in])
async def show(request: Asked) -> Response[Any]:
    """Show the caller's own page: its coupon, its greeting, its link."""
    return await _page(request)


@post(f"{PAGE}/offer", guards=[signed_in], status_code=303)
async def offer(request: Asked) -> Response[Any]:
    """Offer the exclusive coupon, or stop offering it."""
    form, (_, mine) = await typed(request, "on", KEY), await _mine(request)

    async def work() -> dict[str, Any]:
        await exclusives.offer(mine, is_on=form["on"] == "yes")
        return {}

    return await _written(request, "offer", form, work)


@post(f"{PAGE}/greeting", guards=[signed_in], status_code=303)
async def greet(request: Asked) -> Response[Any]:
    """Change what friends read first."""
    form, (_, mine) = await typed(request, "greeting", KEY), await _mine(request)

    async def work() -> dict[str, Any]:
        await exclusives.greet(mine, form["greeting"])
        return {}

    return await _written(request, "greeting", form, work)


async def _written(request: Asked, verb: str, form: dict[str, str], work: Any) -> Response[Any]:
    try:
        await forms.write(caller_in(request).id, f"{PAGE}/{verb}", form, work)
    except RuleViolation as refusal:
        return await _page(request, form, refusal)
    return Redirect(PAGE, status_code=303)


async def _mine(request: Asked) -> tuple[Campaign, Invitation]:
    """Return the campaign that has an exclusive coupon, and the caller's link in it."""
    now = await clock.now()
    for one in await campaigns.in_force():
        is_on = one.rule.starts <= now < one.rule.ends and "employee" in one.rule.referrers
        if is_on and one.rule.exclusive is not None:
            person = caller_in(request).id
            return one, await commands.invite(person, one.plan.id, one.id, seen_by(request))
    raise RuleViolation("exclusive_closed")


async def _page(
    request: Asked, form: dict[str, str] | None = None, refusal: RuleViolation | None = None
) -> Response[Any]:
    caller = caller_in(request)
    try:
        one, mine = await _mine(request)
    except RuleViolation as closed:
        if closed.code != "exclusive_closed":
            raise
        return page(request, "referrals/store.html", coupon=None)
    terms = one.rule.exclusive
    if terms is None:
        raise RuleViolation("exclusive_closed")
    store = await store_of(caller.id)
    left = await exclusives.left(one, terms, mine.id, await clock.now())
    return page(
        request,
        "referrals/store.html",
        status=status_of(refusal) if refusal else 200,
        name=caller.name,
        store=store.name if store else None,
        coupon=tickets.face(one.plan.coupons[terms.coupon]),
        is_on=mine.offered_at is not None,
        left=left,
        most=terms.most,
        per=terms.per,
        link=views.link(request, mine.code, "s"),
        qr=views.qr_code(request, mine.code, "s"),
        values={"greeting": mine.greeting} | (form or {}),
        faults={"greeting": said(refusal)} if refusal else {},
        keys={"offer": forms.new_key(), "greeting": forms.key_after(form or {}, refusal)},
    )


routes = [show, offer, greet]
