"""Recorded leads played through a plan: who keeps which customer, and what each stage scores (L7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from game.lead_terms import ScoringStage
from game.leads import protected, terms_of
from game.plan_terms import Plan
from game.points import ActionFact, Verdict

Outcome = Literal[
    "valid", "pending", "struck", "duplicate_customer", "duplicate_lead", "unknown_person"
]
KEEPING: Final = frozenset({"valid", "pending"})
"""Outcomes in which a lead keeps its customer from others (D6)."""


class LeadFact(msgspec.Struct, frozen=True):
    """One lead as received, its review, and when it came to which stage; moments in UTC."""

    lead: str
    person: str
    customer: str
    owner: str
    """Who followed it up; "" is the person themselves."""
    received_at: datetime
    verdict: Verdict
    reached: dict[ScoringStage, datetime]


class LeadDecision(msgspec.Struct, frozen=True):
    """What became of one lead."""

    fact: LeadFact
    outcome: Outcome


def decide(plan: Plan, people: Collection[str], leads: Sequence[LeadFact]) -> list[LeadDecision]:
    """Return what becomes of leads, in the order received: the first of a customer keeps them.

    What its review struck kept nobody's place. Refused as `leads_closed` where the plan takes
    no leads.
    """
    terms, seen = terms_of(plan), set[str]()
    kept: dict[str, datetime] = {}
    decisions = []
    for fact in sorted(leads, key=lambda one: (one.received_at, one.lead)):
        outcome = _outcome(fact, people, seen, kept)
        seen.add(fact.lead)
        if outcome in KEEPING:
            kept[fact.customer] = protected(terms, fact.received_at)[1]
        decisions.append(LeadDecision(fact, outcome))
    return decisions


def _outcome(
    fact: LeadFact, people: Collection[str], seen: Collection[str], kept: dict[str, datetime]
) -> Outcome:
    if fact.lead in seen:
        return "duplicate_lead"
    if fact.person not in people:
        return "unknown_person"
    if fact.verdict == "struck":
        return "struck"
    if fact.customer in kept and fact.received_at < kept[fact.customer]:
        return "duplicate_customer"
    return "valid" if fact.verdict == "accepted" else "pending"


def actions_of(plan: Plan, decisions: Sequence[LeadDecision]) -> list[ActionFact]:
    """Return the actions that the stages of valid leads are, as the plan scores them (C1, C3)."""
    scores = terms_of(plan).scores
    return [
        ActionFact(
            action=f"{made.fact.lead}/{stage}",
            person=made.fact.person,
            kind=scores[stage],
            customer=made.fact.customer,
            happened_at=at,
            received_at=at,
            verdict="accepted",
            mode="direct" if made.fact.owner in {"", made.fact.person} else "handed_over",
        )
        for made in decisions
        if made.outcome == "valid"
        for stage, at in made.fact.reached.items()
        if stage in scores
    ]
