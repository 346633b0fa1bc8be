"""Waiting for a customer's protection to end (D6): told once, one tap reports them again."""

from typing import Any, Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.lead_stages import FREEING
from server.kit import clock, db
from server.kit.db import command
from server.leads import queries, stages
from server.leads.events import LeadAdvanced
from server.notifications.hints import hint
from server.notifications.notices import notify

BATCH: Final = 200
# Watchers of a customer whom nobody has at this moment, and who may be reported. A job and a command may both come by.
FREE: Final = """
SELECT w.lead, w.person, l.name FROM lead_watch w JOIN lead l ON l.id = w.lead
WHERE w.told_at IS NULL AND ($1 = '' OR w.customer = $1) AND NOT EXISTS (
  SELECT FROM lead t WHERE t.customer = w.customer AND t.protected @> leitai_clock())
AND NOT EXISTS (SELECT FROM blacklist b WHERE b.customer = w.customer)
ORDER BY w.lead LIMIT $2 FOR UPDATE OF w SKIP LOCKED
"""


class Watcher(msgspec.Struct, frozen=True):
    """Whoever watches, and the duplicate they have of the customer."""

    lead: UUID
    person: UUID
    name: str


@command
async def watch(lead: UUID, by: UUID) -> None:
    """Be told when the customer of one's duplicate is free; twice is once.

    Refused as `lead_unknown`, also for whoever did not report it.
    """
    one = await queries.sent(lead)
    if one is None or one.reporter != by or one.stage != "duplicate":
        raise RuleViolation("lead_unknown")
    await db.execute(
        "INSERT INTO lead_watch (lead, person, customer, since) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (person, customer) DO UPDATE"
        " SET lead = excluded.lead, since = excluded.since, told_at = NULL",
        lead, by, one.customer, await clock.now(),
    )  # fmt: skip
    await hint([by], stages.HINT)


@command
async def unwatch(lead: UUID, by: UUID) -> None:
    """Be told no longer."""
    await db.execute("DELETE FROM lead_watch WHERE lead = $1 AND person = $2", lead, by)
    await hint([by], stages.HINT)


async def tell_when_freed(event: LeadAdvanced) -> None:
    """Tell those who watch a customer whose place was just given up (see server/wiring.py)."""
    if event.now in FREEING:
        await tell(event.customer)


@command
async def tell(customer: str = "") -> int:
    """Tell watchers of a customer, "" any, who is free now; returns how many were told."""
    found = await db.rows(Watcher, FREE, customer, BATCH)
    now = await clock.now()
    for each in found:
        await db.execute("UPDATE lead_watch SET told_at = $2 WHERE lead = $1", each.lead, now)
        topic = f"lead:{each.lead}:{now.isoformat()}"
        page = f"/leads/again/{each.lead}"
        await notify([each.person], "lead_free", topic, {"name": each.name}, page)
        await hint([each.person], stages.HINT)
    return len(found)


async def sweep(_: dict[str, Any]) -> None:
    """Tell everybody whose wait is over because a protection ran out."""
    while await tell() == BATCH:
        pass
