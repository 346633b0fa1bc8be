"""`leitai badges verify`: fold the whole history anew, and say what is held otherwise."""

from collections.abc import Iterable
from typing import Any

import msgspec

from game.badges import Arrived, FirstOf, first_of, firsts, fold
from server.badges import facts, queries
from server.badges.facts import Versions
from server.kit import db
from server.kit.db import command


class BadgeFault(msgspec.Struct, frozen=True):
    """One difference between what is held and what the fold says: whose, and what."""

    plan: str
    person: str
    what: str


@command
async def verify() -> list[BadgeFault]:
    """Return every difference, nothing where all badges are what their facts say.

    Firsts are found here by the rules over all actions, not by the queries that live uses.
    """
    await db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    await db.execute("SET LOCAL statement_timeout = 0")
    people = await db.column("SELECT id FROM person WHERE kind = 'employee' ORDER BY id")
    found: list[BadgeFault] = []
    for plan in await facts.launched():
        versions = await facts.versions_of(plan)
        known = await facts.facts_of(people, versions)
        is_first = await _firsts(plan, versions)
        stored: dict[Any, set[tuple[Any, ...]]] = {person: set() for person in people}
        for has in await queries.held_by(people, plan):
            basis = (has.plan_version, has.reached_at, has.fact_source, has.fact)
            stored[has.person].add((has.badge, has.tier, *basis))
        for person in people:
            earned = {
                (won.badge, won.tier, won.version, won.at, won.fact.source, won.fact.id)
                for won in fold(versions, known[person], is_first)
            }
            found += _faults(plan, person, "not earned", stored[person] - earned)
            found += _faults(plan, person, "not held", earned - stored[person])
    return found


def _faults(
    plan: str, person: object, wrong: str, those: Iterable[tuple[Any, ...]]
) -> list[BadgeFault]:
    return [
        BadgeFault(plan, str(person), f"{wrong}: {' '.join(str(part) for part in each)}")
        for each in sorted(those, key=str)
    ]


async def _firsts(plan: str, versions: Versions) -> set[tuple[FirstOf, str]]:
    arrived = await db.rows(
        Arrived,
        "SELECT id::text, kind, received_at AS at, outcome = 'scored' AS is_scored FROM action"
        " WHERE plan = $1 AND outcome IN ('scored', 'pending')",
        plan,
    )
    return {
        (first_of(rule), action)
        for _, version in versions
        for rule in version.badges.values()
        if rule.by == "first"
        for action in firsts(rule, version.zone, arrived)
    }
