"""Plan documents and their versions."""

from datetime import datetime
from functools import lru_cache

import msgspec

from game.errors import RuleViolation
from game.plan import Plan, parse_plan
from server.kit import db


class PlanVersion(msgspec.Struct, frozen=True):
    """One stored version of a plan; `launched_at` None while it is a draft."""

    id: str
    version: int
    document: str
    created_at: datetime
    launched_at: datetime | None

    @property
    def plan(self) -> Plan:
        """The document as rules; it was validated before it was stored."""
        return parsed(self.document)


class InForce(msgspec.Struct, frozen=True):
    """A launched version and the moment it came into force."""

    launched_at: datetime
    document: str


@lru_cache(maxsize=256)
def parsed(document: str) -> Plan:
    """Read a document once per process: a stored version never changes."""
    return parse_plan(document)


async def versions(plan: str) -> list[tuple[datetime, Plan]]:
    """Return the launched versions of a plan in order, for `game.points`."""
    found = await db.rows(
        InForce,
        "SELECT launched_at, document FROM plan WHERE id = $1 AND launched_at IS NOT NULL"
        " ORDER BY launched_at, version",
        plan,
    )
    return [(each.launched_at, parsed(each.document)) for each in found]


async def plan_version(plan: str, version: int) -> PlanVersion:
    """Return one version, or refuse with `plan_unknown`."""
    found = await db.row(
        PlanVersion,
        "SELECT id, version, document, created_at, launched_at FROM plan"
        " WHERE id = $1 AND version = $2",
        plan,
        version,
    )
    if found is None:
        raise RuleViolation("plan_unknown")
    return found


async def latest() -> list[PlanVersion]:
    """Return the newest version of each plan."""
    return await db.rows(
        PlanVersion,
        "SELECT DISTINCT ON (id) id, version, document, created_at, launched_at FROM plan"
        " ORDER BY id, version DESC",
    )


async def in_force() -> list[PlanVersion]:
    """Return the version in force of each launched plan."""
    return await db.rows(
        PlanVersion,
        "SELECT DISTINCT ON (id) id, version, document, created_at, launched_at FROM plan"
        " WHERE launched_at IS NOT NULL ORDER BY id, version DESC",
    )


async def versions_of(plan: str) -> list[PlanVersion]:
    """Return every version of a plan, newest first; refused as `plan_unknown` without any."""
    found = await db.rows(
        PlanVersion,
        "SELECT id, version, document, created_at, launched_at FROM plan"
        " WHERE id = $1 ORDER BY version DESC",
        plan,
    )
    if not found:
        raise RuleViolation("plan_unknown")
    return found
