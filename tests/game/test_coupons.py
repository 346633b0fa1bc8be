from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import coupons
from game.coupon_terms import AMOUNT_MAX, CouponRule
from game.coupons import Presented, check, check_refund, check_undo, discount
from game.errors import RuleViolation
from game.plan import Title

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TICK = timedelta(microseconds=1)
TITLE = Title("券", "券", "Coupon")


def rule(kind="amount", **terms):
    usual = {
        "title": TITLE, "kind": kind, "value": 0, "rate": Fraction(1), "gives": None, "months": 0,
        "most_off": None, "first_order_only": False, "least_order": 0, "valid_days": 30,
        "stores": (),
    }  # fmt: skip
    return CouponRule(**usual | terms)


def presented(**facts):
    usual = {
        "state": "issued", "expires_at": NOW + timedelta(days=1), "holder": "ann",
        "stores": (), "has_ordered": False,
    }  # fmt: skip
    return Presented(**usual | facts)


def refusal(act, *args, **more):
    with pytest.raises(RuleViolation) as refused:
        act(*args, **more)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    ("terms", "amount", "off", "payable"),
    [
        (rule(value=20000), 128000, 20000, 108000),
        (rule(value=20000), 20000, 20000, 0),
        (rule(value=20000), 19999, 19999, 0),
        (rule(value=20000), 0, 0, 0),
        (rule("percent", rate=Fraction(9, 10)), 128000, 12800, 115200),
        # 9/10 of 105 is 94.5: the customer pays 94.
        (rule("percent", rate=Fraction(9, 10)), 105, 11, 94),
        (rule("percent", rate=Fraction(1, 3)), 1, 1, 0),
        (rule("percent", rate=Fraction(9, 10), most_off=10000), 128000, 10000, 118000),
        (rule("percent", rate=Fraction(0)), 128000, 128000, 0),
        (rule("fee", rate=Fraction(1, 2), months=3), 30000, 15000, 15000),
        (rule("fee", rate=Fraction(0), months=3, most_off=9000), 30000, 9000, 21000),
        (rule("gift", gives=TITLE), 128000, 0, 128000),
        (rule("service", gives=TITLE), 0, 0, 0),
        (rule(value=20000, least_order=50000), 50000, 20000, 30000),
    ],
)
def test_what_comes_off(terms, amount, off, payable):
    assert discount(terms, amount) == (off, payable)


def test_an_order_below_the_least_is_refused():
    said = refusal(discount, rule(value=20000, least_order=50000), 49999)
    assert said == ("below_least_order", {"least": 50000})


@pytest.mark.parametrize("amount", [-1, AMOUNT_MAX + 1])
def test_an_amount_no_till_takes_in_is_refused(amount):
    assert refusal(discount, rule(value=1), amount) == ("amount_unreadable", {})


rates = st.tuples(st.integers(1, 10_000), st.integers(1, 10_000)).map(
    lambda parts: Fraction(min(parts) - 1, max(parts))
)
rules = st.one_of(
    st.builds(lambda value, least: rule(value=value, least_order=least),
              st.integers(1, AMOUNT_MAX), st.integers(0, 10**6)),
    st.builds(lambda rate, most: rule("percent", rate=rate, most_off=most),
              rates, st.none() | st.integers(1, AMOUNT_MAX)),
    st.just(rule("gift", gives=TITLE)),
)  # fmt: skip


@given(rules, st.integers(0, AMOUNT_MAX))
def test_off_and_payable_are_the_amount_and_neither_is_negative(terms, amount):
    if amount < terms.least_order:
        return
    cut = discount(terms, amount)
    assert cut.off + cut.payable == amount
    assert cut.off >= 0
    assert cut.payable >= 0
    assert terms.most_off is None or cut.off <= terms.most_off


@given(rates, st.integers(0, AMOUNT_MAX))
def test_nobody_pays_more_than_the_rate_says_nor_a_whole_fen_less(rate, amount):
    exact = amount * rate
    assert exact - 1 < discount(rule("percent", rate=rate), amount).payable <= exact


@given(rules, st.integers(0, AMOUNT_MAX - 1))
def test_a_larger_order_never_pays_less(terms, amount):
    if amount >= terms.least_order:
        assert discount(terms, amount).payable <= discount(terms, amount + 1).payable


@pytest.mark.parametrize(
    ("facts", "terms", "store", "said"),
    [
        ({"state": "redeemed", "used_at": NOW, "used_in": "滨江店"}, {}, "华东/滨江店",
         ("coupon_used", {"at": NOW, "store": "滨江店"})),
        ({"state": "revoked"}, {}, "华东/滨江店", ("coupon_revoked", {})),
        ({"state": "expired"}, {}, "华东/滨江店",
         ("coupon_expired", {"until": NOW + timedelta(days=1)})),
        ({"expires_at": NOW}, {}, "华东/滨江店", ("coupon_expired", {"until": NOW})),
        ({"holder": "till"}, {}, "华东/滨江店", ("own_coupon", {})),
        ({"stores": ("华西",)}, {}, "华东/滨江店", ("coupon_wrong_store", {"stores": ("华西",)})),
        ({"has_ordered": True}, {"first_order_only": True}, "华东/滨江店", ("not_first_order", {})),
        # Whatever is final comes first: it is said before what another store could do.
        ({"state": "redeemed", "used_at": NOW, "used_in": "A", "expires_at": NOW,
          "stores": ("华西",), "has_ordered": True}, {"first_order_only": True}, "华东/滨江店",
         ("coupon_used", {"at": NOW, "store": "A"})),
        ({"expires_at": NOW, "stores": ("华西",)}, {}, "华东/滨江店",
         ("coupon_expired", {"until": NOW})),
    ],
)  # fmt: skip
def test_each_no_has_its_name(facts, terms, store, said):
    one = presented(**facts)
    assert refusal(check, rule(**terms), one, cashier="till", store=store, now=NOW) == said


@pytest.mark.parametrize(
    ("facts", "terms", "store"),
    [
        ({}, {}, "华东/滨江店"),
        ({"expires_at": NOW + TICK}, {}, "华东/滨江店"),
        ({"stores": ("华东",)}, {}, "华东/滨江店"),
        ({"stores": ("华西", "华东/滨江店")}, {}, "华东/滨江店"),
        ({"stores": ("华西",)}, {}, None),
        ({"has_ordered": True}, {}, "华东/滨江店"),
        ({"has_ordered": False}, {"first_order_only": True}, "华东/滨江店"),
    ],
)
def test_a_good_one_is_let_through(facts, terms, store):
    check(rule(**terms), presented(**facts), cashier="till", store=store, now=NOW)


def test_a_store_is_no_prefix_of_another():
    assert not coupons.is_good_in(("华东/滨江",), "华东/滨江店")


@pytest.mark.parametrize(
    ("days", "issued", "until"),
    [
        (1, "2026-11-23T10:00:00+08:00", "2026-11-25T00:00:00+08:00"),
        (1, "2026-11-23T23:59:59+08:00", "2026-11-25T00:00:00+08:00"),
        # Just past midnight in Shanghai it is still the day before in UTC.
        (30, "2026-12-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"),
    ],
)
def test_it_is_good_to_the_end_of_its_last_day(days, issued, until):
    zone = ZoneInfo("Asia/Shanghai")
    ends = coupons.expiry(rule(valid_days=days), datetime.fromisoformat(issued), zone)
    assert ends == datetime.fromisoformat(until)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0457", "0457"), (" 04 57 ", "0457"), ("a-12", "A-12"), ("０４５７ａ", "0457A")],
)
def test_a_receipt_has_one_way_to_be_compared(typed, number):
    assert coupons.receipt_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "receipt_missing"), (" \t", "receipt_missing"), ("1" * 41, "receipt_unreadable"),
     ("1\x002", "receipt_unreadable")],
)  # fmt: skip
def test_what_is_no_receipt_number_is_refused(typed, code):
    assert refusal(coupons.receipt_number, typed)[0] == code


def undo(reversed_as=None, by="till", after=timedelta(seconds=10)):
    check_undo(reversed_as, placed_by="till", by=by, placed_at=NOW, now=NOW + after)


def test_an_order_is_undone_within_two_minutes_by_the_same_person_once():
    undo(after=timedelta(minutes=2) - TICK)
    assert refusal(undo, after=timedelta(minutes=2)) == ("undo_too_late", {})
    assert refusal(undo, by="boss") == ("not_your_redemption", {})
    assert refusal(undo, "undone") == ("already_reversed", {})
    assert refusal(undo, "refunded") == ("already_reversed", {})


def test_a_refund_has_a_reason_and_comes_once():
    check_refund(None, "returned")
    assert refusal(check_refund, None, "  ") == ("reason_missing", {})
    assert refusal(check_refund, "undone", "returned") == ("already_reversed", {})


def test_what_was_handed_over_does_not_come_back():
    assert coupons.comes_back(rule())
    assert coupons.comes_back(rule("percent", rate=Fraction(1, 2)))
    assert not coupons.comes_back(rule("gift", gives=TITLE))
    assert not coupons.comes_back(rule("service", gives=TITLE))
