from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.action_terms import Home, Needs, Quota
from game.errors import RuleViolation
from game.plan import (
    Cap,
    Multiplier,
    PlanFaults,
    Sponsor,
    Stake,
    Title,
    in_force,
    parse_plan,
    template,
    template_names,
)
from game.plan_reader import read_plan
from tests.game.cast import PLAN, TITLE, at, changed

TITLES = '{ zh_Hans = "题", zh_Hant = "題", en = "Title" }'
TEXT = f"""
[plan]
id = "test-1"
version = 3
timezone = "Asia/Shanghai"
title = {TITLES}
ask = ["battles[0].sponsor.amount", "actions.lead.points"]

[actions.lead]
title = {TITLES}
points = 5
cap = {{ per = "day", most = 10 }}
once_per_customer = 30

[actions."访 客"]
title = {TITLES}
points = 0

[[multipliers]]
actions = ["lead"]
from = 2023-06-18T00:00:00+08:00
until = 2023-06-19T00:00:00+08:00
times = "3/2"

[[battles]]
id = "one"
title = {TITLES}
sides = ["一队", "二队"]
actions = ["lead", "访 客"]
starts = 2023-06-01T00:00:00+08:00
cut_off = 2023-06-30T17:00:00+08:00
score = "best_n"
best_n = 3
tie = "first_to_reach"
share = "by_points"
[battles.stake]
asset = "points"
funded_by = "member"
by_rank = {{ staff = 10000, vp = 0 }}
[battles.sponsor]
amount = 7
"""


def faults(old, new):
    """What is wrong with the plan once `old` reads `new`."""
    assert TEXT.count(old) == 1, old
    with pytest.raises(PlanFaults) as refused:
        parse_plan(TEXT.replace(old, new))
    assert refused.value.code == "plan_faults"
    assert refused.value.facts == {"count": len(refused.value.faults)}
    return str(refused.value).splitlines()


def test_how_a_kind_came_about_whose_it_is_and_what_it_needs():
    more = """handed_over = 2
home = { unit = "客户成功部", quota = { per = "month", most = 4 } }
needs = { people = 3, days = 3 }
"""
    lead = parse_plan(TEXT.replace("points = 5\n", f"points = 5\n{more}")).actions["lead"]
    assert (lead.worth("direct"), lead.worth("handed_over")) == (5, 2)
    assert lead.home == Home("客户成功部", Quota("month", 4))
    assert lead.needs == Needs(people=3, days=3)


def test_a_whole_plan_is_read():
    plan = parse_plan(TEXT)
    assert (plan.id, plan.version, plan.timezone) == ("test-1", 3, "Asia/Shanghai")
    assert plan.title == Title("题", "題", "Title")
    assert plan.ask == ("battles[0].sponsor.amount", "actions.lead.points")
    lead = plan.actions["lead"]
    assert (lead.points, lead.cap, lead.once_per_customer) == (5, Cap("day", 10), 30)
    assert (plan.actions["访 客"].points, plan.actions["访 客"].cap) == (0, None)
    assert plan.multipliers == (
        Multiplier(
            ("lead",),
            datetime(2023, 6, 17, 16, tzinfo=UTC),
            datetime(2023, 6, 18, 16, tzinfo=UTC),
            Fraction(3, 2),
        ),
    )
    battle = plan.battle("one")
    assert battle.sides == ("一队", "二队")
    assert battle.actions == ("lead", "访 客")
    assert battle.starts == datetime(2023, 5, 31, 16, tzinfo=UTC)
    assert battle.cut_off == datetime(2023, 6, 30, 9, tzinfo=UTC)
    assert (battle.score, battle.best_n) == ("best_n", 3)
    assert (battle.tie, battle.share) == ("first_to_reach", "by_points")
    assert battle.stake == Stake("points", "member", {"staff": 10000, "vp": 0})
    assert battle.sponsor == Sponsor("points", 7)


OPTIONAL = [
    ('ask = ["battles[0].sponsor.amount", "actions.lead.points"]', ""),
    ('cap = { per = "day", most = 10 }', ""),
    ("once_per_customer = 30", ""),
    ('sides = ["一队", "二队"]', ""),
    ('score = "best_n"\nbest_n = 3', 'score = "per_head"'),
    ('funded_by = "member"', ""),
    ("staff = 10000, vp = 0", ""),
    ("amount = 7", 'asset = "points"\namount = 7'),
    ('times = "3/2"', "times = 2"),
]


@pytest.mark.parametrize(("old", "new"), OPTIONAL)
def test_what_is_optional_may_be_left_out(old, new):
    assert TEXT.count(old) == 1
    parse_plan(TEXT.replace(old, new))


def test_the_company_funds_a_stake_unless_said():
    plan = parse_plan(TEXT.replace('funded_by = "member"', ""))
    assert plan.battles[0].stake.funded_by == "company"


def test_a_plan_may_do_without_multipliers_and_battles():
    head = TEXT.split("[actions.lead]", maxsplit=1)[0]
    plan = parse_plan(head.split("ask", maxsplit=1)[0])
    assert (plan.actions, plan.multipliers, plan.battles) == ({}, (), ())


WHOLE = "expected a whole number ≥"
NAME = "expected a text that is not empty, without blanks around it, got"
MOMENT = "expected a datetime with an offset, got"
KEYS = "expected one of the keys"
TIMES = 'multipliers[0].times: expected a whole number > 0 or "p/q" with p, q > 0, got'
WRONG = [
    # The plan itself.
    ('id = "test-1"', "", ["plan.id: expected lower-case letters a-z, digits and hyphens, got nothing"]),
    ('id = "test-1"', 'id = "Test"', ['plan.id: expected lower-case letters a-z, digits and hyphens, got "Test"']),
    ('id = "test-1"', 'id = ""', ['plan.id: expected lower-case letters a-z, digits and hyphens, got ""']),
    ("version = 3", "version = 0", [f"plan.version: {WHOLE} 1, got 0"]),
    ("version = 3", "version = true", [f"plan.version: {WHOLE} 1, got true"]),
    ("version = 3", "version = 1.0", [f"plan.version: {WHOLE} 1, got 1.0"]),
    ("version = 3", "", [f"plan.version: {WHOLE} 1, got nothing"]),
    ("Asia/Shanghai", "Asia/Shangri-La", ['plan.timezone: expected an IANA time zone such as Asia/Shanghai, got "Asia/Shangri-La"']),
    ("Asia/Shanghai", "../etc/passwd", ['plan.timezone: expected an IANA time zone such as Asia/Shanghai, got "../etc/passwd"']),
    ('timezone = "Asia/Shanghai"', "timezone = 8", ["plan.timezone: expected an IANA time zone such as Asia/Shanghai, got 8"]),
    ("version = 3\n", "version = 3\nowner = 1\n", [f'plan.owner: {KEYS} id, version, timezone, title, ask, got "owner"']),
    (f'"Asia/Shanghai"\ntitle = {TITLES}', '"Asia/Shanghai"', ["plan.title: expected a title in zh_Hans, zh_Hant and en, got nothing"]),
    (f'"Asia/Shanghai"\ntitle = {TITLES}', '"Asia/Shanghai"\ntitle = "x"', ['plan.title: expected a table, got "x"']),
    (f'"Asia/Shanghai"\ntitle = {TITLES}', '"Asia/Shanghai"\ntitle = { en = "x", zh_Hans = " x", de = "y" }', [
        f'plan.title.de: {KEYS} zh_Hans, zh_Hant, en, got "de"',
        f'plan.title.zh_Hans: {NAME} " x"',
        f"plan.title.zh_Hant: {NAME} nothing",
    ]),
    ('"battles[0].sponsor.amount"', '"battles[1].sponsor.amount"', ['plan.ask[0]: expected the path of a value in this plan, got "battles[1].sponsor.amount"']),
    ('"battles[0].sponsor.amount"', '"battles.sponsor"', ['plan.ask[0]: expected the path of a value in this plan, got "battles.sponsor"']),
    ('"battles[0].sponsor.amount"', '"battles[0]]"', ['plan.ask[0]: expected the path of a value in this plan, got "battles[0]]"']),
    ('"battles[0].sponsor.amount"', "5", [f"plan.ask[0]: {NAME} 5"]),
    ('ask = ["battles[0].sponsor.amount", "actions.lead.points"]', 'ask = "x"', ['plan.ask: expected a list of at least one text, got "x"']),
    ("[plan]", "plan = 5\n[aside]", [
        f'aside: {KEYS} plan, actions, multipliers, battles, badges, honours, challenges, coupons, campaigns, calendar, leads, deals, commissions, settlement, budgets, special, got "aside"',
        "plan: expected a table, got 5",
    ]),
    # Actions.
    ("points = 5", "points = -1", [f"actions.lead.points: {WHOLE} 0, got -1"]),
    ("points = 5", 'points = "5"', [f'actions.lead.points: {WHOLE} 0, got "5"']),
    ("points = 5", "points = 9223372036854775808", ["actions.lead.points: expected a whole number ≤ 9223372036854775807, got 9223372036854775808"]),
    ("points = 0", "points = nan", [f'actions."访 客".points: {WHOLE} 0, got nan']),
    ("points = 5", "points = 5\npoint = 5", [f'actions.lead.point: {KEYS} title, points, handed_over, cap, once_per_customer, home, needs, got "point"']),
    ("most = 10", "most = 0", [f"actions.lead.cap.most: {WHOLE} 1, got 0"]),
    ('per = "day"', 'per = "year"', ['actions.lead.cap.per: expected one of day, week, month, got "year"']),
    ('cap = { per = "day", most = 10 }', "cap = 10", ["actions.lead.cap: expected a table, got 10"]),
    ('cap = { per = "day", most = 10 }', "cap = {}", [
        "actions.lead.cap.per: expected one of day, week, month, got nothing",
        f"actions.lead.cap.most: {WHOLE} 1, got nothing",
    ]),
    ("points = 5", "points = 5\nhanded_over = -1", [f"actions.lead.handed_over: {WHOLE} 0, got -1"]),
    ("points = 5", "points = 5\nhome = {}", [
        "actions.lead.home.quota: expected a table, got nothing",
        "actions.lead.home.unit: expected a text that is not empty, without blanks around it, got nothing",
    ]),
    ("points = 5", 'points = 5\nhome = { unit = "x", quota = { per = "year" } }', [
        'actions.lead.home.quota.per: expected one of day, week, month, got "year"',
        f"actions.lead.home.quota.most: {WHOLE} 0, got nothing",
    ]),
    ("points = 5", "points = 5\nneeds = { people = 0, days = 400 }", [
        f"actions.lead.needs.people: {WHOLE} 1, got 0",
        "actions.lead.needs.days: expected a whole number ≤ 366, got 400",
    ]),
    ("once_per_customer = 30", "once_per_customer = 0", [f"actions.lead.once_per_customer: {WHOLE} 1, got 0"]),
    ("once_per_customer = 30", "once_per_customer = 1000000000", ["actions.lead.once_per_customer: expected a whole number ≤ 999999999, got 1000000000"]),
    # Multipliers.
    ('actions = ["lead"]', 'actions = ["lead", "deal"]', ['multipliers[0].actions[1]: expected a kind of action of this plan, got "deal"']),
    ('actions = ["lead"]', 'actions = ["lead", "lead"]', ['multipliers[0].actions[1]: expected each text once, got "lead"']),
    ('actions = ["lead"]', "actions = []", ["multipliers[0].actions: expected a list of at least one text, got an empty list"]),
    ('actions = ["lead"]', 'actions = ["lead"]\nfactor = 2', [f'multipliers[0].factor: {KEYS} actions, from, until, times, got "factor"']),
    ("from = 2023-06-18T00:00:00+08:00", "from = 2023-06-18T00:00:00", [f"multipliers[0].from: {MOMENT} 2023-06-18T00:00:00"]),
    ("from = 2023-06-18T00:00:00+08:00", "from = 2023-06-18", [f"multipliers[0].from: {MOMENT} 2023-06-18"]),
    ("from = 2023-06-18T00:00:00+08:00", 'from = "2023-06-18T00:00:00+08:00"', [f'multipliers[0].from: {MOMENT} "2023-06-18T00:00:00+08:00"']),
    ("from = 2023-06-18T00:00:00+08:00", "from = 0001-01-01T00:00:00+08:00", ["multipliers[0].from: expected a year from 1900 to 9000, got 0001-01-01T00:00:00+08:00"]),
    ("from = 2023-06-18T00:00:00+08:00", "from = 2023-06-18T16:00:00Z", ["multipliers[0].until: expected a moment after from, got 2023-06-19T00:00:00+08:00"]),
    *[
        ('times = "3/2"', f"times = {value}", [f"{TIMES} {value}"])
        for value in ("0", "-1", "1.5", "true", '"0/2"', '"3/0"', '"3"', '"-3/2"', '"1.5/2"', '"3 / 2"', '""')
    ],
    # Battles.
    ('id = "one"', "", [f"battles[0].id: {NAME} nothing"]),
    ('id = "one"', 'id = "one"\nprize = 1', [f'battles[0].prize: {KEYS} id, title, sides, actions, starts, cut_off, score, best_n, tie, share, stake, sponsor, got "prize"']),
    ('sides = ["一队", "二队"]', "sides = []", ["battles[0].sides: expected a list of at least one text, got an empty list"]),
    ('sides = ["一队", "二队"]', 'sides = ["一队", "一队"]', ['battles[0].sides[1]: expected each text once, got "一队"']),
    ('sides = ["一队", "二队"]', 'sides = ["一队", ""]', [f'battles[0].sides[1]: {NAME} ""']),
    ('actions = ["lead", "访 客"]', 'actions = ["deal"]', ['battles[0].actions[0]: expected a kind of action of this plan, got "deal"']),
    ('actions = ["lead", "访 客"]', "", ["battles[0].actions: expected a list of at least one text, got nothing"]),
    ("starts = 2023-06-01T00:00:00+08:00", "", [f"battles[0].starts: {MOMENT} nothing"]),
    ("cut_off = 2023-06-30T17:00:00+08:00", "cut_off = 17:00:00", [f"battles[0].cut_off: {MOMENT} 17:00:00"]),
    ("cut_off = 2023-06-30T17:00:00+08:00", "cut_off = 2023-05-31T16:00:00Z", ["battles[0].cut_off: expected a moment after starts, got 2023-05-31T16:00:00+00:00"]),
    ('score = "best_n"\nbest_n = 3', 'score = "best"\nbest_n = 3', ['battles[0].score: expected one of sum, per_head, best_n, got "best"']),
    ("best_n = 3", "", [f"battles[0].best_n: {WHOLE} 1, got nothing"]),
    ("best_n = 3", "best_n = 0", [f"battles[0].best_n: {WHOLE} 1, got 0"]),
    ('score = "best_n"', 'score = "sum"', ['battles[0].best_n: expected this key only with score = "best_n", got 3']),
    ('tie = "first_to_reach"', "tie = 1", ["battles[0].tie: expected one of first_to_reach, share, got 1"]),
    ('share = "by_points"', "", ["battles[0].share: expected one of equal, by_points, by_stake, got nothing"]),
    ("staff = 10000", 'director = "x"', ['battles[0].stake.by_rank.director: expected a whole number ≥ 0, got "x"']),
    ("staff = 10000", "intern = 1", [f'battles[0].stake.by_rank.intern: {KEYS} staff, supervisor, manager, director, vp, got "intern"']),
    ("by_rank = { staff = 10000, vp = 0 }", "", ["battles[0].stake.by_rank: expected a table, got nothing"]),
    ('asset = "points"', 'asset = "coupons"', ['battles[0].stake.asset: expected one of points, cash, got "coupons"']),
    ('asset = "points"', 'asset = "cash"', ['battles[0].stake.asset: expected "points" where members fund the stake, got "cash"']),
    ('funded_by = "member"', 'funded_by = "bank"', ['battles[0].stake.funded_by: expected one of company, member, got "bank"']),
    ("amount = 7", "", [
        f"battles[0].sponsor.amount: {WHOLE} 0, got nothing",
        'plan.ask[0]: expected the path of a value in this plan, got "battles[0].sponsor.amount"',
    ]),
    ("amount = 7", 'asset = "cash"\namount = 7', ['battles[0].sponsor.asset: expected the asset of the stake, "points", got "cash"']),
    ('[battles.stake]\nasset = "points"\nfunded_by = "member"\nby_rank = { staff = 10000, vp = 0 }', "", ["battles[0].sponsor.asset: expected one of points, cash, got nothing"]),
    ("[battles.stake]", "[[battles.stake]]", ["battles[0].stake: expected a table, got a list"]),
    ("[battles.sponsor]", f"""[[battles]]
id = "one"
title = {TITLES}
actions = ["lead"]
starts = 2023-06-01T00:00:00+08:00
cut_off = 2023-06-30T17:00:00+08:00
score = "sum"
tie = "share"
share = "equal"
[battles.sponsor]
asset = "points"
""", ['battles[1].id: expected an id that no other battle has, got "one"', 'plan.ask[0]: expected the path of a value in this plan, got "battles[0].sponsor.amount"']),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "lines"), WRONG)
def test_every_fault_is_named_with_its_path(old, new, lines):
    assert faults(old, new) == lines


def test_all_faults_are_reported_at_once():
    text = TEXT
    for old, new in (("version = 3", "version = 0"), ("most = 10", "most = 0"), ("= 7", "= -1")):
        text = text.replace(old, new)
    with pytest.raises(PlanFaults) as refused:
        parse_plan(text)
    assert str(refused.value).splitlines() == [
        "actions.lead.cap.most: expected a whole number ≥ 1, got 0",
        "battles[0].sponsor.amount: expected a whole number ≥ 0, got -1",
        "plan.version: expected a whole number ≥ 1, got 0",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[plan", "expected a TOML document, got a mistake: Expected ']' at the end"),
        ("[actions.a]\n[actions.a]", "expected a TOML document, got a mistake: Cannot declare"),
        ("x = " + "[" * 2000 + "]" * 2000, "expected a TOML document, got"),
        ("#" * 1_000_001, "expected at most 1000000 characters, got 1000001"),
    ],
)
def test_what_is_no_toml_is_refused(text, line):
    with pytest.raises(PlanFaults) as refused:
        parse_plan(text)
    assert str(refused.value).startswith(line)


def test_a_list_where_a_table_belongs_is_one_fault():
    with pytest.raises(PlanFaults) as refused:
        parse_plan(TEXT.replace("[[multipliers]]", "[multipliers]"))
    assert str(refused.value) == "multipliers: expected a list of tables, got a table"


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = ["plan", "actions", "multipliers", "battles", "id", "title", "stake", "by_rank", "cap"]


@given(
    st.dictionaries(
        st.sampled_from(keys[:4]),
        anything | st.lists(st.dictionaries(st.sampled_from(keys[4:]), anything), max_size=2),
    )
)
def test_no_document_breaks_the_reader(document):
    with pytest.raises(PlanFaults):
        read_plan(document)


def test_templates_are_complete_plans_that_name_their_open_figures():
    assert template_names() == ["full-participation", "pk-campaign", "word-of-mouth"]
    plan = parse_plan(template("pk-campaign"))
    assert [plan.actions[f"client_{kind}"].points for kind in "cba"] == [1, 5, 30]
    assert [battle.id for battle in plan.battles] == ["clients", "talent"]
    assert [len(battle.sides) for battle in plan.battles] == [7, 2]
    for place, battle in enumerate(plan.battles):
        by_rank = {
            "staff": 10000,
            "supervisor": 20000,
            "manager": 30000,
            "director": 50000,
            "vp": 0,
        }
        assert battle.stake == Stake("cash", "company", by_rank)
        assert battle.sponsor == Sponsor("cash", 0)
        assert battle.cut_off.astimezone(plan.zone).hour == 17
        assert {f"battles[{place}].sponsor.amount", f"battles[{place}].stake.by_rank.vp"} < set(
            plan.ask
        )
    for kind in ("school_channel", "agency_channel", "personal_channel", "placement"):
        assert f"actions.{kind}.points" in plan.ask


def test_an_unknown_template_or_battle_is_refused():
    with pytest.raises(RuleViolation, match="template_unknown"):
        template("../errors")
    with pytest.raises(RuleViolation, match="battle_unknown"):
        PLAN.battle("none")


def test_the_version_in_force_is_the_last_that_had_begun():
    second, third = changed(PLAN, version=2), changed(PLAN, version=3)
    versions = [(None, PLAN), (at(5), second), (at(9), third)]
    assert in_force(versions, at(4)) is PLAN
    assert in_force(versions, at(5)) is second
    assert in_force(versions, at(99)) is third
    assert in_force([(at(5), second)], at(4)) is None
    assert in_force(PLAN, at(4)) is PLAN


def test_a_title_speaks_three_languages():
    assert [TITLE.in_locale(name) for name in ("zh_Hans", "zh_Hant", "en")] == ["题", "題", "Title"]
