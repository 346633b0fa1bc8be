"""What scores: a fold over the actions received and their verdicts (C1 to C4, C6, C9, D6).

The line that refuses or scores an action depends on what was received when and on the
verdicts, never on the order of reviews. Live decides one chain at a time with `cap_window`,
`decide_chain` and `keep_quotas`; `fold` is built from the same, so that live and rehearsal agree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.action_terms import Cap, Mode, Quota
from game.money import floor_times
from game.periods import window
from game.plan_terms import Multiplier, Plan, Versions, in_force

Verdict = Literal["accepted", "struck", "pending"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "struck", "pending")

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
    "needs_unmet",
    "starter_counted",
    "within_quota",
]

STANDING = frozenset({"scored", "within_quota"})
"""Outcomes of what is accepted and counts, for points or towards what is owed first (C4)."""


class ActionFact(msgspec.Struct, frozen=True):
    """One action as received, with its verdict; moments are in UTC, an empty customer is none."""

    action: str
    person: str
    kind: str
    customer: str
    happened_at: datetime
    received_at: datetime
    verdict: Verdict
    mode: Mode = "direct"
    starters: Mapping[str, date] = {}
    """Who started work and on which day, where the kind needs somebody to (C2)."""


class Reason(msgspec.Struct, frozen=True):
    """Why an action is worth its points (C9): the rule, its version, what multiplied it."""

    plan: str
    version: int
    points: int
    multipliers: tuple[Multiplier, ...]
    cap: Cap | None
    once_per_customer: int | None
    mode: Mode = "direct"


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
        """Whether the action neither stands nor waits for its verdict."""
        return self.outcome not in STANDING and self.outcome != "pending"


class Arrival(msgspec.Struct, frozen=True):
    """An action that came as far as the cap, and whether it is within it."""

    fact: ActionFact
    plan: Plan
    """The version in force at `received_at`; it has the kind of the action."""
    within_cap: bool
    is_home: bool = False
    """Received from somebody who owes some of its kind before it scores (C4)."""


def cap_window(
    cap: Cap | Quota, received_at: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """Return [start, end) in UTC: the window whose first `cap.most` actions may score."""
    return window(cap.per, received_at, zone)


def points_for(
    plan: Plan, kind: str, received_at: datetime, mode: Mode = "direct"
) -> tuple[int, Reason]:
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
    base = rule.worth(mode)
    reason = Reason(plan.id, plan.version, base, applied, rule.cap, rule.once_per_customer, mode)
    return floor_times(base, times), reason


class _Taken:
    """What the arrivals so far have taken: customers' places, and starters."""

    def __init__(self) -> None:
        self.held_at: dict[tuple[str, str], datetime] = {}
        self.starters: set[str] = set()


def decide_chain(arrivals: Sequence[Arrival]) -> list[Decision]:
    """Decide arrivals that may be in each other's way, given in the order of the fold.

    Live: those of one kind with one customer, and whatever is tied to them by a starter.
    Quotas are not looked at yet.
    """
    taken = _Taken()
    decisions = []
    for arrival in arrivals:
        decision = _decide(arrival, taken)
        fact = arrival.fact
        if not decision.is_refused:
            if fact.customer:
                taken.held_at[fact.kind, fact.customer] = fact.received_at
            taken.starters.update(_on_the_job(arrival))
        decisions.append(decision)
    return decisions


def _decide(arrival: Arrival, taken: _Taken) -> Decision:
    """Decide one arrival after those that have `taken` what they have."""
    fact, plan = arrival.fact, arrival.plan
    points, reason = points_for(plan, fact.kind, fact.received_at, fact.mode)
    if not arrival.within_cap:
        return Decision(fact, "cap_reached", reason=reason)
    if fact.verdict == "struck":
        return Decision(fact, "struck", reason=reason)
    if _repeats(arrival, taken.held_at.get((fact.kind, fact.customer))):
        return Decision(fact, "duplicate_customer", reason=reason)
    needs = plan.actions[fact.kind].needs
    if needs is not None:
        ready = _on_the_job(arrival)
        if len(ready) < needs.people:
            return Decision(fact, "needs_unmet", reason=reason)
        if len(ready - taken.starters) < needs.people:
            return Decision(fact, "starter_counted", reason=reason)
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


def _on_the_job(arrival: Arrival) -> set[str]:
    """Return whom the arrival names who had worked long enough when it came (C2)."""
    needs = arrival.plan.actions[arrival.fact.kind].needs
    if needs is None:
        return set()
    today = arrival.fact.received_at.astimezone(arrival.plan.zone).date()
    return {who for who, since in arrival.fact.starters.items() if today - since >= needs.span}


def keep_quotas(arrivals: Sequence[Arrival], decisions: Sequence[Decision]) -> list[Decision]:
    """Take the points from what is owed anyway: the first ones at home in each window (C4).

    `decisions` are those of `decide_chain` on `arrivals`, in the order of the fold.
    """
    stood: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    kept = []
    for arrival, decision in zip(arrivals, decisions, strict=True):
        fact, home = arrival.fact, arrival.plan.actions[arrival.fact.kind].home
        if arrival.is_home and home is not None and decision.outcome in STANDING:
            moments = stood[fact.person, fact.kind]
            owed = _is_among_first(home.quota, arrival, moments)
            moments.append(fact.received_at)
            kept.append(Decision(fact, "within_quota", 0, decision.reason) if owed else decision)
        else:
            kept.append(decision)
    return kept


def fold(
    versions: Versions | Plan,
    people: Collection[str],
    actions: Iterable[ActionFact],
    units: Mapping[str, str] | None = None,
) -> list[Decision]:
    """Decide every action, in the order of `received_at`, then id, then place in `actions`.

    `units` are the paths of people's units, for kinds that have a home.
    """
    taken = sorted(actions, key=lambda fact: (fact.received_at, fact.action))
    arrived, decided = _admit(versions, people, taken, units or {})
    arrivals = list(arrived.values())
    decisions = keep_quotas(arrivals, decide_chain(arrivals))
    decided.update(zip(arrived, decisions, strict=True))
    return [decided[place] for place in range(len(taken))]


def _admit(
    versions: Versions | Plan,
    people: Collection[str],
    taken: Sequence[ActionFact],
    units: Mapping[str, str],
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
            arrival = Arrival(fact, plan, within_cap=True)
            arrived[place] = msgspec.structs.replace(
                arrival,
                within_cap=_is_among_first(plan.actions[fact.kind].cap, arrival, moments),
                is_home=is_home(plan, fact.kind, units.get(fact.person, "")),
            )
            moments.append(fact.received_at)
        seen.add(fact.action)
    return arrived, refused


def is_home(plan: Plan, kind: str, path: str) -> bool:
    """Tell whether the unit at `path` owes some of a kind before it scores (A3, C4)."""
    home = plan.actions[kind].home
    return home is not None and home.quota.most > 0 and home.has(path)


def _is_among_first(
    limit: Cap | Quota | None, arrival: Arrival, earlier: Sequence[datetime]
) -> bool:
    """Tell whether an arrival is among the first `most` of its window; `earlier`: oldest first."""
    if limit is None:
        return True
    start, _ = cap_window(limit, arrival.fact.received_at, arrival.plan.zone)
    return len(earlier) - bisect_left(earlier, start) < limit.most
