import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.battles import Outcome, Pot
from game.ledger import Leg, Posting, award, land, payout, refund, sponsor, stake
from tests.game.cast import member

POT = Pot("points", 30, 4)
MEMBERS = [member("Mei", "North"), member("Bao", "North"), member("Chen", "South")]
FINAL = Outcome("final", (), POT, ("North",), {"North": 34}, {"Mei": 34, "Bao": 0})
VOID = Outcome("void", (), POT, (), {}, {})


def test_points_come_from_the_issuer_and_go_back_to_it():
    assert award("Mei", 7) == Posting("points", (Leg("issuer", None, -7),), {"Mei": 7})
    assert award("Mei", -7).credits == {"Mei": -7}


def test_a_stake_goes_to_the_escrow_of_its_battle():
    taken = stake("B1", MEMBERS[0], "points", "member")
    assert taken.legs == (Leg("wallet", "Mei", -10), Leg("escrow", "B1", 10))
    given_by_company = stake("B1", MEMBERS[0], "cash", "company")
    assert given_by_company.legs == (Leg("sponsor", None, -10), Leg("escrow", "B1", 10))
    assert sponsor("B1", "points", 4).legs == (Leg("sponsor", None, -4), Leg("escrow", "B1", 4))


def test_a_payout_empties_the_escrow_and_leaves_zeros_out():
    assert payout("B1", FINAL) == Posting("points", (Leg("escrow", "B1", -34),), {"Mei": 34})


def test_a_void_battle_gives_back_to_whoever_gave():
    back = refund("B1", VOID, MEMBERS, "member")
    assert back.legs == (Leg("escrow", "B1", -34), Leg("sponsor", None, 4))
    assert back.credits == {"Mei": 10, "Bao": 10, "Chen": 10}
    assert refund("B1", VOID, MEMBERS, "company") == Posting(
        "points", (Leg("escrow", "B1", -34), Leg("sponsor", None, 34)), {}
    )


def test_an_empty_pot_moves_nothing():
    nothing = Outcome("void", (), Pot(None, 0, 0), (), {}, {})
    assert payout("B1", nothing) == refund("B1", nothing, [], "member") == Posting("points", (), {})


def test_what_does_not_sum_to_zero_is_never_posted():
    with pytest.raises(ValueError, match="zero"):
        Posting("points", (Leg("issuer", None, -7),), {"Mei": 8})


@pytest.mark.parametrize(
    ("credit", "available", "owed", "moved"),
    [
        (7, 0, 0, (7, 0)),
        (7, 0, 5, (2, 5)),
        (3, 0, 5, (0, 3)),
        (-7, 9, 0, (-7, 0)),
        (-7, 4, 0, (-4, -3)),
        (-7, 0, 5, (0, -7)),
    ],
)
def test_debt_is_paid_first_and_a_strike_always_succeeds(credit, available, owed, moved):
    assert land(credit, available, owed) == moved


@given(st.integers(-99, 99), st.integers(0, 99), st.integers(0, 99))
def test_a_wallet_moves_by_the_credit_and_never_below_zero(credit, available, owed):
    wallet, debt = land(credit, available, owed)
    assert wallet + debt == credit
    assert available + wallet >= 0
    assert -owed + debt <= 0
