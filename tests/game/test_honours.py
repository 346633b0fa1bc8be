"""Who has a place: tables of ties, periods and refusals, and the laws that hold for any round."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import honours
from game.errors import RuleViolation
from game.honour_terms import HonourReward, HonourRule, Metric
from game.honours import Counted, Place, Span, Tally
from game.plan import PlanFaults, Title, parse_plan, template
from game.points import Decision
from tests.game.cast import action

SHANGHAI = ZoneInfo("Asia/Shanghai")
TITLE = Title("题", "題", "Title")
NOON = datetime(2026, 11, 10, 4, tzinfo=UTC)
RULE = HonourRule(
    title=TITLE, story=TITLE, period="month", who="employee", by="rule", top=2, least=1,
    closes_after=3, metric=Metric("points", ("call",)), tie="share", reward=None,
)  # fmt: skip
VOTE = msgspec.structs.replace(RULE, by="vote", metric=None, tie=None, top=1)
DECISION = msgspec.structs.replace(VOTE, by="decision", least=2)


def rule(**changes):
    return msgspec.structs.replace(RULE, **changes)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def tallied(*scores):
    """A of the first score, B of the second …; each got there a minute after the one before."""
    return [
        Tally("ABCDEFG"[nth], Fraction(score), NOON + timedelta(minutes=nth))
        for nth, score in enumerate(scores)
    ]


# --- periods --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "moment", "starts", "ends"),
    [
        ("month", "2026-10-31T15:59:59.999", "2026-09-30T16:00", "2026-10-31T16:00"),
        ("month", "2026-10-31T16:00", "2026-10-31T16:00", "2026-11-30T16:00"),
        ("month", "2024-02-10T00:00", "2024-01-31T16:00", "2024-02-29T16:00"),
        ("quarter", "2026-09-30T15:59:59.999", "2026-06-30T16:00", "2026-09-30T16:00"),
        ("quarter", "2026-09-30T16:00", "2026-09-30T16:00", "2026-12-31T16:00"),
        ("quarter", "2026-12-31T15:59:59.999", "2026-09-30T16:00", "2026-12-31T16:00"),
        ("year", "2026-12-31T15:59:59.999", "2025-12-31T16:00", "2026-12-31T16:00"),
        ("year", "2026-12-31T16:00", "2026-12-31T16:00", "2027-12-31T16:00"),
    ],
)
def test_rounds_are_cut_in_the_zone(period, moment, starts, ends):
    found = honours.span(rule(period=period), utc(moment), SHANGHAI)
    assert found == Span(utc(starts), utc(ends), utc(ends) + timedelta(days=3))


def test_a_round_closes_at_midnight_though_a_day_is_longer():
    berlin = ZoneInfo("Europe/Berlin")
    found = honours.span(rule(closes_after=28), utc("2026-09-10T00:00"), berlin)
    assert found.closes == datetime(2026, 10, 29, tzinfo=berlin).astimezone(UTC)


def test_the_clock_decides_to_the_microsecond():
    when = Span(utc("2026-11-01T00:00"), utc("2026-12-01T00:00"), utc("2026-12-04T00:00"))
    tick = timedelta(microseconds=1)
    assert honours.due_state(when, when.ends - tick) == "open"
    assert honours.due_state(when, when.ends) == "closing"
    assert honours.due_state(when, when.closes - tick) == "closing"
    assert honours.due_state(when, when.closes) == "closed"


# --- places ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "scores", "ranks", "top"),
    [
        ({"tie": "share"}, (9, 7, 7, 5), [1, 2, 2, 4], "ABC"),
        ({"tie": "share"}, (9, 9, 9, 5), [1, 1, 1, 4], "ABC"),
        ({"tie": "first_to_reach"}, (9, 7, 7, 5), [1, 2, 3, 4], "AB"),
        ({"tie": "first_to_reach"}, (7, 9, 7), [1, 2, 3], "BA"),
        ({"tie": "share", "least": 6}, (9, 5), [1], "A"),
        ({"tie": "share"}, (), [], ""),
        ({"tie": "share", "top": 10}, (1, 2), [1, 2], "BA"),
    ],
)
def test_the_last_place_is_shared_or_the_first_to_get_there_has_it(terms, scores, ranks, top):
    placed = honours.places(rule(**terms), tallied(*scores))
    assert [each.rank for each in placed] == ranks
    assert "".join(each.who for each in placed if each.is_top) == top


def test_nominations_for_a_decision_rank_nobody():
    placed = honours.places(DECISION, tallied(5, 2, 1))
    assert placed == [Place("A", 1, Fraction(5), True), Place("B", 1, Fraction(2), True)]


def test_least_of_a_vote_is_about_nominations_not_votes():
    [first] = honours.places(msgspec.structs.replace(VOTE, least=3), tallied(1))
    assert first.is_top


def test_only_what_was_received_in_the_period_and_scored_counts():
    when = Span(NOON, NOON + timedelta(days=1), NOON + timedelta(days=4))
    tick = timedelta(microseconds=1)

    def decided(kind, received, outcome="scored", points=5):
        return Decision(action("A", kind, received, by="Mei"), outcome, points)

    decisions = [
        decided("call", NOON - tick), decided("call", NOON), decided("call", when.ends - tick),
        decided("call", when.ends), decided("visit", NOON), decided("call", NOON, "struck", 0),
        decided("call", NOON, "pending", 0),
    ]  # fmt: skip
    found = honours.counted(Metric("points", ("call",)), when, decisions)
    assert found == [Counted("Mei", 5, NOON), Counted("Mei", 5, when.ends - tick)]
    assert [each.amount for each in honours.counted(Metric("actions", ("call",)), when, decisions)] == [
        1, 1,
    ]  # fmt: skip


def test_a_team_has_what_its_members_have_on_average():
    own = [
        Tally("Mei", Fraction(6), NOON),
        Tally("Bao", Fraction(1), NOON + timedelta(hours=1)),
        Tally("An", Fraction(9), NOON),
    ]
    teams = {"one": ["Mei", "Bao", "Chen"], "two": ["Dai", "Xu"]}
    assert honours.team_tallies(own, teams) == [
        Tally("one", Fraction(7, 3), NOON + timedelta(hours=1))
    ]


@pytest.mark.parametrize(
    ("terms", "scores", "mine", "members", "more"),
    [
        ({}, (9, 7), 4, 1, 3),
        ({"tie": "first_to_reach"}, (9, 7), 4, 1, 4),
        ({}, (9,), 0, 1, 1),
        ({"least": 5}, (9,), 2, 1, 3),
        ({}, (9, 7), "5/2", 2, 9),
        ({}, (9, 9, 9), 9, 1, 1),
    ],
)
def test_how_far_it_is_to_the_top(terms, scores, mine, members, more):
    terms = rule(**terms)
    placed = honours.places(terms, tallied(*scores))
    assert honours.to_top(terms, placed, Fraction(mine), members) == more


scores = st.lists(st.integers(0, 6), max_size=7)
terms = st.builds(
    rule,
    top=st.integers(1, 4),
    least=st.integers(1, 3),
    tie=st.sampled_from(["share", "first_to_reach"]),
)


@given(scores, terms)
def test_the_top_is_whoever_is_not_beaten_by_as_many_as_win(found, terms):
    placed = honours.places(terms, tallied(*found))
    assert {each.who for each in placed} == {
        each.who for each in tallied(*found) if each.score >= terms.least
    }
    for each in placed:
        better = sum(other.score > each.score for other in placed)
        assert each.is_top >= (better < terms.top and terms.tie == "share")
        assert not each.is_top or better < terms.top
    if terms.tie == "first_to_reach":
        assert sum(each.is_top for each in placed) == min(terms.top, len(placed))


@given(scores, terms, st.integers(0, 6))
def test_that_many_more_lead_into_the_top_and_one_less_does_not(found, terms, mine):
    others = tallied(*found)
    late = NOON + timedelta(days=1)

    def is_top(score):
        placed = honours.places(terms, [*others, Tally("Z", Fraction(score), late)])
        return any(each.who == "Z" and each.is_top for each in placed)

    if not is_top(mine):
        more = honours.to_top(terms, honours.places(terms, others), Fraction(mine))
        assert is_top(mine + more)
        assert not is_top(mine + more - 1)


counted = st.builds(
    lambda who, amount, minutes: Counted(who, amount, NOON + timedelta(minutes=minutes)),
    st.sampled_from("ABC"),
    st.integers(0, 5),
    st.integers(0, 9),
)


@given(st.lists(counted, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_changes_nothing(things, chance):
    people = {"A", "B"}
    told = sorted(honours.tallies(things, people), key=lambda each: each.who)
    chance.shuffle(things)
    assert sorted(honours.tallies(things, people), key=lambda each: each.who) == told
    assert {each.who for each in told} <= people
    for each in told:
        mine = [thing for thing in things if thing.who == each.who and thing.amount]
        assert each.score == sum(thing.amount for thing in mine)
        assert each.reached_at == max(thing.at for thing in mine)


# --- who may what ---------------------------------------------------------------------------

NOMINATION = {"opted_out": False, "is_own": False, "made": 4, "sentence": "She helped"}
VOTING = {"opted_out": False, "is_own": False, "is_candidate": True}


@pytest.mark.parametrize(
    ("state", "by", "changes", "code"),
    [
        ("open", "rule", {}, "not_nominated_here"),
        ("closing", "vote", {}, "nominations_closed"),
        ("closed", "decision", {}, "nominations_closed"),
        ("open", "vote", {"opted_out": True}, "opted_out"),
        ("open", "vote", {"is_own": True}, "own_nomination"),
        ("open", "vote", {"made": 5}, "nominations_spent"),
        ("open", "decision", {"sentence": " "}, "sentence_missing"),
        ("open", "decision", {"sentence": "x" * 201}, "sentence_too_long"),
        ("open", "vote", {}, None),
        ("closing", "decision", {"sentence": "x" * 200}, None),
    ],
)
def test_who_may_be_nominated_when(state, by, changes, code):
    expect(code, honours.check_nominate, state, by, **NOMINATION | changes)


@pytest.mark.parametrize(
    ("state", "by", "changes", "code"),
    [
        ("open", "vote", {}, "voting_closed"),
        ("closed", "vote", {}, "voting_closed"),
        ("closing", "decision", {}, "voting_closed"),
        ("closing", "vote", {"opted_out": True}, "opted_out"),
        ("closing", "vote", {"is_candidate": False}, "not_a_candidate"),
        ("closing", "vote", {"is_own": True}, "own_vote"),
        ("closing", "vote", {}, None),
    ],
)
def test_who_may_vote_when(state, by, changes, code):
    expect(code, honours.check_vote, state, by, **VOTING | changes)


@pytest.mark.parametrize(
    ("terms", "state", "changes", "code"),
    [
        (RULE, "closing", {}, "honour_not_closed"),
        (RULE, "closed", {"is_top": False}, "not_a_candidate"),
        (RULE, "closed", {"is_own": True}, "own_honour"),
        (RULE, "closed", {"awarded": ["A"]}, "already_awarded"),
        (RULE, "closed", {"reason": ""}, "reason_missing"),
        (RULE, "closed", {"awarded": ["B", "C", "D"]}, None),
        (DECISION, "closed", {"awarded": ["B"]}, "all_awarded"),
        (DECISION, "closed", {}, None),
    ],
)
def test_who_may_be_awarded_when(terms, state, changes, code):
    usual = {"is_top": True, "is_own": False, "awarded": [], "who": "A", "reason": "why"}
    expect(code, honours.check_award, terms, state, **usual | changes)


def expect(code, check, *arguments, **named):
    if code is None:
        check(*arguments, **named)
        return
    with pytest.raises(RuleViolation) as refused:
        check(*arguments, **named)
    assert refused.value.code == code


@given(st.integers(1, 10_000), st.sets(st.text("abc", min_size=1, max_size=3), min_size=1))
def test_a_fund_is_shared_to_the_last_cent(amount, members):
    for asset in ("points", "career", "cash"):
        reward = HonourReward(asset, amount)
        parts = honours.shares(reward, members)
        posting = honours.reward_posting(reward, parts)
        assert sum(posting.credits.values()) == amount
        assert max(parts.values()) - min(parts.values()) <= 1
        assert posting.legs[0].account == ("sponsor" if asset == "cash" else "issuer")


# --- in a plan ------------------------------------------------------------------------------

TEXT = """
[plan]
id = "wall"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "墙", zh_Hant = "牆", en = "Wall" }

[actions.call]
title = { zh_Hans = "电话", zh_Hant = "電話", en = "Call" }
points = 2

[honours.star]
title = { zh_Hans = "星", zh_Hant = "星", en = "Star" }
story = { zh_Hans = "谢", zh_Hant = "謝", en = "Thanks" }
period = "month"
who = "employee"
by = "rule"
closes_after = 3
metric = { of = "points", kinds = ["call"] }
tie = "share"
reward = { asset = "points", amount = 10 }
"""


def test_a_title_is_read_as_it_is_written():
    found = parse_plan(TEXT).honours["star"]
    assert (found.top, found.least, found.closes_after) == (1, 1, 3)
    assert found.metric == Metric("points", ("call",))
    assert found.reward == HonourReward("points", 10)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('period = "month"', 'period = "week"', "honours.star.period"),
        ('who = "employee"', 'who = "everybody"', "honours.star.who"),
        ('by = "rule"', 'by = "luck"', "honours.star.by"),
        ("closes_after = 3", "closes_after = 29", "honours.star.closes_after"),
        ("closes_after = 3", "", "honours.star.closes_after"),
        ('["call"]', '["fax"]', "honours.star.metric.kinds[0]"),
        ('of = "points"', 'of = "luck"', "honours.star.metric.of"),
        ('of = "points"', 'of = "referrals"', "honours.star.metric.kinds"),
        ('who = "employee"', 'who = "customer"', "honours.star.metric.of"),
        ('tie = "share"', "", "honours.star.tie"),
        ("amount = 10", "amount = 0", "honours.star.reward.amount"),
        ('by = "rule"', 'by = "rule"\ntop = 0', "honours.star.top"),
        ('by = "rule"', 'by = "rule"\ncolour = "red"', "honours.star.colour"),
    ],
)
def test_a_fault_is_named_by_its_path(old, new, path):
    with pytest.raises(PlanFaults) as found:
        parse_plan(TEXT.replace(old, new))
    assert [fault.path for fault in found.value.faults] == [path]


def test_votes_have_no_metric_and_need_a_day():
    text = TEXT.replace('by = "rule"', 'by = "vote"').replace(
        "closes_after = 3", "closes_after = 0"
    )
    with pytest.raises(PlanFaults) as found:
        parse_plan(text)
    assert {fault.path for fault in found.value.faults} == {
        "honours.star.metric", "honours.star.tie", "honours.star.closes_after",
    }  # fmt: skip


def test_careers_are_for_employees():
    text = TEXT.replace('who = "employee"', 'who = "customer"')
    text = text.replace('{ of = "points", kinds = ["call"] }', '{ of = "referrals" }')
    with pytest.raises(PlanFaults) as found:
        parse_plan(text.replace('asset = "points"', 'asset = "career"'))
    assert [fault.path for fault in found.value.faults] == ["honours.star.reward.asset"]


def test_the_template_has_the_titles_of_the_published_plan():
    found = parse_plan(template("full-participation")).honours
    assert found["hero_board"].top == 10
    assert found["referral_top"].reward == HonourReward("career", 20)
    assert {each.who for each in found.values()} == {"employee", "team", "customer", "partner"}
    assert {each.by for each in found.values()} == {"rule", "vote", "decision"}
