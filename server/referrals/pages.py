"""Pages of whoever invites: my link, my friends, my ladder, what I got (H1, H3, H9)."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from game import referrals as rules
from game.errors import RuleViolation
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.auth import Caller
from server.people.forms import Asked, said, typed
from server.people.guards import anybody, caller_in
from server.plans.words import as_builtins
from server.referrals import (
    campaigns,
    commands,
    desk_pages,
    landing_pages,
    queries,
    staff_pages,
    views,
)
from server.referrals.campaigns import Campaign
from server.referrals.landing_pages import seen_by
from server.referrals.queries import Invitation

FRIENDS_SHOWN: Final = 50


@get("/referrals", guards=[anybody])
async def index(request: Asked, campaign: str = "") -> Response[Any]:
    """Show the caller's link in a campaign, how their friends are doing, and what they got."""
    caller = caller_in(request)
    found = await open_to(caller)
    mine = await _invited_by(caller)
    if not found:
        return page(request, "referrals/index.html", chips=[], mine=mine)
    one = next((each for each in found if each.name == campaign), found[0])
    chips = [
        {"name": each.name, "title": as_builtins(each.rule.title), "on": each.name == one.name}
        for each in found
    ]
    try:
        invitation = await commands.invite(caller.id, one.plan.id, one.id, seen_by(request))
    except RuleViolation as refusal:
        if refusal.code != "agreement_first":
            raise
        return await _agreement(request, one, caller)
    return page(
        request,
        "referrals/index.html",
        chips=chips if len(chips) > 1 else [],
        mine=mine,
        **await _link(request, one, invitation),
    )


@post("/referrals/agreement", guards=[anybody], status_code=303)
async def accept(request: Asked) -> Response[Any]:
    """Accept the agreement of a campaign, as it was shown."""
    form, caller = await typed(request, "campaign", "version", "agreed", KEY), caller_in(request)
    one = await campaigns.named(form["campaign"])
    version = int(form["version"]) if form["version"].isascii() and form["version"].isdigit() else 0

    async def work() -> dict[str, Any]:
        if not form["agreed"]:
            raise RuleViolation("agreement_first")
        await commands.accept_agreement(caller.id, one.plan.id, one.id, version)
        return {}

    try:
        await forms.write(caller.id, "/referrals/agreement", form, work)
    except RuleViolation as refusal:
        return await _agreement(request, one, caller, refusal)
    return Redirect(f"/referrals?campaign={one.name}", status_code=303)


async def open_to(caller: Caller) -> list[Campaign]:
    """Return the campaigns that run now and in which somebody may invite."""
    now = await clock.now()
    return [
        one
        for one in await campaigns.in_force()
        if caller.kind in one.rule.referrers and one.rule.starts <= now < one.rule.ends
    ]


async def _link(request: Asked, one: Campaign, invitation: Invitation) -> dict[str, Any]:
    now, caller = await clock.now(), caller_in(request)
    terms = rules.terms_of(one.rule, invitation.role)
    counted = await queries.counted(caller.id, one.plan.id, one.id)
    friends = await views.friends(invitation, FRIENDS_SHOWN, now)
    return {
        "offer": views.offer(one, invitation.role, invitation.name, now),
        "link": views.link(request, invitation.code),
        "code": invitation.code,
        "qr": views.qr_code(request, invitation.code),
        "clicks": invitation.clicks,
        "friends": friends,
        "counted": counted,
        "ladder": views.ladder(one, terms, counted),
        "given": await views.given(caller.id, one.plan.id, one.id),
        "has_store_page": caller.kind == "employee" and one.rule.exclusive is not None,
    }


async def _invited_by(caller: Caller) -> list[dict[str, Any]]:
    now = await clock.now()
    found = await queries.as_friend(caller.id)
    return [await views.progress_of(each, now, mine=True) for each in found]


async def _agreement(
    request: Asked, one: Campaign, caller: Caller, refusal: RuleViolation | None = None
) -> Response[Any]:
    terms = rules.terms_of(one.rule, await campaigns.role_of(caller.id))
    agreement = terms.agreement
    if agreement is None:
        raise RuleViolation("agreement_changed")
    return page(
        request,
        "referrals/agreement.html",
        title=as_builtins(one.rule.title),
        gain=views.gain(one, terms),
        campaign=one.name,
        version=agreement.version,
        words=as_builtins(agreement.text),
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.new_key(),
    )


routes = [index, accept, *landing_pages.routes, *staff_pages.routes, *desk_pages.routes]
