"""What the pages of challenges show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from game import challenges as rules
from game.challenge_terms import ChallengeKind, ChallengeRule, Pool
from game.challenges import Done, State, ends_of
from game.plan import Plan
from server.boards import service as boards
from server.challenges import faces, queries
from server.challenges.queries import Challenge, Member
from server.kit import db, formats
from server.kit.i18n import Lazy, _, lazy
from server.people.auth import Caller
from server.people.stores import Store, store_of, stores
from server.plans import queries as plans
from server.plans.words import as_builtins

SEALS: Final[dict[State, tuple[str, Lazy]]] = {
    "open": ("joining", lazy("joining")),
    "live": ("live", lazy("live")),
    "finished": ("auditing", lazy("in review")),
    "paid": ("prize", lazy("reached")),
    "missed": ("final", lazy("not reached")),
    "void": ("void", lazy("called off")),
}
"""The stamp of each state and its word."""
KINDS: Final[dict[ChallengeKind, Lazy]] = {
    "store_day": lazy("one store, one day"),
    "contest": lazy("contest of the month"),
    "kick_off": lazy("everybody's first step"),
}
MAKERS: Final = frozenset({"operations", "store_manager"})


async def frame_of(id_: UUID) -> dict[str, Any]:
    """Return the frame of a challenge as it is now, as the hub sends it."""
    frame: dict[str, Any] = msgspec.to_builtins(await boards.current().frames.frame(id_))
    return frame


def stamp(state: State) -> dict[str, str]:
    """Return the stamp of a state."""
    look, word = SEALS[state]
    return {"state": look, "words": str(word)}


def pool_words(pool: Pool | None) -> str:
    """Say when the bonus is due and how it is shared."""
    if pool is None:
        return ""
    how = (
        _("shared by what each brought in")
        if pool.share == "by_points"
        else _("equal parts for whoever helped")
    )
    if pool.reached_at == 1:
        return how
    percent = int(pool.reached_at * 100)
    return _("from %(percent)s %% on, %(how)s", percent=percent, how=how)


async def card(one: Challenge, joined: bool | None) -> dict[str, Any]:
    """Return a challenge as lists show it; `joined` None where nobody was asked."""
    rule = await queries.rule_of(one)
    far = await faces.progress(one, rule)
    return {
        "id": one.id,
        "title": as_builtins(rule.title),
        "kind": str(KINDS[one.kind]),
        "seal": stamp(one.state),
        "state": one.state,
        "place": one.sides[0] if one.store else "",
        "done": far.done,
        "total": far.total,
        "starts": one.starts,
        "ends": one.ends,
        "pool": {"asset": one.asset, "total": one.pool} if one.asset else None,
        "joined": joined,
    }


async def shown(one: Challenge, caller: Caller) -> dict[str, Any]:
    """Return everything of a challenge's page but its form."""
    plan = await queries.plan_of(one)
    rule = plan.challenges[one.rule]
    asked, member = await queries.asked(one.id), await queries.member(one.id, caller.id)
    done = await queries.done(one)
    is_in = member is not None and member.joined_at is not None
    return {
        "challenge": {
            "id": one.id,
            "title": as_builtins(rule.title),
            "story": as_builtins(rule.story),
            "kind": str(KINDS[one.kind]),
            "state": one.state,
            "seal": stamp(one.state),
            "place": one.sides[0] if one.store else "",
            "is_sides": rule.ranking == "side",
            "pool": {"asset": one.asset, "total": one.pool} if one.asset else None,
            "pool_words": pool_words(rule.pool),
        },
        "frame": await frame_of(one.id),
        "windows": windows_in(plan, rule.actions, one.starts, one.ends),
        "me": await _mine(one, plan, caller, done, is_in=is_in),
        "can_join": not is_in and not caller.opted_out and one.state in {"open", "live"},
        "can_leave": is_in and one.state in {"open", "live"},
        "can_call_off": not one.is_over
        and (one.created_by == caller.id or "operations" in caller.roles),
        "people": _people(asked, caller.id),
        "waiting": await queries.pending_count(one) if one.state == "finished" else 0,
        "payouts": _payouts(one, asked, caller.id),
    }


async def _mine(
    one: Challenge, plan: Plan, caller: Caller, done: Sequence[Done], *, is_in: bool
) -> dict[str, Any]:
    """Return the task list as it stands for the caller, and what they would get now."""
    rule, me = plan.challenges[one.rule], str(caller.id)
    far = await faces.progress(one, rule)
    own = rules.own_times(rule, me, done)
    sent = await queries.sent_by(one, caller.id) if is_in else {}
    tasks = [
        {
            "title": as_builtins(task.title),
            "per": task.per,
            "mine": times,
            "target": task.target,
            "done": step.done,
            "total": step.target,
            "is_done": step.done == step.target
            if task.per == "together" or not is_in
            else times >= task.target,
            "waiting": sum(sent.get(kind, 0) for kind in task.kinds),
            "ways": _ways(plan, task.kinds) if one.state in {"open", "live"} else [],
        }
        for task, times, step in zip(rule.tasks, own, far.tasks, strict=True)
    ]
    for task in tasks:
        task["is_missed"] = one.result is not None and not task["is_done"]
    return {"is_in": is_in, "tasks": tasks, "share": _share(one, rule, me, done)}


def _ways(plan: Plan, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """Return where each kind of a task is reported."""
    return [
        {
            "title": as_builtins(plan.actions[kind].title),
            "href": f"/actions/new?kind={plan.id}/{kind}",
        }
        for kind in kinds
    ]


def _share(one: Challenge, rule: ChallengeRule, me: str, done: Sequence[Done]) -> int:
    """Return what the caller is paid, or would be if the goal were reached as it stands."""
    if one.result is not None:
        return int(one.result["payouts"].get(me, 0))
    return rules.payouts(rule.pool, done).get(me, 0) if one.state != "void" else 0


def _people(asked: Sequence[Member], me: UUID) -> list[dict[str, Any]]:
    """Return who was asked and who is in; who opted out is named nowhere (A6)."""
    return [
        {"name": each.name, "joined": each.joined_at is not None, "is_me": each.person == me}
        for each in asked
        if not each.opted_out
    ]


def _payouts(one: Challenge, asked: Sequence[Member], me: UUID) -> list[dict[str, Any]]:
    """Return who was paid what, largest first; who opted out sees only themselves named."""
    result = one.result or {"payouts": {}, "points": {}}
    who = {str(each.person): each for each in asked}
    found = [
        {
            "name": _("a colleague")
            if who[person].opted_out and who[person].person != me
            else who[person].name,
            "sum": paid,
            "points": result["points"][person],
            "is_me": who[person].person == me,
        }
        for person, paid in result["payouts"].items()
    ]
    return sorted(found, key=lambda each: (-each["sum"], each["name"]))


def windows_in(
    plan: Plan, kinds: Sequence[str], start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return the double-reward windows of a plan that touch a time and some kinds (C6)."""
    return [
        {
            "title": [as_builtins(plan.actions[kind].title) for kind in each.actions],
            "times": formats.score(each.times),
            "from": each.from_,
            "until": each.until,
        }
        for each in plan.multipliers
        if each.from_ < end and start < each.until and set(kinds) & set(each.actions)
    ]


# --- making one -------------------------------------------------------------------------------


async def templates(caller: Caller) -> list[dict[str, Any]]:
    """Return the templates of the plans in force that the caller may use."""
    is_desk = "operations" in caller.roles
    return [
        template(each.plan, name)
        for each in await plans.in_force()
        for name, rule in each.plan.challenges.items()
        if is_desk or rule.kind == "store_day"
    ]


def template(plan: Plan, name: str) -> dict[str, Any]:
    """Return a template as it is offered."""
    rule = plan.challenges[name]
    return {
        "plan": plan.id,
        "rule": name,
        "title": as_builtins(rule.title),
        "story": as_builtins(rule.story),
        "kind": str(KINDS[rule.kind]),
        "tasks": [as_builtins(task.title) for task in rule.tasks],
        "ways": [way for task in rule.tasks for way in _ways(plan, task.kinds)],
        "pool": {"asset": rule.pool.asset, "total": rule.pool.amount} if rule.pool else None,
        "pool_words": pool_words(rule.pool),
    }


class Colleague(msgspec.Struct, frozen=True):
    """Somebody who may be asked."""

    id: UUID
    name: str


async def colleagues(where: Store | None) -> list[Colleague]:
    """Return who may be asked: a store's people, or everybody of the company."""
    return await db.rows(
        Colleague,
        "SELECT p.id, p.name FROM person p LEFT JOIN unit u ON u.id = p.unit"
        " WHERE p.active AND NOT p.opted_out AND p.kind = 'employee'"
        " AND NOT EXISTS (SELECT FROM person_role r WHERE r.person = p.id AND r.role = 'screen')"
        " AND ($1::text IS NULL OR u.path = $1 OR starts_with(u.path, $1 || '/'))"
        " ORDER BY p.sort_name, p.code",
        None if where is None else where.path,
    )


async def places(caller: Caller, asked: UUID | None) -> tuple[Store | None, list[Store]]:
    """Return the store that is meant, and those to choose from: operations may take any."""
    own = await store_of(caller.id)
    if "operations" not in caller.roles:
        return own, []
    every = await stores()
    meant = next((each for each in every if each.id == asked), own or next(iter(every), None))
    return meant, every


def times_of(rule: ChallengeRule, plan: Plan, now: datetime) -> dict[str, str]:
    """Return when it would end by its template, as a field writes it, in the plan's zone."""
    ends = ends_of(rule.lasts, now, plan.zone)
    return {"starts": "", "ends": f"{ends.astimezone(plan.zone):%Y-%m-%dT%H:%M}"}
