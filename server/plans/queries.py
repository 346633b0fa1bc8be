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

    version: int
    created_at: datetime
    launched_at: datetime


READ_MAX = 256
_read: dict[tuple[str, int, datetime], Plan] = {}


@lru_cache(maxsize=READ_MAX)
def parsed(document: str) -> Plan:
    """Read a document once per process: a stored version never changes."""
    return parse_plan(document)


async def versions(plan: str, since: datetime) -> list[tuple[datetime, Plan]]:
    """Return the versions of a plan in force from `since` on, in order, for `game.points`."""
    found = await db.rows(
        InForce,
        "SELECT version, created_at, launched_at FROM plan WHERE id = $1 AND launched_at >="
        " coalesce((SELECT max(launched_at) FROM plan WHERE id = $1 AND launched_at <= $2), $2)"
        " ORDER BY launched_at, version",
        plan,
        since,
    )
    return [
        (each.launched_at, await rules_of(plan, each.version, each.created_at)) for each in found
    ]


async def rules_of(plan: str, version: int, created_at: datetime) -> Plan:
    """Read a stored version once per process; a test's database may hold it anew, made later."""
    key = (plan, version, created_at)
    if key not in _read:
        if len(_read) >= READ_MAX:
            forget()
        _read[key] = (await plan_version(plan, version)).plan
    return _read[key]


def forget() -> None:
    """Forget what was read of stored versions: the database is another one."""
    _read.clear()


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


class Launched(msgspec.Struct, frozen=True):
    """The version in force of a plan, without its document."""

    id: str
    version: int
    created_at: datetime


async def running() -> list[Plan]:
    """Return the rules in force of each launched plan; each document is read once a process."""
    found = await db.rows(
        Launched,
        "SELECT DISTINCT ON (id) id, version, created_at FROM plan"
        " WHERE launched_at IS NOT NULL ORDER BY id, version DESC",
    )
    return [await rules_of(each.id, each.version, each.created_at) for each in found]


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


class Change(msgspec.Struct, frozen=True):
    """One version in a plan's history: who wrote it, who launched it."""

    version: int
    created_at: datetime
    created_by: str | None
    launched_at: datetime | None
    launched_by: str | None


async def history(plan: str) -> list[Change]:
    """Return the versions of a plan, newest first; none of one that was never stored."""
    return await db.rows(
        Change,
        "SELECT v.version, v.created_at, w.name AS created_by, v.launched_at,"
        " l.name AS launched_by FROM plan v LEFT JOIN person w ON w.id = v.created_by"
        " LEFT JOIN person l ON l.id = v.launched_by WHERE v.id = $1 ORDER BY v.version DESC",
        plan,
    )


async def newest(plan: str) -> PlanVersion | None:
    """Return the newest version of a plan, launched or not."""
    return await db.row(
        PlanVersion,
        "SELECT id, version, document, created_at, launched_at FROM plan"
        " WHERE id = $1 ORDER BY version DESC LIMIT 1",
        plan,
    )
