"""Battles, their rosters, and what counts in them; official figures come from here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from game.action_terms import Mode
from game.battle_states import State
from game.battles import Member, Scored
from game.errors import RuleViolation
from game.plan import BattleRule, Rank, StakeAsset
from server.actions.queries import AT_THE_DESK
from server.kit import db
from server.plans import queries as plans


class Battle(msgspec.Struct, frozen=True):
    """One battle; its rules are those of its pinned plan version."""

    id: UUID
    plan: str
    plan_version: int
    rule: str
    kinds: list[str]
    state: State
    starts: datetime
    cut_off: datetime
    asset: StakeAsset
    sponsor: int
    frozen_at: datetime | None
    frozen: dict[str, Any] | None
    settled_at: datetime | None
    result: dict[str, Any] | None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.state in {"final", "void"}


class RosterMember(msgspec.Struct, frozen=True):
    """A person on a side, with what they are called."""

    person: UUID
    code: str
    name: str
    side: str
    rank: Rank
    stake: int
    stake_transfer: UUID | None
    opted_out: bool


class Side(msgspec.Struct, frozen=True):
    """A side; `place` fixes its colour and shape."""

    name: str
    place: int


_BATTLE = """SELECT id, plan, plan_version, rule, kinds, state, starts, cut_off, asset, sponsor,
frozen_at, frozen, settled_at, result FROM battle """


async def battle(battle_id: UUID) -> Battle:
    """Return one battle, or refuse with `battle_unknown`."""
    found = await db.row(Battle, _BATTLE + "WHERE id = $1", battle_id)
    if found is None:
        raise RuleViolation("battle_unknown")
    return found


async def battles() -> list[Battle]:
    """Return every battle: live, then joining, then in audit, then the last twenty over."""
    return await db.rows(
        Battle,
        _BATTLE + "WHERE state IN ('live', 'joining', 'auditing') OR id IN (SELECT id FROM battle"
        " WHERE state IN ('final', 'void') ORDER BY cut_off DESC LIMIT 20)"
        " ORDER BY array_position(ARRAY['live','joining','auditing','final','void'], state),"
        " cut_off DESC, id",
    )


async def due(states: Sequence[str], column: str) -> list[Battle]:
    """Return battles in these states whose `starts` or `cut_off` has passed."""
    moment = {"starts": "starts", "cut_off": "cut_off"}[column]
    return await db.rows(
        Battle,
        _BATTLE + f"WHERE state = ANY ($1::text[]) AND {moment} <= leitai_clock() ORDER BY id",
        list(states),
    )


async def open_battles_of(person: UUID) -> list[Battle]:
    """Return the battles on whose roster the person is and that are not over."""
    return await db.rows(
        Battle,
        _BATTLE + "WHERE state IN ('joining', 'live', 'auditing') AND id IN"
        " (SELECT battle FROM battle_member WHERE person = $1) ORDER BY cut_off, id",
        person,
    )


async def is_opened(plan: str, rule: BattleRule) -> bool:
    """Tell whether an earlier version of the plan has opened this battle with these times."""
    found = await db.value(
        "SELECT true FROM battle WHERE plan = $1 AND rule = $2 AND starts = $3 AND cut_off = $4",
        plan, rule.id, rule.starts, rule.cut_off,
    )  # fmt: skip
    return bool(found)


async def rule_of(one: Battle) -> BattleRule:
    """Return the rules of a battle, from its pinned plan version."""
    return (await plans.plan_version(one.plan, one.plan_version)).plan.battle(one.rule)


async def sides(battle_id: UUID) -> list[Side]:
    """Return the sides in the order of their places."""
    return await db.rows(
        Side, "SELECT name, place FROM battle_side WHERE battle = $1 ORDER BY place", battle_id
    )


async def roster(battle_id: UUID) -> list[RosterMember]:
    """Return everybody on a side."""
    return await db.rows(
        RosterMember,
        "SELECT m.person, p.code, p.name, m.side, m.rank, m.stake, m.stake_transfer, p.opted_out"
        " FROM battle_member m JOIN person p ON p.id = m.person WHERE m.battle = $1"
        " ORDER BY p.code",
        battle_id,
    )


async def member(battle_id: UUID, person: UUID) -> RosterMember | None:
    """Return a person's place on the roster."""
    return await db.row(
        RosterMember,
        "SELECT m.person, p.code, p.name, m.side, m.rank, m.stake, m.stake_transfer, p.opted_out"
        " FROM battle_member m JOIN person p ON p.id = m.person"
        " WHERE m.battle = $1 AND m.person = $2",
        battle_id,
        person,
    )


async def scored(one: Battle) -> list[Scored]:
    """Return the scored actions of the roster in [starts, cut_off), people by their code."""
    return await db.rows(
        Scored,
        "SELECT p.code AS person, a.kind, a.points, a.received_at FROM action a"
        " JOIN battle_member m ON m.battle = $1 AND m.person = a.person"
        " JOIN person p ON p.id = a.person"
        " WHERE a.plan = $2 AND a.kind = ANY ($3::text[]) AND a.outcome = 'scored'"
        " AND a.received_at >= $4 AND a.received_at < $5 ORDER BY a.received_at, a.id",
        one.id, one.plan, one.kinds, one.starts, one.cut_off,
    )  # fmt: skip


class PersonPoints(msgspec.Struct, frozen=True):
    """What a person has in a battle, and the last receipt that brought it there."""

    person: UUID
    points: int
    reached_at: datetime


async def points_so_far(one: Battle, person: UUID | None = None) -> list[PersonPoints]:
    """Return the roster's points in this battle straight from the actions; zeros left out."""
    return await db.rows(
        PersonPoints,
        "SELECT a.person, sum(a.points)::bigint AS points, max(a.received_at) AS reached_at"
        " FROM action a JOIN battle_member m ON m.battle = $1 AND m.person = a.person"
        " WHERE a.plan = $2 AND a.kind = ANY ($3::text[]) AND a.points > 0"
        " AND a.received_at >= $4 AND a.received_at < $5"
        " AND ($6::uuid IS NULL OR a.person = $6) GROUP BY a.person",
        one.id, one.plan, one.kinds, one.starts, one.cut_off, person,
    )  # fmt: skip


async def counting(plan: str, kind: str, received_at: datetime, person: UUID) -> list[Battle]:
    """Return the running battles in which this person's action counts."""
    return await db.rows(
        Battle,
        _BATTLE + "WHERE plan = $1 AND $2 = ANY (kinds) AND state IN ('live', 'auditing')"
        " AND starts <= $3 AND $3 < cut_off AND EXISTS"
        " (SELECT FROM battle_member m WHERE m.battle = battle.id AND m.person = $4)",
        plan, kind, received_at, person,
    )  # fmt: skip


async def audits(plan: str, kind: str, received_at: datetime, person: UUID) -> list[UUID]:
    """Return the battles in audit to which this person's action belongs."""
    return await db.column(
        "SELECT id FROM battle WHERE plan = $1 AND $2 = ANY (kinds) AND state = 'auditing'"
        " AND starts <= $3 AND $3 < cut_off AND EXISTS"
        " (SELECT FROM battle_member m WHERE m.battle = battle.id AND m.person = $4)",
        plan, kind, received_at, person,
    )  # fmt: skip


class Audited(msgspec.Struct, frozen=True):
    """An action as an auditor sees it."""

    id: UUID
    person: UUID
    name: str
    side: str
    rank: str
    kind: str
    customer_shown: str
    note: str
    happened_at: datetime
    received_at: datetime
    verdict: str
    outcome: str
    points: int
    reason: str
    mode: Mode
    decided_by_name: str | None
    photos: list[UUID]


async def audited(one: Battle) -> list[Audited]:
    """Return every action of the roster in the battle's window: pending first, then newest."""
    return await db.rows(
        Audited,
        "SELECT a.id, a.person, p.name, m.side, m.rank, a.kind, coalesce(c.shown, '')"
        " AS customer_shown, a.note, a.happened_at, a.received_at, a.verdict, a.outcome, a.points,"
        " a.reason, a.mode, d.name AS decided_by_name,"
        " ARRAY(SELECT e.id FROM evidence e WHERE e.action = a.id ORDER BY e.id) AS photos"
        " FROM action a JOIN battle_member m ON m.battle = $1 AND m.person = a.person"
        " JOIN person p ON p.id = a.person LEFT JOIN person d ON d.id = a.decided_by"
        " LEFT JOIN customer c ON c.key = a.customer"
        " WHERE a.plan = $2 AND a.kind = ANY ($3::text[])"
        " AND a.received_at >= $4 AND a.received_at < $5"
        " ORDER BY a.outcome = 'pending' DESC, a.received_at DESC, a.id",
        one.id, one.plan, one.kinds, one.starts, one.cut_off,
    )  # fmt: skip


async def pending_count(one: Battle) -> int:
    """Return how many actions must still be decided before the score can't change.

    Those of the roster in this battle, and an earlier one outside it that holds the customer or
    the starters of one inside (struck, it would free the place) or may fill its quota.
    """
    found = await db.value(
        "SELECT count(DISTINCT w.id) FROM action a"
        " JOIN battle_member m ON m.battle = $1 AND m.person = a.person"
        " JOIN action w ON w.outcome = 'pending' AND (w.id = a.id OR (w.plan = a.plan"
        " AND w.kind = a.kind AND w.customer = a.customer AND a.customer <> ''"
        " AND w.received_at <= a.received_at)"
        " OR (a.is_home AND w.is_home AND w.plan = a.plan AND w.kind = a.kind"
        " AND w.person = a.person AND w.received_at <= a.received_at"
        " AND w.received_at > a.received_at - interval '32 days')"
        " OR (a.outcome = 'starter_counted' AND w.plan = a.plan"
        " AND w.starters ?| ARRAY(SELECT jsonb_object_keys(a.starters))))"
        " WHERE a.plan = $2 AND a.kind = ANY ($3::text[])"
        " AND (a.outcome IN ('pending', 'duplicate_customer', 'starter_counted')"
        " OR (a.is_home AND a.outcome IN ('scored', 'within_quota')))"
        " AND a.received_at >= $4 AND a.received_at < $5",
        one.id, one.plan, one.kinds, one.starts, one.cut_off,
    )  # fmt: skip
    return int(found)


def as_member(each: RosterMember) -> Member:
    """Return somebody of a roster as the rules know them: by their code."""
    return Member(each.code, each.side, each.rank, each.stake)


def as_members(roster_now: Sequence[RosterMember]) -> list[Member]:
    """Return a roster as the rules know it."""
    return [as_member(each) for each in roster_now]


async def memberships(person: UUID) -> dict[UUID, str]:
    """Return the person's side in each battle they are in."""
    async with db.connection() as one:
        found = await one.fetch("SELECT battle, side FROM battle_member WHERE person = $1", person)
    return {each["battle"]: each["side"] for each in found}


async def counted_in(person: UUID, plan: str, kind: str, received_at: datetime) -> list[Battle]:
    """Return the battles in which this person's action counts, or counted."""
    return await db.rows(
        Battle,
        _BATTLE + "WHERE plan = $1 AND $2 = ANY (kinds) AND starts <= $3 AND $3 < cut_off"
        " AND EXISTS (SELECT FROM battle_member m WHERE m.battle = battle.id AND m.person = $4)"
        " ORDER BY starts, id",
        plan, kind, received_at, person,
    )  # fmt: skip


class RankedMember(msgspec.Struct, frozen=True):
    """A person on a side with their place there; `rank` from 1."""

    person: UUID
    name: str
    points: int
    rank: int


async def members_of(one: Battle, side: str) -> list[RankedMember]:
    """Return a side's members by rank, as the board orders them; an opted-out one is not named."""
    return await db.rows(
        RankedMember,
        "SELECT m.person, p.name, coalesce(s.score, 0) AS points, row_number() OVER (ORDER BY"
        " coalesce(s.score, 0) DESC, floor(extract(epoch FROM s.reached_at - $3) * 1000), m.person)"
        " AS rank FROM battle_member m JOIN person p ON p.id = m.person"
        " LEFT JOIN standing s ON s.board = m.battle AND s.person = m.person"
        " WHERE m.battle = $1 AND m.side = $2 AND NOT p.opted_out ORDER BY rank",
        one.id, side, one.starts,
    )  # fmt: skip


class Waiting(msgspec.Struct, frozen=True):
    """How many actions wait at the review desk for somebody, and the first of them."""

    count: int
    first: UUID | None


async def desk(reviewer: UUID) -> Waiting:
    """Return what waits at the review desk: pending, not the reviewer's own, not under audit."""
    found = await db.row(
        Waiting,
        "SELECT count(*) AS count, (array_agg(a.id ORDER BY a.received_at, a.id))[1] AS first"
        " FROM action a" + AT_THE_DESK,
        reviewer,
    )
    return found or Waiting(0, None)
