from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import RuleViolation
from game.lead_assignment import Seller, check_owner, choose, clocks
from game.lead_terms import AssignRule, LeadTerms

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)
AN, BO = Seller("an", "总部/客户成功部", 7), Seller("bo", "总部/招商引才部", 3)
CI, DE = Seller("ci", "华东/滨江店", 5), Seller("de", "华东/滨江店/晚班", 9)
ALL = [AN, BO, CI, DE]
TAGS = {"client": "总部/客户成功部", "talent": "总部/招商引才部"}


@pytest.mark.parametrize(
    ("rule", "lead", "chosen"),
    [
        # In turn: who has waited longest, a newcomer first.
        ({}, {}, "bo"),
        ({}, {"absent": ["bo"]}, "ci"),
        # Within the store of the lead, and below it; a lead of no store goes round.
        ({"by": "store"}, {"store": "华东/滨江店"}, "ci"),
        ({"by": "store"}, {"store": "华东/滨江店", "late": ["ci"]}, "de"),
        ({"by": "store"}, {"store": "华东/滨江"}, "bo"),
        ({"by": "store"}, {}, "bo"),
        # Within the unit of the first tag that is named; others go round.
        ({"by": "tag", "tags": TAGS}, {"tags": ["client"]}, "an"),
        ({"by": "tag", "tags": TAGS}, {"tags": ["unheard", "talent", "client"]}, "bo"),
        ({"by": "tag", "tags": TAGS}, {"tags": ["unheard"]}, "bo"),
        ({"by": "tag", "tags": {"client": "客户成功部"}}, {"tags": ["client"]}, "an"),
        ({"by": "tag", "tags": {"client": "成功部"}}, {"tags": ["client"]}, "bo"),
        # Where nobody of the unit is left, anybody.
        ({"by": "tag", "tags": TAGS}, {"tags": ["client"], "late": ["an"]}, "bo"),
        # Who brought a customer keeps them, where the rule would have let them.
        ({}, {"reporter": "de"}, "de"),
        ({}, {"reporter": "de", "late": ["de"]}, "bo"),
        ({}, {"reporter": "somebody else"}, "bo"),
        ({"by": "tag", "tags": TAGS}, {"tags": ["client"], "reporter": "bo"}, "an"),
        # A person decides.
        ({"by": "hand"}, {"reporter": "an"}, None),
        ({}, {"late": ["an", "bo", "ci"]}, None),
        ({"most": 4}, {"late": ["an", "bo", "ci"]}, "de"),
        ({"most": 9}, {"late": ["an", "bo", "ci", "de"]}, None),
    ],
)
def test_who_follows_a_lead_up(rule, lead, chosen):
    assert choose(AssignRule(**rule), ALL, **lead) == chosen


def test_without_any_sales_a_person_decides():
    assert choose(AssignRule(), []) is None


@given(st.integers(1, 6), st.integers(0, 40), st.randoms())
def test_a_round_gives_everybody_as_many(people, leads, random):
    got = {f"p{n}": 0 for n in range(people)}
    turns = dict.fromkeys(got, 0)
    for turn in range(1, leads + 1):
        sellers = [Seller(person, "", turns[person]) for person in got]
        random.shuffle(sellers)
        chosen = choose(AssignRule(), sellers)
        got[chosen] += 1
        turns[chosen] = turn
    assert max(got.values()) - min(got.values()) <= 1


@given(
    st.sampled_from(["round_robin", "store", "tag"]),
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.sampled_from(["", "x", "x/y"]),
    st.sampled_from("abcdefg"),
)
def test_nobody_gets_what_they_let_lie_and_somebody_is_found_while_there_is(
    by, there, late, unit, reporter
):
    rule = AssignRule(by=by, tags={"t": unit}, most=9)
    sellers = [Seller(each, "x" if each < "d" else "x/y", ord(each)) for each in there]
    chosen = choose(rule, sellers, reporter=reporter, store=unit, tags=["t"], late=late)
    free = set(there) - set(late)
    assert chosen in free if free else chosen is None


@pytest.mark.parametrize(
    ("stage", "asked", "code"),
    [
        ("valid", "an", None),
        ("contacted", "an", None),
        ("valid", "nobody", "owner_not_sales"),
        ("visiting", "bo", "owner_already"),
        ("submitted", "an", "lead_not_open"),
        ("lost", "an", "lead_not_open"),
        ("withdrawn", "an", "lead_not_open"),
    ],
)
def test_by_hand_a_lead_goes_to_somebody_else_of_the_sales(stage, asked, code):
    if code is None:
        check_owner(stage, "bo", asked, ALL)
        return
    with pytest.raises(RuleViolation) as refused:
        check_owner(stage, "bo", asked, ALL)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("hours", "remind", "reminded"), [(24, 4, 20), (24, 0, 24), (2, 2, 0), (1, 30, 0)]
)
def test_the_clock_of_the_first_contact(hours, remind, reminded):
    found = clocks(LeadTerms(contact_hours=hours, remind_hours=remind), NINE)
    assert found.due == NINE + timedelta(hours=hours)
    assert found.remind == NINE + timedelta(hours=reminded)
