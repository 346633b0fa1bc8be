"""The terms of leads: those of the plans in force, and those that a lead was received under."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.plan import Plan
from server.kit import db
from server.plans import queries as plans

LAUNCHED: Final = (
    "SELECT DISTINCT ON (id) id, version, created_at FROM plan"
    " WHERE launched_at IS NOT NULL AND ($1 = '' OR id = $1) ORDER BY id, version DESC"
)
RECEIVED: Final = (
    "SELECT p.id, p.version, p.created_at FROM lead l"
    " JOIN plan p ON p.id = l.plan AND p.version = l.plan_version WHERE l.id = $1"
)


class Version(msgspec.Struct, frozen=True):
    """Which stored version of a plan is meant."""

    id: str
    version: int
    created_at: datetime


async def open_plans() -> list[Plan]:
    """Return the plans in force that receive leads, by id."""
    found = [await _read(each) for each in await db.rows(Version, LAUNCHED, "")]
    return [plan for plan in found if plan.leads is not None]


async def open_plan(plan: str) -> Plan:
    """Return a plan in force that receives leads, "" the only one; refused as `leads_closed`."""
    if not plan:
        found = await open_plans()
        if len(found) != 1:
            raise RuleViolation("leads_closed")
        return found[0]
    version = await db.row(Version, LAUNCHED, plan)
    read = None if version is None else await _read(version)
    if read is None or read.leads is None:
        raise RuleViolation("leads_closed")
    return read


async def received_under(lead: UUID) -> Plan:
    """Return the version that was in force when a lead was received; refused as `lead_unknown`."""
    version = await db.row(Version, RECEIVED, lead)
    if version is None:
        raise RuleViolation("lead_unknown")
    return await _read(version)


async def _read(version: Version) -> Plan:
    return await plans.rules_of(version.id, version.version, version.created_at)
