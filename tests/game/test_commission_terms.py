from fractions import Fraction

import pytest

from game.commission_terms import Bonus, Tier
from game.plan import PlanFaults, parse_plan, template

TITLE = 'title = { zh_Hans = "佣金", zh_Hant = "佣金", en = "Commission" }\n'
HEAD = f"""
[plan]
id = "test"
version = 1
timezone = "Asia/Shanghai"
{TITLE}
[commissions.one]
{TITLE}"""
STAFF = 'who = "employee"\npart = "reporter"\nrefund = "to_zero"\n'
PARTNER = 'who = "partner"\npart = "reporter"\nrefund = "to_zero"\n'
RATE = 'rate = "2/100"\n'
TIERS = 'per = "month"\ntiers = [{ up_to = 100, rate = "1/100" }, { rate = "15/1000" }]\n'
BONUS = 'bonus = { target = 100, past = "120/100", times = "105/100" }\n'


def rule(terms):
    return parse_plan(HEAD + terms).commissions["one"]


def faults(text):
    with pytest.raises(PlanFaults) as refused:
        parse_plan(text)
    return str(refused.value).splitlines()


def test_a_rate_is_one_tier_without_a_bound():
    one = rule(STAFF + RATE)
    assert (one.tiers, one.amount, one.per) == ((Tier(None, Fraction(1, 50)),), 0, None)
    assert (one.who, one.part, one.deals, one.from_lead) == ("employee", "reporter", "all", False)
    assert (one.units, one.not_units, one.partners, one.least_deal) == ((), (), (), 0)
    assert (one.bonus, one.refund) == (None, "to_zero")


def test_an_amount_has_no_tiers():
    one = rule(STAFF + 'amount = 50000\nfrom_lead = true\ndeals = "first"\nleast_deal = 7\n')
    assert (one.amount, one.tiers, one.from_lead) == (50000, (), True)
    assert (one.deals, one.least_deal) == ("first", 7)


def test_tiers_are_counted_over_a_period_and_may_have_a_bonus():
    one = rule(STAFF + TIERS + BONUS)
    assert one.tiers == (Tier(100, Fraction(1, 100)), Tier(None, Fraction(3, 200)))
    assert one.bonus == Bonus(100, Fraction(6, 5), Fraction(21, 20))
    assert (one.per, one.bonus.mark) == ("month", 120)


def test_who_earns_is_narrowed_by_units_or_kinds_of_partners():
    assert rule(STAFF + RATE + 'units = ["市场部"]\nnot_units = ["活动组"]').units == ("市场部",)
    assert rule(PARTNER + RATE + 'partners = ["dealer", "koc"]').partners == ("dealer", "koc")


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (STAFF, "commissions.one: expected one of amount, rate, tiers, got nothing"),
        (STAFF + RATE + "amount = 1",
         "commissions.one: expected one of amount, rate, tiers, got a list"),
        (STAFF + 'rate = "0/100"',
         ('commissions.one.rate: expected "p/q" above 0 and at most 1, such as "2/100" for 2'
         ' percent, got "0/100"')),
        (STAFF + 'rate = "101/100"',
         ('commissions.one.rate: expected "p/q" above 0 and at most 1, such as "2/100" for 2'
         ' percent, got "101/100"')),
        (STAFF + 'rate = "1/10001"',
         ('commissions.one.rate: expected "p/q" above 0 and at most 1, such as "2/100" for 2'
         ' percent, got "1/10001"')),
        (STAFF + "rate = 0.02",
         ('commissions.one.rate: expected "p/q" above 0 and at most 1, such as "2/100" for 2'
         " percent, got 0.02")),
        (STAFF + "amount = 0", "commissions.one.amount: expected a whole number ≥ 1, got 0"),
        (STAFF + TIERS.replace('per = "month"\n', ""),
         "commissions.one.per: expected the period over which deals are counted, got nothing"),
        (STAFF + RATE + BONUS,
         "commissions.one.per: expected the period over which deals are counted, got nothing"),
        (STAFF + RATE + 'per = "month"',
         'commissions.one.per: expected this key only with tiers or a bonus, got "month"'),
        (STAFF + TIERS.replace('"month"', '"week"'),
         'commissions.one.per: expected one of month, quarter, got "week"'),
        (STAFF + TIERS.replace("up_to = 100, ", ""),
         "commissions.one.tiers[0].up_to: expected a whole number ≥ 1, got nothing"),
        (STAFF + TIERS.replace("{ rate = ", "{ up_to = 200, rate = "),
         "commissions.one.tiers[1].up_to: expected no bound in the last tier, got 200"),
        (STAFF + TIERS.replace("{ rate = ", '{ up_to = 100, rate = "1/9" }, { rate = '),
         "commissions.one.tiers[1].up_to: expected a whole number ≥ 101, got 100"),
        (STAFF + 'per = "month"\ntiers = []',
         "commissions.one.tiers: expected a list of 1 to 20 tiers, got an empty list"),
        (STAFF + 'amount = 1\nper = "month"\n' + BONUS,
         "commissions.one.bonus: expected this key only with a rate or tiers, got a table"),
        (STAFF + RATE + 'partners = ["koc"]',
         'commissions.one.partners: expected this key only with who = "partner", got a list'),
        (PARTNER + RATE + 'partners = ["shop"]',
         'commissions.one.partners[0]: expected one of ally, dealer, koc, got "shop"'),
        (PARTNER + RATE + 'units = ["市场部"]',
         'commissions.one.units: expected this key only with who = "employee", got a list'),
        (STAFF + RATE + "from_lead = 1", "commissions.one.from_lead: expected true or false, got 1"),
        (STAFF.replace("to_zero", "never") + RATE,
         ("commissions.one.refund: expected one of pending_only, to_zero, below_zero,"
         ' got "never"')),
        (STAFF.replace("reporter", "friend") + RATE,
         'commissions.one.part: expected one of reporter, seller, solution, got "friend"'),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_path(terms, fault):
    assert faults(HEAD + terms) == [fault]


def test_the_templates_say_the_figures_of_their_plans():
    p0 = parse_plan(template("full-participation")).commissions
    p1 = parse_plan(template("word-of-mouth")).commissions
    assert (p0["signed"].amount, p0["won"].amount) == (200_00, 500_00)
    assert p0["sales"].tiers == (Tier(100_000_00, Fraction(1, 100)), Tier(None, Fraction(15, 1000)))
    assert (p0["sales"].bonus.past, p0["sales"].bonus.times) == (Fraction(6, 5), Fraction(21, 20))
    assert p0["referred"].tiers[0].rate == Fraction(1, 100)
    assert p0["solution"].tiers[0].rate == Fraction(5, 1000)
    assert p1["staff"].tiers[0].rate == Fraction(2, 100)
    assert p1["partner"].tiers == (Tier(100_000_00, Fraction(5, 100)), Tier(None, Fraction(8, 100)))
    assert (p1["partner"].per, p1["allied"].tiers[0].rate) == ("quarter", Fraction(1, 10))


BUDGET = HEAD.split("[commissions.one]", maxsplit=1)[0] + "[budgets]\n"


def test_a_budget_has_caps_for_the_campaign_and_its_stores():
    text = 'campaign = 500\neach_store = 70\nwarn_at = "4/5"\ncost_share = "15/100"\n'
    terms = parse_plan(BUDGET + text + 'point_value = 3\nstores = { "华东/光谷店" = 90 }').budgets
    assert (terms.campaign, terms.store_cap("华东/光谷店"), terms.store_cap("华西")) == (
        500,
        90,
        70,
    )
    assert (terms.warn_at, terms.cost_share) == (Fraction(4, 5), Fraction(3, 20))
    assert terms.point_value == 3
    assert parse_plan(BUDGET + 'campaign = 1\nwarn_at = "1/1"').budgets.store_cap("x") is None
    assert parse_plan(BUDGET.removesuffix("[budgets]\n")).budgets is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('warn_at = "4/5"',
         "budgets: expected at least one of campaign, each_store, stores, got a table"),
        ("campaign = 1",
         ('budgets.warn_at: expected "p/q" above 0 and at most 1, such as "2/100" for 2 percent,'
         " got nothing")),
        ('campaign = 0\nwarn_at = "4/5"',
         "budgets.campaign: expected a whole number ≥ 1, got 0"),
        ('stores = { "华东/店" = 0 }\nwarn_at = "4/5"',
         'budgets.stores."华东/店": expected a whole number ≥ 1, got 0'),
        ('campaign = 1\nwarn_at = "4/5"\npoint_value = -1',
         "budgets.point_value: expected a whole number ≥ 0, got -1"),
    ],
)  # fmt: skip
def test_a_wrong_budget_is_named_with_its_path(text, fault):
    assert faults(BUDGET + text) == [fault]
