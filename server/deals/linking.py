"""Which lead a deal comes from: by its number, by the customer, or by hand with a proof (D8)."""

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game import deals as rules
from game.deals import LeadFacts, Link
from game.errors import RuleViolation
from game.periods import days_after
from game.plan import Plan, in_force
from server.kit import db
from server.leads import numbers
from server.plans import queries as plans


class Lead(LeadFacts, frozen=True, kw_only=True):
    """A lead that a deal may come from."""

    id: UUID
    plan: str
    reporter: UUID
    store: UUID | None
    name: str


class Linked(msgspec.Struct, frozen=True):
    """A lead, and how it was found."""

    lead: Lead
    as_: Link


LEAD: Final = (
    "SELECT id, plan, customer, stage, is_held, received_at, reporter, store, name FROM lead"
)
NUMBERED: Final = (
    f"{LEAD} WHERE right(id::text, 10) = $1 AND plan = $2 ORDER BY received_at DESC LIMIT 1"
)


async def by_number(
    plan: str, typed: str, customer: str, made_at: datetime, zone: ZoneInfo, proof: str = ""
) -> Linked:
    """Return the lead of a typed number; refused as `lead_number_unknown` or as `check_link` says."""
    found = await db.row(Lead, NUMBERED, numbers.digits_of(typed), plan)
    if found is None:
        raise RuleViolation("lead_number_unknown")
    return Linked(found, rules.check_link(found, customer, made_at, zone, proof))


async def customer_of(plan: str, typed: str) -> str:
    """Return the customer's key of a typed number of a lead; "" where there is none."""
    found = await db.row(Lead, NUMBERED, numbers.digits_of(typed), plan)
    return found.customer if found else ""


async def by_customer(plan: str, customer: str, made_at: datetime, zone: ZoneInfo) -> Linked | None:
    """Return the lead that had this customer's place when the deal was made, else the newest."""
    found = await db.row(
        Lead,
        f"{LEAD} WHERE plan = $1 AND customer = $2 AND NOT is_held AND stage = ANY ($3)"
        " AND received_at < $5 ORDER BY protected @> $4::timestamptz DESC NULLS LAST,"
        " received_at DESC LIMIT 1",
        plan, customer, sorted(rules.OPEN_LEADS), made_at, days_after(made_at, 1, zone),
    )  # fmt: skip
    return None if found is None else Linked(found, "customer")


async def walking_in(customer: str, at: datetime) -> tuple[Linked, Plan] | None:
    """Return the lead of a customer who buys at a till, under a plan that takes deals in now.

    A lead that has come to a deal already brings no second one by itself.
    """
    found = await db.rows(
        Lead,
        f"{LEAD} WHERE customer = $1 AND NOT is_held AND stage = ANY ($2) AND received_at <= $3"
        " ORDER BY protected @> $3 DESC NULLS LAST, received_at DESC",
        customer, sorted(rules.OPEN_LEADS - {"deal"}), at,
    )  # fmt: skip
    for lead in found:
        plan = in_force(await plans.versions(lead.plan, at), at)
        if plan is not None and plan.deals is not None:
            return Linked(lead, "customer"), plan
    return None


async def facts_of(lead: UUID) -> LeadFacts:
    """Return what is known of a lead now, behind its turn."""
    found = await db.row(
        LeadFacts,
        "SELECT customer, stage, is_held, received_at FROM lead WHERE id = $1 FOR NO KEY UPDATE",
        lead,
    )
    if found is None:
        raise RuleViolation("lead_unknown")
    return found
