from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.battles import (
    Pot,
    competing,
    counts,
    outcome,
    person_points,
    stake_of,
    standings,
)
from game.plan import Sponsor
from tests.game.cast import BATTLE, at, changed, member, score

TEAM = [member("Mei", "North"), member("Bao", "North"), member("Chen", "South")]


def table(rule, members, scored):
    return [
        (place.side, place.rank, str(place.score)) for place in standings(rule, members, scored)
    ]


# Who competes, what counts.


def test_the_sides_are_those_of_the_plan_or_all_and_none_without_members():
    people = [*TEAM, member("An", ""), member("Li", "West")]
    assert list(competing(BATTLE, people)) == ["North", "South", "West"]
    named = changed(BATTLE, sides=("South", "North", "East"))
    assert set(competing(named, people)) == {"North", "South"}
    assert [place.members for place in standings(named, people, [])] == [2, 1]


@pytest.mark.parametrize(
    ("kind", "received_at", "answer"),
    [
        ("plain", BATTLE.starts, True),
        ("plain", at(-0.000001), False),
        ("plain", at(29.999), True),
        ("plain", BATTLE.cut_off, False),
        ("other", at(1), False),
    ],
)
def test_what_counts_was_received_before_the_cut_off(kind, received_at, answer):
    assert counts(BATTLE, kind, received_at) is answer


def test_only_members_of_competing_sides_score_for_them():
    people = [*TEAM, member("An", "")]
    scored = [
        score("Mei", 30, 1),
        score("Chen", 5, 1, kind="once"),
        score("An", 99, 1),
        score("Nobody", 99, 1),
        score("Chen", 99, 1, kind="other"),
        score("Chen", 99, 30),
        score("Chen", 99, -1),
    ]
    assert table(BATTLE, people, scored) == [("North", 1, "30"), ("South", 2, "5")]
    assert person_points(BATTLE, people, scored) == {"Mei": 30, "Bao": 0, "Chen": 5}


def test_stakes_are_by_rank_and_an_absent_rank_stakes_nothing():
    assert [stake_of(BATTLE, rank) for rank in ("staff", "manager", "vp")] == [10, 30, 0]
    assert stake_of(changed(BATTLE, stake=None), "staff") == 0


# Scores and order.

PLAYED = [
    score("Mei", 30, 1),
    score("Bao", 10, 2),
    score("Chen", 25, 3),
    score("Mei", 4, 4),
    score("Bao", 1, 5),
]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, [("North", 1, "45"), ("South", 2, "25")]),
        ({"score": "per_head"}, [("South", 1, "25"), ("North", 2, "45/2")]),
        ({"score": "best_n", "best_n": 1}, [("North", 1, "34"), ("South", 2, "25")]),
        ({"score": "best_n", "best_n": 9}, [("North", 1, "45"), ("South", 2, "25")]),
    ],
)
def test_the_three_scores(rule, expected):
    assert table(changed(BATTLE, **rule), TEAM, PLAYED) == expected


@pytest.mark.parametrize(
    ("rule", "reached"),
    [
        ({}, [5, 3]),
        ({"score": "best_n", "best_n": 1}, [4, 3]),
        ({"score": "best_n", "best_n": 2}, [5, 3]),
    ],
)
def test_a_score_is_reached_by_the_last_action_that_changed_it(rule, reached):
    places = standings(changed(BATTLE, **rule), TEAM, PLAYED)
    assert [place.reached_at for place in places] == [at(day) for day in reached]


def test_an_action_worth_nothing_reaches_nothing():
    scored = [score("Mei", 5, 1), score("Chen", 5, 2), score("Mei", 0, 3)]
    assert table(BATTLE, TEAM, scored) == [("North", 1, "5"), ("South", 2, "5")]


@pytest.mark.parametrize(
    ("north", "south", "first"),
    [(1, 2, "North"), (2, 1, "South"), (2, 2, "North")],
)
def test_equal_scores_stand_by_who_was_first_then_by_name(north, south, first):
    scored = [score("Mei", 5, north), score("Chen", 5, south)]
    assert standings(BATTLE, TEAM, scored)[0].side == first
    assert [place.rank for place in standings(BATTLE, TEAM, scored)] == [1, 2]


def test_the_order_of_the_facts_does_not_matter():
    assert standings(BATTLE, TEAM, reversed(PLAYED)) == standings(BATTLE, TEAM, PLAYED)


# Who wins what.


def test_the_first_side_takes_the_pot():
    ended = outcome(changed(BATTLE, sponsor=Sponsor("points", 4)), TEAM, PLAYED)
    assert (ended.state, ended.winners, ended.shares) == ("final", ("North",), {"North": 34})
    assert (ended.pot, ended.pot.total) == (Pot("points", 30, 4), 34)
    assert ended.payouts == {"Mei": 26, "Bao": 8}


@pytest.mark.parametrize(
    ("share", "payouts"),
    [
        ("equal", {"Mei": 21, "Bao": 22}),
        ("by_points", {"Mei": 32, "Bao": 11}),
        ("by_stake", {"Mei": 32, "Bao": 11}),
    ],
)
def test_the_three_rules_of_sharing(share, payouts):
    members = [member("Mei", "North", 30), member("Bao", "North", 10), member("Chen", "South", 3)]
    scored = [score("Mei", 30, 1), score("Bao", 10, 2)]
    assert outcome(changed(BATTLE, share=share), members, scored).payouts == payouts


@pytest.mark.parametrize("share", ["equal", "by_points", "by_stake"])
def test_where_nobody_weighs_anything_all_share_alike(share):
    # Only Bao scored for North, and nobody there has a stake.
    members = [member("Mei", "North", 0), member("Bao", "North", 0), member("Chen", "South", 9)]
    rule = changed(BATTLE, share=share)
    paid = outcome(rule, members, [score("Bao", 1, 1)]).payouts
    assert paid == ({"Mei": 0, "Bao": 9} if share == "by_points" else {"Mei": 4, "Bao": 5})


def test_own_points_count_even_where_the_score_left_them_out():
    rule = changed(BATTLE, score="best_n", best_n=1)
    ended = outcome(rule, TEAM, [score("Mei", 30, 1), score("Bao", 15, 2)])
    assert ended.payouts == {"Mei": 20, "Bao": 10}


TIED = [score("Mei", 5, 2), score("Chen", 5, 1)]


def test_a_tie_goes_to_the_first_to_reach_it():
    ended = outcome(BATTLE, TEAM, TIED)
    assert (ended.winners, ended.payouts) == (("South",), {"Chen": 30})


def test_a_tie_may_be_shared_in_equal_parts():
    rule = changed(BATTLE, tie="share", share="equal", sponsor=Sponsor("points", 1))
    ended = outcome(rule, TEAM, TIED)
    assert [place.side for place in ended.sides] == ["South", "North"]
    assert ended.winners == ("North", "South")
    assert ended.shares == {"North": 16, "South": 15}
    assert ended.payouts == {"Mei": 8, "Bao": 8, "Chen": 15}


def test_only_the_highest_score_shares():
    rule = changed(BATTLE, tie="share", share="equal")
    ended = outcome(rule, [*TEAM, member("Li", "West")], [*TIED, score("Li", 4, 1)])
    assert ended.winners == ("North", "South")


@pytest.mark.parametrize(
    ("members", "scored"),
    [
        (TEAM, []),
        (TEAM, [score("Mei", 0, 1)]),
        (TEAM[:2], [score("Mei", 9, 1)]),
        ([], [score("Mei", 9, 1)]),
    ],
)
def test_without_two_sides_or_points_a_battle_is_void_and_still_shows_the_sums(members, scored):
    ended = outcome(changed(BATTLE, sponsor=Sponsor("points", 4)), members, scored)
    assert (ended.state, ended.winners, ended.shares, ended.payouts) == ("void", (), {}, {})
    assert ended.pot == Pot("points", 10 * len(members), 4)


def test_a_battle_without_stake_and_sponsor_has_an_empty_pot():
    ended = outcome(
        changed(BATTLE, stake=None), [member("Mei", "N", 0), member("Li", "S", 0)], PLAYED
    )
    assert (ended.state, ended.pot) == ("final", Pot(None, 0, 0))
    assert ended.payouts == {"Mei": 0}
    sponsored = changed(BATTLE, stake=None, sponsor=Sponsor("cash", 7))
    assert outcome(sponsored, TEAM, []).pot.asset == "cash"


# Whatever is played.

people = st.lists(
    st.builds(
        member,
        st.sampled_from([f"E{n}" for n in range(1, 12)]),
        st.sampled_from(["North", "South", "West", ""]),
        st.integers(0, 5),
    ),
    unique_by=lambda person: person.person,
)
played = st.lists(
    st.builds(
        score,
        st.sampled_from([f"E{n}" for n in range(1, 12)]),
        st.integers(0, 6),
        st.integers(-1, 31),
    ),
    max_size=25,
)
battle_rules = st.builds(
    lambda way, tie, share, sponsor: changed(BATTLE, tie=tie, share=share, sponsor=sponsor, **way),
    st.sampled_from(
        [{}, {"score": "per_head"}, *({"score": "best_n", "best_n": n} for n in (1, 2, 4))]
    ),
    st.sampled_from(["first_to_reach", "share"]),
    st.sampled_from(["equal", "by_points", "by_stake"]),
    st.none() | st.builds(Sponsor, st.just("points"), st.integers(0, 99)),
)


@given(battle_rules, people, played)
def test_a_final_battle_pays_out_its_pot_and_only_to_winners(rule, members, scored):
    ended = outcome(rule, members, scored)
    if ended.state == "void":
        assert not ended.payouts
        return
    assert sum(ended.payouts.values()) == sum(ended.shares.values()) == ended.pot.total
    side_of = {person.person: person.side for person in members}
    assert {side_of[person] for person in ended.payouts} == set(ended.winners)
    for side, share in ended.shares.items():
        assert share == sum(paid for who, paid in ended.payouts.items() if side_of[who] == side)


@given(battle_rules, people, played)
def test_a_side_reached_its_score_when_a_replay_first_shows_it(rule, members, scored):
    for place in standings(rule, members, scored):
        moments = sorted({entry.received_at for entry in scored})
        replay = [
            moment
            for moment in moments
            if _score_at(rule, members, scored, moment, place.side) == place.score
        ]
        if place.score == 0:
            assert place.reached_at is None
        else:
            assert place.reached_at == replay[0]


def _score_at(rule, members, scored, moment, side):
    """The score of a side at a moment, by adding up and sorting the members' points."""
    team = [person.person for person in members if person.side == side]
    points = sorted(
        (
            sum(
                entry.points
                for entry in scored
                if entry.person == person
                and rule.starts <= entry.received_at < rule.cut_off
                and entry.received_at <= moment
            )
            for person in team
        ),
        reverse=True,
    )
    if rule.score == "per_head":
        return Fraction(sum(points), len(team))
    return sum(points[: rule.best_n])
