from fractions import Fraction

import pytest

from game.plan import PlanFaults, Title, parse_plan

TITLES = '{ zh_Hans = "券", zh_Hant = "券", en = "Coupon" }'
HEAD = f"""
[plan]
id = "test"
version = 1
timezone = "Asia/Shanghai"
title = {TITLES}

[coupons.one]
title = {TITLES}
"""
AMOUNT = 'kind = "amount"\nvalue = 20000\nvalid_days = 30\n'


def coupon(terms):
    return parse_plan(HEAD + terms).coupons["one"]


def faults(terms):
    with pytest.raises(PlanFaults) as refused:
        parse_plan(HEAD + terms)
    return str(refused.value).splitlines()


def test_a_sum_off_with_every_condition():
    one = coupon(
        AMOUNT + 'first_order_only = true\nleast_order = 50000\nstores = ["华东", "华西/光谷店"]'
    )
    assert (one.title, one.kind, one.value) == (Title("券", "券", "Coupon"), "amount", 20000)
    assert (one.first_order_only, one.least_order, one.valid_days) == (True, 50000, 30)
    assert one.stores == ("华东", "华西/光谷店")
    assert (one.rate, one.gives, one.months, one.most_off) == (Fraction(1), None, 0, None)


def test_without_conditions_it_is_good_everywhere_for_every_order():
    one = coupon(AMOUNT)
    assert (one.first_order_only, one.least_order, one.stores) == (False, 0, ())


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        ('kind = "percent"\nrate = "9/10"\nvalid_days = 1', (Fraction(9, 10), None, 0, None)),
        ('kind = "percent"\nrate = "85/100"\nmost_off = 1\nvalid_days = 1',
         (Fraction(17, 20), None, 0, 1)),
        ('kind = "fee"\nrate = "0/1"\nmonths = 6\nvalid_days = 1', (Fraction(0), None, 6, None)),
        (f'kind = "gift"\ngives = {TITLES}\nvalid_days = 1',
         (Fraction(1), Title("券", "券", "Coupon"), 0, None)),
        (f'kind = "service"\ngives = {TITLES}\nvalid_days = 1',
         (Fraction(1), Title("券", "券", "Coupon"), 0, None)),
    ],
)  # fmt: skip
def test_each_kind_says_what_it_gives(terms, shown):
    one = coupon(terms)
    assert (one.rate, one.gives, one.months, one.most_off) == shown


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (AMOUNT.replace("20000", "0"), "coupons.one.value: expected a whole number ≥ 1, got 0"),
        (AMOUNT.replace("20000", "1000000001"),
         "coupons.one.value: expected a whole number ≤ 1000000000, got 1000000001"),
        (AMOUNT.replace("value = 20000\n", ""),
         "coupons.one.value: expected a whole number ≥ 1, got nothing"),
        (AMOUNT.replace("amount", "cash"),
         'coupons.one.kind: expected one of amount, percent, gift, service, fee, got "cash"'),
        (AMOUNT + 'rate = "9/10"',
         'coupons.one.rate: expected no such key for a coupon of the kind "amount", got "9/10"'),
        (AMOUNT + "most_off = 5",
         'coupons.one.most_off: expected no such key for a coupon of the kind "amount", got 5'),
        (AMOUNT + "color = 1",
         ("coupons.one.color: expected one of the keys title, kind, first_order_only, least_order,"
         ' valid_days, stores, value, rate, gives, months, most_off, got "color"')),
        (AMOUNT.replace("valid_days = 30", ""),
         "coupons.one.valid_days: expected a whole number ≥ 1, got nothing"),
        (AMOUNT.replace("30", "3661"),
         "coupons.one.valid_days: expected a whole number ≤ 3660, got 3661"),
        (AMOUNT + "first_order_only = 1",
         "coupons.one.first_order_only: expected true or false, got 1"),
        (AMOUNT + "least_order = -1",
         "coupons.one.least_order: expected a whole number ≥ 0, got -1"),
        (AMOUNT + "stores = []",
         "coupons.one.stores: expected a list of at least one text, got an empty list"),
        (AMOUNT.replace('kind = "amount"\nvalue = 20000', 'kind = "gift"'),
         "coupons.one.gives: expected a title in zh_Hans, zh_Hant and en, got nothing"),
        (AMOUNT.replace('kind = "amount"\nvalue = 20000', 'kind = "fee"\nrate = "1/2"'),
         "coupons.one.months: expected a whole number ≥ 1, got nothing"),
        *[
            (AMOUNT.replace('kind = "amount"\nvalue = 20000', f'kind = "percent"\nrate = {rate}'),
             ('coupons.one.rate: expected "p/q" below 1, such as "9/10" for a tenth off,'
             f" got {rate}"))
            for rate in ('"1/1"', '"11/10"', '"1/0"', '"9折"', "0.9", '"1/10001"')
        ],
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_path(terms, fault):
    assert faults(terms) == [fault]


def test_all_faults_come_at_once():
    assert len(faults('kind = "percent"\nrate = "2"\nleast_order = "x"\nvalid_days = 0')) == 3
