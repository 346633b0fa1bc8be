"""What a campaign brings for what it costs (L1 to L3): shares, profit and both readings of ROI.

Sums are in 分. Where a share has nothing to be a share of, there is no figure: None, never 0.
"""

from __future__ import annotations

from fractions import Fraction


def share(part: int, whole: int) -> Fraction | None:
    """Return `part` of `whole`; None of nothing."""
    return Fraction(part, whole) if whole > 0 else None


def profit(income: int, cost: int) -> int:
    """Return what is left of the income of deals after what they cost."""
    return income - cost


def cost_to_profit(income: int, cost: int) -> Fraction | None:
    """Return ROI as the plan writes it, cost ÷ profit; None without a profit (L3)."""
    return share(cost, profit(income, cost))


def gain_to_cost(income: int, cost: int) -> Fraction | None:
    """Return ROI as people read it, profit ÷ cost; None where nothing was spent (L3)."""
    return share(profit(income, cost), cost)


def per_promoter(income: int, promoters: int) -> int | None:
    """Return the income per promoter in whole 分, rounded down (L3)."""
    return income // promoters if promoters > 0 else None
