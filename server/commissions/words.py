"""Commissions in words: rates as people say them, and where an accrual stands."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from game.commission_terms import CommissionRule
from server.kit import formats, i18n
from server.kit.i18n import Lazy, _, lazy
from server.ledger.words import Fact

WHY: Final[dict[str, Lazy]] = {
    "counted": lazy("the deal was checked"),
    "recounted": lazy("another deal of the same period changed"),
    "refused": lazy("the deal was found suspicious"),
    "refunded": lazy("the deal was refunded"),
    "struck": lazy("the deal was struck"),
}
WAITS_FOR: Final[dict[str, Lazy]] = {
    "verdict": lazy("in check"),
    "budget": lazy("waits for budget"),
}


def why(kind: str, reason: str) -> dict[str, str] | str:
    """Say why something moved: what somebody wrote, else what happened."""
    return reason or i18n.in_each(WHY[kind])


def percent(rate: Fraction) -> str:
    """Write a rate: 1/50 → 2%, 3/200 → 1.5%; one that is no decimal as it is."""
    figure = rate * 100
    hundredths = figure * 100
    if hundredths.denominator != 1:
        return f"{figure.numerator}/{figure.denominator}%"
    return f"{formats.score(figure)}%"


def pays(rule: CommissionRule) -> str:
    """Say what a rule pays: ¥200 a deal, 2%, or 5% up to ¥100,000, then 8%."""
    if rule.amount:
        return _("%(sum)s a deal", sum=formats.money(rule.amount))
    if len(rule.tiers) == 1:
        return percent(rule.tiers[0].rate)
    return " · ".join(
        _("%(rate)s up to %(sum)s", rate=percent(tier.rate), sum=formats.money(tier.up_to))
        if tier.up_to is not None
        else _("%(rate)s above that", rate=percent(tier.rate))
        for tier in rule.tiers
    )


def steps(explanation: Mapping[str, Any], amount: int) -> list[Fact]:
    """Say how an accrual came about, a line for each rate; none where it is a fixed amount."""
    found = []
    for step in explanation.get("steps", []):
        rate, times = Fraction(step["rate"]), Fraction(step.get("times", 1))
        label = f"{formats.money(step['base'])} × {percent(rate)}"
        if times != 1:
            label = f"{label} × {percent(times)}"
        found.append(Fact(label, exact(step["base"] * rate * times)))
    if not found:
        return [Fact(_("for the deal"), formats.money(amount))]
    return found


def exact(cents: Fraction) -> str:
    """Write 分 that were not rounded yet, to four digits of a yuan."""
    if cents.denominator == 1:
        return formats.money(int(cents))
    return f"¥{float(cents / 100):,.4f}".rstrip("0")
