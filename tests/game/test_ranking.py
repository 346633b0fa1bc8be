from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.ranking import (
    MS_END,
    POINTS_END,
    Standing,
    fits,
    order,
    pack,
    points_to_pass,
    unpack,
)
from tests.game.cast import START, at

points = st.integers(0, POINTS_END - 1)
moments = st.integers(0, MS_END - 1)
scores = st.builds(Fraction, st.integers(0, 20), st.integers(1, 4))
standings = st.builds(
    Standing,
    name=st.text("甲乙丙AB12", min_size=1, max_size=2),
    score=scores,
    reached_at=st.none() | st.integers(0, 3).map(at),
)


def names(*sides):
    return [standing.name for standing in order(sides)]


def test_the_higher_score_then_the_sooner_then_the_smaller_name():
    low = Standing("a", Fraction(9), at(1))
    late = Standing("b", Fraction(10), at(3))
    soon = Standing("z", Fraction(10), at(2))
    also_soon = Standing("二", Fraction(10), at(2))
    assert names(low, late, also_soon, soon) == ["z", "二", "b", "a"]


def test_sides_that_never_moved_stand_by_name():
    assert names(Standing("E2", Fraction(0), None), Standing("E10", Fraction(0), None)) == [
        "E10",
        "E2",
    ]


def test_a_fraction_is_compared_exactly():
    third = Standing("a", Fraction(1, 3), at(2))
    just_less = Standing("b", Fraction(333333333333333333, 10**18), at(1))
    assert names(just_less, third) == ["a", "b"]


@given(st.lists(standings, unique_by=lambda standing: standing.name), st.randoms())
def test_the_order_is_total(sides, chance):
    shuffled = list(sides)
    chance.shuffle(shuffled)
    assert order(shuffled) == order(sides)


@given(st.lists(st.tuples(points, moments)))
def test_packed_numbers_sort_as_a_full_sort_does(entries):
    by_rule = sorted(entries, key=lambda entry: (-entry[0], entry[1]))
    assert sorted(entries, key=lambda entry: pack(*entry)) == by_rule


@given(points, moments)
def test_a_packed_number_is_exact_as_a_double_and_comes_apart_again(score, reached_ms):
    packed = pack(score, reached_ms)
    assert int(float(packed)) == packed
    assert unpack(packed) == (score, reached_ms)


@pytest.mark.parametrize(("score", "reached_ms"), [(-1, 0), (POINTS_END, 0), (0, -1), (0, MS_END)])
def test_what_does_not_fit_is_an_error(score, reached_ms):
    with pytest.raises(ValueError):
        pack(score, reached_ms)


def test_the_edges_fit():
    assert unpack(pack(POINTS_END - 1, MS_END - 1)) == (POINTS_END - 1, MS_END - 1)


@pytest.mark.parametrize(("days", "answer"), [(30, True), (49, True), (50, False)])
def test_a_board_lasts_49_days(days, answer):
    assert fits(START, START + timedelta(days=days)) is answer


@pytest.mark.parametrize(
    ("mine", "theirs", "members", "points"),
    [
        (5, 9, 1, 5),
        (9, 9, 1, 1),
        (Fraction(5, 2), Fraction(7, 2), 2, 3),
        (Fraction(5, 2), Fraction(10, 3), 2, 2),
        (0, 0, 3, 1),
        (9, 5, 1, 0),
    ],
)
def test_gaps_in_points(mine, theirs, members, points):
    assert points_to_pass(Fraction(mine), Fraction(theirs), members) == points


@given(st.integers(0, 50), st.integers(1, 5), scores)
def test_a_gap_is_the_fewest_points(mine, members, theirs):
    needed = points_to_pass(Fraction(mine, members), theirs, members)
    assert Fraction(mine + needed, members) > theirs
    assert needed == 0 or Fraction(mine + needed - 1, members) <= theirs
