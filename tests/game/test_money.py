from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.money import floor_times, split

weights = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 1000), min_size=1)


@pytest.mark.parametrize(
    ("points", "times", "worth"),
    [
        (5, Fraction(3, 2), 7),
        (5, Fraction(1), 5),
        (1, Fraction(1, 2), 0),
        (7, Fraction(9, 4), 15),
        (10**17 + 1, Fraction(3), 3 * 10**17 + 3),
    ],
)
def test_rounding_is_down_and_exact(points, times, worth):
    assert floor_times(points, times) == worth


@pytest.mark.parametrize(
    ("total", "by", "parts"),
    [
        (60001, {"E1": 2, "E2": 7}, {"E1": 13334, "E2": 46667}),
        (1, {"E2": 1, "E10": 1}, {"E10": 1, "E2": 0}),
        (2, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 0}),
        (10, {"a": 0, "b": 0}, {"a": 5, "b": 5}),
        (10, {"a": 0, "b": 3}, {"a": 0, "b": 10}),
        (0, {"a": 1}, {"a": 0}),
        (7, {"a": Fraction(1, 3), "b": Fraction(2, 3)}, {"a": 2, "b": 5}),
        (0, {}, {}),
    ],
)
def test_the_largest_remainder_takes_what_is_left(total, by, parts):
    assert split(total, by) == parts


def test_equal_remainders_go_by_code_point_not_by_alphabet():
    assert split(1, {"é": 1, "z": 1}) == {"z": 1, "é": 0}
    assert split(1, {"二": 1, "一": 1}) == {"一": 1, "二": 0}


@pytest.mark.parametrize(("total", "by"), [(-1, {"a": 1}), (1, {"a": -1, "b": 3}), (1, {})])
def test_what_cannot_be_divided_is_an_error(total, by):
    with pytest.raises(ValueError):
        split(total, by)


@given(st.integers(0, 10**18), weights)
def test_the_parts_are_the_total_and_each_within_one_of_its_due(total, by):
    parts = split(total, by)
    assert sum(parts.values()) == total
    assert parts.keys() == by.keys()
    whole = sum(by.values())
    for taker, weight in by.items():
        due = Fraction(total * weight, whole) if whole else Fraction(total, len(by))
        assert abs(parts[taker] - due) < 1


@given(st.integers(0, 10**6), weights)
def test_the_order_of_the_takers_does_not_matter(total, by):
    assert split(total, dict(reversed(by.items()))) == split(total, by)


@given(st.integers(0, 10**6), weights)
def test_who_weighs_more_never_gets_less(total, by):
    parts = split(total, by)
    ranked = sorted(by, key=lambda taker: by[taker])
    for lighter, heavier in pairwise(ranked):
        if by[lighter] < by[heavier]:
            assert parts[lighter] <= parts[heavier]
