"""What a plan says of leads, and what decides about one (D1, D3, D6, I1)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import RuleViolation
from game.lead_terms import AssignRule, LeadTerms
from game.leads import (
    Holder,
    check_review,
    check_words,
    days_left,
    place,
    protected,
    review_due,
    terms_of,
)
from game.plan import PlanFaults, Title, parse_plan, template, template_names

TITLES = '{ zh_Hans = "新", zh_Hant = "新", en = "New" }'
HEAD = f"""
[plan]
id = "test"
version = 1
timezone = "Asia/Shanghai"
title = {TITLES}

[actions.client]
title = {TITLES}
points = 1
"""
NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
TERMS = LeadTerms(
    needs={"home": Title("房", "房", "Home")}, channels={"web": Title("网", "網", "")}
)


def refusal(work):
    with pytest.raises(RuleViolation) as refused:
        work()
    return refused.value.code


def test_a_plan_says_every_figure_of_its_own():
    text = f"""
[leads]
protection_days = 60
review_days = 2
contact_hours = 12
remind_hours = 0
checks_per_day = 0
needs = {{ home = {TITLES} }}
channels = {{ web = {TITLES} }}
assign = {{ by = "tag", tags = {{ home = "华东/销售" }}, most = 2 }}
scores = {{ valid = "client", deal = "client" }}
limits = {{ device_day = 3 }}
"""
    terms = terms_of(parse_plan(HEAD + text))
    assert (terms.protection_days, terms.review_days, terms.contact_hours) == (60, 2, 12)
    assert (terms.remind_hours, terms.checks_per_day) == (0, 0)
    assert terms.needs == {"home": Title("新", "新", "New")}
    assert terms.channels == {"web": Title("新", "新", "New")}
    assert terms.assign == AssignRule("tag", {"home": "华东/销售"}, 2)
    assert terms.scores == {"valid": "client", "deal": "client"}
    assert (terms.limits.device_day, terms.limits.network_day) == (3, 5)


def test_what_is_left_out_is_as_the_rows_say():
    terms = terms_of(parse_plan(f"{HEAD}[leads]\n"))
    assert terms == LeadTerms()
    assert (terms.protection_days, terms.review_days, terms.contact_hours) == (30, 1, 24)
    assert (terms.limits.device_day, terms.limits.network_day) == (5, 5)


def test_a_plan_without_leads_takes_none():
    assert refusal(lambda: terms_of(parse_plan(HEAD))) == "leads_closed"


@pytest.mark.parametrize("name", template_names())
def test_every_template_takes_leads_for_thirty_days(name):
    plan = parse_plan(template(name))
    terms = terms_of(plan)
    assert (terms.protection_days, terms.review_days, terms.contact_hours) == (30, 1, 24)
    assert terms.needs
    assert plan.calendar is not None
    assert plan.calendar.make_up_days


def test_the_campaign_scores_c_b_and_a_by_stage():
    scores = terms_of(parse_plan(template("pk-campaign"))).scores
    assert scores == {"valid": "client_c", "visiting": "client_b", "deal": "client_a"}


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ("protection_days = 0",
         "leads.protection_days: expected a whole number ≥ 1, got 0"),
        ("protection_days = 367",
         "leads.protection_days: expected a whole number ≤ 366, got 367"),
        ('assign = { by = "luck" }',
         'leads.assign.by: expected one of round_robin, store, tag, hand, got "luck"'),
        ('assign = { by = "tag", tags = { villa = "A" } }',
         'leads.assign.tags.villa: expected a need of this plan, got "villa"'),
        ('scores = { valid = "unknown" }',
         'leads.scores.valid: expected a kind of action of this plan, got "unknown"'),
        ('scores = { lost = "client" }',
         ("leads.scores.lost: expected one of the keys valid, contacted, visiting, deal,"
          ' got "lost"')),
        ("needs = { home = 5 }", "leads.needs.home: expected a table, got 5"),
    ],
)  # fmt: skip
def test_every_fault_is_named(terms, fault):
    with pytest.raises(PlanFaults) as refused:
        parse_plan(f"{HEAD}[leads]\n{terms}\n")
    assert str(refused.value).splitlines()[0] == fault


@pytest.mark.parametrize(
    ("name", "note", "tags", "channel", "code"),
    [
        ("", "", [], "", "lead_name_missing"),
        (" \n", "", [], "", "lead_name_missing"),
        ("长" * 41, "", [], "", "lead_name_long"),
        ("周", "长" * 501, [], "", "note_too_long"),
        ("周", "", ["villa"], "", "need_unknown"),
        ("周", "", ["home"] * 6, "", "need_unknown"),
        ("周", "", [], "radio", "channel_unknown"),
    ],
)
def test_words_that_make_no_lead(name, note, tags, channel, code):
    assert refusal(lambda: check_words(TERMS, name, note, tags, channel)) == code


def test_words_that_make_one():
    check_words(TERMS, "长" * 40, "长" * 500, ["home"], "web")
    check_words(TERMS, "周", "", [], "")


@pytest.mark.parametrize(
    ("holder", "wanted"),
    [
        (None, "free"),
        (Holder("l", "me", NOW + timedelta(microseconds=1)), "own"),
        (Holder("l", "other", NOW + timedelta(microseconds=1)), "taken"),
        (Holder("l", "other", NOW), "free"),
        (Holder("l", "me", NOW), "free"),
    ],
)
def test_whose_a_customer_is_at_a_moment(holder, wanted):
    assert place(holder, "me", NOW) == wanted


@given(st.integers(1, 366))
def test_protection_lasts_days_of_24_hours_to_the_microsecond(days):
    start, end = protected(LeadTerms(protection_days=days), NOW)
    assert (start, end - start) == (NOW, timedelta(hours=24 * days))
    holder, instant = Holder("l", "a", end), timedelta(microseconds=1)
    assert place(holder, "b", end - instant) == "taken"
    assert place(holder, "b", end) == "free"


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=12), 12),
        (timedelta(days=12, microseconds=1), 13),
        (timedelta(microseconds=1), 1),
        (timedelta(0), 0),
        (timedelta(days=-3), 0),
    ],
)
def test_a_begun_day_is_counted_whole(left, days):
    assert days_left(NOW + left, NOW) == days


def test_a_review_is_due_by_the_calendar_of_the_plan():
    text = f"{HEAD}[calendar]\nholidays = [2026-11-25]\n[leads]\n"
    assert review_due(parse_plan(text), NOW) == NOW + timedelta(days=2)
    assert review_due(parse_plan(f"{HEAD}[leads]\n"), NOW) == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("reviewer", "stage", "verdict", "reason", "held", "code"),
    [
        ("me", "submitted", "valid", "", False, "own_lead"),
        ("op", "valid", "valid", "", False, "already_reviewed"),
        ("op", "submitted", "valid", "", True, "lead_held"),
        ("op", "submitted", "invalid", " ", False, "reason_missing"),
        ("op", "submitted", "duplicate", "", False, "reason_missing"),
        ("op", "submitted", "lost", "why", False, "malformed"),
    ],
)
def test_a_review_that_is_refused(reviewer, stage, verdict, reason, held, code):
    work = lambda: check_review(reviewer, ["me"], stage, verdict, reason, held=held)  # noqa: E731
    assert refusal(work) == code


def test_a_review_that_is_right():
    check_review("op", ["me"], "submitted", "valid", "", held=False)
    check_review("op", ["me"], "submitted", "invalid", "停机", held=False)
