"""What battles do about what others tell (see server/wiring.py)."""

from game.errors import RuleViolation
from server.actions.events import PointsChanged, VerdictAsked
from server.battles import commands, faces, jobs, queries, stakes
from server.battles.queries import Battle, RosterMember
from server.boards import commands as boards
from server.boards.schemas import Moment
from server.kit import db
from server.people.events import PersonOptedOut
from server.plans import queries as plans
from server.plans.events import PlanLaunched


async def open_battles(event: PlanLaunched) -> None:
    """Open the battles of a version just launched; one that was opened before goes on as it was.

    So a campaign under way can change its points: its battles keep the version they pinned.
    """
    plan = (await plans.plan_version(event.plan, event.version)).plan
    for rule in plan.battles:
        if await queries.is_opened(event.plan, rule):
            continue
        opened = await commands.open_battle(event.plan, event.version, rule.id, event.by)
        await jobs.plan_phases(await queries.battle(opened))


async def count_points(event: PointsChanged) -> None:
    """Move the standing of a person in each battle where the action counts (E3)."""
    for one in await queries.counting(event.plan, event.kind, event.received_at, event.person):
        moment = Moment(event.kind_title, event.delta, event.received_at)
        if event.delta > 0:
            await boards.record(
                one.id, event.person, event.delta, received_at=event.received_at, moment=moment
            )
        else:
            left = await queries.points_so_far(one, event.person)
            reached_at = left[0].reached_at if left else one.starts
            await boards.record(
                one.id, event.person, event.delta, reached_at=reached_at, moment=moment
            )


async def guard_audit(event: VerdictAsked) -> None:
    """Leave the actions of a frozen battle to its auditors (E6); what is gone is gone for all."""
    if event.is_withdrawn:
        return
    under_audit = await queries.audits(event.plan, event.kind, event.received_at, event.person)
    if event.auditing is None and under_audit:
        raise RuleViolation("not_auditor")
    if event.auditing is not None and event.by is not None:
        if event.auditing not in under_audit:
            raise RuleViolation("battle_not_auditing")
        for battle_id in under_audit:
            await commands.check_auditor(await queries.battle(battle_id), event.by)


async def take_off(event: PersonOptedOut) -> None:
    """Take an opted-out person off the sides of battles that are not over (A6).

    A stake of their own stays where it is once a battle has started: nobody saves a losing
    stake by opting out. They are named nowhere, and off the roster of the next battle.
    """
    for one in await queries.open_battles_of(event.person):
        await db.value("SELECT plan_gate($1, true)", one.plan)
        current = await queries.battle(one.id)
        member = await queries.member(one.id, event.person)
        if member is not None and not current.is_over:
            await _take_off(current, member)


async def _take_off(one: Battle, member: RosterMember) -> None:
    rule = await queries.rule_of(one)
    has_started = one.state != "joining"
    if has_started and stakes.funder(rule) == "member" and member.stake:
        return
    if has_started:
        for had in await queries.points_so_far(one, member.person):
            await boards.record(one.id, member.person, -had.points, reached_at=one.starts)
    await db.execute(
        "DELETE FROM battle_member WHERE battle = $1 AND person = $2", one.id, member.person
    )
    await stakes.release(one, rule, member)
    await faces.show(one, one.state)  # type: ignore[arg-type]
