"""Badges as they are held, by oneself and by others."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from game.badge_terms import TIERS, BadgeRule, Tier
from game.badges import Source
from server.badges import words
from server.kit import db
from server.plans import queries as plans
from server.plans.words import as_builtins

STRIP_SHOWN: Final = 5
# Tiers from the highest down.
_HEIGHT = "array_position(ARRAY['gold', 'silver', 'bronze'], w.tier)"


class Held(msgspec.Struct, frozen=True):
    """One award: by which version, when, and by which fact it was reached."""

    id: UUID
    person: UUID
    plan: str
    plan_version: int
    badge: str
    tier: Tier
    reached_at: datetime
    fact_source: Source
    fact: str
    awarded_at: datetime
    seen_at: datetime | None


class Revoked(msgspec.Struct, frozen=True):
    """One award that was taken back: `why` says what fell, and for which reason, by locale."""

    tier: Tier
    revoked_at: datetime
    why: dict[str, Any]


_HELD = """SELECT id, person, plan, plan_version, badge, tier, reached_at, fact_source, fact,
awarded_at, seen_at FROM badge_award w """


async def held_by(people: Collection[UUID], plan: str | None = None) -> list[Held]:
    """Return what these people hold, of one plan or of all, newest first."""
    return await db.rows(
        Held,
        _HELD + "WHERE person = ANY ($1) AND revoked_at IS NULL"
        " AND ($2::text IS NULL OR plan = $2) ORDER BY reached_at DESC, id",
        list(people), plan,
    )  # fmt: skip


async def unseen(person: UUID) -> list[Held]:
    """Return what was not shown to a person yet: of each badge the highest tier, highest first."""
    return await db.rows(
        Held,
        "SELECT * FROM (SELECT DISTINCT ON (plan, badge) id, person, plan, plan_version, badge,"
        " tier, reached_at, fact_source, fact, awarded_at, seen_at FROM badge_award w"
        " WHERE person = $1 AND seen_at IS NULL AND revoked_at IS NULL"
        f" ORDER BY plan, badge, {_HEIGHT}) w ORDER BY {_HEIGHT}, reached_at DESC, id",
        person,
    )


async def revoked(person: UUID, plan: str, badge: str) -> list[Revoked]:
    """Return what of a badge was taken back from a person and not won again, newest first."""
    return await db.rows(
        Revoked,
        "SELECT DISTINCT ON (tier) tier, revoked_at, revoked_why AS why FROM badge_award w"
        " WHERE person = $1 AND plan = $2 AND badge = $3 AND revoked_at IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM badge_award h WHERE h.person = $1 AND h.plan = $2"
        " AND h.badge = $3 AND h.tier = w.tier AND h.revoked_at IS NULL)"
        " ORDER BY tier, revoked_at DESC",
        person, plan, badge,
    )  # fmt: skip


class Holder(msgspec.Struct, frozen=True):
    """A colleague who holds a badge, at their highest tier."""

    person: UUID
    name: str
    tier: Tier
    reached_at: datetime


# Whom a person shares a side with: the side of the people file, or one of a battle not over.
# Who has opted out, or is gone, is on nobody's side (A6).
_SIDE_OF = """
SELECT p.id FROM person p, person me WHERE me.id = $1 AND p.id <> me.id
  AND p.active AND NOT p.opted_out AND (p.side = me.side AND me.side <> '' OR EXISTS (
    SELECT FROM battle_member mine
    JOIN battle b ON b.id = mine.battle AND b.state IN ('joining', 'live', 'auditing')
    JOIN battle_member m ON m.battle = b.id AND m.side = mine.side
    WHERE mine.person = me.id AND m.person = p.id))
"""


async def side_of(person: UUID) -> list[UUID]:
    """Return whom a person shares a side with; opted-out people are left out."""
    return await db.column(_SIDE_OF, person)


async def holders(person: UUID, plan: str, badge: str, limit: int) -> list[Holder]:
    """Return who of a person's side holds a badge, the highest tier first; never opted-out people."""
    return await db.rows(
        Holder,
        "SELECT * FROM (SELECT DISTINCT ON (w.person) w.person, p.name, w.tier, w.reached_at"
        " FROM badge_award w JOIN person p ON p.id = w.person"
        f" WHERE w.person IN ({_SIDE_OF}) AND w.plan = $2 AND w.badge = $3"
        f" AND w.revoked_at IS NULL ORDER BY w.person, {_HEIGHT}) w"
        f" ORDER BY {_HEIGHT}, reached_at, person LIMIT $4",
        person, plan, badge, limit,
    )  # fmt: skip


async def held_on_side(battle: UUID, place: int) -> tuple[list[Held], dict[UUID, str]]:
    """Return what the members of a battle's side hold, newest first, and their names.

    Opted-out people are neither counted nor named (A6).
    """
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT p.id, p.name FROM battle_member m"
            " JOIN battle_side s ON s.battle = m.battle AND s.name = m.side"
            " JOIN person p ON p.id = m.person"
            " WHERE m.battle = $1 AND s.place = $2 AND p.active AND NOT p.opted_out",
            battle, place,
        )  # fmt: skip
    names = {each["id"]: each["name"] for each in found}
    return await held_by(names), names


async def rule_of(held: Held) -> BadgeRule:
    """Return the rule by which an award was earned."""
    return (await plans.plan_version(held.plan, held.plan_version)).plan.badges[held.badge]


async def face_of(held: Held) -> dict[str, Any]:
    """Return an award as templates draw it: its art, title, tier, and the page of its badge."""
    rule = await rule_of(held)
    return {
        "id": held.id,
        "plan": held.plan,
        "badge": held.badge,
        "art": rule.art,
        "title": as_builtins(rule.title),
        "tier": held.tier,
        "tier_word": str(words.TIERS[held.tier]),
        "at": held.reached_at,
        "href": f"/badges/{held.plan}/{held.badge}",
    }


def highest(held: Sequence[Held]) -> list[Held]:
    """Return of each badge its highest tier, in the order given."""
    best: dict[tuple[str, str], Held] = {}
    for each in held:
        had = best.get((each.plan, each.badge))
        if had is None or TIERS.index(each.tier) > TIERS.index(had.tier):
            best[each.plan, each.badge] = each
    kept = {each.id for each in best.values()}
    return [each for each in held if each.id in kept]


async def strip(person: UUID) -> list[dict[str, Any]]:
    """Return a person's latest badges for `badges/_strip.html`."""
    held = highest(await held_by([person]))
    return [await face_of(each) for each in held[:STRIP_SHOWN]]
