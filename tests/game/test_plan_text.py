from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.plan import PlanFaults, document_of, parse_plan, template
from game.plan_paths import find, steps
from game.plan_text import questions, with_answers, written
from tests.game.cast import EXAMPLE

CAMPAIGN = template("pk-campaign")


def test_answers_stand_in_the_plan_they_were_given_for():
    starts = datetime(2027, 1, 1, 1, tzinfo=UTC)
    text = with_answers(
        CAMPAIGN,
        {
            "battles[0].starts": starts,
            "battles[0].cut_off": datetime(2027, 1, 2, 9, tzinfo=UTC),
            "battles[0].sponsor.amount": 880000,
            "battles[0].title.en": 'The "big" one\n',
            "battles[0].sides": ["甲", "乙"],
        },
    )
    battle = parse_plan(text.replace("\\n", "")).battles[0]
    assert (battle.starts, battle.sponsor.amount) == (starts, 880000)
    assert (battle.sides, battle.title.en) == (("甲", "乙"), 'The "big" one')


@pytest.mark.parametrize("text", [CAMPAIGN, (EXAMPLE / "plan.toml").read_text(encoding="utf-8")])
def test_without_answers_the_plan_stays_as_it_is(text):
    assert document_of(with_answers(text, {})) == document_of(text)


def test_an_answer_to_nothing_is_refused_and_every_one_is_named():
    with pytest.raises(PlanFaults) as refused:
        with_answers(CAMPAIGN, {"battles[7].id": "x", "battles[0].prize": 1})
    assert str(refused.value).splitlines() == [
        "battles[7].id: expected the path of a value in this plan, got nothing",
        "battles[0].prize: expected the path of a value in this plan, got nothing",
    ]


def test_the_launch_page_asks_for_what_the_plan_leaves_open():
    asked = {question.path: question.value for question in questions(CAMPAIGN)}
    assert asked["battles[0].sponsor.amount"] == 0
    assert asked["battles[1].stake.by_rank.vp"] == 0
    assert asked["actions.placement.points"] == 0
    assert asked["battles[0].cut_off"].hour == 17
    assert asked["actions.client_b.handed_over"] == 5
    assert asked["actions.client_a.home.quota.most"] == 0
    assert len(asked) == 24


def test_a_path_to_a_table_or_list_asks_for_each_value_in_it():
    text = CAMPAIGN.replace('"battles[0].starts"', '"battles[1].stake", "battles[1].sides"', 1)
    assert [question.path for question in questions(text)][:9] == [
        "battles[1].stake.asset",
        "battles[1].stake.funded_by",
        *(f"battles[1].stake.by_rank.{rank}" for rank in ("staff", "supervisor", "manager")),
        *(f"battles[1].stake.by_rank.{rank}" for rank in ("director", "vp")),
        "battles[1].sides[0]",
        "battles[1].sides[1]",
    ]
    assert questions("[plan]\nid = 'x'") == []


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("plan", ["plan"]),
        ("a.b[0].c-d", ["a", "b", 0, "c-d"]),
        ('actions."访 客".points', ["actions", "访 客", "points"]),
        (r'a."x\".[0]"', ["a", 'x".[0]']),
        ("a[0][12]", ["a", 0, 12]),
        *((wrong, None) for wrong in ("", ".", "a.", ".a.b", "a b", "a[", "a[x]", "a..b", "访")),
    ],
)
def test_paths(path, way):
    assert steps(path) == way


keys = st.text(min_size=1, max_size=4)
values = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.dates(date(1900, 1, 1))
    | st.times()
    | st.datetimes(datetime(1900, 1, 1), timezones=st.none() | st.just(UTC)),  # noqa: DTZ001
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=3), values)
def test_any_document_is_written_so_that_it_reads_the_same(document, answer):
    document["here"] = {"and there": [answer]}
    text = written(document)
    assert document_of(text) == document
    assert find(document, 'here."and there"[0]') == answer
