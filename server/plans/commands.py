"""Plans: draft a version, launch it."""

from uuid import UUID

from game.errors import RuleViolation
from game.plan import Plan, parse_plan
from server.kit import db, events, ids
from server.kit.db import command
from server.plans import queries
from server.plans.events import PlanLaunched


def plan_subject(plan: str, version: int) -> str:
    """Name a version in the audit trail."""
    return f"plan:{plan}:{version}"


async def gate(plan: str, closing: bool = False) -> None:
    """Pass the plan's gate, or close it while a battle starts, freezes or settles."""
    await db.value("SELECT plan_gate($1, $2)", plan, closing)


@command
async def draft(document: str, by: UUID | None) -> Plan:
    """Store a new version of a plan; refused with `plan_faults` or `plan_version_taken`."""
    plan = parse_plan(document)
    stored = await db.value(
        "INSERT INTO plan (id, version, document, created_by) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING version",
        plan.id,
        plan.version,
        document,
        by,
    )
    if stored is None:
        raise RuleViolation("plan_version_taken", version=plan.version)
    return plan


@command
async def launch(plan_id: str, version: int, by: UUID | None) -> Plan:
    """Put a drafted version in force from now on, and tell who opens its battles."""
    await gate(plan_id, closing=True)
    stored = await queries.plan_version(plan_id, version)
    newer = await db.value(
        "SELECT max(version) FROM plan WHERE id = $1 AND launched_at IS NOT NULL", plan_id
    )
    if newer is not None and newer >= version:
        raise RuleViolation("plan_already_launched")

    await db.execute(
        "UPDATE plan SET launched_at = leitai_clock(), launched_by = $3"
        " WHERE id = $1 AND version = $2",
        plan_id,
        version,
        by,
    )
    await db.execute(
        "INSERT INTO audit_record (id, actor, verb, subject) VALUES ($1, $2, 'launch', $3)",
        ids.new_id(),
        by,
        plan_subject(plan_id, version),
    )
    await events.publish(PlanLaunched(plan=plan_id, version=version, by=by))
    return stored.plan
