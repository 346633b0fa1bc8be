"""Me: who I am here, what is mine, how it looks, and the way out."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.badges import queries as badges
from server.config import settings
from server.kit.i18n import Lazy, lazy
from server.kit.pages import page
from server.ledger import queries as ledger
from server.people import doors, queries, rights, sessions
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of
from server.people.guards import anybody, caller_in, signed_in
from server.people.words import RANK_WORDS, role_words

DESKS: Final[tuple[tuple[frozenset[str], str, Lazy], ...]] = (
    (frozenset({"operations", "store", "store_manager"}), "/redemptions/desk", lazy("Hand out")),
    (frozenset({"operations", "admin"}), "/rewards/manage", lazy("Catalogue of rewards")),
    (frozenset({"operations", "admin"}), "/honours/manage", lazy("Award titles")),
    (frozenset({"operations"}), "/leads/desk", lazy("Review leads")),
    (frozenset({"sales"}), "/leads/follow", lazy("Follow up")),
    (frozenset({"operations", "sales", "service"}), "/customers", lazy("Customers")),
    (
        frozenset({"operations", "finance", "audit", "sales", "store", "store_manager"}),
        "/deals",
        lazy("Deals"),
    ),
    (frozenset({"service"}), "/deals/calls", lazy("Call-backs")),
    (frozenset({"audit", "finance"}), "/deals/draws", lazy("Draws of call-backs")),
    (frozenset({"operations", "finance"}), "/commissions/desk", lazy("Commissions")),
    (frozenset({"audit", "finance"}), "/settlements", lazy("Settlement")),
    (frozenset({"operations", "finance", "admin"}), "/budgets", lazy("Budgets")),
    (frozenset({"operations", "finance", "admin"}), "/numbers", lazy("Numbers")),
    (frozenset({"operations"}), "/suspicions", lazy("Suspicious")),
    (frozenset({"operations"}), "/networks", lazy("Our networks")),
    (frozenset({"operations", "finance", "audit"}), "/specials", lazy("Special contributions")),
    (frozenset({"admin"}), "/people/data", lazy("Personal data")),
    (frozenset({"audit", "finance", "admin"}), "/records", lazy("Who did what and why")),
    (frozenset({"operations", "finance", "admin"}), "/referrals/campaigns", lazy("Campaigns")),
    (frozenset({"operations"}), "/referrals/partners", lazy("Partners")),
    (
        frozenset({"operations", "finance", "store", "store_manager"}),
        "/till/orders",
        lazy("Orders"),
    ),
    (frozenset({"operations", "admin", "store_manager"}), "/screens", lazy("Store screens")),
    (frozenset({"operations", "admin"}), "/robots", lazy("Robots in WeCom groups")),
)
"""Whoever has one of the roles finds this page under Me."""


@get("/me", guards=[anybody])
async def show_me(request: Asked) -> Response[Any]:
    """Show the caller to themselves."""
    return await _me(request)


@post("/me/opt-out", guards=[signed_in], status_code=303)
async def opt_out(request: Asked) -> Response[Any]:
    """Take no part from now on (A6)."""
    try:
        await rights.opt_out(caller_in(request).id)
    except RuleViolation as refusal:
        return await _me(request, refusal)
    return Redirect("/me", status_code=303)


@post("/me/opt-in", guards=[signed_in], status_code=303)
async def opt_in(request: Asked) -> Response[Any]:
    """Take part again (A6)."""
    await rights.opt_in(caller_in(request).id)
    return Redirect("/me", status_code=303)


@post("/me/sign-out-everywhere", guards=[anybody], status_code=303)
async def sign_out_everywhere(request: Asked) -> Response[Any]:
    """End every session of the caller, this one too."""
    await sessions.end_sessions(caller_in(request).id)
    return doors.leave(request)


async def _me(request: Asked, refusal: RuleViolation | None = None) -> Response[Any]:
    caller = caller_in(request)
    return page(
        request,
        "me/show.html",
        status=status_of(refusal) if refusal else 200,
        person=await _person(caller),
        points=(await ledger.balances(caller.id))["points"].available,
        badges=await badges.strip(caller.id),
        desks=[
            {"href": href, "title": str(title)}
            for roles, href, title in DESKS
            if not caller.roles.isdisjoint(roles)
        ],
        opted_out=caller.opted_out,
        demo=settings().demo,
        refusal=said(refusal) if refusal else None,
    )


async def _person(caller: Caller) -> dict[str, Any]:
    unit = (await queries.person(caller.id)).unit
    return {
        "name": caller.name,
        "kind": caller.kind,
        "under": [
            unit,
            str(RANK_WORDS[caller.rank]) if caller.rank else "",
            caller.side,
            *role_words(caller.roles),
        ],
        "phone": await queries.masked_phone(caller.id),
    }


routes = [show_me, opt_out, opt_in, sign_out_everywhere]
