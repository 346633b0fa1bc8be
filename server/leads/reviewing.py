"""The review of leads (D3): valid, duplicate or invalid within a working day; lateness escalates."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from game import leads as rules
from game.errors import RuleViolation
from game.leads import Verdict
from server.antispam.events import SuspicionDecided
from server.kit import clock, db
from server.kit.db import command
from server.leads import commands, consent, queries, stages, terms
from server.leads.events import LeadAdvanced
from server.notifications.notices import notify
from server.people.rights import record

DESK: Final = "/leads/desk"
BULK_MAX: Final = 50
BATCH: Final = 200
HELD: Final = "lead:"
SKIPPED: Final = frozenset({"lead_unknown", "own_lead", "already_reviewed", "lead_held"})
"""Refusals that a review of many passes over."""


class Held(msgspec.Struct, frozen=True):
    """A lead that a suspicion held."""

    id: UUID
    reporter: UUID
    customer: str
    name: str
    stage: str
    is_held: bool
    door: str


@command
async def review(lead: UUID, by: UUID, verdict: Verdict, reason: str = "") -> None:
    """Decide on a lead that waits; its reporter reads the reason (D3).

    Refused as `lead_unknown` and as `game.leads.check_review` says.
    """
    one = await stages.turn(lead)
    is_held = await db.value("SELECT is_held FROM lead WHERE id = $1", lead)
    rules.check_review(str(by), [str(one.reporter)], one.stage, verdict, reason, held=is_held)
    said = reason.strip()[: rules.REASON_MAX]
    await db.execute(
        "UPDATE lead SET reviewed_by = $2, reviewed_at = $3 WHERE id = $1",
        lead, by, await clock.now(),
    )  # fmt: skip
    await stages.advance(lead, verdict, by, said)
    if verdict == "duplicate":
        facts = {"name": one.name, "reason": said}
        page = stages.page_of(lead)
        await notify([one.reporter], "lead_known", f"lead:{lead}", facts, page)
    await record(by, f"review_{verdict}", f"lead:{lead}", said)


@command
async def review_many(leads: Sequence[UUID], by: UUID, verdict: Verdict, reason: str = "") -> int:
    """Decide on many alike; returns how many. What another decided meanwhile is passed over.

    Refused as `too_many_leads`, `reason_missing`.
    """
    if len(leads) > BULK_MAX:
        raise RuleViolation("too_many_leads", most=BULK_MAX)
    done = 0
    # In one order everywhere: two desks wait for each other only one way.
    for lead in sorted(set(leads)):
        try:
            await review(lead, by, verdict, reason)
        except RuleViolation as refusal:
            if refusal.code not in SKIPPED:
                raise
        else:
            done += 1
    return done


@command
async def go_on(event: SuspicionDecided) -> None:
    """Do with a held lead what was decided about it (see server/wiring.py).

    Cleared, it waits for its review like any other, and has its customer if they are still
    free; refused, it is invalid. An appeal may clear what was refused before.
    """
    if not event.subject.startswith(HELD):
        return
    lead = UUID(event.subject.removeprefix(HELD))
    await stages.turn(lead)
    one = await db.row(
        Held,
        "SELECT id, reporter, customer, name, stage, is_held, door FROM lead WHERE id = $1",
        lead,
    )
    if one is None or not one.is_held:
        return
    if event.cleared:
        await _set_free(one, event.by)
    elif one.stage == "submitted":
        await stages.advance(lead, "invalid", event.by, event.reason)
    await commands.tell_desk()


async def _set_free(one: Held, by: UUID) -> None:
    now = await db.value("SELECT customer_turn($1)", one.customer)
    plan = await terms.received_under(one.id)
    holder = await queries.holder(one.customer, now)
    if one.stage == "invalid":
        await stages.advance(one.id, "submitted", by)
    starts, ends = rules.protected(rules.terms_of(plan), now)
    due = rules.review_due(plan, now)
    await db.execute(
        "UPDATE lead SET is_held = false, review_due = $2,"
        " protected = CASE WHEN $3 THEN tstzrange($4, $5) END WHERE id = $1",
        one.id, due, holder is None, starts, ends,
    )  # fmt: skip
    if holder is not None:
        await commands.be_duplicate(one.id, one.reporter, one.name, holder.until)
    elif one.door != "self":
        await consent.leave_message(one.id)


@command
async def escalate() -> int:
    """Tell operations and the audit group of reviews that are late, once each; returns how many."""
    now = await clock.now()
    late = await db.column(
        "UPDATE lead SET escalated_at = $1 WHERE id IN (SELECT id FROM lead"
        " WHERE stage = 'submitted' AND NOT is_held AND review_due < $1 AND escalated_at IS NULL"
        " ORDER BY review_due, id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id",
        now, BATCH,
    )  # fmt: skip
    if not late:
        return 0
    for lead in sorted(late):
        await stages.write_step(lead, "review_late", None)
    told = await db.column(
        "SELECT DISTINCT r.person FROM person_role r JOIN person p ON p.id = r.person"
        " WHERE r.role IN ('operations', 'audit') AND p.active"
    )
    await notify(told, "leads_late", f"late:{min(late)}", {"n": len(late)}, DESK)
    await commands.tell_desk()
    return len(late)


async def sweep(_: dict[str, Any]) -> None:
    """Escalate what became late."""
    while await escalate() == BATCH:
        pass


async def count_again(event: LeadAdvanced) -> None:
    """Let open desks follow what was decided elsewhere."""
    if event.before == "submitted":
        await commands.tell_desk()
