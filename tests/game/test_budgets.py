from fractions import Fraction

import pytest

from game.budgets import Used, level, percent


@pytest.mark.parametrize(
    ("used", "found"),
    [
        (Used(100, 79), "calm"),
        (Used(100, 80), "near"),
        (Used(100, 99), "near"),
        (Used(100, 100), "reached"),
        (Used(100, 70, beside=10), "near"),
        (Used(100, 0, beside=120), "reached"),
        (Used(100, 0, promised=500), "calm"),
        (Used(None, 10**9), "calm"),
    ],
)
def test_people_are_told_before_a_cap_and_at_it(used, found):
    assert level(used, Fraction(8, 10)) == found


def test_the_forecast_is_what_is_gone_and_what_is_promised():
    used = Used(1000, 300, 200, 50)
    assert (used.together, used.left, used.forecast) == (350, 650, 550)
    assert Used(100, 130).left == -30
    assert Used(None, 5).left is None


@pytest.mark.parametrize(
    ("part", "whole", "found"), [(1, 3, 33), (0, 5, 0), (5, 0, 0), (6, 3, 200)]
)
def test_shares_are_whole_percents_rounded_down(part, whole, found):
    assert percent(part, whole) == found
