"""Special contributions (C7): two people, a reason, and the sums a plan allows."""

import pytest

from game.errors import RuleViolation
from game.ledger import reversal
from game.plan import PlanFaults, parse_plan, template
from game.special_terms import SpecialTerms
from game.specials import check_confirmation, check_day, check_proposal, posting

TERMS = SpecialTerms(most=100, per_day=150)
WHY = "two nights at the client's"


def code(check, *said):
    """The refusal of a check, or nothing."""
    try:
        check(*said)
    except RuleViolation as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("terms", "by", "points", "why", "refusal"),
    [
        (TERMS, "Lin", 100, WHY, None),
        (TERMS, "Lin", 1, WHY, None),
        (TERMS, "Lin", 0, WHY, "special_points"),
        (TERMS, "Lin", 101, WHY, "special_points"),
        (TERMS, "Mei", 10, WHY, "special_own"),
        (TERMS, "Lin", 10, " ok ", "special_reason"),
        (TERMS, "Lin", 10, "x" * 301, "special_reason"),
        (None, "Lin", 10, WHY, "special_closed"),
    ],
)
def test_who_may_propose_what(terms, by, points, why, refusal):
    assert code(check_proposal, terms, by, "Mei", points, why) == refusal


@pytest.mark.parametrize(
    ("state", "by", "refusal"),
    [
        ("proposed", "Guo", None),
        ("proposed", "Lin", "special_second"),
        ("proposed", "Mei", "special_own"),
        ("given", "Guo", "special_decided"),
        ("refused", "Guo", "special_decided"),
    ],
)
def test_another_person_confirms_once(state, by, refusal):
    assert code(check_confirmation, state, by, "Lin", "Mei") == refusal


@pytest.mark.parametrize(
    ("given", "points", "refusal"),
    [(0, 100, None), (50, 100, None), (51, 100, "special_day_full"), (200, 1, "special_day_full")],
)
def test_a_day_has_its_sum(given, points, refusal):
    assert code(check_day, TERMS, given, points) == refusal


def test_points_are_issued_and_go_back_whole():
    given = posting("Mei", 30)
    assert given.credits == {"Mei": 30}
    assert reversal(given).credits == {"Mei": -30}


def test_a_plan_says_how_much():
    text = template("pk-campaign")
    assert parse_plan(text).special == SpecialTerms(most=1000, per_day=5000)
    with pytest.raises(PlanFaults) as refused:
        parse_plan(text.replace("\nmost = 1000 ", "\nmost = 0 "))
    assert "special.most: expected a whole number ≥ 1, got 0" in str(refused.value)
