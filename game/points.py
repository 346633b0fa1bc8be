"""What scores: a fold over the actions received and their verdicts (C1, C6, C9, D6).

The line that refuses or scores an action depends on what was received when and on the
verdicts, never on the order of reviews. Live decides one chain at a time with `cap_window`
and `decide_chain`; `fold` is built from the same two, so that live and rehearsal agree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.money import floor_times
from game.periods import window
from game.plan_terms import Cap, Multiplier, Plan, Versions, in_force

Verdict = Literal["accepted", "struck", "pending"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "struck", "pending")

Mode = Literal["direct", "handed_over"]
MODES: tuple[Mode, ...] = ("direct", "handed_over")
"""Brought about alone, or found and handed over to those who do (C3)."""

Outcome = Literal[
    "scored",
    "pending",
    "duplicate_action",
    "unknown_person",
    "unknown_kind",
    "happened_after_received",
    "cap_reached",
    "struck",
    "duplicate_customer",
]


class ActionFact(msgspec.Struct, frozen=True):
    """One action as received, with its verdict; moments are in UTC, an empty customer is none."""

    action: str
    person: str
    kind: str
    customer: str
    happened_at: datetime
    received_at: datetime
    verdict: Verdict


class Reason(msgspec.Struct, frozen=True):
    """Why an action is worth its points (C9): the rule, its version, what multiplied it."""

    plan: str
    version: int
    points: int
    multipliers: tuple[Multiplier, ...]
    cap: Cap | None
    once_per_customer: int | None


class Decision(msgspec.Struct, frozen=True):
    """What became of one action: scored, pending, or the name of its refusal."""

    fact: ActionFact
    outcome: Outcome
    points: int = 0
    """Whole points; 0 unless scored."""
    reason: Reason | None = None
    """None where no rule of the plan was reached."""

    @property
    def action(self) -> str:
        """The id of the action."""
        return self.fact.action

    @property
    def is_refused(self) -> bool:
        """Whether the action neither scored nor waits for its verdict."""
        return self.outcome not in {"scored", "pending"}


class Arrival(msgspec.Struct, frozen=True):
    """An action that came as far as the cap, and whether it is within it."""

    fact: ActionFact
    plan: Plan
    """The version in force at `received_at`; it has the kind of the action."""
    within_cap: bool


def cap_window(cap: Cap, received_at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return [start, end) in UTC: the window whose first `cap.most` actions may score."""
    return window(cap.per, received_at, zone)


def points_for(plan: Plan, kind: str, received_at: datetime) -> tuple[int, Reason]:
    """Return what a scored action is worth, and why; the kind must be in the plan."""
    rule = plan.actions[kind]
    applied = tuple(
        multiplier
        for multiplier in plan.multipliers
        if kind in multiplier.actions and multiplier.from_ <= received_at < multiplier.until
    )
    times = Fraction(1)
    for multiplier in applied:
        times *= multiplier.times
    reason = Reason(plan.id, plan.version, rule.points, applied, rule.cap, rule.once_per_customer)
    return floor_times(rule.points, times), reason


def decide_chain(arrivals: Sequence[Arrival]) -> list[Decision]:
    """Decide the arrivals of one kind with one customer, given in the order of the fold.

    Arrivals with an empty customer are decided each by itself.
    """
    decisions = []
    held_at: datetime | None = None
    for arrival in arrivals:
        decision = _decide(arrival, held_at)
        if arrival.fact.customer and not decision.is_refused:
            held_at = arrival.fact.received_at
        decisions.append(decision)
    return decisions


def _decide(arrival: Arrival, held_at: datetime | None) -> Decision:
    """Decide one arrival; `held_at` is when its customer's place was last taken."""
    fact, plan = arrival.fact, arrival.plan
    points, reason = points_for(plan, fact.kind, fact.received_at)
    if not arrival.within_cap:
        return Decision(fact, "cap_reached", reason=reason)
    if fact.verdict == "struck":
        return Decision(fact, "struck", reason=reason)
    if _repeats(arrival, held_at):
        return Decision(fact, "duplicate_customer", reason=reason)
    if fact.verdict == "pending":
        return Decision(fact, "pending", reason=reason)
    return Decision(fact, "scored", points, reason)


def _repeats(arrival: Arrival, held_at: datetime | None) -> bool:
    """Tell whether the customer's place was taken too short a time before (D6)."""
    fact = arrival.fact
    days = arrival.plan.actions[fact.kind].once_per_customer
    if days is None or held_at is None or not fact.customer:
        return False
    return fact.received_at - held_at < timedelta(days=days)


def fold(
    versions: Versions | Plan, people: Collection[str], actions: Iterable[ActionFact]
) -> list[Decision]:
    """Decide every action, in the order of `received_at`, then id, then place in `actions`."""
    taken = sorted(actions, key=lambda fact: (fact.received_at, fact.action))
    arrived, decided = _admit(versions, people, taken)
    chains: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, arrival in arrived.items():
        if arrival.fact.customer:
            chains[arrival.fact.kind, arrival.fact.customer].append(place)
        else:
            decided[place] = decide_chain([arrival])[0]
    for places in chains.values():
        chain = decide_chain([arrived[place] for place in places])
        decided.update(zip(places, chain, strict=True))
    return [decided[place] for place in range(len(taken))]


def _admit(
    versions: Versions | Plan, people: Collection[str], taken: Sequence[ActionFact]
) -> tuple[dict[int, Arrival], dict[int, Decision]]:
    """Part the actions, by place, into those that reach the cap and those refused before."""
    arrived: dict[int, Arrival] = {}
    refused: dict[int, Decision] = {}
    seen: set[str] = set()
    sent: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for place, fact in enumerate(taken):
        plan = in_force(versions, fact.received_at)
        if fact.action in seen:
            refused[place] = Decision(fact, "duplicate_action")
        elif fact.person not in people:
            refused[place] = Decision(fact, "unknown_person")
        elif plan is None or fact.kind not in plan.actions:
            refused[place] = Decision(fact, "unknown_kind")
        elif fact.happened_at > fact.received_at:
            refused[place] = Decision(fact, "happened_after_received")
        else:
            moments = sent[fact.person, fact.kind]
            arrived[place] = Arrival(fact, plan, _within_cap(plan, fact, moments))
            moments.append(fact.received_at)
        seen.add(fact.action)
    return arrived, refused


def _within_cap(plan: Plan, fact: ActionFact, sent: Sequence[datetime]) -> bool:
    """Tell whether the cap lets `fact` by; `sent` are the earlier ones, oldest first."""
    cap = plan.actions[fact.kind].cap
    if cap is None:
        return True
    start, _ = cap_window(cap, fact.received_at, plan.zone)
    return len(sent) - bisect_left(sent, start) < cap.most
