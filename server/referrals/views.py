"""What the pages of referrals show, as templates want it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from litestar.connection import ASGIConnection
from markupsafe import Markup

from game import referrals as rules
from game.campaign_terms import ReferrerTerms, Role
from server.coupons import views as tickets
from server.coupons.words import last_day
from server.kit.i18n import _, ngettext
from server.kit.web import origin_of
from server.plans.words import as_builtins
from server.referrals import campaigns, queries, words
from server.referrals.campaigns import Campaign
from server.referrals.queries import Given, Invitation, Referral


def link(request: ASGIConnection[Any, Any, Any, Any], code: str, path: str = "r") -> str:
    """Return the link of a code as people send it."""
    return f"{origin_of(request)}/{path}/{code}"


def qr_code(request: ASGIConnection[Any, Any, Any, Any], code: str, path: str = "r") -> Markup:
    """Return the QR code of a link: in upper case it is small and quick to read."""
    drawn = segno.make(link(request, code, path).upper(), error="m")
    return Markup(drawn.svg_inline(omitsize=True))  # noqa: S704  # drawn here


def offer(one: Campaign, role: Role, referrer: str, now: datetime) -> dict[str, Any]:
    """Return what a campaign says to a friend: what both get, until when, under which terms."""
    terms = one.rule.referrers[role]
    faces = [tickets.face(one.plan.coupons[name]) for name in one.rule.friend]
    return {
        "title": as_builtins(one.rule.title),
        "hero": faces[0],
        "more": [words.coupon(one.plan.coupons[name]) for name in one.rule.friend[1:]],
        "referrer": referrer,
        "gain": gain(one, terms),
        "ends": last_day(one.rule.ends, now),
        "days": one.rule.binding.days,
        "release_days": one.rule.release_days,
        "terms": conditions(one, referrer),
    }


def gain(one: Campaign, terms: ReferrerTerms) -> str:
    """Say what a referrer gets for one deal."""
    return words.joined(words.gains(one.plan, terms.coupons, terms.points))


def conditions(one: Campaign, referrer: str) -> list[str]:
    """Return the terms of a campaign, a sentence each, as a friend reads them."""
    days, refund = one.rule.binding.days, one.rule.refund
    said = [
        _("For new customers: your first order with us, in any of our stores."),
        _("One coupon for each order; you choose which."),
        ngettext(
            "%(n)s day to place it. Who invited you first counts.",
            "%(n)s days to place it. Who invited you first counts.",
            days,
        ),
    ]
    if "take" in {refund.coupons, refund.points}:
        said.append(_("If you return it, %(name)s's reward goes back too.", name=referrer))
    said.append(
        _("Your number is stored encrypted, for this only. %(name)s sees it masked.", name=referrer)
    )
    return said


def progress(one: Referral, gained: str, now: datetime, *, mine: bool) -> dict[str, Any]:
    """Return where a referral stands: one timeline for both; `mine` is the friend's own."""
    title, under, at = _reward_step(one, gained, now, mine=mine)
    is_deal = one.order is not None and one.reversed_as is None
    claimed = _("You claimed your coupons") if mine else _("Claimed your coupons")
    ordered = _("First order done") if is_deal else _("First order")
    wait = _("until %(day)s", day=last_day(one.until, now)) if now < one.until else _("lapsed")
    return {
        "name": one.referrer_name if mine else one.friend_name,
        "state": state(one, now),
        "word": state_word(one, now),
        "steps": [
            {"title": claimed, "under": "", "at": one.bound_at, "done": True},
            {"title": ordered, "under": "" if is_deal else wait, "done": is_deal}
            | {"at": one.deal_at if is_deal else None},
            {"title": title, "under": under, "at": at, "done": state(one, now) == "rewarded"},
        ],
    }


def _reward_step(
    one: Referral, gained: str, now: datetime, *, mine: bool
) -> tuple[str, str, datetime | None]:
    gets = (
        _("%(name)s gets %(what)s", name=one.referrer_name, what=gained)
        if mine
        else _("You get %(what)s", what=gained)
    )
    match state(one, now):
        case "rewarded":
            return gets, "", one.counted_at
        case "held":
            return gets, _("is being checked, usually within a working day"), None
        case "waiting" if one.release_at is not None:
            return gets, _("arrives on %(day)s", day=last_day(one.release_at, now)), None
        case "refused":
            return gets, _("did not pass the check") if mine or not one.reason else one.reason, None
        case "reversed":
            why = one.reversed_why or str(words.WHY[one.reversed_as or "refunded"])
            return gets, _("taken back: %(why)s", why=why), one.reversed_at
        case "lapsed":
            return gets, _("the time for a first order is over"), None
    return gets, _("once your first order is done") if mine else _("with their first order"), None


def state(one: Referral, now: datetime) -> str:
    """Return where a referral stands in one word of the code."""
    if one.order is None:
        return "bound" if now < one.until else "lapsed"
    if one.reversed_as is not None:
        return "reversed"
    states = {"counted": "rewarded", "judging": "held", None: "bound"}
    return states.get(one.deal_state, one.deal_state or "bound")


def state_word(one: Referral, now: datetime) -> str:
    """Return where a referral stands in one word of the reader's language."""
    said = {
        "bound": _("waits for the first order"),
        "lapsed": _("lapsed"),
        "rewarded": _("rewarded"),
        "held": _("in review"),
        "waiting": _("on its way"),
        "refused": _("not passed"),
        "reversed": _("taken back"),
    }
    return said[state(one, now)]


async def friends(invitation: Invitation, most: int, now: datetime) -> list[dict[str, Any]]:
    """Return whom somebody brought, each with the steps."""
    found = await queries.friends_of(invitation.person, invitation.plan, invitation.campaign, most)
    return [await progress_of(one, now, mine=False) for one in found]


async def progress_of(one: Referral, now: datetime, *, mine: bool) -> dict[str, Any]:
    """Return where a referral stands, under the terms it was bound by."""
    terms = await campaigns.pinned(one)
    return progress(one, gain(terms, terms.rule.referrers[one.role]), now, mine=mine)


def ladder(one: Campaign, terms: ReferrerTerms, counted: int) -> list[dict[str, Any]]:
    """Return the rungs: what each gives, how far it is."""
    return [
        {
            "deals": rung.deals,
            "gain": words.joined(words.gains(one.plan, rung.coupons, 0)),
            "done": counted >= rung.deals,
            "is_next": rung.deals == rules.next_rung(terms, counted),
            "counted": min(counted, rung.deals),
        }
        for rung in terms.ladder
    ]


async def given(referrer: UUID, plan: str, campaign: str) -> list[dict[str, Any]]:
    """Return what somebody got: each coupon or sum of points, where it is, and from whom."""
    return [await _given(one) for one in await queries.rewards_of(referrer, plan, campaign)]


async def _given(one: Given) -> dict[str, Any]:
    terms = await campaigns.plan_of(one)
    coupons = [one.coupon_rule] if one.coupon_rule else []
    kind, _colon, deals = one.key.partition(":")
    cause = (
        ngettext("for %(n)s deal", "for %(n)s deals", int(deals))
        if kind == "ladder"
        else _("%(friend)s came through you", friend=one.friend_name)
    )
    return {
        "title": words.joined(words.gains(terms, coupons, one.points)),
        "cause": cause,
        "at": one.taken_at or one.made_at,
        "state": one.state,
        "href": f"/coupons/{one.coupon}" if one.coupon else f"/wallet/{one.transfer}",
    }
