"""The facts that badges are folded from: what people have done, of all slices, that stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from game.badge_terms import OF_ACTIONS, BadgeRule
from game.badges import SOURCES, Fact, FirstOf, Source, first_of, in_order
from game.plan import Plan
from server.actions.events import Outcome
from server.kit import db
from server.plans import queries as plans

Versions = Sequence[tuple[datetime, Plan]]
FROM_THE_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
COMPETING: Final = frozenset({"scored", "pending"})
"""Outcomes of actions that are, or may still become, the first of the company."""

# What stands of people $1; each query gives person, id, at.
_STANDING: Final[dict[Source, str]] = {
    "battle": """
        SELECT m.person, b.id::text AS id, b.settled_at AS at FROM battle b
        JOIN battle_member m ON m.battle = b.id
        WHERE b.state = 'final' AND b.result -> 'winners' ? m.side AND m.person = ANY ($1)""",
    "challenge": """
        SELECT m.person, c.id::text AS id, c.ended_at AS at FROM challenge c
        JOIN challenge_member m ON m.challenge = c.id
        WHERE c.state = 'paid' AND m.joined_at IS NOT NULL AND m.person = ANY ($1)""",
    "referral": """
        SELECT r.referrer AS person, r.id::text AS id, d.counted_at AS at FROM referral r
        JOIN referral_deal d ON d.referral = r.id AND d.reversed_as IS NULL
        WHERE d.state = 'counted' AND r.referrer = ANY ($1)""",
    "reward": """
        SELECT person, id::text AS id, ended_at AS at FROM redemption
        WHERE state = 'fulfilled' AND person = ANY ($1)""",
}
_FIRSTS: Final = """
SELECT a.id::text FROM action a, badge_period($4, a.received_at, $5) p
WHERE a.person = ANY ($1) AND a.plan = $2 AND a.kind = ANY ($3) AND a.outcome = 'scored'
  AND NOT EXISTS (
    SELECT FROM action e
    WHERE e.plan = $2 AND e.kind = ANY ($3) AND e.outcome IN ('scored', 'pending')
      AND e.received_at >= p.begins AND (e.received_at, e.id) < (a.received_at, a.id))
"""
_EARLIEST: Final = """
SELECT e.person FROM action e, badge_period($3, $4, $5) p
WHERE e.plan = $1 AND e.kind = ANY ($2) AND e.outcome IN ('scored', 'pending')
  AND NOT e.id = ANY ($6) AND e.received_at >= p.begins AND e.received_at < p.ends
ORDER BY e.received_at, e.id LIMIT 1
"""


async def versions_of(plan: str) -> Versions:
    """Return every launched version of a plan with the moment it came into force."""
    return await plans.versions(plan, FROM_THE_BEGINNING)


async def launched() -> list[str]:
    """Return the plans that were launched."""
    return await db.column("SELECT DISTINCT id FROM plan WHERE launched_at IS NOT NULL ORDER BY id")


def rules(versions: Versions) -> list[BadgeRule]:
    """Return every rule of a badge that any version has or had."""
    return [rule for _, plan in versions for rule in plan.badges.values()]


async def facts_of(people: Collection[UUID], versions: Versions) -> dict[UUID, list[Fact]]:
    """Return what stands of each person, as far as a plan's badges count it, in order."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    wanted = {rule.by for rule in rules(versions)}
    if not wanted.isdisjoint(OF_ACTIONS):
        kinds = sorted({kind for rule in rules(versions) for kind in rule.actions})
        plan = versions[0][1].id
        for one in await _actions(people, plan, kinds):
            found[one.person].append(Fact("action", str(one.id), one.at, one.kind, one.points))
    for by, source in SOURCES.items():
        if by in wanted:
            for other in await db.rows(_Standing, _STANDING[source], list(people)):
                found[other.person].append(Fact(source, other.id, other.at))
    return {person: in_order(found[person]) for person in people}


class _Action(msgspec.Struct, frozen=True):
    id: UUID
    person: UUID
    kind: str
    points: int
    at: datetime


class _Standing(msgspec.Struct, frozen=True):
    person: UUID
    id: str
    at: datetime


async def _actions(people: Collection[UUID], plan: str, kinds: Sequence[str]) -> list[_Action]:
    return await db.rows(
        _Action,
        "SELECT id, person, kind, points, received_at AS at FROM action WHERE person = ANY ($1)"
        " AND plan = $2 AND kind = ANY ($3) AND outcome = 'scored'",
        list(people), plan, list(kinds),
    )  # fmt: skip


def first_rules(versions: Versions, kinds: Collection[str]) -> dict[FirstOf, str]:
    """Return what firsts these kinds of action take part in, each with its plan's time zone."""
    return {
        first_of(rule): plan.timezone
        for _, plan in versions
        for rule in plan.badges.values()
        if rule.by == "first" and not set(kinds).isdisjoint(rule.actions)
    }


async def firsts_of(people: Collection[UUID], versions: Versions) -> set[tuple[FirstOf, str]]:
    """Return which actions of these people were the first of the company, and of what."""
    found: set[tuple[FirstOf, str]] = set()
    every = {kind for rule in rules(versions) for kind in rule.actions}
    for of, zone in first_rules(versions, every).items():
        kinds, per = of
        plan = versions[0][1].id
        mine = await db.column(_FIRSTS, list(people), plan, list(kinds), per, zone)
        found |= {(of, action) for action in mine}
    return found


async def rivals(plan: str, firsts: dict[FirstOf, str], outcomes: Iterable[Outcome]) -> set[UUID]:
    """Return whose first these outcomes may give or take: whoever is the earliest beside them."""
    moved = [each for each in outcomes if (each.before in COMPETING) != (each.now in COMPETING)]
    changed = [each.action for each in moved]
    found = set()
    for (kinds, per), zone in firsts.items():
        for each in moved:
            if each.kind in kinds:
                at = each.received_at
                found |= set(await db.column(_EARLIEST, plan, list(kinds), per, at, zone, changed))
    return found
