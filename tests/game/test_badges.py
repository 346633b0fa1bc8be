"""Badges: what each rule counts, when a tier is reached, what a version leaves to the next (F1)."""

from datetime import timedelta

import pytest

from game.badge_terms import ARTS, BYS, TIERS, BadgeRule
from game.badges import (
    Arrived,
    Fact,
    behind,
    first_of,
    firsts,
    fold,
    marks,
    progress,
    reached,
)
from game.plan import PlanFaults, parse_plan, template
from tests.game.cast import PLAN, TITLE, at, changed, local

ZONE = PLAN.zone


def rule(by="actions", tiers=(2,), **terms):
    named = dict(zip(TIERS, tiers, strict=False))
    terms = {"actions": ("call", "visit"), "per": "ever", "grace": 0} | terms
    return BadgeRule(TITLE, TITLE, "drop", by, tiers=named, **terms)


def done(number, moment, kind="call", points=1):
    return Fact("action", f"A{number}", moment, kind, points)


def daily(*days, kind="call"):
    """An action at noon in Shanghai on each of these days of June."""
    return [
        done(place, local(f"2023-06-{day:02d}T12:00:00"), kind) for place, day in enumerate(days)
    ]


def plan(number, **badges):
    return changed(PLAN, version=number, badges=badges)


def told(awards):
    return [(award.badge, award.tier, award.version, award.fact.id) for award in awards]


def counts(one, facts, is_first=()):
    return [mark.have for mark in marks(one, ZONE, facts, is_first)]


def test_actions_count_by_kind_in_the_order_received() -> None:
    facts = [done(2, at(2)), done(3, at(3), "chat"), done(1, at(1), "visit"), done(4, at(4))]
    found = marks(rule(tiers=(1, 3)), ZONE, facts)
    assert [(mark.fact.id, mark.have) for mark in found] == [("A1", 1), ("A2", 2), ("A4", 3)]
    by_tier = {tier: mark.fact.id for tier, mark in reached(rule(tiers=(1, 3)), found).items()}
    assert by_tier == {"bronze": "A1", "silver": "A4"}


def test_of_one_moment_the_id_decides() -> None:
    assert told(fold([(None, plan(1, b=rule()))], [done(2, at(1)), done(1, at(1))])) == [
        ("b", "bronze", 1, "A2")
    ]


def test_points_add_up() -> None:
    facts = [done(1, at(1), points=5), done(2, at(2), points=0), done(3, at(3), points=7)]
    assert counts(rule("points"), facts) == [5, 5, 12]


def test_each_kind_counts_once() -> None:
    facts = [*daily(1, 2), *daily(3, 4, kind="visit")]
    assert counts(rule("kinds"), facts) == [1, 2]
    assert [mark.fact.at.day for mark in marks(rule("kinds"), ZONE, facts)] == [1, 3]


@pytest.mark.parametrize(
    ("days", "grace", "runs"),
    [
        ([1, 2, 3], 0, [1, 2, 3]),
        ([1, 1, 2], 0, [1, 2]),
        ([1, 2, 4, 5], 0, [1, 2, 1, 2]),
        ([1, 2, 4, 5], 1, [1, 2, 3, 4]),
        ([1, 4, 8], 2, [1, 2, 1]),
        ([1, 4, 7], 2, [1, 2, 3]),
    ],
)
def test_a_streak_bears_its_grace_and_no_more(days, grace, runs) -> None:
    assert counts(rule("streak", per="day", grace=grace), daily(*days)) == runs


def test_days_are_those_of_the_plan_s_zone() -> None:
    # 23:30 and 00:30 in Shanghai: one night, two days; in UTC it is one day.
    facts = [done(1, local("2023-06-01T23:30:00")), done(2, local("2023-06-02T00:30:00"))]
    assert counts(rule("streak", per="day"), facts) == [1, 2]
    assert {fact.at.date() for fact in facts} == {at().date()}


def test_weeks_begin_on_monday() -> None:
    # Sunday the 4th, Monday the 5th, Sunday the 11th, Monday the 19th.
    streak = rule("streak", per="week", grace=0)
    assert counts(streak, daily(4, 5, 11, 19)) == [1, 2, 1]
    assert counts(changed(streak, grace=1), daily(4, 5, 11, 19)) == [1, 2, 3]


def test_what_is_behind_a_streak_is_its_own_run() -> None:
    found = marks(rule("streak", per="day"), ZONE, daily(1, 2, 9, 10, 11))
    mark = reached(rule("streak", tiers=(3,), per="day"), found)["bronze"]
    assert [fact.at.day for fact in behind(found, mark)] == [9, 10, 11]


@pytest.mark.parametrize(
    ("by", "source"),
    [
        ("battles_won", "battle"),
        ("challenges_finished", "challenge"),
        ("referrals_rewarded", "referral"),
        ("rewards_redeemed", "reward"),
    ],
)
def test_what_is_no_action_counts_by_its_source(by, source) -> None:
    others = [Fact(other, other, at(1)) for other in ("battle", "challenge", "referral", "reward")]
    facts = [*others, done(1, at(1))]
    assert [mark.fact.id for mark in marks(rule(by, actions=()), ZONE, facts)] == [source]


def arrived(number, moment, kind="call", is_scored=True):
    return Arrived(f"A{number}", kind, moment, is_scored)


def test_the_first_of_each_month_is_one() -> None:
    june, july = local("2023-06-30T23:00:00"), local("2023-07-01T01:00:00")
    monthly = rule("first", per="month")
    company = [
        arrived(2, june + timedelta(minutes=1)),
        arrived(1, june),
        arrived(3, july),
        arrived(0, local("2023-05-01T00:00:00"), "chat"),
    ]
    assert firsts(monthly, ZONE, company) == {"A1", "A3"}
    assert firsts(rule("first"), ZONE, company) == {"A1"}


def test_nobody_is_the_first_while_an_earlier_one_waits() -> None:
    company = [arrived(1, at(1), is_scored=False), arrived(2, at(2))]
    assert firsts(rule("first"), ZONE, company) == set()
    assert firsts(rule("first"), ZONE, company[1:]) == {"A2"}


def test_only_one_s_own_firsts_count() -> None:
    one = rule("first", tiers=(1,))
    facts = [done(1, at(1)), done(2, at(2))]
    assert counts(one, facts) == []
    assert counts(one, facts, {(first_of(one), "A2"), (first_of(one), "A9")}) == [1]
    of_others = rule("first", tiers=(1,), actions=("call",))
    assert counts(one, facts, {(first_of(of_others), "A2")}) == []


def test_progress_shows_the_next_tier() -> None:
    one = rule(tiers=(1, 3))
    found = marks(one, ZONE, daily(1, 2))
    so_far = progress(one, ZONE, found, at(5))
    assert (so_far.have, so_far.tier, so_far.next_tier, so_far.needed) == (2, "bronze", "silver", 3)
    full = progress(one, ZONE, marks(one, ZONE, daily(1, 2, 3, 4)), at(5))
    assert (full.have, full.tier, full.next_tier, full.needed) == (4, "silver", None, 3)
    none = progress(one, ZONE, [], at(5))
    assert (none.have, none.tier, none.next_tier, none.needed) == (0, None, "bronze", 1)


def test_a_streak_that_broke_begins_anew_and_its_best_is_kept() -> None:
    one = rule("streak", tiers=(2, 9), per="day", grace=1)
    found = marks(one, ZONE, daily(1, 2, 3))
    on_the_fifth = progress(one, ZONE, found, local("2023-06-05T23:00:00"))
    assert (on_the_fifth.have, on_the_fifth.best, on_the_fifth.tier) == (3, 3, "bronze")
    on_the_sixth = progress(one, ZONE, found, local("2023-06-06T00:00:00"))
    assert (on_the_sixth.have, on_the_sixth.best, on_the_sixth.tier) == (0, 3, "bronze")


def test_a_rule_counts_what_was_before_it_was_launched() -> None:
    versions = [(at(0), plan(1)), (at(10), plan(2, b=rule()))]
    assert told(fold(versions, daily(1, 2))) == [("b", "bronze", 2, "A1")]


def test_a_tier_once_reached_is_not_lost_to_a_later_version() -> None:
    easy, hard = rule(tiers=(2,)), rule(tiers=(3,))
    versions = [(at(0), plan(1, b=easy)), (at(10), plan(2, b=hard)), (at(20), plan(3))]
    assert told(fold(versions, daily(1, 2))) == [("b", "bronze", 1, "A1")]
    late = [*daily(1), done(7, at(12)), done(8, at(13))]
    assert told(fold(versions, late)) == [("b", "bronze", 2, "A8")]
    too_late = [*daily(1), done(7, at(12)), done(8, at(21))]
    assert told(fold(versions, too_late)) == []


def test_a_tier_has_the_number_of_the_first_version_that_gives_it() -> None:
    versions = [(at(0), plan(1, b=rule())), (at(10), plan(2, b=rule()))]
    assert told(fold(versions, daily(1, 2))) == [("b", "bronze", 1, "A1")]
    assert told(fold(versions, [*daily(1), done(7, at(10))])) == [("b", "bronze", 2, "A7")]


BADGE = """
[plan]
id = "p"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "计划", zh_Hant = "計劃", en = "Plan" }
[actions.call]
title = { zh_Hans = "电话", zh_Hant = "電話", en = "Call" }
points = 1
[badges.one]
title = { zh_Hans = "题", zh_Hant = "題", en = "Title" }
story = { zh_Hans = "题", zh_Hant = "題", en = "Story" }
art = "drop"
"""


@pytest.mark.parametrize(
    ("terms", "faults"),
    [
        ('by = "actions"\ntiers = { bronze = 1 }', []),
        ('by = "actions"\nactions = ["call"]\ntiers = { silver = 2, gold = 3 }', []),
        ('by = "streak"\nper = "week"\ngrace = 1\ntiers = { gold = 3 }', []),
        ('by = "battles_won"\ntiers = { gold = 3 }', []),
        ("tiers = { gold = 3 }", ["by"]),
        ('by = "luck"\nper = "day"\ntiers = { gold = 3 }', ["by"]),
        ('by = "actions"\nactions = ["walk"]\ntiers = { gold = 3 }', ["actions[0]"]),
        ('by = "battles_won"\nactions = ["call"]\ntiers = { gold = 3 }', ["actions"]),
        ('by = "streak"\ntiers = { gold = 3 }', ["per"]),
        ('by = "streak"\nper = "month"\ntiers = { gold = 3 }', ["per"]),
        ('by = "actions"\nper = "day"\ntiers = { gold = 3 }', ["per"]),
        ('by = "first"\nper = "year"\ntiers = { gold = 3 }', ["per"]),
        ('by = "first"\nper = "day"\ngrace = 1\ntiers = { gold = 3 }', ["grace"]),
        ('by = "streak"\nper = "day"\ngrace = -1\ntiers = { gold = 3 }', ["grace"]),
        ('by = "streak"\nper = "day"\ngrace = 400\ntiers = { gold = 3 }', ["grace"]),
        ('by = "actions"\ntiers = {}', ["tiers"]),
        ('by = "actions"\ntiers = 3', ["tiers"]),
        ('by = "actions"', ["tiers"]),
        ('by = "actions"\ntiers = { tin = 1, gold = 3 }', ["tiers.tin"]),
        ('by = "actions"\ntiers = { bronze = 5, silver = 5, gold = 4 }', ["tiers.silver", "tiers.gold"]),
        ('by = "actions"\ntiers = { bronze = 0 }', ["tiers.bronze"]),
        ('by = "actions"\ntiers = { bronze = 1 }\nglory = 1', ["glory"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_rule_is_named_with_its_path(terms, faults) -> None:
    assert paths(BADGE + terms) == [f"badges.one.{fault}" for fault in faults]


def paths(text):
    try:
        parse_plan(text)
    except PlanFaults as refused:
        return [fault.path for fault in refused.faults]
    return []


def test_names_and_drawings_are_checked() -> None:
    good = BADGE + 'by = "actions"\ntiers = { bronze = 1 }'
    assert paths(good.replace("badges.one", 'badges."一"')) == ['badges."一"']
    assert paths(good.replace('"drop"', '"trophy"')) == ["badges.one.art"]
    assert paths(good.replace('en = "Story"', 'fr = "Conte"')) == [
        "badges.one.story.fr",
        "badges.one.story.en",
    ]


def test_all_kinds_of_the_plan_count_where_none_is_named() -> None:
    read = parse_plan(BADGE + 'by = "actions"\ntiers = { bronze = 1 }').badges["one"]
    assert read.actions == ("call",)


def test_the_template_has_badges_of_every_kind_each_with_its_own_drawing() -> None:
    badges = parse_plan(template("full-participation")).badges
    assert len(badges) >= 15
    assert sorted(badge.art for badge in badges.values()) == sorted(ARTS)
    assert {badge.by for badge in badges.values()} == set(BYS)
