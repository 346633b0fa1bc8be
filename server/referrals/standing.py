"""How whoever opens a link stands to it: what it offers them, what they have, or why not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection

from game import referrals as rules
from server.coupons import queries as coupons
from server.coupons import views as tickets
from server.coupons.counter import spoken
from server.coupons.queries import Coupon
from server.kit import clock
from server.people.auth import Caller
from server.referrals import campaigns, exclusives, queries, views
from server.referrals.campaigns import Campaign
from server.referrals.queries import Invitation, Referral

Connection = ASGIConnection[Any, Any, Any, Any]


async def landing(request: Connection, path: str, code: str) -> dict[str, Any]:
    """Return what the page of a link shows to whoever opens it.

    `state` is offer, claimed, own, colleague, invited (by another), customer or once. Refused as
    `link_unknown`, `campaign_unknown`, `campaign_not_begun`, `campaign_over`; who has claimed
    keeps seeing what they have.
    """
    invitation = await queries.invitation(code)
    now, viewer = await clock.now(), request.scope.get("user")
    mine = None
    if viewer is not None:
        mine = await queries.referral_of(viewer.id, invitation.plan, invitation.campaign)
    has_mine = mine is not None and mine.code == invitation.code and now < mine.until
    if mine is not None and has_mine and path == "r":
        one = await campaigns.pinned(mine)
    else:
        one = await campaigns.campaign(invitation.plan, invitation.campaign)
        with spoken():
            rules.check_open(one.rule, now)
    shown = views.offer(one, invitation.role, invitation.name, now)
    if path == "s":
        shown |= await _store_page(one, invitation, now)
    state = await _state(one, invitation, viewer, mine, now)
    if path == "s" and viewer is not None:
        state = await _state_of_page(invitation, viewer, state, is_on=shown["exclusive"])
    shown |= {
        "path": path,
        "code": invitation.code,
        "state": state,
        "greeting": invitation.greeting,
    }
    shown["link"] = views.link(request, invitation.code, path)
    if state == "claimed" and viewer is not None:
        shown |= await _claimed(request, invitation, viewer.id, mine if has_mine else None, now)
    if state == "invited" and mine is not None:
        shown["until"] = mine.until
    return shown


async def _state(
    one: Campaign,
    invitation: Invitation,
    viewer: Caller | None,
    mine: Referral | None,
    now: datetime,
) -> str:
    if viewer is None:
        return "offer"
    if viewer.id == invitation.person:
        return "own"
    if viewer.kind != "customer":
        return "colleague"
    if mine is not None and now < mine.until:
        return "claimed" if mine.code == invitation.code else "invited"
    if await coupons.has_ordered(viewer.id):
        return "customer"
    return "once" if mine is not None and not one.rule.binding.again else "offer"


async def _state_of_page(invitation: Invitation, viewer: Caller, state: str, *, is_on: bool) -> str:
    """Return the state where old customers may claim too, as long as there is something."""
    if await exclusives.claimed(invitation.id, viewer.id) is not None:
        return "claimed"
    return "offer" if is_on and state in {"invited", "customer", "once", "claimed"} else state


async def _store_page(one: Campaign, invitation: Invitation, now: datetime) -> dict[str, Any]:
    """Return what the page of a member of staff offers, in place of the welcome gift."""
    terms = one.rule.exclusive
    left = 0
    if terms is not None and invitation.role == "employee" and invitation.offered_at is not None:
        left = await exclusives.left(one, terms, invitation.id, now)
    if terms is None or left <= 0:
        return {"exclusive": False}
    return {"exclusive": True, "hero": tickets.face(one.plan.coupons[terms.coupon]), "left": left}


async def _claimed(
    request: Connection,
    invitation: Invitation,
    person: UUID,
    mine: Referral | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the coupons that came by this link, the largest ready to be shown."""
    exclusive = await exclusives.claimed(invitation.id, person)
    held = [
        one
        for one in await coupons.coupons_of(person)
        if one.id == exclusive or (mine is not None and one.reference == str(mine.id))
    ]
    order = await _order_of(mine)
    held.sort(key=lambda one: order.get(one.rule, -1))
    has_ordered = await coupons.has_ordered(person)
    held = [one for one in held if await _is_worth_showing(one, now, has_ordered=has_ordered)]
    first = held[0] if held else None
    progress = None if mine is None else await views.progress_of(mine, now, mine=True)
    return {
        "ticket": None if first is None else await _ticket(request, first, now),
        "tickets": [await tickets.ticket(one, now) for one in held[1:]],
        "progress": progress,
    }


async def _is_worth_showing(one: Coupon, now: datetime, *, has_ordered: bool) -> bool:
    """Leave out what the first order has made useless: the coupon that was not chosen for it."""
    if one.state_at(now) != "issued" or not has_ordered:
        return True
    return not (await coupons.rule_of(one)).first_order_only


async def _order_of(mine: Referral | None) -> dict[str, int]:
    if mine is None:
        return {}
    one = await campaigns.pinned(mine)
    return {rule: place for place, rule in enumerate(one.rule.friend)}


async def _ticket(request: Connection, one: Coupon, now: datetime) -> dict[str, Any]:
    drawn = await tickets.ticket(one, now)
    is_open = drawn["state"] == "issued"
    return drawn | {
        "code": one.code if is_open else "",
        "qr": tickets.qr_code(request, one) if is_open else "",
    }
