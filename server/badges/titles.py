"""What the facts behind a badge are called, and where each can be looked at."""

from typing import Any
from uuid import UUID

import msgspec

from game.badges import Source
from server.battles import queries as battles
from server.battles.views import title_of as battle_title
from server.kit import db
from server.kit.i18n import LOCALES
from server.plans import queries as plans
from server.plans.words import as_builtins


class Title(msgspec.Struct, frozen=True):
    """What a fact is called, by locale, and the page that shows it (None: there is none)."""

    words: dict[str, str]
    href: str | None


class _Rule(msgspec.Struct, frozen=True):
    """By which rule of which plan something was done."""

    plan: str
    version: int
    rule: str


async def title_of(source: Source, fact: str) -> Title:
    """Return what a fact is called."""
    found: Title = await _READERS[source](UUID(fact))
    return found


async def _action(action: UUID) -> Title:
    made = await _rule("SELECT plan, plan_version, kind FROM action WHERE id = $1", action)
    plan = (await plans.plan_version(made.plan, made.version)).plan
    return Title(as_builtins(plan.actions[made.rule].title), None)


async def _battle(battle: UUID) -> Title:
    words = await battle_title(await battles.battle(battle))
    return Title(words, f"/battles/{battle}/result")


async def _challenge(challenge: UUID) -> Title:
    made = await _rule("SELECT plan, plan_version, rule FROM challenge WHERE id = $1", challenge)
    plan = (await plans.plan_version(made.plan, made.version)).plan
    return Title(as_builtins(plan.challenges[made.rule].title), f"/challenges/{challenge}")


async def _referral(referral: UUID) -> Title:
    friend = await db.value(
        "SELECT p.name FROM referral r JOIN person p ON p.id = r.friend WHERE r.id = $1", referral
    )
    return Title(dict.fromkeys(LOCALES, friend), "/referrals")


async def _reward(redemption: UUID) -> Title:
    title = await db.value("SELECT title FROM redemption WHERE id = $1", redemption)
    return Title(title, f"/redemptions/{redemption}")


async def _rule(sql: str, which: UUID) -> _Rule:
    async with db.connection() as one:
        plan, version, rule = await one.fetchrow(sql, which)
    return _Rule(plan, version, rule)


_READERS: dict[Source, Any] = {
    "action": _action,
    "battle": _battle,
    "challenge": _challenge,
    "referral": _referral,
    "reward": _reward,
}
