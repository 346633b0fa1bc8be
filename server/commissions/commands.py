"""Deals become accruals once they are checked; a reversal takes back what they paid (G3 to G6, G9)."""

from typing import Final, Literal
from uuid import UUID

from game import commissions as rules
from game.errors import RuleViolation
from game.plan import Plan
from server.antispam import commands as antispam
from server.antispam.leads import deal_subject
from server.commissions import accruals, queries
from server.commissions.queries import StoredDeal
from server.deals.events import DealChecked
from server.kit import clock, db, ids
from server.kit.db import command
from server.people.rights import record
from server.plans import queries as plans

End = Literal["refunded", "struck"]
ENDED: Final = frozenset({"refunded", "struck"})
_KEEP: Final = """
INSERT INTO commission_deal (deal, plan, plan_version, from_lead, is_first, reporter, seller, store,
  amount, made_at, checked_at, standing)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting') ON CONFLICT DO NOTHING
RETURNING deal
"""


@command
async def count(event: DealChecked) -> None:
    """Take in a deal that was checked, once, and give what it earns as far as it may."""
    plan = await _plan_for(event)
    if plan is None:
        return
    kept = await db.value(
        _KEEP, event.deal, plan.id, plan.version, event.lead is not None, event.is_first,
        event.reporter, event.seller, event.store, event.amount, event.made_at, event.at,
    )  # fmt: skip
    if kept is not None:
        await _accrue(event.deal, plan)
        await go_on(event.deal)


async def _plan_for(event: DealChecked) -> Plan | None:
    """Return the version that was in force when the deal was made, else the first there was."""
    versions = await plans.versions(event.plan, event.made_at)
    begun = [plan for since, plan in versions if since <= event.made_at]
    return begun[-1] if begun else next((plan for _, plan in versions), None)


async def _accrue(deal: UUID, plan: Plan) -> None:
    """Make the accruals that a deal has not got yet; nothing is given by that."""
    stored, now = await _stored(deal), await clock.now()
    for claim in rules.claims(plan, await queries.with_parts(stored)):
        starts, ends = claim.period or (None, None)
        await db.execute(
            "INSERT INTO accrual (id, deal, plan, version, rule, person, starts, ends, base, state,"
            " waits_for, made_at, accrued_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 'verdict', $10, $11)"
            " ON CONFLICT DO NOTHING",
            ids.derived_id(deal, claim.rule), deal, plan.id, plan.version, claim.rule,
            UUID(claim.person), starts, ends, claim.base, claim.made_at, now,
        )  # fmt: skip


@command
async def go_on(deal: UUID) -> None:
    """Give what a deal earns if its verdict is clean; without one it waits (fail closed)."""
    stored = await _locked(deal)
    if stored is None or stored.standing in ENDED:
        return
    if await antispam.cleared(deal_subject(deal)):
        await _stand(deal, "counts")
    elif await queries.is_refused(deal_subject(deal)):
        await _stand(deal, "refused")
    await accruals.recount(deal, "counted")


@command
async def refuse(deal: UUID, reason: str, by: UUID | None) -> None:
    """Give nothing for a deal that was found suspicious, and take back what it gave."""
    stored = await _locked(deal)
    if stored is not None and stored.standing not in ENDED:
        await _stand(deal, "refused", reason)
        await accruals.recount(deal, "refused", reason, by)


@command
async def reverse(deal: UUID, why: End, reason: str, by: UUID) -> None:
    """Take back what a deal gave, and count its period anew without it (G9)."""
    stored = await _locked(deal)
    if stored is not None and stored.standing not in ENDED:
        await _stand(deal, why, reason)
        await accruals.recount(deal, why, reason, by)


@command
async def name_solution(deal: UUID, code: str, by: UUID) -> None:
    """Say whose technical solution a deal adopted: they earn by the rules for that part (G4).

    `code` is the number of a colleague. Refused as `not_found`, `person_unknown`, `own_solution`
    for whoever names themselves, `solution_named` once somebody was named, and
    `solution_pays_nothing` where no rule of the plan pays for it.
    """
    stored = await _locked(deal)
    if stored is None:
        raise RuleViolation("not_found")
    person: UUID | None = await db.value(
        "SELECT id FROM person WHERE code = $1 AND kind = 'employee'", code.strip()
    )
    if person is None:
        raise RuleViolation("person_unknown")
    if person == by:
        raise RuleViolation("own_solution")
    if stored.solution is not None:
        raise RuleViolation("solution_named")
    await db.execute("UPDATE commission_deal SET solution = $2 WHERE deal = $1", deal, person)
    version = await plans.plan_version(stored.plan, stored.plan_version)
    before = await queries.accruals_of(deal)
    await _accrue(deal, version.plan)
    if await queries.accruals_of(deal) == before:
        raise RuleViolation("solution_pays_nothing")
    await record(by, "name_solution", f"deal:{deal}", facts={"person": str(person)})
    await go_on(deal)


async def _locked(deal: UUID) -> StoredDeal | None:
    """Return a deal behind its turn: what stands is decided by one at a time."""
    await db.execute("SELECT FROM commission_deal WHERE deal = $1 FOR UPDATE", deal)
    return await queries.deal(deal)


async def _stored(deal: UUID) -> StoredDeal:
    found = await queries.deal(deal)
    if found is None:
        raise RuleViolation("not_found")
    return found


async def _stand(deal: UUID, standing: str, reason: str = "") -> None:
    await db.execute(
        "UPDATE commission_deal SET standing = $2, reason = $3 WHERE deal = $1",
        deal, standing, reason,
    )  # fmt: skip
