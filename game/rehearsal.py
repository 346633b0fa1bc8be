"""A plan played over recorded actions: who would have earned what, and from which pot (L7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from game.battles import Member, Outcome, Scored, competing, outcome, stake_of
from game.plan_terms import BattleRule, Plan, Rank
from game.points import ActionFact, Decision, fold


class Participant(msgspec.Struct, frozen=True):
    """A person of the people file; an empty side is none."""

    person: str
    name: str
    rank: Rank
    unit: str
    side: str


class Wallet(msgspec.Struct, frozen=True):
    """What a person would hold: points (may be negative) and cash in 分."""

    points: int
    cash: int


class Rehearsal(msgspec.Struct, frozen=True):
    """What the plan makes of the actions."""

    decisions: tuple[Decision, ...]
    """In the order taken."""
    battles: tuple[tuple[BattleRule, Outcome], ...]
    wallets: dict[str, Wallet]
    """By person, by code point; people who would hold nothing are left out."""


def rehearse(plan: Plan, people: Sequence[Participant], actions: Sequence[ActionFact]) -> Rehearsal:
    """Play `plan` over the actions, every wallet starting at 0."""
    decisions = fold(plan, {person.person for person in people}, actions)
    scored = [
        Scored(made.fact.person, made.fact.kind, made.points, made.fact.received_at)
        for made in decisions
        if made.outcome == "scored"
    ]
    points: dict[str, int] = defaultdict(int)
    cash: dict[str, int] = defaultdict(int)
    for entry in scored:
        points[entry.person] += entry.points
    battles = []
    for rule in plan.battles:
        members = members_of(rule, people)
        ended = outcome(rule, members, scored)
        battles.append((rule, ended))
        wallet = cash if ended.pot.asset == "cash" else points
        for person, amount in _moved(rule, members, ended).items():
            wallet[person] += amount
    held = {
        person: Wallet(points[person], cash[person])
        for person in sorted({*points, *cash})
        if points[person] or cash[person]
    }
    return Rehearsal(tuple(decisions), tuple(battles), held)


def members_of(rule: BattleRule, people: Sequence[Participant]) -> list[Member]:
    """Return everyone with a side as a member with the stake of their rank."""
    return [
        Member(person.person, person.side, person.rank, stake_of(rule, person.rank))
        for person in people
        if person.side
    ]


def _moved(rule: BattleRule, members: Sequence[Member], ended: Outcome) -> dict[str, int]:
    """Return what a battle adds to each wallet: the payout, less a stake of one's own."""
    moved = defaultdict(int, ended.payouts)
    if ended.state == "final" and rule.stake is not None and rule.stake.funded_by == "member":
        for team in competing(rule, members).values():
            for member in team:
                moved[member.person] -= member.stake
    return moved
