"""Referrals: who may be bound, and rewards as a fold over deals, whatever order things come in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import RuleViolation
from game.plan import PlanFaults, parse_plan, template
from game.referrals import (
    Bound,
    Deal,
    changes,
    check_agreement,
    check_bind,
    check_open,
    coupons_for,
    is_deal,
    next_rung,
    rewards_due,
    terms_of,
)

TEXT = template("word-of-mouth")
PLAN = parse_plan(TEXT)
RULE = PLAN.campaigns["friends"]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
LAST = datetime(2026, 12, 31, 16, tzinfo=UTC)
TICK = timedelta(microseconds=1)
NEW = {"friend": "f", "role": "customer", "referrer": "r", "has_ordered": False, "before": None}


def keeping(**policy):
    """The campaign with another refund policy."""
    said = {"coupons": "take", "points": "take", "ladder": "take"} | policy
    inline = ", ".join(f'{name} = "{word}"' for name, word in said.items())
    old = 'refund = { coupons = "take", points = "take", ladder = "take" }'
    assert TEXT.count(old) == 1
    changed = TEXT.replace(old, f"refund = {{ {inline} }}")
    return parse_plan(changed).campaigns["friends"]


def deal(order, *, amount=100_000, role="customer", rule=RULE, is_counted=True, back=None):
    return Deal(str(order), amount, role, rule, is_counted, back)


def names(deals):
    return [each.name for each in rewards_due(deals)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"friend": "r"}, "own_link"),
        ({"role": "employee"}, "not_a_customer"),
        ({"role": "partner"}, "not_a_customer"),
        ({"before": Bound("r", NOW + TICK)}, "already_claimed"),
        ({"before": Bound("other", NOW + TICK)}, "already_invited"),
        ({"has_ordered": True}, "already_customer"),
        ({"has_ordered": True, "before": Bound("other", NOW)}, "already_customer"),
    ],
)
def test_who_may_not_be_bound(changed, code):
    with pytest.raises(RuleViolation) as refused:
        check_bind(RULE, NOW, **(NEW | changed))
    assert refused.value.code == code


def test_a_new_customer_is_bound_for_the_days_of_the_plan():
    assert check_bind(RULE, NOW, **NEW) == NOW + timedelta(days=90)
    assert check_bind(RULE, NOW, **(NEW | {"before": Bound("other", NOW)})) > NOW


@pytest.mark.parametrize(
    ("moment", "code"),
    [(RULE.starts - TICK, "campaign_not_begun"), (LAST, "campaign_over")],
)
def test_outside_its_window_a_campaign_is_closed(moment, code):
    with pytest.raises(RuleViolation, match=code):
        check_open(RULE, moment)
    check_open(RULE, RULE.starts)
    check_open(RULE, LAST - TICK)


def test_a_partner_accepts_this_version_of_the_agreement():
    terms = terms_of(RULE, "partner")
    for accepted in ([], [2]):
        with pytest.raises(RuleViolation, match="agreement_first"):
            check_agreement(terms, accepted)
    check_agreement(terms, [1])
    check_agreement(terms_of(RULE, "customer"), [])


def test_who_gets_nothing_may_not_invite():
    clients = parse_plan(template("pk-campaign")).campaigns["clients"]
    with pytest.raises(RuleViolation, match="may_not_invite"):
        terms_of(clients, "partner")


@pytest.mark.parametrize(
    ("ordered_at", "is_first", "expected"),
    [(NOW, True, True), (NOW - TICK, True, False), (LAST, True, False), (NOW, False, False)],
)
def test_the_first_order_of_the_period_is_the_deal(ordered_at, is_first, expected):
    assert is_deal(NOW, LAST, ordered_at, is_first=is_first) == expected


def test_the_published_ladder():
    deals = [deal(number) for number in range(1, 5)]
    assert names(deals[:1]) == [("deal:1", "thanks"), ("ladder:1", "first_step")]
    assert names(deals)[-4:] == [
        ("deal:3", "thanks"), ("ladder:3", "three_deals"), ("ladder:3", "free_service"),
        ("deal:4", "thanks"),
    ]  # fmt: skip
    terms = terms_of(RULE, "customer")
    assert [next_rung(terms, done) for done in (0, 1, 2, 3)] == [1, 3, 3, None]


@pytest.mark.parametrize(
    ("amount", "expected"), [(4_999_999, ("thanks",)), (5_000_000, ("premium_service",))]
)
def test_a_high_value_deal_gives_service_instead(amount, expected):
    assert coupons_for(terms_of(RULE, "customer"), amount) == expected


def test_an_employee_gets_points_and_a_partner_a_product():
    [points] = rewards_due([deal(1, role="employee")])
    assert (points.coupon, points.points) == ("", 50)
    assert names([deal(1, role="partner")]) == [("deal:1", "product_exchange")]


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ({}, []),
        ({"coupons": "keep"}, [("deal:1", "thanks")]),
        ({"ladder": "keep"}, [("ladder:1", "first_step")]),
    ],
)
def test_a_refund_takes_what_the_plan_says(policy, left):
    rule = keeping(**policy)
    assert names([deal(1, rule=rule, back="refunded")]) == left
    assert names([deal(1, rule=rule, back="undone")]) == []


def test_points_are_kept_where_the_plan_says():
    rule = keeping(points="keep")
    assert names([deal(1, role="employee", rule=rule, back="refunded")]) == [("deal:1", "")]


def test_what_is_not_counted_makes_nothing_due():
    assert names([deal(1, is_counted=False), deal(2, is_counted=False, back="refunded")]) == []


POLICIES = {"": RULE} | {name: keeping(**{name: "keep"}) for name in ("coupons", "ladder")}
FATES = st.sampled_from(["open", "counted", "refunded", "undone"])


@given(
    st.lists(st.tuples(FATES, st.integers(0, 6_000_000)), max_size=12),
    st.randoms(use_true_random=False),
    st.sampled_from(["", "coupons", "ladder"]),
)
def test_whatever_order_things_come_in_what_was_given_is_the_fold(fates, random, policy):
    """Count and reverse deals in any order, giving and taking the difference at each step."""
    rule = POLICIES[policy]
    state = dict.fromkeys(range(len(fates)), (False, None))
    steps = [(place, "count") for place, (fate, _) in enumerate(fates) if fate != "open"]
    steps += [
        (place, fate) for place, (fate, _) in enumerate(fates) if fate in {"refunded", "undone"}
    ]
    random.shuffle(steps)
    given_now: list[tuple[str, str]] = []
    for place, step in steps:
        counted, back = state[place]
        if step == "count":
            # What was reversed before it counted never counts.
            state[place] = (back is None, back)
        else:
            state[place] = (counted, step)
        due = rewards_due(_deals(fates, state, rule))
        change = changes(given_now, due)
        assert not set(change.take) & {each.name for each in change.give}
        given_now = [each for each in given_now if each not in change.take]
        given_now += [each.name for each in change.give]
        assert len(given_now) == len(set(given_now)), "nothing is given twice"
        assert sorted(given_now) == sorted(each.name for each in due)
    rungs = {key for key, _ in given_now if key.startswith("ladder")}
    assert len(rungs) <= len(terms_of(rule, "customer").ladder)


def _deals(fates, state, rule):
    return [
        deal(place, amount=amount, rule=rule, is_counted=state[place][0], back=state[place][1])
        for place, (_, amount) in enumerate(fates)
    ]


@given(st.lists(st.sampled_from(["r", "s", "t"]), min_size=1, max_size=8), st.data())
def test_a_friend_belongs_to_one_at_a_time(referrers, data):
    """Claims at growing moments: who comes first has them until it lapses."""
    now, before, came = RULE.starts, None, []
    for referrer in referrers:
        now += timedelta(days=data.draw(st.integers(0, 60)))
        if now >= RULE.ends:
            break
        try:
            until = check_bind(RULE, now, **(NEW | {"referrer": referrer, "before": before}))
        except RuleViolation as refused:
            assert before is not None
            assert now < before.until
            code = "already_claimed" if before.referrer == referrer else "already_invited"
            came.append((refused.code, code))
        else:
            assert before is None or before.until <= now
            before = Bound(referrer, until)
    assert all(code == expected for code, expected in came)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('["newcomer", "newcomer_rate"', '["nobody", "newcomer_rate"', "friend.coupons[0]"),
        ("days = 90, again", "days = 0, again", "binding.days"),
        ("again = true", "again = 1", "binding.again"),
        ('points = "take"', 'points = "some"', "refund.points"),
        ("{ deals = 3,", "{ deals = 1,", "customer.ladder[1].deals"),
        ('["three_deals", ', '["three", ', "customer.ladder[1].coupons[0]"),
        ("order_at_least = 5000000", "order_at_least = 0", "customer.high_value.order_at_least"),
        ("instead = true", 'instead = "yes"', "customer.high_value.instead"),
        ("release_days = 0", "release_days = -1", "release_days"),
        ("most = 30", "most = 0", "exclusive.most"),
        ('coupon = "exclusive"', 'coupon = "none"', "exclusive.coupon"),
        ("hour = 2\n", "minute = 2\n", "limits.minute"),
        ("hour = 2\n", 'hour = "2"\n', "limits.hour"),
        ("ends = 2027-01-01", "ends = 2026-01-01", "ends"),
        ('coupons = ["product_exchange"]', "points = 5", "partner.points"),
    ],
)
def test_every_fault_of_a_campaign_is_named(old, new, fault):
    assert TEXT.count(old) == 1, old
    with pytest.raises(PlanFaults) as refused:
        parse_plan(TEXT.replace(old, new))
    assert [each.path for each in refused.value.faults] == [f"campaigns.friends.{fault}"]


def test_a_partner_needs_an_agreement_and_a_campaign_somebody_who_invites():
    head = TEXT.split("[campaigns.friends.customer]", maxsplit=1)[0]
    with pytest.raises(PlanFaults, match="at least one of customer, employee, partner"):
        parse_plan(head)
    with pytest.raises(PlanFaults, match=r"partner\.agreement"):
        parse_plan(head + '[campaigns.friends.partner]\ncoupons = ["thanks"]\n')


def test_the_fee_of_a_client_is_reduced_for_a_time():
    plan = parse_plan(template("pk-campaign"))
    terms = terms_of(plan.campaigns["clients"], "customer")
    half = plan.coupons[terms.coupons[0]]
    assert (half.kind, str(half.rate), half.months) == ("fee", "1/2", 3)
    assert plan.campaigns["clients"].release_days == 7
