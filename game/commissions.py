"""Commissions: who earns on a deal, how much, and what a change takes back (G3 to G6, G9).

Rates are exact. Tiers and bonuses are marginal: each part of a period's deals earns the rate of
the part it lies in. A deal's commission is rounded once, and the deals of a period are counted
in the order they were made, so whatever order they are checked in, the sums are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.commission_terms import Bonus, CommissionRule, Part, PartnerType, Policy, Tier, Who
from game.money import nearest
from game.periods import window
from game.plan_terms import Plan


class Earner(msgspec.Struct, frozen=True):
    """Who had a part in a deal: an employee with the names of their units, or a partner."""

    id: str
    who: Who | Literal["customer"]
    units: tuple[str, ...] = ()
    partner: PartnerType | None = None


class Deal(msgspec.Struct, frozen=True):
    """A checked deal of `amount` 分, and who did what for it."""

    id: str
    amount: int
    made_at: datetime
    is_first: bool
    from_lead: bool
    parts: dict[Part, Earner]


class Claim(msgspec.Struct, frozen=True):
    """A deal that earns a person under one rule; counted among those of [starts, ends)."""

    deal: str
    rule: str
    person: str
    base: int
    made_at: datetime
    terms: CommissionRule
    period: tuple[datetime, datetime] | None


class Step(msgspec.Struct, frozen=True):
    """`base` 分 at `rate`; `times` is more than 1 past the mark of a bonus."""

    base: int
    rate: Fraction
    times: Fraction = Fraction(1)

    @property
    def earned(self) -> Fraction:
        """What it comes to, unrounded."""
        return self.base * self.rate * self.times


class Accrual(msgspec.Struct, frozen=True):
    """What a claim comes to in whole 分: its steps summed and rounded once.

    `before` is what the deals of the period came to before this one. Without steps it is an
    amount for the deal (G3).
    """

    claim: Claim
    amount: int
    before: int
    steps: tuple[Step, ...]


class Move(msgspec.Struct, frozen=True):
    """What a change moves: `post` 分 to the person (below 0: back), `waived` stays with them."""

    post: int
    waived: int


def claims(plan: Plan, deal: Deal) -> list[Claim]:
    """Return what a deal earns under the rules of the plan, in their order."""
    found = []
    for name, rule in plan.commissions.items():
        earner = deal.parts.get(rule.part)
        if earner is not None and is_earned(rule, deal, earner):
            found.append(
                Claim(
                    deal=deal.id,
                    rule=name,
                    person=earner.id,
                    base=deal.amount,
                    made_at=deal.made_at,
                    terms=rule,
                    period=period_of(rule, deal.made_at, plan.zone),
                )
            )
    return found


def is_earned(rule: CommissionRule, deal: Deal, earner: Earner) -> bool:
    """Say whether a rule pays this person for this deal."""
    if rule.deals != "all" and (rule.deals == "first") != deal.is_first:
        return False
    if deal.amount < rule.least_deal or (rule.from_lead and not deal.from_lead):
        return False
    if earner.who != rule.who:
        return False
    if rule.who == "partner":
        return not rule.partners or earner.partner in rule.partners
    is_inside = not rule.units or not set(rule.units).isdisjoint(earner.units)
    return is_inside and set(rule.not_units).isdisjoint(earner.units)


def period_of(
    rule: CommissionRule, moment: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """Return the month or quarter over which a rule counts; None where each deal is by itself."""
    return window(rule.per, moment, zone) if rule.per else None


def accrue(claimed: Iterable[Claim]) -> list[Accrual]:
    """Return what one person's claims of one rule and period come to, by when they were made."""
    found: list[Accrual] = []
    before = 0
    for claim in sorted(claimed, key=lambda each: (each.made_at, each.deal)):
        if claim.period is None:
            before = 0
        found.append(_accrual(claim, before))
        before += claim.base
    return found


def _accrual(claim: Claim, before: int) -> Accrual:
    if claim.terms.amount:
        return Accrual(claim, claim.terms.amount, before, ())
    steps = tuple(steps_of(claim.terms, before, before + claim.base))
    exact = sum((step.earned for step in steps), start=Fraction(0))
    return Accrual(claim, nearest(exact), before, steps)


def steps_of(rule: CommissionRule, start: int, end: int) -> Iterator[Step]:
    """Cut the 分 in (start, end] of a period at the edges of tiers and the mark of a bonus."""
    edges = sorted(edge for edge in _edges(rule) if start < edge < end)
    for low, high in zip([start, *edges], [*edges, end], strict=True):
        if low < high:
            yield Step(high - low, _rate(rule.tiers, high), _times(rule.bonus, high))


def _edges(rule: CommissionRule) -> set[int]:
    tiers = {tier.up_to for tier in rule.tiers if tier.up_to is not None}
    # A mark between two 分 lies before the second: that one is past it.
    return tiers | ({int(rule.bonus.mark)} if rule.bonus else set())


def _rate(tiers: Sequence[Tier], end: int) -> Fraction:
    return next(tier.rate for tier in tiers if tier.up_to is None or end <= tier.up_to)


def _times(bonus: Bonus | None, end: int) -> Fraction:
    return bonus.times if bonus is not None and end > bonus.mark else Fraction(1)


def next_tier(rule: CommissionRule, reached: int) -> tuple[int, Fraction] | None:
    """Return what is missing, in 分, to the next better rate of the period, and that rate."""
    for edge in sorted(_edges(rule)):
        if reached < edge:
            now = _rate(rule.tiers, edge) * _times(rule.bonus, edge)
            then = _rate(rule.tiers, edge + 1) * _times(rule.bonus, edge + 1)
            if then > now:
                return edge - reached, then
    return None


def change(amount: int, posted: int, waived: int, policy: Policy, available: int) -> Move:
    """Return what makes `posted` − `waived` equal to `amount`, as the policy allows (G9).

    `available` is what the person's wallet holds. What the policy leaves with the person is
    waived, and fills up first when the amount grows again.
    """
    more = amount - (posted - waived)
    if more >= 0:
        filled = min(more, waived)
        return Move(more - filled, waived - filled)
    taken = {
        "pending_only": 0,
        "to_zero": min(-more, max(available, 0)),
        "below_zero": -more,
    }[policy]
    return Move(-taken, waived - more - taken)


def explained(accrual: Accrual) -> Mapping[str, object]:
    """Return how an accrual came about, as plain data; rates are "p/q"."""
    steps = [
        {"base": step.base, "rate": ratio(step.rate)}
        | ({"times": ratio(step.times)} if step.times != 1 else {})
        for step in accrual.steps
    ]
    return {"before": accrual.before, "steps": steps}


def ratio(value: Fraction) -> str:
    """Write a fraction as "p/q"."""
    return f"{value.numerator}/{value.denominator}"
