"""Badges to test with, on the field of tests/support/field.py, and what is held of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from server.badges import jobs
from server.kit import db
from server.plans import queries as plans
from tests.support.cast import DESK, bring_in, launch
from tests.support.field import EVE, FIGHTERS, STARTS, plan_text
from tests.support.services import Clock

BADGE = """
[badges.{name}]
title = {{ zh_Hans = "{title}", zh_Hant = "{title}", en = "{name}" }}
story = {{ zh_Hans = "{title}的来历", zh_Hant = "{title}的來歷", en = "How to get {name}" }}
art = "{art}"
by = "{by}"
{terms}
"""
BADGES: dict[str, tuple[str, str, str, str]] = {
    "caller": ("电话王", "tea", "actions", 'actions = ["call"]\ntiers = { bronze = 1, silver = 3 }'),
    "beads": ("积分如珠", "abacus", "points", "tiers = { silver = 10, gold = 20 }"),
    "fan": ("多面手", "fan", "kinds", "tiers = { gold = 3 }"),
    "drop": ("水滴", "drop", "streak", 'per = "day"\ngrace = 1\ntiers = { bronze = 2, silver = 4 }'),
    "banner": ("先锋", "banner", "first", 'actions = ["visit"]\nper = "month"\ntiers = { bronze = 1 }'),
    "drum": ("战鼓", "drum", "battles_won", "tiers = { bronze = 1 }"),
}  # fmt: skip


def badges_text(*names: str) -> str:
    """Badges of a plan as a document; all of them where none is named."""
    return "".join(
        BADGE.format(name=name, title=title, art=art, by=by, terms=terms)
        for name, (title, art, by, terms) in BADGES.items()
        if not names or name in names
    )


async def open_badges(clock: Clock, *names: str, at: datetime = STARTS, **terms: Any) -> None:
    """Bring everybody in and launch the plan of the field with badges, without a battle."""
    _forget()
    await clock.set(at)
    await bring_in([*FIGHTERS, *DESK])
    await launch(plan_text(battle=False, **terms) + badges_text(*names))


async def open_battle(clock: Clock, *names: str, **terms: Any) -> UUID:
    """Bring everybody in and open the battle of the field with badges on its eve."""
    _forget()
    await clock.set(EVE)
    await bring_in([*FIGHTERS, *DESK])
    [battle] = await launch(plan_text(**terms) + badges_text(*names))
    return battle


def _forget() -> None:
    """Read plans anew: each test holds another one of the same name, version and moment."""
    plans.forget()


async def recount(plan: str = "field") -> None:
    """Do what a launch leaves to a job."""
    await jobs.recount({"plan": plan})


async def held() -> dict[str, set[str]]:
    """What everybody holds, as `badge tier`, by code."""
    found: dict[str, set[str]] = {}
    async with db.connection() as one:
        for each in await one.fetch(
            "SELECT p.code, w.badge || ' ' || w.tier AS what FROM badge_award w"
            " JOIN person p ON p.id = w.person WHERE w.revoked_at IS NULL"
        ):
            found.setdefault(each["code"], set()).add(each["what"])
    return found


async def news(code: str) -> list[tuple[str, dict[str, Any]]]:
    """What a person was told of badges: kinds and facts, oldest first."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT n.kind, n.facts FROM notice n JOIN person p ON p.id = n.person"
            " WHERE p.code = $1 AND n.kind LIKE 'badge%' ORDER BY n.id",
            code,
        )
    return [(each["kind"], each["facts"]) for each in found]
