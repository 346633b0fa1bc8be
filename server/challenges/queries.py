"""Challenges, who is in them, and what counts; official figures come from here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from game.challenge_terms import ChallengeKind, ChallengeRule, PoolAsset
from game.challenges import OVER, Done, State
from game.errors import RuleViolation
from game.plan import Plan
from server.kit import db
from server.plans import queries as plans


class Challenge(msgspec.Struct, frozen=True):
    """One challenge; its rule is that of its pinned plan version, `store` None: the company's."""

    id: UUID
    plan: str
    plan_version: int
    rule: str
    kind: ChallengeKind
    store: UUID | None
    kinds: list[str]
    sides: list[str]
    state: State
    starts: datetime
    ends: datetime
    asset: PoolAsset | None
    pool: int
    created_by: UUID | None
    ended_at: datetime | None
    result: dict[str, Any] | None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.state in OVER


class Member(msgspec.Struct, frozen=True):
    """Somebody who was asked, and has joined when `joined_at` says so."""

    person: UUID
    name: str
    side: str
    joined_at: datetime | None
    opted_out: bool


class PersonPoints(msgspec.Struct, frozen=True):
    """What a member has in a challenge, and the last receipt that brought it there."""

    person: UUID
    points: int
    reached_at: datetime


_CHALLENGE = """SELECT id, plan, plan_version, rule, kind, store, kinds, sides, state, starts, ends,
asset, pool, created_by, ended_at, result FROM challenge """
_LISTED = """ORDER BY array_position(ARRAY['live','open','finished','paid','missed','void'], state),
CASE WHEN state IN ('live', 'open') THEN ends END, ends DESC, id"""
LISTED_OVER = 20


async def challenge(id_: UUID) -> Challenge:
    """Return one challenge, or refuse with `challenge_unknown`."""
    found = await db.row(Challenge, _CHALLENGE + "WHERE id = $1", id_)
    if found is None:
        raise RuleViolation("challenge_unknown")
    return found


async def challenges() -> list[Challenge]:
    """Return those that run, what ends first on top, then the last twenty over."""
    return await db.rows(
        Challenge,
        _CHALLENGE
        + "WHERE state IN ('open', 'live', 'finished') OR id IN (SELECT id FROM challenge"
        f" WHERE state IN ('paid', 'missed') ORDER BY ends DESC LIMIT {LISTED_OVER}) " + _LISTED,
    )


async def shown_in(store: UUID | None, since: datetime) -> list[Challenge]:
    """Return what a store shows: its own and the company's, those that ended `since` too."""
    return await db.rows(
        Challenge,
        _CHALLENGE + "WHERE (store IS NULL OR store = $1) AND (state IN ('open', 'live',"
        " 'finished') OR state IN ('paid', 'missed') AND ended_at >= $2)"
        " ORDER BY store IS NULL, array_position(ARRAY['live','open','finished','paid','missed'],"
        " state), ends, id",
        store,
        since,
    )


async def newest(kind: ChallengeKind) -> Challenge | None:
    """Return the challenge of a kind that was made last and not called off."""
    return await db.row(
        Challenge,
        _CHALLENGE + "WHERE kind = $1 AND state <> 'void' ORDER BY created_at DESC LIMIT 1",
        kind,
    )


async def due(states: Sequence[str], column: str) -> list[Challenge]:
    """Return challenges in these states whose `starts` or `ends` has passed."""
    moment = {"starts": "starts", "ends": "ends"}[column]
    return await db.rows(
        Challenge,
        _CHALLENGE + f"WHERE state = ANY ($1::text[]) AND {moment} <= leitai_clock() ORDER BY id",
        list(states),
    )


async def plan_of(one: Challenge) -> Plan:
    """Return the plan a challenge belongs to, in its pinned version."""
    return (await plans.plan_version(one.plan, one.plan_version)).plan


async def rule_of(one: Challenge) -> ChallengeRule:
    """Return the rule of a challenge, from its pinned plan version."""
    return (await plan_of(one)).challenges[one.rule]


async def made(plan: str, rule: str, store: UUID | None, start: datetime, end: datetime) -> int:
    """Return how often a template was used by a store (or the company) in [start, end)."""
    found = await db.value(
        "SELECT count(*) FROM challenge WHERE plan = $1 AND rule = $2 AND state <> 'void'"
        " AND store IS NOT DISTINCT FROM $3 AND created_at >= $4 AND created_at < $5",
        plan, rule, store, start, end,
    )  # fmt: skip
    return int(found)


_MEMBER = """SELECT m.person, p.name, m.side, m.joined_at, p.opted_out FROM challenge_member m
JOIN person p ON p.id = m.person """


async def asked(id_: UUID) -> list[Member]:
    """Return everybody who was asked or joined."""
    return await db.rows(Member, _MEMBER + "WHERE m.challenge = $1 ORDER BY p.code", id_)


async def members(id_: UUID) -> list[Member]:
    """Return everybody who has joined."""
    return [each for each in await asked(id_) if each.joined_at is not None]


async def member(id_: UUID, person: UUID) -> Member | None:
    """Return somebody's place in a challenge, asked or joined."""
    return await db.row(Member, _MEMBER + "WHERE m.challenge = $1 AND m.person = $2", id_, person)


async def places_of(person: UUID) -> dict[UUID, bool]:
    """Return the challenges somebody was asked into, and whether they joined."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT challenge, joined_at IS NOT NULL AS joined FROM challenge_member"
            " WHERE person = $1",
            person,
        )
    return {each["challenge"]: each["joined"] for each in found}


async def running_with(person: UUID) -> list[Challenge]:
    """Return the challenges that still take people in, and that somebody was asked into."""
    return await db.rows(
        Challenge,
        _CHALLENGE + "WHERE state IN ('open', 'live') AND id IN"
        " (SELECT challenge FROM challenge_member WHERE person = $1) ORDER BY id",
        person,
    )


_COUNTS = """ FROM action a JOIN challenge_member m ON m.challenge = $1 AND m.person = a.person
AND m.joined_at IS NOT NULL WHERE a.plan = $2 AND a.kind = ANY ($3::text[])
AND a.received_at >= $4 AND a.received_at < $5 """


async def done(one: Challenge) -> list[Done]:
    """Return what each member did by kind, accepted and in time: the fold, done by SQL."""
    return await db.rows(
        Done,
        "SELECT a.person::text AS person, a.kind, count(*) AS times, sum(a.points)::bigint AS points"
        + _COUNTS
        + "AND a.outcome = 'scored' GROUP BY a.person, a.kind ORDER BY a.person, a.kind",
        one.id, one.plan, one.kinds, one.starts, one.ends,
    )  # fmt: skip


async def points_so_far(one: Challenge, person: UUID | None = None) -> list[PersonPoints]:
    """Return the members' points in this challenge straight from the actions; zeros left out."""
    return await db.rows(
        PersonPoints,
        "SELECT a.person, sum(a.points)::bigint AS points, max(a.received_at) AS reached_at"
        + _COUNTS
        + "AND a.points > 0 AND ($6::uuid IS NULL OR a.person = $6) GROUP BY a.person",
        one.id, one.plan, one.kinds, one.starts, one.ends, person,
    )  # fmt: skip


async def counting(plan: str, kind: str, received_at: datetime, person: UUID) -> list[Challenge]:
    """Return the challenges, running or in review, in which this person's action counts."""
    return await db.rows(
        Challenge,
        _CHALLENGE + "WHERE plan = $1 AND $2 = ANY (kinds) AND state IN ('live', 'finished')"
        " AND starts <= $3 AND $3 < ends AND EXISTS (SELECT FROM challenge_member m"
        " WHERE m.challenge = challenge.id AND m.person = $4 AND m.joined_at IS NOT NULL)"
        " ORDER BY id",
        plan, kind, received_at, person,
    )  # fmt: skip


async def pending_count(one: Challenge) -> int:
    """Return how many actions must still be decided before the result can't change.

    Those of the members in this challenge, and an earlier one outside it that holds the customer
    or the starters of one inside (struck, it would free the place) or may fill its quota.
    """
    found = await db.value(
        "SELECT count(DISTINCT w.id) FROM action a"
        " JOIN challenge_member m ON m.challenge = $1 AND m.person = a.person"
        " AND m.joined_at IS NOT NULL"
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
        one.id, one.plan, one.kinds, one.starts, one.ends,
    )  # fmt: skip
    return int(found)


async def sent_by(one: Challenge, person: UUID) -> dict[str, int]:
    """Return how many actions of each kind of somebody's wait for a verdict in this challenge."""
    async with db.connection() as connection:
        found = await connection.fetch(
            "SELECT a.kind, count(*) AS n FROM action a WHERE a.person = $1 AND a.plan = $2"
            " AND a.kind = ANY ($3::text[]) AND a.received_at >= $4 AND a.received_at < $5"
            " AND a.outcome = 'pending' GROUP BY a.kind",
            person, one.plan, one.kinds, one.starts, one.ends,
        )  # fmt: skip
    return {each["kind"]: each["n"] for each in found}
