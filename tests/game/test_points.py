from datetime import date, timedelta
from fractions import Fraction

import pytest

from game.action_terms import Home, Needs, Quota
from game.plan import Cap, Multiplier
from game.points import Arrival, cap_window, decide_chain, fold, points_for
from tests.game.cast import CAPPED, ONCE, PLAN, action, at, changed, local

PEOPLE = {"Mei", "Bao", "Chen"}
TICK = timedelta(microseconds=1)


def told(*actions, plan=PLAN, units=None):
    """What became of the actions, in the order taken: "id outcome" or "id points"."""
    return [
        f"{made.action} {made.points if made.outcome == 'scored' else made.outcome}"
        for made in fold(plan, PEOPLE, actions, units)
    ]


def plan_with(*multipliers, **rules):
    return changed(PLAN, actions={**PLAN.actions, **rules}, multipliers=multipliers)


def double(start, end, times=Fraction(2), kinds=("plain",)):
    return Multiplier(kinds, at(start), at(end), times)


# The order of the fold.


def test_actions_are_taken_by_receipt_then_id_then_place():
    facts = [
        action("A2", "plain", at(1)),
        action("A10", "plain", at(1)),
        action("Z", "plain", at(0)),
    ]
    assert told(*facts) == ["Z 30", "A10 30", "A2 30"]
    again = [action("A", "plain", at(1)), action("A", "none", at(1))]
    assert told(*again) == ["A 30", "A duplicate_action"]
    assert told(*reversed(again)) == ["A unknown_kind", "A duplicate_action"]


# Line by line.


@pytest.mark.parametrize(
    "first",
    [
        action("A", "plain", at(0)),
        action("A", "plain", at(0), verdict="struck"),
        action("A", "plain", at(0), verdict="pending"),
        action("A", "plain", at(0), by="Nobody"),
        action("A", "none", at(0)),
        action("A", "plain", at(0), happened_at=at(1)),
    ],
)
def test_an_id_counts_once_whatever_became_of_it(first):
    assert told(first, action("A", "plain", at(1), by="Bao"))[1] == "A duplicate_action"


@pytest.mark.parametrize(
    ("fact", "outcome"),
    [
        (action("A", "none", at(0), by="Nobody", happened_at=at(1)), "unknown_person"),
        (action("A", "none", at(0), happened_at=at(1)), "unknown_kind"),
        (action("A", "plain", at(0), happened_at=at(0) + TICK), "happened_after_received"),
        (
            action("A", "plain", at(0), happened_at=at(1), verdict="struck"),
            "happened_after_received",
        ),
        (action("A", "plain", at(0), verdict="struck"), "struck"),
        (action("A", "plain", at(0), verdict="pending"), "pending"),
        (action("A", "plain", at(0), happened_at=at(0)), "30"),
    ],
)
def test_the_first_line_that_fits_decides(fact, outcome):
    assert told(fact) == [f"A {outcome}"]


# Caps.


@pytest.mark.parametrize("verdict", ["accepted", "struck", "pending"])
def test_a_cap_counts_what_was_received_whatever_its_verdict(verdict):
    facts = [action(f"A{n}", "capped", at(hours=n), verdict=verdict) for n in (1, 2)]
    assert told(*facts, action("A3", "capped", at(hours=3)))[2] == "A3 cap_reached"


def test_an_action_beyond_the_cap_counts_too_but_one_refused_before_does_not():
    assert told(*(action(f"A{n}", "capped", at(hours=n)) for n in range(4)))[2:] == [
        "A2 cap_reached",
        "A3 cap_reached",
    ]
    refused = action("A0", "capped", at(0), happened_at=at(1))
    assert told(refused, *(action(f"A{n}", "capped", at(hours=n)) for n in (1, 2))) == [
        "A0 happened_after_received",
        "A1 1",
        "A2 1",
    ]


def test_a_cap_is_for_each_person_and_kind():
    plan = plan_with(other=CAPPED)
    sent = [("Mei", "capped"), ("Mei", "capped"), ("Bao", "capped"), ("Mei", "other")]
    facts = [action(f"A{n}", kind, at(hours=n), by=who) for n, (who, kind) in enumerate(sent)]
    assert [line.split()[1] for line in told(*facts, plan=plan)] == ["1"] * 4


@pytest.mark.parametrize(
    ("per", "inside", "outside"),
    [
        ("day", "2023-06-02T23:59:59.999999", "2023-06-03T00:00:00"),
        ("week", "2023-06-04T23:59:59.999999", "2023-06-05T00:00:00"),
        ("month", "2023-06-30T23:59:59.999999", "2023-07-01T00:00:00"),
    ],
)
def test_the_windows_of_caps_are_cut_in_the_zone_of_the_plan(per, inside, outside):
    plan = plan_with(capped=changed(CAPPED, cap=Cap(per, 1)))
    first = action("A1", "capped", local("2023-06-02T10:00:00"))
    assert told(first, action("A2", "capped", local(inside)), plan=plan)[1] == "A2 cap_reached"
    assert told(first, action("A2", "capped", local(outside)), plan=plan)[1] == "A2 1"


def test_the_window_of_a_cap_is_half_open():
    start, end = cap_window(Cap("day", 1), local("2023-06-02T10:00:00"), PLAN.zone)
    assert (start, end) == (local("2023-06-02T00:00:00"), local("2023-06-03T00:00:00"))


def test_what_is_beyond_the_cap_is_not_struck_and_holds_no_customer():
    plan = plan_with(once=changed(ONCE, cap=Cap("day", 1)))
    assert told(
        action("A1", "once", at(hours=1), customer="C1"),
        action("A2", "once", at(hours=2), customer="C2", verdict="struck"),
        action("A3", "once", at(hours=3), customer="C3"),
        action("A4", "once", at(hours=4), by="Bao", customer="C3"),
        plan=plan,
    ) == ["A1 5", "A2 cap_reached", "A3 cap_reached", "A4 5"]


# One customer.


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        (timedelta(days=30) - TICK, "duplicate_customer"),
        (timedelta(days=30), "5"),
        (timedelta(0), "duplicate_customer"),
    ],
)
def test_a_customer_scores_again_after_n_times_24_hours(later, outcome):
    first = action("A1", "once", at(0), customer="C1")
    second = action("A2", "once", at(0) + later, by="Bao", customer="C1")
    assert told(first, second) == ["A1 5", f"A2 {outcome}"]


def test_24_hours_are_no_day_of_a_clock_that_changes():
    # In Berlin 2023-03-26 has 23 hours: a day later on the clock is less than 24 h.
    plan = changed(plan_with(once=changed(ONCE, once_per_customer=1)), timezone="Europe/Berlin")
    first = local("2023-03-25T20:00:00")
    facts = [
        action("A1", "once", first, customer="C1"),
        action("A2", "once", first + timedelta(hours=23, minutes=30), customer="C1"),
        action("A3", "once", first + timedelta(hours=24), customer="C1"),
    ]
    assert told(*facts, plan=plan) == ["A1 5", "A2 duplicate_customer", "A3 5"]


@pytest.mark.parametrize(
    ("verdict", "second"),
    [("accepted", "duplicate_customer"), ("pending", "duplicate_customer"), ("struck", "5")],
)
def test_a_pending_action_holds_its_customer_and_a_strike_frees_it(verdict, second):
    first = action("A1", "once", at(0), customer="C1", verdict=verdict)
    assert told(first, action("A2", "once", at(1), customer="C1"))[1] == f"A2 {second}"


def test_only_what_scores_or_waits_holds_the_place():
    days = [("A1", 0), ("A2", 20), ("A3", 31), ("A4", 55)]
    facts = [action(name, "once", at(day), customer="C1") for name, day in days]
    assert told(*facts) == ["A1 5", "A2 duplicate_customer", "A3 5", "A4 duplicate_customer"]


def test_a_strike_moves_the_whole_chain_behind_it():
    days = [("A1", 0), ("A2", 20), ("A3", 31), ("A4", 55)]
    facts = [action(name, "once", at(day), customer="C1") for name, day in days]
    facts[0] = changed(facts[0], verdict="struck")
    assert told(*facts) == ["A1 struck", "A2 5", "A3 duplicate_customer", "A4 5"]


def test_an_empty_customer_never_repeats_and_kinds_do_not_meet():
    assert told(*(action(f"A{n}", "once", at(0)) for n in range(3))) == ["A0 5", "A1 5", "A2 5"]
    plan = plan_with(other=ONCE)
    facts = [action(f"A{n}", kind, at(n), customer="C") for n, kind in enumerate(["once", "other"])]
    assert told(*facts, plan=plan) == ["A0 5", "A1 5"]


def test_without_the_rule_a_customer_may_repeat():
    assert told(*(action(f"A{n}", "plain", at(0), customer="C") for n in range(2))) == [
        "A0 30",
        "A1 30",
    ]


# Points.


def test_multipliers_multiply_and_round_down_once():
    plan = plan_with(
        double(0, 9, Fraction(3, 2), ("once",)), double(0, 9, Fraction(3, 2), ("once", "plain"))
    )
    # 5 × 9/4 = 11.25; rounded at each step it would be 10.
    assert points_for(plan, "once", at(1))[0] == 11
    assert points_for(plan, "plain", at(1))[0] == 45


@pytest.mark.parametrize(
    ("moment", "points"), [(at(1) - TICK, 30), (at(1), 60), (at(2) - TICK, 60), (at(2), 30)]
)
def test_a_multiplier_holds_from_its_start_until_its_end(moment, points):
    assert points_for(plan_with(double(1, 2)), "plain", moment)[0] == points


def test_a_multiplier_looks_at_receipt_and_at_its_kinds():
    plan = plan_with(double(1, 2))
    assert told(
        action("A1", "plain", at(2), happened_at=at(1)), action("A2", "once", at(1)), plan=plan
    ) == ["A2 5", "A1 30"]


def test_each_decision_explains_itself():
    plan = changed(
        plan_with(double(0, 5, kinds=("both",)), double(6, 9, kinds=("both",))), version=7
    )
    (made,) = fold(plan, PEOPLE, [action("A1", "both", at(1), customer="C1")])
    assert (made.outcome, made.points) == ("scored", 6)
    assert (made.reason.plan, made.reason.version, made.reason.points) == ("test", 7, 3)
    assert made.reason.multipliers == plan.multipliers[:1]
    assert (made.reason.cap, made.reason.once_per_customer) == (Cap("week", 3), 2)


def test_an_action_no_rule_saw_has_no_reason():
    (made,) = fold(PLAN, PEOPLE, [action("A1", "none", at(1))])
    assert made.reason is None
    assert made.is_refused


# Versions.


def test_an_action_scores_by_the_version_in_force_when_it_was_received():
    later = changed(plan_with(plain=changed(PLAN.actions["plain"], points=40), new=ONCE), version=2)
    versions = [(at(1), PLAN), (at(5), later)]
    assert told(
        action("A0", "plain", at(0)),
        action("A1", "plain", at(5) - TICK),
        action("A2", "plain", at(5)),
        action("A3", "new", at(4)),
        action("A4", "new", at(6)),
        plan=versions,
    ) == ["A0 unknown_kind", "A3 unknown_kind", "A1 30", "A2 40", "A4 5"]


def test_a_chain_and_a_cap_go_on_across_versions():
    later = changed(plan_with(plain=ONCE, once=CAPPED), version=2)
    versions = [(None, PLAN), (at(1), later)]
    assert told(
        action("A1", "plain", at(0), customer="C1"),
        action("A2", "plain", at(2), customer="C1"),
        plan=versions,
    ) == ["A1 30", "A2 duplicate_customer"]
    same_day = [at(1) - timedelta(hours=1), at(1), at(1, hours=1)]
    assert told(
        *(action(f"A{n}", "once", moment) for n, moment in enumerate(same_day)), plan=versions
    ) == ["A0 5", "A1 1", "A2 cap_reached"]


def test_a_cap_that_grows_counts_what_was_beyond_the_smaller_one():
    wider = changed(plan_with(capped=changed(CAPPED, cap=Cap("day", 4))), version=2)
    facts = [action(f"A{n}", "capped", at(hours=n)) for n in range(5)]
    assert told(*facts, plan=[(None, PLAN), (at(hours=3), wider)]) == [
        "A0 1",
        "A1 1",
        "A2 cap_reached",
        "A3 1",
        "A4 cap_reached",
    ]


def test_a_chain_is_decided_alone_as_the_fold_decides_it():
    facts = [action(f"A{n}", "once", at(10 * n), customer="C1") for n in range(5)]
    facts[0] = changed(facts[0], verdict="struck")
    arrivals = [Arrival(fact, PLAN, within_cap=True) for fact in facts]
    assert decide_chain(arrivals) == fold(PLAN, PEOPLE, facts)


# Direct or handed over (C3).


@pytest.mark.parametrize(
    ("handed_over", "mode", "points"),
    [(2, "direct", 5), (2, "handed_over", 2), (0, "handed_over", 0), (None, "handed_over", 5)],
)
def test_what_is_handed_over_pays_its_own_rate(handed_over, mode, points):
    plan = plan_with(double(0, 9, kinds=("once",)), once=changed(ONCE, handed_over=handed_over))
    assert told(action("A1", "once", at(1), mode=mode), plan=plan) == [f"A1 {points * 2}"]


# Quota first (C4).


def at_home(most, per="month", unit="Care"):
    return plan_with(plain=changed(PLAN.actions["plain"], home=Home(unit, Quota(per, most))))


UNITS = {"Mei": "HQ/Care/North", "Bao": "HQ/Care more", "Chen": "HQ"}


@pytest.mark.parametrize(
    ("most", "by", "outcomes"),
    [
        (0, "Mei", ["30", "30", "30"]),
        (2, "Mei", ["within_quota", "within_quota", "30"]),
        (9, "Mei", ["within_quota"] * 3),
        (2, "Bao", ["30", "30", "30"]),
        (2, "Chen", ["30", "30", "30"]),
    ],
)
def test_people_at_home_score_past_their_quota(most, by, outcomes):
    facts = [action(f"A{n}", "plain", at(n), by=by) for n in range(3)]
    expected = [f"A{n} {outcome}" for n, outcome in enumerate(outcomes)]
    assert told(*facts, plan=at_home(most), units=UNITS) == expected


@pytest.mark.parametrize("unit", ["Care", "HQ", "HQ/Care", "North", "Care/North"])
def test_a_home_is_a_unit_or_the_way_to_it(unit):
    assert told(action("A", "plain", at(0)), plan=at_home(1, unit=unit), units=UNITS) == [
        "A within_quota"
    ]


def test_the_quota_begins_anew_with_the_month_of_the_plan_and_only_what_stands_fills_it():
    edge = local("2023-07-01T00:00")
    facts = [
        action("A1", "plain", edge - TICK),
        action("A2", "plain", edge, verdict="struck"),
        action("A3", "plain", edge, verdict="pending"),
        action("A4", "plain", edge),
        action("A5", "plain", edge + TICK),
    ]
    assert told(*facts, plan=at_home(1), units=UNITS) == [
        "A1 within_quota",
        "A2 struck",
        "A3 pending",
        "A4 within_quota",
        "A5 30",
    ]


def test_what_fills_a_quota_holds_its_customer():
    plan = plan_with(once=changed(ONCE, home=Home("Care", Quota("month", 1))))
    facts = [
        action("A1", "once", at(0), customer="C1"),
        action("A2", "once", at(1), customer="C1", by="Chen"),
    ]
    assert told(*facts, plan=plan, units=UNITS) == ["A1 within_quota", "A2 duplicate_customer"]


# Who started work (C2).

AGENCY = changed(PLAN.actions["plain"], needs=Needs(people=3, days=3))
PLACED = changed(PLAN.actions["capped"], cap=None, needs=Needs(people=1, days=3))
TALENT = plan_with(agency=AGENCY, placement=PLACED)
FIRST_DAY = date(2023, 6, 5)
FOURTH = local("2023-06-08T00:00")


def started(*names, day=FIRST_DAY):
    return dict.fromkeys(names, day)


@pytest.mark.parametrize(
    ("names", "received", "outcome"),
    [
        ("abc", FOURTH, "30"),
        ("abcd", FOURTH, "30"),
        ("ab", FOURTH, "needs_unmet"),
        ("", FOURTH, "needs_unmet"),
        ("abc", FOURTH - TICK, "needs_unmet"),
    ],
)
def test_a_channel_needs_so_many_people_so_many_days_on_the_job(names, received, outcome):
    fact = action("A", "agency", received, starters=started(*names))
    assert told(fact, plan=TALENT) == [f"A {outcome}"]


@pytest.mark.parametrize(
    ("verdict", "outcomes"),
    [
        ("accepted", ["A1 30", "A2 starter_counted", "A3 1"]),
        ("pending", ["A1 pending", "A2 starter_counted", "A3 1"]),
        ("struck", ["A1 struck", "A2 1", "A3 1"]),
    ],
)
def test_a_starter_counts_once_as_channel_or_as_placement(verdict, outcomes):
    facts = [
        action("A1", "agency", FOURTH, starters=started("a", "b", "c"), verdict=verdict),
        action("A2", "placement", FOURTH, starters=started("a"), by="Bao"),
        action("A3", "placement", FOURTH, starters=started("d"), by="Bao"),
    ]
    assert told(*facts, plan=TALENT) == outcomes


def test_a_channel_may_name_more_people_than_it_needs_and_takes_them_all():
    facts = [
        action("A1", "placement", FOURTH, starters=started("a")),
        action("A2", "agency", FOURTH, starters=started("a", "b", "c", "d"), by="Bao"),
        action("A3", "placement", FOURTH, starters=started("d")),
    ]
    assert told(*facts, plan=TALENT) == ["A1 1", "A2 30", "A3 starter_counted"]


def test_a_kind_that_needs_nobody_takes_nobody():
    facts = [
        action("A1", "plain", FOURTH, starters=started("a")),
        action("A2", "placement", FOURTH, starters=started("a")),
    ]
    assert told(*facts, plan=TALENT) == ["A1 30", "A2 1"]
