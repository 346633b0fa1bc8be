"""Deals: report, link, check, refuse, call back, verify, reverse (D8, I4, I6, G9)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game import deals as rules
from game.deal_terms import DealTerms
from game.deals import CallResult
from game.errors import RuleViolation
from game.plan import Plan, in_force
from server.actions.customers import customer_key
from server.antispam.leads import judge_deal
from server.deals import closing, counting, drawing, linking, queries
from server.deals.linking import Linked
from server.deals.queries import Deal
from server.kit import db, ids
from server.kit.db import command
from server.notifications.hints import hint
from server.people.rights import record
from server.plans import queries as plans

HINT: Final = "deals"
"""The hint that open lists of deals listen to."""
NOTE_MAX: Final = 500


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a deal; `amount` in 分, `customer` a phone or the company's number.

    `customer` "" is the one of the lead. `lead` is the number of a lead as it was typed, "" to
    find it by the customer; `proof` says why one that doesn't fit is the right one. `reporter`
    brought the customer without a lead. `photos` are JPEGs.
    """

    plan: str
    contract: str
    customer: str
    amount: int
    made_at: datetime
    seller: UUID | None
    source: Literal["form", "api"] = "form"
    name: str = ""
    lead: str = ""
    proof: str = ""
    note: str = ""
    store: UUID | None = None
    reporter: UUID | None = None
    photos: Sequence[bytes] = ()


@command
async def report(by: UUID, said: Sale) -> UUID:
    """Take a deal in, to be checked; returns its id.

    Refused as `deals_not_running`, `contract_missing`, `contract_unreadable`, `contract_taken`,
    `customer_unreadable`, `deal_amount_unreadable`, `deal_in_the_future`, `deal_too_old`,
    `note_too_long`, and as linking by a number is: `lead_number_unknown`, `lead_not_valid`,
    `link_needs_proof`.
    """
    contract = rules.contract_number(said.contract)
    if max(len(said.note), len(said.proof), len(said.name)) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    customer = await customer_key(said.customer) or await linking.customer_of(said.plan, said.lead)
    if not customer:
        raise RuleViolation("customer_unreadable")
    now: datetime = await db.value("SELECT customer_turn($1)", customer)
    plan = await running(said.plan, now)
    rules.check_report(said.amount, said.made_at, now)
    place = customer, said.made_at, plan.zone
    if await is_taken(plan.id, contract, customer):
        raise RuleViolation("contract_taken", contract=contract)
    linked = (
        await linking.by_number(plan.id, said.lead, *place, said.proof)
        if said.lead.strip()
        else await linking.by_customer(plan.id, *place)
    )
    return await keep(
        plan, said, linked, by=by, now=now, contract=contract, customer=customer,
        is_first=not await has_bought(customer),
    )  # fmt: skip


async def running(plan: str, now: datetime) -> Plan:
    """Return the version of a plan in force, if deals are taken in under it."""
    found = in_force(await plans.versions(plan, now), now)
    if found is None or found.deals is None:
        raise RuleViolation("deals_not_running")
    return found


async def is_taken(plan: str, contract: str, customer: str) -> bool:
    """Whether a deal of this number stands; receipts of tills are told apart by their customer."""
    found: bool = await db.value(
        "SELECT EXISTS (SELECT FROM deal WHERE plan = $1 AND contract = $2 AND closed_at IS NULL"
        " AND (order_id IS NULL OR customer = $3))",
        plan, contract, customer,
    )  # fmt: skip
    return found


async def has_bought(customer: str) -> bool:
    """Whether a customer had an order or a deal that stands."""
    found: bool = await db.value(
        "SELECT customer_has_ordered($1) OR EXISTS (SELECT FROM deal"
        " WHERE customer = $1 AND closed_at IS NULL)",
        customer,
    )
    return found


async def keep(
    plan: Plan, said: Sale, linked: Linked | None, *, by: UUID, now: datetime,
    contract: str, customer: str, is_first: bool, order: UUID | None = None,
) -> UUID:  # fmt: skip
    """Store a deal with its lead; refused as `contract_taken`."""
    lead = linked.lead if linked else None
    kept: UUID | None = await db.value(
        "INSERT INTO deal (id, plan, plan_version, source, contract, customer, name, amount,"
        " made_at, store, seller, reporter, lead, linked_as, linked_by, proof, order_id, is_first,"
        " note, reported_by, reported_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 'reported')"
        " ON CONFLICT DO NOTHING RETURNING id",
        ids.new_id(), plan.id, plan.version, "order" if order else said.source, contract,
        customer, said.name.strip() or (lead.name if lead else ""), said.amount, said.made_at,
        said.store or (lead.store if lead else None), said.seller,
        lead.reporter if lead else said.reporter, lead.id if lead else None,
        linked.as_ if linked else "", by if linked else None, said.proof.strip(), order, is_first,
        said.note.strip(), by, now,
    )  # fmt: skip
    if kept is None:
        raise RuleViolation("contract_taken", contract=contract)
    for photo in said.photos:
        await db.execute(
            "INSERT INTO deal_photo (id, deal, body) VALUES ($1, $2, $3)", ids.new_id(), kept, photo
        )
    await hint([by], HINT)
    return kept


@command
async def link(deal: UUID, number: str, by: UUID, proof: str) -> None:
    """Link a deal that was not checked yet to another lead, by its number (D8).

    Refused as `deal_checked`, `deal_closed`, `lead_number_unknown`, `lead_not_valid`,
    `link_needs_proof`.
    """
    one, plan, _ = await turn(deal)
    rules.check_state(one.state, "reported")
    found = await linking.by_number(
        plan.id, number, one.customer, one.made_at, plan.zone, proof.strip()
    )
    await db.execute(
        "UPDATE deal SET lead = $2, reporter = $3, linked_as = $4, linked_by = $5, proof = $6,"
        " name = CASE WHEN name = '' THEN $7 ELSE name END WHERE id = $1",
        deal, found.lead.id, found.lead.reporter, found.as_, by, proof.strip(), found.lead.name,
    )  # fmt: skip
    facts = {"lead": str(found.lead.id), "before": str(one.lead or ""), "as": found.as_}
    await record(by, "link_deal", subject(deal), proof.strip(), facts)
    await counting.hint_all(one)


@command
async def check(deal: UUID, by: UUID, ruled_out: Collection[int]) -> None:
    """Find a deal true, each forbidden practice ruled out by its place in the plan; draw it.

    It counts at once, or where it is drawn after a call-back that confirms it. Refused as `own_deal`, `deal_checked`, `deal_closed`, `practices_open`,
    `lead_not_reviewed`, `lead_not_valid`.
    """
    one, plan, now = await turn(deal)
    terms = terms_of(plan)
    rules.check_hands(str(by), one.parts)
    rules.check_state(one.state, "reported")
    rules.check_ruled_out(ruled_out, len(terms.forbidden))
    await _check_lead(one)
    await db.execute(
        "UPDATE deal SET state = 'checked', checked_by = $2, checked_at = $3 WHERE id = $1",
        deal, by, now,
    )  # fmt: skip
    await record(by, "check_deal", subject(deal), facts={"practices": len(terms.forbidden)})
    await _judge(one, plan, now)
    if await drawing.draw(one, plan, terms.calls, now):
        await db.execute("UPDATE deal SET call = 'waiting' WHERE id = $1", deal)
        await counting.hint_all(one)
    else:
        await counting.count(deal, now)


async def _check_lead(one: Deal) -> None:
    if one.lead is not None:
        lead = await linking.facts_of(one.lead)
        rules.check_lead(lead.stage, is_held=lead.is_held)


async def _judge(one: Deal, plan: Plan, now: datetime) -> None:
    """Have the verdict without which nothing is paid."""
    if one.seller is None and one.reporter is None:
        return
    lately = await queries.lately(one.seller, one.customer, now)
    await judge_deal(
        one.id, one.customer, one.reporter, one.seller, pair_deals=lately.pair,
        deals=lately.deals, refunded=lately.refunded, limits=plan.leads.limits if plan.leads else None,
    )  # fmt: skip


@command
async def refuse(deal: UUID, by: UUID, reason: str, practice: int | None = None) -> None:
    """Refuse a deal that isn't true, with a reason and the forbidden practice that was found.

    Refused as `own_deal`, `deal_checked`, `deal_closed`, `reason_missing`.
    """
    one, plan, now = await turn(deal)
    rules.check_hands(str(by), one.parts)
    rules.check_state(one.state, "reported")
    await closing.close(one, "refused", by, reason, now, closing.found(terms_of(plan), practice))


@command
async def called(deal: UUID, by: UUID, result: CallResult, note: str = "") -> None:
    """Write down what a call-back came to (I4): confirmed counts, denied strikes the deal.

    `unreached` is an attempt; the deal goes on waiting. Refused as `own_deal` (who checked it
    calls nobody back either), `deal_not_drawn`, `deal_closed`, `reason_missing` for a denial
    without a note.
    """
    one, _, now = await turn(deal)
    rules.check_hands(str(by), one.parts | {str(one.checked_by)})
    rules.check_state(one.state, "checked", "counted")
    if one.call != "waiting":
        raise RuleViolation("deal_not_drawn")
    if result == "denied" and not note.strip():
        raise RuleViolation("reason_missing")
    await db.execute(
        "INSERT INTO deal_call (deal, by, at, result, note) VALUES ($1, $2, $3, $4, $5)",
        deal, by, now, result, note.strip()[:NOTE_MAX],
    )  # fmt: skip
    await record(by, "call_back", subject(deal), note.strip()[:NOTE_MAX], {"result": result})
    if result == "unreached":
        await hint([by], HINT)
        return
    await db.execute("UPDATE deal SET call = $2 WHERE id = $1", deal, result)
    if result == "confirmed":
        await counting.count(deal, now)
    else:
        await closing.close(one, "struck", by, note, now)


@command
async def verify(deal: UUID, by: UUID) -> None:
    """Say as finance that a deal is genuine (I6).

    Refused as `own_deal` (nor who checked it), `deal_verified`, `deal_not_counted`, `deal_closed`.
    """
    one, _, now = await turn(deal)
    rules.check_hands(str(by), one.parts | {str(one.checked_by)})
    if one.verified_at is not None:
        raise RuleViolation("deal_verified")
    if one.state in {"reported", "checked"}:
        raise RuleViolation("deal_not_counted")
    rules.check_state(one.state, "counted")
    await db.execute(
        "UPDATE deal SET verified_by = $2, verified_at = $3 WHERE id = $1", deal, by, now
    )
    await record(by, "verify_deal", subject(deal))
    await counting.hint_all(one)


@command
async def reverse(
    deal: UUID,
    by: UUID,
    why: Literal["refunded", "struck"],
    reason: str,
    practice: int | None = None,
) -> None:
    """Take a deal back: the customer was refunded, or it was not true after all (G9).

    What it paid is taken back by who listens to DealReversed. Refused as `own_deal` (a refund is
    anybody's to report), `deal_closed`, `deal_not_checked` for striking one that nobody checked
    (it is refused), `reason_missing`.
    """
    one, plan, now = await turn(deal)
    if why == "struck":
        rules.check_hands(str(by), one.parts)
        rules.check_state(one.state, "checked", "counted")
    else:
        rules.check_state(one.state, "reported", "checked", "counted")
    await closing.close(one, why, by, reason, now, closing.found(terms_of(plan), practice))


async def turn(deal: UUID) -> tuple[Deal, Plan, datetime]:
    """Take the turn of a deal's plan; returns the deal as it is behind it, its rules, the moment."""
    asked = await queries.deal(deal)
    now: datetime = await db.value("SELECT deal_turn($1)", asked.plan)
    one = await queries.deal(deal)
    return one, await plans.rules_of(one.plan, one.plan_version, one.made_from), now


def terms_of(plan: Plan) -> DealTerms:
    """Return what a plan looks for in its deals."""
    return plan.deals or DealTerms()


def subject(deal: UUID) -> str:
    """Name a deal for the audit trail and for antispam."""
    return f"deal:{deal}"
