"""A battle: who competes, who stands where, who takes the pot (E1 to E6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Literal

import msgspec

from game.money import split
from game.plan_terms import BattleRule, Rank, StakeAsset
from game.ranking import Standing, order
from game.tallies import tally


class Member(msgspec.Struct, frozen=True):
    """A person on a side, with the rank and the stake pinned at joining (points or 分)."""

    person: str
    side: str
    rank: Rank
    stake: int


class Scored(msgspec.Struct, frozen=True):
    """A scored action: whose, of which kind, its points, when it was received."""

    person: str
    kind: str
    points: int
    received_at: datetime


class SideStanding(msgspec.Struct, frozen=True):
    """A side's place: `rank` from 1, exact score, when it was reached, number of members."""

    side: str
    rank: int
    score: Fraction
    reached_at: datetime | None
    members: int


class Pot(msgspec.Struct, frozen=True):
    """What a battle pays, in points or 分; no asset where there is neither stake nor sponsor."""

    asset: StakeAsset | None
    stakes: int
    sponsor: int

    @property
    def total(self) -> int:
        """Stakes and sponsor together."""
        return self.stakes + self.sponsor


class Outcome(msgspec.Struct, frozen=True):
    """How a battle ended; of a void one every stake goes back and nobody is paid."""

    state: Literal["final", "void"]
    sides: tuple[SideStanding, ...]
    pot: Pot
    winners: tuple[str, ...]
    """Sides that take the pot, by name."""
    shares: dict[str, int]
    """What each winning side takes."""
    payouts: dict[str, int]
    """What each member of a winning side is paid, zeros included."""


def stake_of(rule: BattleRule, rank: Rank) -> int:
    """Return what a member of this rank puts in: points or 分; 0 without a stake (E4)."""
    return 0 if rule.stake is None else rule.stake.by_rank.get(rank, 0)


def counts(rule: BattleRule, kind: str, received_at: datetime) -> bool:
    """Tell whether an action of this kind counts: received in [starts, cut_off) (E2)."""
    return kind in rule.actions and rule.starts <= received_at < rule.cut_off


def competing(rule: BattleRule, members: Iterable[Member]) -> dict[str, list[Member]]:
    """Return the members of each competing side; a side without members does not compete."""
    sides: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        if member.side and (rule.sides is None or member.side in rule.sides):
            sides[member.side].append(member)
    return dict(sides)


def standings(
    rule: BattleRule, members: Iterable[Member], scored: Iterable[Scored]
) -> list[SideStanding]:
    """Return the competing sides in order of rank."""
    sides = competing(rule, members)
    return _ranked(rule, sides, _counted(rule, sides, scored))


def person_points(
    rule: BattleRule, members: Iterable[Member], scored: Iterable[Scored]
) -> dict[str, int]:
    """Return each competing member's own points in this battle, zeros included."""
    sides = competing(rule, members)
    points = {member.person: 0 for team in sides.values() for member in team}
    for entry in _counted(rule, sides, scored):
        points[entry.person] += entry.points
    return points


def outcome(rule: BattleRule, members: Iterable[Member], scored: Iterable[Scored]) -> Outcome:
    """Decide a battle from its members and its audited actions (E6)."""
    sides = competing(rule, members)
    counted = _counted(rule, sides, scored)
    ranked = tuple(_ranked(rule, sides, counted))
    pot = pot_of(rule, sides)
    if len(ranked) < 2 or ranked[0].score == 0:
        return Outcome("void", ranked, pot, (), {}, {})

    winners = _winners(rule, ranked)
    shares = split(pot.total, dict.fromkeys(winners, 1))
    points: dict[str, int] = defaultdict(int)
    for entry in counted:
        points[entry.person] += entry.points
    payouts: dict[str, int] = {}
    for side in winners:
        payouts |= split(shares[side], _weights(rule, sides[side], points))
    return Outcome("final", ranked, pot, winners, shares, payouts)


def pot_of(rule: BattleRule, sides: Mapping[str, Sequence[Member]]) -> Pot:
    """Return the pot: every competing member's stake and what the sponsor adds (E5)."""
    terms = rule.stake or rule.sponsor
    return Pot(
        asset=None if terms is None else terms.asset,
        stakes=sum(member.stake for team in sides.values() for member in team),
        sponsor=0 if rule.sponsor is None else rule.sponsor.amount,
    )


def _counted(
    rule: BattleRule, sides: Mapping[str, Sequence[Member]], scored: Iterable[Scored]
) -> list[Scored]:
    """Keep what counts of competing members, in the order received."""
    people = {member.person for team in sides.values() for member in team}
    kept = [
        entry
        for entry in scored
        if entry.person in people and counts(rule, entry.kind, entry.received_at)
    ]
    return sorted(kept, key=lambda entry: entry.received_at)


def _ranked(
    rule: BattleRule, sides: Mapping[str, Sequence[Member]], counted: Sequence[Scored]
) -> list[SideStanding]:
    side_of = {member.person: side for side, team in sides.items() for member in team}
    by_side: dict[str, list[tuple[str, int, datetime]]] = {side: [] for side in sides}
    for entry in counted:
        by_side[side_of[entry.person]].append((entry.person, entry.points, entry.received_at))
    reached = []
    for side, entries in by_side.items():
        total, reached_at = tally(entries, rule.best_n)
        heads = len(sides[side]) if rule.score == "per_head" else 1
        reached.append(Standing(side, Fraction(total, heads), reached_at))
    return [
        SideStanding(
            standing.name, rank, standing.score, standing.reached_at, len(sides[standing.name])
        )
        for rank, standing in enumerate(order(reached), start=1)
    ]


def _winners(rule: BattleRule, ranked: Sequence[SideStanding]) -> tuple[str, ...]:
    if rule.tie == "first_to_reach":
        return (ranked[0].side,)
    return tuple(sorted(place.side for place in ranked if place.score == ranked[0].score))


def _weights(rule: BattleRule, team: Sequence[Member], points: Mapping[str, int]) -> dict[str, int]:
    if rule.share == "by_points":
        return {member.person: points.get(member.person, 0) for member in team}
    if rule.share == "by_stake":
        return {member.person: member.stake for member in team}
    return {member.person: 1 for member in team}
