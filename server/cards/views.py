"""What may be put on a picture: what is the sharer's own, and only while they take part (B6, A6)."""

from fractions import Fraction
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection

from game import referrals as rules
from game.errors import RuleViolation
from server.badges import views as badges
from server.battles import queries as battles
from server.battles import results
from server.cards.words import Badge, Offer, Side, Win
from server.config import settings
from server.coupons.words import last_day
from server.kit import clock, formats, i18n
from server.kit.i18n import _, ngettext
from server.kit.pages import share
from server.people.auth import Caller
from server.plans.words import as_builtins
from server.referrals import campaigns, queries
from server.referrals import views as referrals


async def win(caller: Caller, battle: UUID) -> Win:
    """Return the picture of a battle that the caller's side has won; else refused as `card_none`."""
    taking_part(caller)
    one, member = await battles.battle(battle), await battles.member(battle, caller.id)
    if one.result is None or member is None or member.side not in one.result["winners"]:
        raise RuleViolation("card_none")
    listed = results.sides_of(one.result, one.frozen, await battles.sides(battle))
    sides = sorted(listed, key=lambda each: each["name"] != member.side)
    ours, theirs = sides[0], sides[1] if len(sides) > 1 else None
    zone = settings().company_timezone
    return Win(
        locale=i18n.locale(),
        name=caller.name,
        day=formats.exact(one.cut_off, zone)[:10],
        title=i18n.text(as_builtins((await battles.rule_of(one)).title)),
        verdict=_("won the battle") if len(one.result["winners"]) == 1 else _("shared the win"),
        stamp=_("Won"),
        ours=_side(ours),
        theirs=None if theirs is None else _side(theirs),
        part=_part(ours["score"], theirs["score"] if theirs else "0"),
        mine=_my_part(int(one.result["people"].get(member.code, 0)), member.side),
    )


def taking_part(caller: Caller) -> None:
    """Refuse whoever has opted out as `card_opted_out`."""
    if caller.opted_out:
        raise RuleViolation("card_opted_out")


def _side(row: dict[str, Any]) -> Side:
    return Side(row["name"], row["place"], row["shown"])


def _part(ours: str, theirs: str) -> float:
    whole = Fraction(ours) + Fraction(theirs)
    return share(ours, str(whole)) if whole else 50.0


def _my_part(points: int, side: str) -> str:
    if not points:
        return _("in %(side)s", side=side)
    return ngettext(
        "%(n)s point for %(side)s",
        "%(n)s points for %(side)s",
        points,
        n=formats.number(points),
        side=side,
    )


async def badge(caller: Caller, plan: str, name: str) -> Badge:
    """Return the picture of a badge that the caller holds; else refused as `card_none`."""
    taking_part(caller)
    one = await badges.one(caller.id, plan, name)
    if one.progress.tier is None:
        raise RuleViolation("card_none")
    shown, has = badges.card(one), one.held.get(one.progress.tier)
    day = "" if has is None else formats.exact(has.reached_at, settings().company_timezone)[:10]
    return Badge(
        locale=i18n.locale(),
        name=caller.name,
        day=day,
        art=shown["art"],
        tier=one.progress.tier,
        title=i18n.text(shown["title"]),
        tier_word=shown["tier_word"],
        story=i18n.text(shown["story"]),
    )


async def offer(request: ASGIConnection[Any, Any, Any, Any], caller: Caller, code: str) -> Offer:
    """Return the picture of the caller's own link; of another's refused as `card_none`.

    Also refused as the link itself is: `link_unknown`, `campaign_over` and so on.
    """
    taking_part(caller)
    invitation = await queries.invitation(code)
    if invitation.person != caller.id:
        raise RuleViolation("card_none")
    one = await campaigns.campaign(invitation.plan, invitation.campaign)
    now = await clock.now()
    rules.check_open(one.rule, now)
    shown = referrals.offer(one, invitation.role, invitation.name, now)
    hero, figure = shown["hero"], shown["hero"]["figure"]
    more = _(", ").join(shown["more"])
    return Offer(
        locale=i18n.locale(),
        name=invitation.name,
        day=_("until %(day)s", day=last_day(one.rule.ends, now)),
        says=_("%(name)s invites you", name=invitation.name),
        before=figure["before"],
        figure=figure["number"],
        after=figure["after"],
        title=" · ".join([i18n.text(hero["title"]), *hero["terms"]]),
        more=_("and %(what)s", what=more) if more else "",
        hint=_("Long-press, or scan"),
        under=_("Claim it with your phone number, nothing to install."),
        link=referrals.link(request, invitation.code),
    )
