"""Who stands where in a round: the figures come from SQL, the order from `game.honours`."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

import msgspec

from game import honours as rules
from game.honour_terms import HonourRule
from game.honours import Place, Tally
from server.honours import subjects
from server.honours.queries import Round
from server.kit import db

_OF_ACTIONS: Final = """
SELECT a.person AS who, {what}::bigint AS score, max(a.received_at) {counts} AS reached_at
FROM action a JOIN person p ON p.id = a.person
WHERE a.plan = $1 AND a.kind = ANY ($2) AND a.outcome = 'scored'
  AND a.received_at >= $3 AND a.received_at < $4
  AND p.active AND NOT p.opted_out AND p.kind = 'employee'
GROUP BY a.person HAVING {what} > 0
"""
POINTS: Final = _OF_ACTIONS.format(what="sum(a.points)", counts="FILTER (WHERE a.points > 0)")
ACTIONS: Final = _OF_ACTIONS.format(what="count(*)", counts="")

REFERRALS: Final = """
SELECT r.referrer AS who, count(*)::bigint AS score, max(d.counted_at) AS reached_at
FROM referral_deal d JOIN referral r ON r.id = d.referral JOIN person p ON p.id = r.referrer
WHERE d.state = 'counted' AND d.reversed_as IS NULL
  AND d.counted_at >= $1 AND d.counted_at < $2 AND p.active AND NOT p.opted_out AND p.kind = $3
GROUP BY r.referrer
"""
"""Deals that were rewarded in the period and not taken back by now."""


class Sum(msgspec.Struct, frozen=True):
    """What somebody has together, and when they got there."""

    who: UUID
    score: int
    reached_at: datetime | None


async def places(one: Round, rule: HonourRule) -> list[Place]:
    """Return the places of a round as they are now, the best first; names are ids."""
    return rules.places(rule, await tallies(one, rule))


async def tallies(one: Round, rule: HonourRule) -> list[Tally]:
    """Return what everybody who may win has in a round now."""
    if rule.by == "decision":
        return await _nominated(one, least=1)
    if rule.by == "vote":
        return await _votes(one, rule)
    if rule.who != "team":
        return _tallies(await _counted(one, rule))
    teams = {str(each.id): [str(one) for one in each.members] for each in await subjects.teams()}
    return rules.team_tallies(_tallies(await _counted(one, rule)), teams)


async def candidates(one: Round, rule: HonourRule) -> list[UUID]:
    """Return who has enough nominations to be voted for or chosen."""
    found = await _nominated(one, rule.least)
    return [UUID(each.who) for each in found]


async def _counted(one: Round, rule: HonourRule) -> list[Sum]:
    metric = rule.metric
    if metric is None:
        return []
    if metric.of == "referrals":
        kind = "employee" if one.who == "team" else one.who
        return await db.rows(Sum, REFERRALS, one.starts, one.ends, kind)
    sql = POINTS if metric.of == "points" else ACTIONS
    return await db.rows(Sum, sql, one.plan, list(metric.kinds), one.starts, one.ends)


async def _nominated(one: Round, least: int) -> list[Tally]:
    found = await db.rows(
        Sum,
        "SELECT subject AS who, count(*) AS score, NULL::timestamptz AS reached_at"
        " FROM honour_nomination WHERE round = $1 GROUP BY subject HAVING count(*) >= $2",
        one.id, least,
    )  # fmt: skip
    return _tallies(await _taking_part(one, found))


async def _votes(one: Round, rule: HonourRule) -> list[Tally]:
    found = await db.rows(
        Sum,
        "SELECT subject AS who, count(*) AS score, NULL::timestamptz AS reached_at"
        " FROM honour_vote WHERE round = $1 GROUP BY subject",
        one.id,
    )
    standing = set(await candidates(one, rule))
    return _tallies(each for each in found if each.who in standing)


async def _taking_part(one: Round, found: list[Sum]) -> list[Sum]:
    known = await subjects.known(one.who, [each.who for each in found])
    return [each for each in found if each.who in known]


def _tallies(found: Iterable[Sum]) -> list[Tally]:
    return [Tally(str(each.who), Fraction(each.score), each.reached_at) for each in found]
