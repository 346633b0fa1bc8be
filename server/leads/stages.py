"""The one door through which a lead comes to another stage (D5)."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.lead_stages import FREEING, REASONED, Stage, check_advance
from server.kit import clock, db, events
from server.kit.db import command
from server.leads.events import LeadAdvanced
from server.notifications.hints import hint
from server.notifications.notices import notify

HINT: Final = "leads"
"""The hint that open lists and passports of leads listen to."""

TOLD: Final = {
    stage: f"lead_{stage}"
    for stage in ("valid", "contacted", "visiting", "deal", "lost", *FREEING)
    # A duplicate is told with its protection, by whoever found it.
    if stage != "duplicate"
}
"""The notice that the reporter gets of a stage."""


class Turned(msgspec.Struct, frozen=True):
    """A lead whose turn was taken."""

    reporter: UUID
    owner: UUID | None
    plan: str
    customer: str
    name: str
    stage: str


@command
async def advance(
    lead: UUID,
    now: Stage,
    by: UUID | None,
    note: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Bring a lead to the stage `now`: its step is written, its reporter and the rest are told.

    `by` None is the product itself; `note` is shown in the passport, and is the reason of a loss
    or a refusal. A stage that frees its customer gives their place up. What else belongs to the
    step (owner, clocks, protection) the caller writes. Refused as `lead_unknown` and as
    `game.lead_stages.check_advance` says: `lead_step_taken`, `lead_step_closed`, `reason_missing`.
    """
    one = await turn(lead)
    check_advance(one.stage, now, note)
    at = await clock.now()
    await db.execute(
        "UPDATE lead SET stage = $2, stage_at = $3,"
        " reason = CASE WHEN $2 = ANY ($4::text[]) THEN $5 ELSE '' END,"
        " protected = CASE WHEN $2 = ANY ($6::text[]) THEN NULL ELSE protected END,"
        " contacted_at = CASE WHEN $2 IN ('contacted', 'visiting') THEN coalesce(contacted_at, $3)"
        " ELSE contacted_at END,"
        " remind_at = CASE WHEN $2 = 'assigned' THEN remind_at END,"
        " unassigned_at = CASE WHEN owner IS NULL AND $2 IN ('contacted', 'visiting')"
        " THEN unassigned_at END WHERE id = $1",
        lead, now, at, sorted(REASONED), note.strip(), sorted(FREEING),
    )  # fmt: skip
    await write_step(lead, now, by, note, facts)
    if now in TOLD and by != one.reporter:
        said = {"name": one.name, "reason": note.strip()}
        await notify([one.reporter], TOLD[now], f"lead:{lead}", said, page_of(lead))
    if now in {"invalid", "withdrawn"} and one.owner not in {None, one.reporter, by}:
        stopped = {"name": one.name}
        await notify([one.owner], "lead_stopped", f"lead:{lead}", stopped, page_of(lead))
    await events.publish(
        LeadAdvanced(
            lead=lead, reporter=one.reporter, owner=one.owner, plan=one.plan,
            customer=one.customer, before=one.stage, now=now, by=by, at=at,
        )
    )  # fmt: skip
    await hint([each for each in (one.reporter, one.owner, by) if each], HINT)


@command
async def write_step(
    lead: UUID,
    step: str,
    by: UUID | None,
    note: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Add a line to the passport of a lead: a stage, or what happened between two."""
    await db.execute(
        "INSERT INTO lead_step (lead, step, by, at, note, facts) VALUES ($1,$2,$3,$4,$5,$6)",
        lead, step, by, await clock.now(), note.strip(), facts or {},
    )  # fmt: skip


@command
async def turn(lead: UUID) -> Turned:
    """Take the turn of a lead and return it as it is behind it; refused as `lead_unknown`."""
    found = await db.row(
        Turned,
        "SELECT reporter, owner, plan, customer, name, stage FROM lead WHERE id = $1"
        " FOR NO KEY UPDATE",
        lead,
    )
    if found is None:
        raise RuleViolation("lead_unknown")
    return found


def page_of(lead: UUID) -> str:
    """Return where the passport of a lead is."""
    return f"/leads/{lead}"
