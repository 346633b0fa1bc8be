"""Rounds: opened with their period, closed by the clock, their result frozen (F2)."""

from datetime import datetime
from uuid import UUID

from game import honours as rules
from game.honour_terms import HonourRule
from game.plan import Plan
from server.honours import queries, results, words
from server.honours.queries import Round
from server.kit import clock, db, ids
from server.kit.db import command
from server.notifications.notices import notify
from server.plans import commands as plan_commands


@command
async def open_rounds(plan: Plan) -> list[UUID]:
    """Open the rounds of a plan in force up to now; returns those that are new.

    A round keeps the version it was opened by. What passed while nothing ran is opened late.
    """
    now = await clock.now()
    opened = []
    for honour, rule in plan.honours.items():
        moment = await _next(plan, honour, now)
        while moment <= now:
            span = rules.span(rule, moment, plan.zone)
            opened.append(await _open(plan, honour, rule, span))
            moment = span.ends
    return [each for each in opened if each is not None]


async def _next(plan: Plan, honour: str, now: datetime) -> datetime:
    """Return where the next round of an honour begins: behind its last one."""
    last: datetime | None = await db.value(
        "SELECT max(ends) FROM honour_round WHERE plan = $1 AND honour = $2", plan.id, honour
    )
    return last or now


async def _open(plan: Plan, honour: str, rule: HonourRule, span: rules.Span) -> UUID | None:
    found: UUID | None = await db.value(
        "INSERT INTO honour_round (id, plan, plan_version, honour, who, starts, ends, closes)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
        ids.new_id(), plan.id, plan.version, honour, rule.who, span.starts, span.ends, span.closes,
    )  # fmt: skip
    return found


@command
async def move(round_id: UUID) -> bool:
    """Bring a round to where the clock is: votes open, or its result is frozen; False if it is there.

    The plan's gate is closed while a result is read, so that no verdict is under way.
    """
    one = await queries.round_(round_id)
    state = rules.due_state(one.span, await clock.now())
    if state == "closed":
        await plan_commands.gate(one.plan, closing=True)
    one = await locked(round_id, "UPDATE")
    if one.state in {state, "closed"}:
        return False
    rule = await queries.rule_of(one)
    if state == "closed":
        await _freeze(one, rule)
    elif rule.by == "vote":
        await _tell_voters(one, rule)
    await db.execute(
        "UPDATE honour_round SET state = $2,"
        " closed_at = CASE WHEN $2 = 'closed' THEN leitai_clock() END WHERE id = $1",
        one.id, state,
    )  # fmt: skip
    return True


async def locked(round_id: UUID, strength: str) -> Round:
    """Return a round as it is under its lock: SHARE for whoever adds to it, UPDATE to close it."""
    found = await db.row(Round, f"{queries.ROUND} WHERE r.id = $1 FOR {strength}", round_id)
    return found or await queries.round_(round_id)


async def _freeze(one: Round, rule: HonourRule) -> None:
    placed = await results.places(one, rule)
    await db.execute_many(
        "INSERT INTO honour_place (round, subject, rank, score, is_top)"
        " VALUES ($1, $2, $3, $4, $5)",
        [(one.id, UUID(each.who), each.rank, str(each.score), each.is_top) for each in placed],
    )


async def _tell_voters(one: Round, rule: HonourRule) -> None:
    """Tell every employee who takes part that they may vote; without a choice there is no vote."""
    if not await results.candidates(one, rule):
        return
    voters = await db.column(
        "SELECT id FROM person WHERE active AND NOT opted_out AND kind = 'employee'"
    )
    facts = {"title": words.title(rule), "period": words.period_facts(rule, one.starts)}
    await notify(voters, "honour_vote_open", f"honour:{one.id}", facts, f"/honours/{one.id}")
