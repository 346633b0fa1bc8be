"""Shares, profit and both readings of ROI (L3)."""

from fractions import Fraction

import pytest

from game.efficiency import cost_to_profit, gain_to_cost, per_promoter, profit, share


@pytest.mark.parametrize(
    ("income", "cost", "written", "read"),
    [
        (100_000, 20_000, Fraction(1, 4), Fraction(4)),
        (100_000, 0, Fraction(0), None),
        (20_000, 20_000, None, Fraction(0)),
        (10_000, 20_000, None, Fraction(-1, 2)),
        (0, 0, None, None),
    ],
)
def test_both_readings_of_roi(
    income: int, cost: int, written: Fraction | None, read: Fraction | None
) -> None:
    assert cost_to_profit(income, cost) == written
    assert gain_to_cost(income, cost) == read
    assert profit(income, cost) == income - cost


def test_nothing_has_no_share() -> None:
    assert share(0, 0) is None
    assert share(3, 12) == Fraction(1, 4)
    assert per_promoter(1_000, 0) is None
    assert per_promoter(1_000, 3) == 333
