"""A plan played over recorded actions: who would have earned what, and from which pot (L7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from game.battles import Member, Outcome, Scored, competing, outcome, stake_of
from game.commission_terms import PartnerType
from game.commissions import Earner
from game.deal_rehearsal import Commission, DealFact, play, statements
from game.lead_rehearsal import LeadDecision, LeadFact, actions_of, decide
from game.plan_terms import BattleRule, Plan, Rank
from game.points import ActionFact, Decision, fold
from game.settlements import Line, Statement


class Participant(msgspec.Struct, frozen=True):
    """A person of the people file; an empty side is none."""

    person: str
    name: str
    rank: Rank
    unit: str
    side: str
    partner: PartnerType | None = None
    """What kind of partner somebody from outside is; None of an employee."""


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
    leads: tuple[LeadDecision, ...] = ()
    """In the order received."""
    commissions: tuple[Commission, ...] = ()
    statements: tuple[Statement, ...] = ()
    """By person and time; without deals there are none."""


def rehearse(
    plan: Plan,
    people: Sequence[Participant],
    actions: Sequence[ActionFact],
    leads: Sequence[LeadFact] = (),
    deals: Sequence[DealFact] = (),
) -> Rehearsal:
    """Play `plan` over actions, leads and deals, every wallet starting at 0.

    Refused as `leads_closed` where there are leads and the plan takes none.
    """
    names = {person.person for person in people}
    found = decide(plan, names, leads) if leads else []
    units = {person.person: person.unit for person in people}
    decisions = fold(plan, names, [*actions, *(actions_of(plan, found) if found else [])], units)
    scored = [
        Scored(made.fact.person, made.fact.kind, made.points, made.fact.received_at)
        for made in decisions
        if made.outcome == "scored"
    ]
    points: dict[str, int] = defaultdict(int)
    cash: dict[str, int] = defaultdict(int)
    for entry in scored:
        points[entry.person] += entry.points
    earners = {person.person: earner_of(person) for person in people}
    played = play(plan, earners, deals)
    lines = {person: list(mine) for person, mine in played.lines.items()}
    battles = []
    for rule in plan.battles:
        members = members_of(rule, people)
        ended = outcome(rule, members, scored)
        battles.append((rule, ended))
        wallet = cash if ended.pot.asset == "cash" else points
        for person, amount in _moved(rule, members, ended).items():
            wallet[person] += amount
        if ended.pot.asset == "cash":
            _note(lines, rule, ended.payouts)
    for person, mine in played.lines.items():
        cash[person] += sum(line.amount for line in mine)
    held = {
        person: Wallet(points[person], cash[person])
        for person in sorted({*points, *cash})
        if points[person] or cash[person]
    }
    return Rehearsal(
        decisions=tuple(decisions),
        battles=tuple(battles),
        wallets=held,
        leads=tuple(found),
        commissions=played.commissions,
        statements=tuple(statements(plan, earners, lines)) if deals else (),
    )


def earner_of(person: Participant) -> Earner:
    """Return somebody as commissions see them: by the units above them, or as a partner."""
    if person.partner is not None:
        return Earner(person.person, "partner", partner=person.partner)
    return Earner(person.person, "employee", tuple(person.unit.split("/")))


def _note(lines: dict[str, list[Line]], rule: BattleRule, payouts: Mapping[str, int]) -> None:
    """Add what a battle pays out to the lines that statements are made of."""
    for person, amount in payouts.items():
        if amount:
            line = Line(f"{rule.id}/payout", "payout", rule.cut_off, amount)
            lines.setdefault(person, []).append(line)


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
