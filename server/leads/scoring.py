"""What a stage of a lead scores for whoever reported it (C1 to C4)."""

from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.lead_stages import FREEING
from game.lead_terms import SCORING
from game.plan import in_force
from server.actions import recording
from server.kit import clock, db
from server.kit.db import command
from server.leads.events import LeadAdvanced
from server.plans import queries as plans

STRUCK: Final = "the lead was refused"
REVERSED: Final = "the deal does not stand"


class Scored(msgspec.Struct, frozen=True):
    """A lead as far as its points need it."""

    plan: str
    reporter: UUID
    owner: UUID | None
    customer: str
    reason: str


async def count_stage(event: LeadAdvanced) -> None:
    """Score the stage a lead has come to, and take back what no longer stands."""
    if event.now in FREEING:
        for stage in SCORING:
            await _unscore(event.lead, stage, event.by, STRUCK)
        return
    if event.before == "deal":
        await _unscore(event.lead, "deal", event.by, REVERSED)
    await score_stage(event.lead, event.now, event.by)


@command
async def score_stage(lead: UUID, stage: str, by: UUID | None) -> None:
    """Score a stage as the plan in force says: direct where the reporter follows it up (C3)."""
    one = await _lead(lead)
    now = await clock.now()
    plan = in_force(await plans.versions(one.plan, now), now)
    kind = plan.leads.scores.get(stage) if plan and plan.leads else None
    if kind is None:
        return
    await recording.score(
        one.reporter,
        one.plan,
        kind,
        one.customer,
        mode="direct" if one.owner == one.reporter else "handed_over",
        by=by,
        reference=reference(lead, stage),
    )


async def _unscore(lead: UUID, stage: str, by: UUID | None, why: str) -> None:
    said = (await _lead(lead)).reason
    await recording.unscore(reference(lead, stage), by, said or why)


async def _lead(lead: UUID) -> Scored:
    found = await db.row(
        Scored, "SELECT plan, reporter, owner, customer, reason FROM lead WHERE id = $1", lead
    )
    if found is None:
        raise RuleViolation("lead_unknown")
    return found


def reference(lead: UUID, stage: str) -> str:
    """Return what the action of a lead's stage is recorded as."""
    return f"lead:{lead}:{stage}"
