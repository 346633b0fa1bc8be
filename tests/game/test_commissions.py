"""Commissions (G3 to G6, G9): at the edges of tiers, and against a calculation 分 by 分."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import commissions as rules
from game.commission_terms import Bonus, CommissionRule, Tier
from game.commissions import Claim, Deal, Earner, Step
from game.money import nearest
from game.plan import Title, parse_plan, template

START = datetime(2026, 10, 31, 16, tzinfo=UTC)  # November begins in Shanghai
PERIOD = (START, START + timedelta(days=30))
LADDER = (Tier(100_000_00, Fraction(1, 100)), Tier(None, Fraction(15, 1000)))
PARTNER = (Tier(100_000_00, Fraction(5, 100)), Tier(None, Fraction(8, 100)))
REACHED = Bonus(150_000_00, Fraction(6, 5), Fraction(21, 20))
MEI = Earner("mei", "employee", ("总部", "市场部", "活动组"))


def rule(tiers=(), **terms):
    usual = {
        "title": Title("佣金", "佣金", "Commission"), "who": "employee", "part": "seller",
        "deals": "all", "from_lead": False, "least_deal": 0, "units": (), "not_units": (),
        "partners": (), "amount": 0, "tiers": tiers, "per": "month" if len(tiers) > 1 else None,
        "bonus": None, "refund": "below_zero",
    }  # fmt: skip
    return CommissionRule(**(usual | terms))


def claim(base, terms, day=0, deal="d"):
    period = PERIOD if terms.per else None
    return Claim(deal, "sales", "mei", base, START + timedelta(days=day), terms, period)


def amounts(terms, *bases):
    claims = [claim(base, terms, day, f"d{day}") for day, base in enumerate(bases)]
    return [each.amount for each in rules.accrue(claims)]


@pytest.mark.parametrize(
    ("tiers", "base", "amount"),
    [
        (LADDER, 100_000_00 - 100, 999_99),
        (LADDER, 100_000_00, 1_000_00),
        (LADDER, 100_000_00 + 100, 1_000_02),  # 1.5 分 above the edge round up
        (LADDER, 200_000_00, 2_500_00),
        (PARTNER, 100_000_00 - 1, 5_000_00),  # 499,999.95 分
        (PARTNER, 100_000_00, 5_000_00),
        (PARTNER, 100_000_00 + 7, 5_000_01),
        (PARTNER, 300_000_00, 21_000_00),
        ((Tier(None, Fraction(2, 100)),), 24, 0),
        ((Tier(None, Fraction(2, 100)),), 25, 1),
        ((Tier(None, Fraction(5, 1000)),), 99, 0),
        ((Tier(None, Fraction(5, 1000)),), 100, 1),
        ((Tier(None, Fraction(1, 3)),), 100, 33),
        ((Tier(None, Fraction(1, 1)),), 0, 0),
    ],
)
def test_each_part_earns_the_rate_of_its_tier_rounded_once(tiers, base, amount):
    assert amounts(rule(tiers), base) == [amount]


@pytest.mark.parametrize(
    ("base", "amount"),
    [
        (180_000_00 - 200, 1_000_00 + 1_199_97),
        (180_000_00, 2_200_00),
        # 1.5 % × 105 % of what is past 120 % of 150,000: 1.575 % of ¥2 is 3.15 分.
        (180_000_00 + 200, 2_200_03),
        (200_000_00, 2_200_00 + 315_00),
    ],
)
def test_past_120_percent_of_the_target_the_rate_rises_by_5_percent(base, amount):
    assert amounts(rule(LADDER, bonus=REACHED), base) == [amount]


def test_a_mark_between_two_fen_is_passed_by_the_second():
    bonus = Bonus(1, Fraction(5, 2), Fraction(2))
    found = list(rules.steps_of(rule((Tier(None, Fraction(1, 10)),), bonus=bonus), 0, 4))
    assert found == [Step(2, Fraction(1, 10)), Step(2, Fraction(1, 10), Fraction(2))]


def test_deals_of_a_period_are_counted_in_the_order_they_were_made():
    terms = rule(LADDER)
    assert amounts(terms, 60_000_00, 60_000_00) == [600_00, 400_00 + 300_00]
    late = [claim(60_000_00, terms, 1, "a"), claim(60_000_00, terms, 0, "b")]
    assert [(each.claim.deal, each.before) for each in rules.accrue(late)] == [
        ("b", 0), ("a", 60_000_00),
    ]  # fmt: skip


def test_deals_made_at_one_moment_are_counted_by_their_ids():
    both = [claim(70_000_00, rule(LADDER), 0, deal) for deal in ("b", "a")]
    assert [each.claim.deal for each in rules.accrue(both)] == ["a", "b"]


def test_without_a_period_each_deal_is_by_itself():
    flat = rule((Tier(None, Fraction(1, 50)),))
    assert amounts(flat, 100_00, 100_00) == [2_00, 2_00]
    assert {each.before for each in rules.accrue([claim(5, flat, 0, d) for d in "ab"])} == {0}


def test_an_amount_is_paid_whole_without_steps():
    [one] = rules.accrue([claim(1, rule(amount=500_00))])
    assert (one.amount, one.steps) == (500_00, ())
    assert rules.explained(one) == {"before": 0, "steps": []}


def test_an_accrual_explains_itself_in_plain_data():
    terms = rule(LADDER, bonus=REACHED)
    [_, one] = rules.accrue([claim(90_000_00, terms, 0, "a"), claim(100_000_00, terms, 1, "b")])
    assert rules.explained(one) == {
        "before": 90_000_00,
        "steps": [
            {"base": 10_000_00, "rate": "1/100"},
            {"base": 80_000_00, "rate": "3/200"},
            {"base": 10_000_00, "rate": "3/200", "times": "21/20"},
        ],
    }


@pytest.mark.parametrize(
    ("reached", "ahead"),
    [
        (0, (100_000_00, Fraction(15, 1000))),
        (99_999_99, (1, Fraction(15, 1000))),
        (100_000_00, (80_000_00, Fraction(1575, 100_000))),
        (180_000_00, None),
    ],
)
def test_what_is_missing_to_a_better_rate(reached, ahead):
    assert rules.next_tier(rule(LADDER, bonus=REACHED), reached) == ahead


def test_a_worse_tier_is_nothing_to_climb_to():
    falling = (Tier(100, Fraction(1, 10)), Tier(None, Fraction(1, 20)))
    assert rules.next_tier(rule(falling), 0) is None


def deal(**more):
    usual = {
        "id": "d", "amount": 100_00, "made_at": START, "is_first": True, "from_lead": True,
        "parts": {"seller": MEI},
    }  # fmt: skip
    return Deal(**(usual | more))


@pytest.mark.parametrize(
    ("terms", "facts", "is_earned"),
    [
        ({}, {}, True),
        ({"part": "reporter"}, {}, False),
        ({"who": "partner"}, {}, False),
        ({"deals": "first"}, {}, True),
        ({"deals": "first"}, {"is_first": False}, False),
        ({"deals": "repeat"}, {}, False),
        ({"deals": "repeat"}, {"is_first": False}, True),
        ({"from_lead": True}, {}, True),
        ({"from_lead": True}, {"from_lead": False}, False),
        ({"least_deal": 100_00}, {}, True),
        ({"least_deal": 100_01}, {}, False),
        ({"units": ("市场部",)}, {}, True),
        ({"units": ("财务",)}, {}, False),
        ({"not_units": ("市场部",)}, {}, False),
        ({"not_units": ("财务",)}, {}, True),
        ({"units": ("总部",), "not_units": ("活动组",)}, {}, False),
        ({}, {"parts": {"seller": Earner("zhou", "customer")}}, False),
        ({"who": "partner"}, {"parts": {"seller": Earner("p", "partner", (), "koc")}}, True),
        ({"who": "partner", "partners": ("ally",)},
         {"parts": {"seller": Earner("p", "partner", (), "koc")}}, False),
        ({"who": "partner", "partners": ("ally",)},
         {"parts": {"seller": Earner("p", "partner", (), "ally")}}, True),
    ],
)  # fmt: skip
def test_who_earns_on_which_deals(terms, facts, is_earned):
    plan = parse_plan(template("word-of-mouth"))
    one = rule((Tier(None, Fraction(1, 50)),), **terms)
    plan.commissions.clear()
    plan.commissions["one"] = one
    assert bool(rules.claims(plan, deal(**facts))) is is_earned


@pytest.mark.parametrize(
    ("moment", "per", "start"),
    [
        ("2026-10-31T15:59:59Z", "month", "2026-09-30T16:00:00Z"),
        ("2026-10-31T16:00:00Z", "month", "2026-10-31T16:00:00Z"),
        ("2026-09-30T15:59:59Z", "quarter", "2026-06-30T16:00:00Z"),
        ("2026-09-30T16:00:00Z", "quarter", "2026-09-30T16:00:00Z"),
    ],
)
def test_periods_are_cut_in_the_plans_zone(moment, per, start):
    plan = parse_plan(template("word-of-mouth"))
    found = rules.period_of(rule(LADDER, per=per), datetime.fromisoformat(moment), plan.zone)
    assert found[0] == datetime.fromisoformat(start)


@pytest.mark.parametrize(
    ("amount", "posted", "waived", "policy", "available", "moved"),
    [
        (500, 0, 0, "below_zero", 0, (500, 0)),
        (500, 500, 0, "below_zero", 500, (0, 0)),
        (0, 500, 0, "below_zero", 0, (-500, 0)),
        (0, 500, 0, "to_zero", 200, (-200, 300)),
        (0, 500, 0, "to_zero", 900, (-500, 0)),
        (0, 500, 0, "to_zero", 0, (0, 500)),
        (0, 500, 0, "pending_only", 900, (0, 500)),
        (100, 500, 0, "pending_only", 900, (0, 400)),
        (0, 500, 500, "below_zero", 900, (0, 500)),
        (300, 500, 500, "to_zero", 0, (0, 200)),
        (900, 500, 500, "to_zero", 0, (400, 0)),
    ],
)
def test_what_a_change_takes_is_the_policys(amount, posted, waived, policy, available, moved):
    found = rules.change(amount, posted, waived, policy, available)
    assert (found.post, found.waived) == moved


fen = st.integers(0, 400_000)
rates = st.builds(Fraction, st.integers(1, 40), st.integers(40, 400))


@st.composite
def ladders(draw):
    edges = sorted(draw(st.sets(st.integers(1, 500_000), max_size=4)))
    tiers = (*tuple(Tier(edge, draw(rates)) for edge in edges), Tier(None, draw(rates)))
    bonus = draw(st.none() | st.builds(Bonus, st.integers(1, 400_000), rates, rates))
    return rule(tiers, per="month", bonus=bonus)


def up_to(terms, total):
    """What a period of `total` 分 comes to, by integrals instead of cuts: the second calculation."""
    together = Fraction(0)
    below = 0
    for tier in terms.tiers:
        edge = total if tier.up_to is None else min(total, tier.up_to)
        together += max(0, edge - below) * tier.rate
        if terms.bonus is not None:
            first = terms.bonus.target * terms.bonus.past // 1
            past = max(0, edge - max(below, first))
            together += past * tier.rate * (terms.bonus.times - 1)
        below = max(below, edge)
    return together


@given(ladders(), st.lists(fen, min_size=1, max_size=6))
def test_every_deal_is_the_difference_of_two_sums_rounded_once(terms, bases):
    found = amounts(terms, *bases)
    for place, amount in enumerate(found):
        before = sum(bases[:place])
        exact = up_to(terms, before + bases[place]) - up_to(terms, before)
        assert amount == int(exact + Fraction(1, 2))


@given(ladders(), st.permutations(range(5)), st.lists(fen, min_size=5, max_size=5))
def test_the_order_in_which_deals_are_checked_changes_nothing(terms, order, bases):
    claims = [claim(base, terms, day, f"d{day}") for day, base in enumerate(bases)]
    shuffled = rules.accrue([claims[place] for place in order])
    assert shuffled == rules.accrue(claims)


@given(ladders(), st.lists(fen, min_size=1, max_size=6))
def test_steps_sum_to_the_deal_and_meet_no_edge_inside(terms, bases):
    claims = [claim(base, terms, day, f"d{day}") for day, base in enumerate(bases)]
    for each in rules.accrue(claims):
        assert sum(step.base for step in each.steps) == each.claim.base
        assert all(step.base > 0 for step in each.steps)


sums = st.integers(0, 10_000)


@given(
    st.lists(st.tuples(sums, sums), min_size=1, max_size=8),
    st.sampled_from(["pending_only", "to_zero", "below_zero"]),
)
def test_whatever_changes_what_stands_is_what_the_rules_say(changes, policy):
    posted = waived = 0
    for amount, available in changes:
        move = rules.change(amount, posted, waived, policy, available)
        posted, waived = posted + move.post, move.waived
        assert posted - waived == amount
        assert 0 <= waived <= posted
        if policy == "to_zero":
            assert move.post >= -available
        if policy == "pending_only":
            assert move.post >= 0
        if policy == "below_zero":
            assert waived == 0


@given(st.fractions(min_value=0, max_value=10**9))
def test_half_a_fen_goes_up(exact):
    whole = nearest(exact)
    assert whole - Fraction(1, 2) <= exact < whole + Fraction(1, 2)
