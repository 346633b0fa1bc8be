"""Settlements: compute, approve, discard, pay (G7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from game import settlements as rules
from game.errors import RuleViolation
from game.settlement_terms import WHO, Every
from game.settlements import Period, Statement, Terms
from server.kit import clock, db, ids
from server.kit.db import command
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications.hints import hint
from server.people.rights import record
from server.settlements import gathering, queries, telling, words
from server.settlements.gathering import Due, Gathered
from server.settlements.queries import Stated

# Runs follow one another: what one states, the next does not.
TURNS_LOCK: Final = 781_620
BATCH: Final = 500
"""People whose lines are read and stated at a time."""


def subject_of(settlement: UUID) -> str:
    """Name a run in the audit trail."""
    return f"settlement:{settlement}"


@command
async def compute(every: Every, by: UUID | None) -> UUID:
    """State the last month or quarter that is over; its run, if there is one already.

    `by` is None where the clock does it. Refused as `settlement_not_running`,
    `nothing_to_settle`, and by `game.settlements.check_compute`.
    """
    await db.execute("SELECT pg_advisory_xact_lock($1)", TURNS_LOCK)
    now = await clock.now()
    terms, zone = await queries.terms()
    period = rules.period_before(every, now, zone)
    standing = await queries.standing(every, period.name)
    if standing is not None:
        return standing
    rules.check_compute(await queries.undecided(period.ends))
    made = ids.new_id()
    await _keep_run(made, period, terms, by, now)
    for some in await _due(terms, period):
        gathered = await gathering.unstated(some, period.ends, made)
        stated = [each for each in gathered if rules.is_stated(each.lines)]
        await _keep(made, [(each, _stated(each, period, terms)) for each in stated])
    run = await queries.settlement(made)
    if not run.statements:
        raise RuleViolation("nothing_to_settle", period=words.period_said(period.name))
    await record(by, "compute_settlement", subject_of(made), facts={"period": period.name})
    await telling.to_approve(run)
    return made


async def _due(terms: Terms, period: Period) -> list[list[Due]]:
    """Return who is settled that often, in batches: none of them holds the transaction up."""
    whos = [who for who in WHO if terms.settlement.of(who).every == period.every]
    found = await gathering.due(whos)
    return [found[first : first + BATCH] for first in range(0, len(found), BATCH)]


def _stated(each: Gathered, period: Period, terms: Terms) -> Statement:
    one = each.due
    return rules.state(
        str(one.person), one.who, period, terms, each.lines,
        opening=one.opening, carried=one.carried,
    )  # fmt: skip


async def _keep_run(
    made: UUID, period: Period, terms: Terms, by: UUID | None, now: datetime
) -> None:
    await db.execute(
        "INSERT INTO settlement (id, every, period, starts, ends, plan, plan_version, state,"
        " computed_by, computed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'computed', $8, $9)",
        made, period.every, period.name, period.starts, period.ends, terms.plan, terms.version,
        by, now,
    )  # fmt: skip


async def _keep(settlement: UUID, stated: Sequence[tuple[Gathered, Statement]]) -> None:
    rows, lines = [], []
    for each, one in stated:
        id_, written = ids.derived_id(settlement, one.person), rules.body(one)
        rows.append((
            id_, settlement, each.due.person, one.who, one.opening, one.earned, one.carried,
            one.netted, one.payable, one.carries, one.closing, each.wallet_version,
            each.debt_version, written, rules.digest(written),
        ))  # fmt: skip
        lines += [(id_, each.due.person, UUID(line.transfer)) for line in one.lines]
    await db.execute_many(
        "INSERT INTO statement (id, settlement, person, who, opening, earned, carried, netted,"
        " payable, carries, closing, wallet_version, debt_version, body, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        rows,
    )
    await db.own_connection().copy_records_to_table(
        "statement_line", records=lines, columns=["statement", "person", "transfer"]
    )


@command
async def approve(settlement: UUID, by: UUID) -> None:
    """Close a period: from now on its statements only become paid, and people read them.

    Refused as `settlement_unknown`, and by `game.settlements.check_decide`.
    """
    await _decide(settlement, "approved", by)
    await telling.later(settlement)


@command
async def discard(settlement: UUID, by: UUID, reason: str) -> None:
    """Throw a run away before it is approved; computed again, it states what stands then.

    Refused as `reason_missing`, `settlement_unknown`, `settled_since` where somebody in it has
    a later statement, and by `game.settlements.check_decide`.
    """
    if not reason.strip():
        raise RuleViolation("reason_missing")
    await db.execute("SELECT pg_advisory_xact_lock($1)", TURNS_LOCK)
    await _lock(settlement)
    if await db.value(
        "SELECT EXISTS (SELECT FROM statement s JOIN statement n ON n.person = s.person"
        " AND n.settlement > s.settlement WHERE s.settlement = $1)",
        settlement,
    ):
        raise RuleViolation("settled_since")
    await _decide(settlement, "discarded", by, reason.strip())
    await db.execute(
        "DELETE FROM statement_line l USING statement s"
        " WHERE s.id = l.statement AND s.settlement = $1",
        settlement,
    )
    await db.execute("DELETE FROM statement WHERE settlement = $1", settlement)


async def _lock(settlement: UUID) -> tuple[str, UUID | None]:
    async with db.connection() as one:
        found = await one.fetchrow(
            "SELECT state, computed_by FROM settlement WHERE id = $1 FOR UPDATE", settlement
        )
    if found is None:
        raise RuleViolation("settlement_unknown")
    return found["state"], found["computed_by"]


async def _decide(settlement: UUID, outcome: str, by: UUID, reason: str = "") -> None:
    state, computed_by = await _lock(settlement)
    rules.check_decide(
        state, str(by), str(computed_by) if computed_by else None, approves=outcome == "approved"
    )
    await db.execute(
        "UPDATE settlement SET state = $2, decided_by = $3, decided_at = leitai_clock(),"
        " reason = $4 WHERE id = $1",
        settlement, outcome, by, reason,
    )  # fmt: skip
    verb = "approve_settlement" if outcome == "approved" else "discard_settlement"
    await record(by, verb, subject_of(settlement), reason)


@command
async def pay(statement: UUID, by: UUID) -> None:
    """Mark a statement as paid, once: its sum leaves the wallet.

    Refused as `statement_unknown`, and by `game.settlements.check_pay`.
    """
    await db.execute("SELECT FROM statement WHERE id = $1 FOR UPDATE", statement)
    one = await queries.statement(statement)
    rules.check_pay(one.state, one.payable, is_paid=one.payment is not None)
    await _pay([one], by)
    await telling.paid(one)


@command
async def pay_all(settlement: UUID, by: UUID) -> int:
    """Mark whatever is left of a run as paid; returns how many statements that were.

    Refused as `settlement_unknown`, `settlement_not_approved`, or `statement_paid` where nothing
    is left.
    """
    await db.execute(
        "SELECT FROM statement WHERE settlement = $1 AND payment IS NULL ORDER BY id FOR UPDATE",
        settlement,
    )
    state = (await queries.settlement(settlement)).state
    left = [
        one
        for one in await queries.statements_of(settlement)
        if one.payable and one.payment is None
    ]
    rules.check_pay(state, 1, is_paid=not left)
    await _pay(left, by)
    await telling.later(settlement)
    return len(left)


async def _pay(statements: Sequence[Stated], by: UUID) -> None:
    people = [one.person for one in statements]
    await ledger.lock("cash", people)
    for one in statements:
        await ledger.post(
            Transfer(
                id=_payment(one),
                kind=rules.PAYMENT,
                reference=f"{one.period}:{one.person}",
                actor=by,
                facts={
                    "title": words.payment_title(),
                    "period": words.period_facts(one.period),
                    "statement": str(one.id),
                },
                posting=rules.payment(str(one.person), one.payable),
            )
        )
    await db.execute(
        "UPDATE statement s SET payment = p.payment, paid_by = $3, paid_at = leitai_clock()"
        " FROM unnest($1::uuid[], $2::uuid[]) AS p(id, payment) WHERE s.id = p.id",
        [one.id for one in statements], [_payment(one) for one in statements], by,
    )  # fmt: skip
    for settlement in {one.settlement for one in statements}:
        facts = {"statements": len(statements), "sum": sum(one.payable for one in statements)}
        await record(by, "pay_statements", subject_of(settlement), facts=facts)
    await hint(people, "wallet", "statements")


def _payment(one: Stated) -> UUID:
    return ids.derived_id(one.id, rules.PAYMENT)


async def recompute(settlement: UUID) -> dict[UUID, bytes]:
    """Return each person's statement of a run computed anew from the ledger, in bytes."""
    run = await queries.settlement(settlement)
    terms, _zone = await queries.terms_of(run.plan, run.plan_version)
    before = await queries.carried_into(settlement)
    lines = await gathering.stated(settlement)
    found = {}
    for one in await queries.statements_of(settlement):
        opening, carried = before.get(one.person, (0, 0))
        stated = rules.state(
            str(one.person), one.who, run.span, terms, lines.get(one.person, []),
            opening=opening, carried=carried,
        )  # fmt: skip
        found[one.person] = rules.body(stated)
    return found
