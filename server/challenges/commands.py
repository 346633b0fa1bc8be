"""Challenges: make, join, leave, start, end, finish, call off (E7, E8).

Whatever changes who counts or reads what counts closes the plan's gate: no report or verdict is
under way meanwhile, and the moments are those of the database behind it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from game import challenges as rules
from game.challenge_terms import ChallengeRule
from game.challenges import Outcome, due_state
from game.errors import RuleViolation
from game.periods import window
from game.plan import Plan
from server.boards import commands as boards
from server.challenges import faces, phases, pools, queries, telling
from server.challenges.events import ChallengeFinished
from server.challenges.queries import Challenge
from server.kit import clock, db, events, ids
from server.kit.db import command
from server.people import queries as people
from server.people.rights import record
from server.people.stores import Store, store, store_of
from server.plans import commands as plan_commands
from server.plans import queries as plans


class New(msgspec.Struct, frozen=True, kw_only=True):
    """What a maker chose; `starts` None is now, `ends` None is as the template says."""

    plan: str
    rule: str
    store: UUID | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    people: Sequence[UUID] = ()


class Joiner(msgspec.Struct, frozen=True):
    """Who wants to take part."""

    side: str
    opted_out: bool


@command
async def make(new: New, by: UUID) -> UUID:
    """Open a challenge from a template of a plan in force; its bonus goes into escrow (E8).

    Refused as `template_unknown`, `not_allowed`, `challenge_too_often`, `challenge_in_the_past`,
    `challenge_too_long`.
    """
    await plan_commands.gate(new.plan, closing=True)
    now = await clock.now()
    plan = await _in_force(new.plan)
    rule = plan.challenges.get(new.rule)
    if rule is None:
        raise RuleViolation("template_unknown")
    where = await _place(rule, new.store, by)
    start, end = window(rule.often.per, now, plan.zone)
    at = None if where is None else where.id
    rules.check_often(rule.often, await queries.made(plan.id, new.rule, at, start, end))
    starts = max(new.starts or now, now)
    ends = new.ends or rules.ends_of(rule.lasts, starts, plan.zone)
    rules.check_open("draft", starts, ends, now)

    one = Challenge(
        id=ids.new_id(), plan=plan.id, plan_version=plan.version, rule=new.rule, kind=rule.kind,
        store=at, kinds=list(rule.actions), sides=await _sides(rule, where), state="open",
        starts=starts, ends=ends, asset=rule.pool.asset if rule.pool else None,
        pool=rule.pool.amount if rule.pool else 0, created_by=by, ended_at=None, result=None,
    )  # fmt: skip
    await _insert(one)
    await record(by, "make", subject(one.id), facts={"rule": new.rule, "plan": plan.id})
    await pools.put_in(one, rule, by)
    await _ask(one, rule, new.people)
    await faces.show(one, "open")
    if due_state("open", starts, ends, now) == "live":
        await _go_live(one)
    await phases.plan_phases(one)
    await telling.invited(one, rule, [each.person for each in await queries.asked(one.id)])
    return one.id


def subject(challenge: UUID) -> str:
    """Name a challenge in the audit trail."""
    return f"challenge:{challenge}"


async def _in_force(plan: str) -> Plan:
    found = next((each.plan for each in await plans.in_force() if each.id == plan), None)
    if found is None:
        raise RuleViolation("plan_unknown")
    return found


async def _place(rule: ChallengeRule, asked: UUID | None, by: UUID) -> Store | None:
    """Return the store of a day in one store; operations for any, a manager for the own one."""
    roles = set(await db.column("SELECT role FROM person_role WHERE person = $1", by))
    if rule.kind != "store_day":
        if "operations" not in roles:
            raise RuleViolation("not_allowed")
        return None
    own = await store_of(by)
    where = own if asked is None else await store(asked)
    if where is None:
        raise RuleViolation("store_unknown")
    if "operations" in roles or ("store_manager" in roles and own == where):
        return where
    raise RuleViolation("not_allowed")


async def _sides(rule: ChallengeRule, where: Store | None) -> list[str]:
    if where is not None:
        return [where.name]
    if rule.ranking == "person":
        return [await people.company_name() or rule.title.zh_Hans]
    return await db.column(
        'SELECT DISTINCT side COLLATE "C" AS side FROM person'
        " WHERE side <> '' AND active AND NOT opted_out AND kind = 'employee' ORDER BY side"
    )


async def _insert(one: Challenge) -> None:
    await db.execute(
        "INSERT INTO challenge (id, plan, plan_version, rule, kind, store, kinds, sides, state,"
        " starts, ends, asset, pool, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7::text[], $8::text[], $9, $10, $11, $12, $13, $14)",
        one.id, one.plan, one.plan_version, one.rule, one.kind, one.store, one.kinds, one.sides,
        one.state, one.starts, one.ends, one.asset, one.pool, one.created_by,
    )  # fmt: skip


async def _ask(one: Challenge, rule: ChallengeRule, wanted: Sequence[UUID]) -> None:
    """Note who is asked: colleagues who take part; between sides only those on one (A6)."""
    await db.execute(
        "INSERT INTO challenge_member (challenge, person, side)"
        " SELECT $1, id, given.side FROM person,"
        " LATERAL (SELECT CASE WHEN $3 THEN person.side ELSE ($4::text[])[1] END AS side) given"
        " WHERE id = ANY ($2::uuid[]) AND active AND NOT opted_out AND kind = 'employee'"
        " AND given.side = ANY ($4::text[])",
        one.id, list(wanted), rule.ranking == "side", one.sides,
    )  # fmt: skip


async def _behind_gate(id_: UUID) -> tuple[Challenge, datetime]:
    """Close the gate of a challenge's plan; returns the challenge as it is behind it."""
    one = await queries.challenge(id_)
    await plan_commands.gate(one.plan, closing=True)
    return await queries.challenge(id_), await clock.now()


@command
async def join(id_: UUID, person: UUID) -> None:
    """Take part, until the end; what was received since the start counts too.

    Refused as `opted_out`, `challenge_joined`, `challenge_over`, `challenge_no_side`.
    """
    one, now = await _behind_gate(id_)
    who = await db.row(
        Joiner,
        "SELECT side, opted_out FROM person WHERE id = $1 AND kind = 'employee' FOR NO KEY UPDATE",
        person,
    )
    if who is None:
        raise RuleViolation("not_allowed")
    already = await queries.member(id_, person)
    is_member = already is not None and already.joined_at is not None
    rules.check_join(one.state, one.ends, now, is_member=is_member, opted_out=who.opted_out)
    rule = await queries.rule_of(one)
    side = who.side if rule.ranking == "side" else one.sides[0]
    if side not in one.sides:
        raise RuleViolation("challenge_no_side")
    await db.execute(
        "INSERT INTO challenge_member (challenge, person, side, joined_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (challenge, person)"
        " DO UPDATE SET side = excluded.side, joined_at = excluded.joined_at",
        id_, person, side, now,
    )  # fmt: skip
    await faces.show(one, one.state)
    if one.state == "live":
        await boards.open_standings(id_, [(person, side)])
        await _count_early(one, person)
    await telling.changed(one)


@command
async def leave(id_: UUID, person: UUID) -> None:
    """Take no part any more, until the end; the steps of whoever leaves leave with them."""
    one, now = await _behind_gate(id_)
    member = await queries.member(id_, person)
    is_member = member is not None and member.joined_at is not None
    rules.check_leave(one.state, one.ends, now, is_member=is_member)
    await take_off(one, person)


async def take_off(one: Challenge, person: UUID) -> None:
    """Take somebody out of a challenge that runs: no member, no points on its board."""
    if one.state == "live":
        for had in await queries.points_so_far(one, person):
            await boards.record(one.id, person, -had.points, reached_at=one.starts)
    await db.execute(
        "DELETE FROM challenge_member WHERE challenge = $1 AND person = $2", one.id, person
    )
    await faces.show(one, one.state)
    await telling.changed(one)


@command
async def start(id_: UUID) -> bool:
    """Start a challenge whose time has come. Once only."""
    one, now = await _behind_gate(id_)
    if one.state != "open" or due_state("open", one.starts, one.ends, now) == "open":
        return False
    await _go_live(one)
    await telling.started(one, await queries.rule_of(one))
    return True


async def _go_live(one: Challenge) -> None:
    await db.execute("UPDATE challenge SET state = 'live' WHERE id = $1", one.id)
    await faces.show(one, "live")
    members = await queries.members(one.id)
    await boards.open_standings(one.id, [(each.person, each.side) for each in members])
    await _count_early(one)


async def _count_early(one: Challenge, person: UUID | None = None) -> None:
    for early in await queries.points_so_far(one, person):
        await boards.record(one.id, early.person, early.points, received_at=early.reached_at)


@command
async def end(id_: UUID) -> bool:
    """End the time of a challenge: receiving is over, what waits is reviewed. Once only."""
    one, now = await _behind_gate(id_)
    if one.state != "live" or due_state("live", one.starts, one.ends, now) == "live":
        return False
    await db.execute("UPDATE challenge SET state = 'finished' WHERE id = $1", id_)
    await faces.show(one, "finished")
    await telling.changed(one)
    return True


@command
async def finish(id_: UUID) -> bool:
    """Decide a challenge whose every action is decided, and pay its bonus once and wholly (E8).

    False while it can't be decided yet, or was decided before.
    """
    one, _ = await _behind_gate(id_)
    try:
        rules.check_finish(one.state, await queries.pending_count(one))
    except RuleViolation:
        return False
    rule = await queries.rule_of(one)
    members = await queries.members(id_)
    ended = rules.outcome(rule, [str(each.person) for each in members], await queries.done(one))
    if ended.state == "paid":
        await pools.pay(one, rule, ended)
    else:
        await pools.give_back(one, rule, None)
    await _close(one, ended.state, None, _as_data(ended))
    await telling.decided(one, rule, ended)
    await events.publish(
        ChallengeFinished(id_, ended.state == "paid", tuple(each.person for each in members))
    )
    return True


def _as_data(ended: Outcome) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(ended)
    return data


@command
async def call_off(id_: UUID, by: UUID, reason: str) -> None:
    """Call a challenge off: nothing of it counts, the bonus goes back to the company.

    By whoever made it, or operations. Refused as `not_allowed`, `reason_missing`,
    `challenge_over`.
    """
    one, _ = await _behind_gate(id_)
    may = await db.value(
        "SELECT EXISTS (SELECT FROM person_role WHERE person = $1 AND role = 'operations')", by
    )
    if by != one.created_by and not may:
        raise RuleViolation("not_allowed")
    if not reason.strip():
        raise RuleViolation("reason_missing")
    rules.check_void(one.state)
    await pools.give_back(one, await queries.rule_of(one), by)
    await _close(one, "void", by, None)
    await record(by, "call_off", subject(id_), reason.strip())


async def _close(
    one: Challenge, state: rules.State, by: UUID | None, result: dict[str, Any] | None
) -> None:
    await db.execute(
        "UPDATE challenge SET state = $2, ended_by = $3, ended_at = leitai_clock(), result = $4"
        " WHERE id = $1",
        one.id, state, by, result,
    )  # fmt: skip
    await faces.show(one, state)
    await telling.changed(one)
