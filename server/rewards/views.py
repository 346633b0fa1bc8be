"""What the pages of rewards show, as templates want it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import segno
from litestar.connection import ASGIConnection
from markupsafe import Markup

from game import rewards as rules
from game.errors import RuleViolation
from server.kit.web import origin_of
from server.people.forms import said
from server.rewards import words
from server.rewards.queries import Redemption, Reward, Standing

NOW: Final = "now"
LATER: Final = "later"
ORDER: Final = {
    NOW: 0,
    "reward_not_covered": 1,
    "reward_limit_reached": 2,
    "reward_sold_out": 3,
    "reward_not_for_you": 4,
    "reward_archived": 5,
}
"""What a person can have first, then what saving helps to, then what it does not."""


def card(one: Reward, who: Standing, now: datetime) -> dict[str, Any]:
    """Return a reward as somebody sees it: what it costs, how far they are, why not."""
    refusal = rules.obstacle(one.terms, who.redeemer(one, now))
    state = refusal.code if refusal else NOW
    return face(one) | {
        "state": state,
        "missing": max(0, one.points - who.available),
        "have": max(0, who.available),
        "why_not": _kindly(one, refusal),
    }


def face(one: Reward) -> dict[str, Any]:
    """Return what a reward is, for whoever looks."""
    return {
        "id": one.id,
        "kind": one.kind,
        "kind_words": str(words.KIND_WORDS[one.kind]),
        "way": one.way,
        "title": one.title,
        "about": one.about,
        "points": one.points,
        "stock": one.stock,
        "stock_words": words.stock(one),
        "low_stock": one.low_stock,
        "limit": words.limit(one),
        "audience": words.audience(one),
        "keeps_days": one.keeps_days,
        "picture": _picture(one.picture),
        "is_archived": one.archived_at is not None,
        "is_low": one.stock is not None and one.stock <= (one.low_stock or 0),
    }


def shelf(found: list[Reward], who: Standing, now: datetime) -> list[dict[str, Any]]:
    """Return the catalogue in the order that helps: affordable first, cheapest of these first."""
    cards = [card(one, who, now) for one in found]
    return sorted(cards, key=lambda each: (ORDER[each["state"]], each["points"]))


def _kindly(one: Reward, refusal: RuleViolation | None) -> str:
    """Say why not in few words; the page of the reward says what to do."""
    if refusal is None:
        return ""
    if refusal.code == "reward_limit_reached":
        return words.limit(one)
    return said(refusal)


def ticket(one: Redemption, now: datetime) -> dict[str, Any]:
    """Return a redemption as its owner and the desk see it, its code left out."""
    state = one.state_at(now)
    return {
        "id": one.id,
        "reward": one.reward,
        "kind": one.kind,
        "kind_words": str(words.KIND_WORDS[one.kind]),
        "way": one.way,
        "title": one.title,
        "points": one.points,
        "note": one.note,
        "state": state,
        "person": one.person_name,
        "unit": one.person_unit,
        "redeemed_at": one.redeemed_at,
        "expires_at": one.expires_at,
        "last_day": one.last_moment,
        "ended_at": one.ended_at or (one.expires_at if state == "expired" else None),
        "ended_by": one.ended_by_name,
        "reason": one.reason,
        "coupon": one.coupon,
        "picture": _picture(one.picture),
    }


def qr_code(connection: ASGIConnection[Any, Any, Any, Any], one: Redemption) -> Markup:
    """Return the QR code of a pick-up code: an upper-case link makes it small and quick to read."""
    link = f"{origin_of(connection)}/p/{one.code}".upper()
    return Markup(segno.make(link, error="m").svg_inline(omitsize=True))  # noqa: S704  # drawn here


def _picture(picture: UUID | None) -> str | None:
    return None if picture is None else f"/rewards/pictures/{picture}"
