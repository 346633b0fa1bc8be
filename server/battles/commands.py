"""Battles: open, join, leave, start, freeze, settle (E1 to E6).

Whatever opens or ends a phase closes the plan's gate, so that no report or verdict is under way
while it reads the score.
"""

from datetime import datetime
from uuid import UUID

from msgspec import structs

from game import battles as rules
from game.battle_states import check_join, check_launch, check_leave, check_settle, due_state
from game.errors import RuleViolation
from game.plan import BattleRule
from server.battles import faces, queries, stakes, turns
from server.battles.events import BattleSettled
from server.battles.queries import Battle, RosterMember
from server.boards import commands as boards
from server.kit import clock, db, events, ids
from server.kit.db import command
from server.ledger import queries as wallets
from server.plans import commands as plan_commands
from server.plans import queries as plans

_PERSON = """SELECT id AS person, code, name, side, rank, 0::bigint AS stake,
NULL::uuid AS stake_transfer, opted_out FROM person """


@command
async def open_battle(plan_id: str, version: int, rule_id: str, by: UUID | None) -> UUID:
    """Open a battle of a launched plan for joining; the sponsor's part goes into its escrow.

    Refused as `battle_too_long`, `not_enough_sides`, `battle_in_the_past`.
    """
    plan = (await plans.plan_version(plan_id, version)).plan
    rule = plan.battle(rule_id)
    now = await clock.now()
    check_launch("draft", rule, now)
    names = rule.sides or tuple(await _sides_of_people())
    if len(names) < 2:
        raise RuleViolation("not_enough_sides")

    terms = rule.stake or rule.sponsor
    one = Battle(
        id=ids.new_id(), plan=plan_id, plan_version=version, rule=rule_id,
        kinds=list(rule.actions), state="joining", starts=rule.starts, cut_off=rule.cut_off,
        asset="points" if terms is None else terms.asset,
        sponsor=0 if rule.sponsor is None else rule.sponsor.amount,
        frozen_at=None, frozen=None, settled_at=None, result=None,
    )  # fmt: skip
    await _insert(one, names, by)
    await stakes.sponsor(one, rule, by)
    if rule.stake is None or rule.stake.funded_by == "company":
        await _assign_home_sides(one, rule, now)
    await faces.show(one, "joining")
    return one.id


async def _sides_of_people() -> list[str]:
    return await db.column(
        'SELECT DISTINCT side COLLATE "C" AS side FROM person'
        " WHERE side <> '' AND active AND NOT opted_out ORDER BY side"
    )


async def _insert(one: Battle, names: tuple[str, ...], by: UUID | None) -> None:
    await db.execute(
        "INSERT INTO battle (id, plan, plan_version, rule, kinds, state, starts, cut_off, asset,"
        " sponsor, created_by) VALUES ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $10, $11)",
        one.id, one.plan, one.plan_version, one.rule, one.kinds, one.state, one.starts,
        one.cut_off, one.asset, one.sponsor, by,
    )  # fmt: skip
    await db.execute_many(
        "INSERT INTO battle_side (battle, name, place) VALUES ($1, $2, $3)",
        [(one.id, name, place) for place, name in enumerate(names, start=1)],
    )


async def _assign_home_sides(one: Battle, rule: BattleRule, now: datetime) -> None:
    """Give everybody the side of the people file: nobody can lose, and each may still leave."""
    found = await db.rows(
        RosterMember,
        _PERSON + "WHERE active AND NOT opted_out AND side IN"
        " (SELECT name FROM battle_side WHERE battle = $1) ORDER BY code",
        one.id,
    )
    for person in found:
        await _enter(one, rule, person, person.side, now)


async def _enter(
    one: Battle, rule: BattleRule, person: RosterMember, side: str, now: datetime
) -> None:
    member = structs.replace(person, side=side, stake=rules.stake_of(rule, person.rank))
    held = await stakes.hold(one, rule, member)
    await db.execute(
        "INSERT INTO battle_member (battle, person, side, rank, stake, stake_transfer, joined_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        one.id, member.person, side, member.rank, member.stake, held, now,
    )  # fmt: skip


async def _pass_gate(battle_id: UUID, *, closing: bool) -> tuple[Battle, datetime]:
    """Pass or close the gate of a battle's plan; returns the battle as it is behind the gate."""
    one = await queries.battle(battle_id)
    await plan_commands.gate(one.plan, closing=closing)
    return await queries.battle(battle_id), await clock.now()


@command
async def join(battle_id: UUID, person: UUID, side: str) -> None:
    """Take a side until the battle starts; the stake of the rank goes into escrow (E1, E4).

    Refused as `opted_out`, `joining_closed`, `side_unknown`, `already_joined`,
    `already_in_another_side`, `stake_not_covered`.
    """
    one, now = await _pass_gate(battle_id, closing=False)
    rule = await queries.rule_of(one)
    who = await db.row(RosterMember, _PERSON + "WHERE id = $1 FOR UPDATE", person)
    if who is None:
        raise RuleViolation("opted_out")
    already = await queries.member(battle_id, person)
    check_join(
        one.state, one.starts, now,
        side=side,
        sides=[each.name for each in await queries.sides(battle_id)],
        current_side=None if already is None else already.side,
        opted_out=who.opted_out,
        stake=rules.stake_of(rule, who.rank),
        funded_by=stakes.funder(rule),
        available=await wallets.available(person, "points"),
    )  # fmt: skip
    await _enter(one, rule, who, side, now)
    await faces.show(one, "joining")


@command
async def leave(battle_id: UUID, person: UUID) -> None:
    """Leave a side until the battle starts; the stake comes back."""
    one, now = await _pass_gate(battle_id, closing=False)
    await db.execute("SELECT FROM person WHERE id = $1 FOR UPDATE", person)
    member = await queries.member(battle_id, person)
    check_leave(one.state, one.starts, now, None if member is None else member.side)
    if member is not None:
        await db.execute(
            "DELETE FROM battle_member WHERE battle = $1 AND person = $2", battle_id, person
        )
        await stakes.release(one, await queries.rule_of(one), member)
        await faces.show(one, "joining")


@command
async def start(battle_id: UUID) -> bool:
    """Start a battle whose time has come: the roster is fixed, the board opens. Once only."""
    one, now = await _pass_gate(battle_id, closing=True)
    if one.state != "joining" or due_state(one.state, one.starts, one.cut_off, now) == "joining":
        return False
    await db.execute("UPDATE battle SET state = 'live' WHERE id = $1", battle_id)
    await faces.show(one, "live")
    await boards.open_standings(
        battle_id, [(each.person, each.side) for each in await queries.roster(battle_id)]
    )
    for early in await queries.points_so_far(one):
        await boards.record(battle_id, early.person, early.points, received_at=early.reached_at)
    await turns.began(one)
    return True


@command
async def freeze(battle_id: UUID) -> bool:
    """Freeze a battle at its cut-off: receiving is over, the audit begins (E2, E6). Once only."""
    one, now = await _pass_gate(battle_id, closing=True)
    if one.state != "live" or due_state(one.state, one.starts, one.cut_off, now) == "live":
        return False
    rule = await queries.rule_of(one)
    members = queries.as_members(await queries.roster(battle_id))
    scored = await queries.scored(one)
    before = faces.standings_as_data(
        rules.standings(rule, members, scored), rules.person_points(rule, members, scored)
    )
    await db.execute(
        "UPDATE battle SET state = 'auditing', frozen_at = $2, frozen = $3 WHERE id = $1",
        battle_id, now, before,
    )  # fmt: skip
    await faces.show(one, "auditing")
    return True


@command
async def settle(battle_id: UUID, by: UUID) -> Battle:
    """Pay the pot by the audited score, once and wholly; a void battle returns every stake (E6).

    Refused as `not_auditor`, `already_settled`, `cut_off_not_reached`, `still_pending`.
    """
    one, _ = await _pass_gate(battle_id, closing=True)
    await check_auditor(one, by)
    check_settle(one.state, await queries.pending_count(one))

    rule = await queries.rule_of(one)
    roster = await queries.roster(battle_id)
    members, scored = queries.as_members(roster), await queries.scored(one)
    ended = rules.outcome(rule, members, scored)
    points = rules.person_points(rule, members, scored)

    await stakes.pay(one, rule, roster, ended, points, by)
    await db.execute(
        "UPDATE battle SET state = $2, settled_by = $3, settled_at = leitai_clock(), result = $4"
        " WHERE id = $1",
        battle_id, ended.state, by, faces.result_as_data(rule, ended, roster, points),
    )  # fmt: skip
    await faces.show(one, ended.state, ended.winners)
    await turns.decided(one, ended.winners)
    await events.publish(
        BattleSettled(battle_id, ended.state, tuple(each.person for each in roster))
    )
    return await queries.battle(battle_id)


async def check_auditor(one: Battle, by: UUID) -> None:
    """Refuse whoever is not of the audit group, or is on a competing side, as `not_auditor`."""
    is_auditor = await db.value(
        "SELECT true FROM person_role WHERE person = $1 AND role = 'audit'", by
    )
    if not is_auditor or await queries.member(one.id, by) is not None:
        raise RuleViolation("not_auditor")
