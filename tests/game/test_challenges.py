import itertools
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.battles import Scored
from game.challenge_terms import ChallengeRule, Lasts, Often, Pool, Task
from game.challenges import (
    STATES,
    Done,
    Progress,
    bonus,
    check_finish,
    check_join,
    check_leave,
    check_often,
    check_open,
    check_void,
    due_state,
    ends_of,
    fold,
    outcome,
    own_times,
    progress,
)
from game.errors import RuleViolation
from game.plan import PlanFaults, parse_plan, template
from tests.game.cast import START, TITLE, at
from tests.game.test_battle_states import refusal
from tests.support.launch_day import plan_text

TICK = timedelta(microseconds=1)
ENDS = at(1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
EACH = Task(TITLE, ("story", "prospect"), 1, "person")
TOGETHER = Task(TITLE, ("share",), 5, "together")
RULE = ChallengeRule(
    kind="store_day",
    title=TITLE,
    story=TITLE,
    ranking="person",
    lasts=Lasts(None, "day", time(21)),
    often=Often("month", 2),
    tasks=(EACH, TOGETHER),
    pool=Pool("points", 100, Fraction(1), "by_points"),
)


def with_pool(**terms):
    return msgspec.structs.replace(RULE, pool=msgspec.structs.replace(RULE.pool, **terms))


# --- time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lasts", "starts", "ends"),
    [
        (Lasts(8, None, None), "2026-11-23T10:00", "2026-11-23T18:00"),
        (Lasts(None, "day", time(21)), "2026-11-23T10:00", "2026-11-23T21:00"),
        (Lasts(None, "day", time(21)), "2026-11-23T21:00", "2026-11-24T21:00"),
        (Lasts(None, "day", time(21)), "2026-11-30T23:59", "2026-12-01T21:00"),
        (Lasts(None, "day", None), "2026-11-23T10:00", "2026-11-24T00:00"),
        (Lasts(None, "week", None), "2026-11-25T10:00", "2026-11-30T00:00"),
        (Lasts(None, "month", None), "2026-11-20T10:00", "2026-12-01T00:00"),
    ],
)
def test_ends_of(lasts, starts, ends):
    def there(text):
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)

    found = ends_of(lasts, there(starts), SHANGHAI)
    assert found == there(ends)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("state", "now", "due"),
    [
        ("open", START - TICK, "open"),
        ("open", START, "live"),
        ("live", ENDS - TICK, "live"),
        ("live", ENDS, "finished"),
        ("open", ENDS, "finished"),
        *((state, ENDS, state) for state in ("draft", "finished", "paid", "missed", "void")),
    ],
)
def test_due_state(state, now, due):
    assert due_state(state, START, ENDS, now) == due


@pytest.mark.parametrize(
    ("state", "starts", "ends", "now", "code"),
    [
        ("draft", START, ENDS, START, None),
        ("draft", START, at(49), START, None),
        ("draft", START, at(50), START, "challenge_too_long"),
        ("draft", START, START, START, "challenge_in_the_past"),
        ("draft", ENDS, START, START, "challenge_in_the_past"),
        ("draft", START, ENDS, ENDS, "challenge_in_the_past"),
        ("draft", START - TICK, ENDS, START, "challenge_in_the_past"),
        *((s, START, ENDS, START, "challenge_not_draft") for s in STATES if s != "draft"),
    ],
)
def test_check_open(state, starts, ends, now, code):
    found = refusal(check_open, state, starts, ends, now)
    assert (found and found[0]) == code


def test_check_often():
    assert refusal(check_often, Often("month", 2), 1) is None
    assert refusal(check_often, Often("month", 2), 2) == (
        "challenge_too_often",
        {"most": 2, "per": "month"},
    )


@pytest.mark.parametrize("state", STATES)
def test_what_may_happen_in_each_state(state):
    def code(check, *args, **facts):
        found = refusal(check, *args, **facts)
        return found and found[0]

    running = state in {"open", "live"}
    stranger = {"is_member": False, "opted_out": False}
    assert code(check_join, state, ENDS, START, **stranger) == (
        None if running else "challenge_over"
    )
    assert code(check_join, state, ENDS, ENDS, **stranger) == "challenge_over"
    assert code(check_join, state, ENDS, START, is_member=False, opted_out=True) == "opted_out"
    assert (
        code(check_join, state, ENDS, START, is_member=True, opted_out=False) == "challenge_joined"
    )
    assert code(check_leave, state, ENDS, START, is_member=True) == (
        None if running else "challenge_over"
    )
    assert code(check_leave, state, ENDS, ENDS, is_member=True) == "challenge_over"
    assert code(check_leave, state, ENDS, START, is_member=False) == "challenge_not_joined"
    over = state in {"paid", "missed", "void"}
    assert code(check_void, state) == ("challenge_over" if over else None)
    late = "challenge_over" if over else None if state == "finished" else "challenge_running"
    assert code(check_finish, state, 0) == late
    assert code(check_finish, "finished", 1) == "still_pending"


# --- the fold ---------------------------------------------------------------------------------


def test_steps_are_counted_up_to_their_target():
    done = [
        Done("mei", "story", 2, 10),
        Done("mei", "share", 4, 4),
        Done("bao", "share", 3, 3),
        Done("stranger", "share", 9, 9),
    ]
    found = progress(RULE, {"mei", "bao"}, done)
    assert [(task.done, task.target) for task in found.tasks] == [(1, 2), (5, 5)]
    assert (found.done, found.total, found.needed, found.is_reached) == (6, 7, 7, False)
    assert own_times(RULE, "mei", done) == (2, 4)
    assert own_times(RULE, "an", done) == (0, 0)


def test_either_kind_of_a_task_is_a_step():
    found = progress(RULE, {"mei"}, [Done("mei", "prospect", 1, 5)])
    assert found.tasks[0].done == found.tasks[0].target == 1


@pytest.mark.parametrize(
    ("part", "needed"), [("1", 7), ("4/5", 6), ("1/7", 1), ("1/100", 1), ("6/7", 6)]
)
def test_the_bonus_is_due_at_a_part_of_the_steps(part, needed):
    found = progress(with_pool(reached_at=Fraction(part)), {"mei", "bao"}, [])
    assert found.needed == needed


def test_nobody_reaches_nothing():
    rule = msgspec.structs.replace(RULE, tasks=(EACH,))
    assert progress(rule, set(), []) == Progress(progress(rule, set(), []).tasks, 0, 0, 0)
    assert outcome(rule, set(), []).state == "missed"


def test_the_pool_is_shared_by_what_each_brought():
    done = [
        Done("bao", "prospect", 1, 5),
        Done("mei", "share", 6, 6),
        Done("mei", "story", 1, 5),
    ]
    ended = outcome(RULE, {"mei", "bao", "an"}, done)
    # 安 did nothing: one step of hers is missing.
    assert (ended.state, ended.payouts) == ("missed", {})
    ended = outcome(with_pool(reached_at=Fraction(7, 8)), {"mei", "bao", "an"}, done)
    assert (ended.state, ended.points) == ("paid", {"mei": 11, "bao": 5, "an": 0})
    # 100 × 11 / 16 = 68.75, 100 × 5 / 16 = 31.25
    assert ended.payouts == {"mei": 69, "bao": 31}
    equal = outcome(with_pool(reached_at=Fraction(7, 8), share="equal"), {"mei", "bao", "an"}, done)
    assert equal.payouts == {"mei": 50, "bao": 50}
    assert bonus("day", "points", equal.payouts).legs[0].amount == -100


def test_without_a_pool_it_is_reached_all_the_same():
    rule = msgspec.structs.replace(RULE, pool=None, tasks=(EACH,))
    ended = outcome(rule, {"mei"}, [Done("mei", "story", 1, 5)])
    assert (ended.state, ended.payouts) == ("paid", {})


PEOPLE = ("an", "bao", "chen", "mei")
actions = st.lists(
    st.builds(
        Scored,
        person=st.sampled_from(PEOPLE),
        kind=st.sampled_from(("story", "prospect", "share", "other")),
        points=st.integers(0, 30),
        received_at=st.sampled_from((START - TICK, START, at(0.5), ENDS - TICK, ENDS)),
    ),
    max_size=40,
)
teams = st.sets(st.sampled_from(PEOPLE))


@given(actions, teams)
def test_the_fold_does_not_depend_on_the_order(scored, team):
    once = fold(RULE, team, START, ENDS, scored)
    assert once == fold(RULE, team, START, ENDS, list(reversed(scored)))
    counted = [
        each
        for each in scored
        if each.person in team and each.kind in RULE.actions and START <= each.received_at < ENDS
    ]
    assert sum(each.times for each in once) == len(counted)
    assert sum(each.points for each in once) == sum(each.points for each in counted)


@given(actions, teams, st.data())
def test_one_more_action_never_takes_a_step_back(scored, team, data):
    cut = data.draw(st.integers(0, len(scored)))
    before = progress(RULE, team, fold(RULE, team, START, ENDS, scored[:cut]))
    after = progress(RULE, team, fold(RULE, team, START, ENDS, scored))
    assert before.done <= after.done <= after.total == before.total
    assert all(0 <= task.done <= task.target for task in after.tasks)
    assert after.total == len(team) + 5


@given(
    actions,
    teams,
    st.integers(1, 10**12),
    st.sampled_from(("by_points", "equal")),
    st.fractions(Fraction(1, 100), 1),
)
def test_a_pool_is_paid_wholly_or_not_at_all(scored, team, amount, share, part):
    rule = with_pool(amount=amount, share=share, reached_at=part)
    done = fold(rule, team, START, ENDS, scored)
    ended = outcome(rule, team, done)
    helped = {each.person for each in done}
    assert (ended.state == "paid") == ended.progress.is_reached
    assert ended.payouts.keys() <= helped <= team
    assert sum(ended.payouts.values()) == (amount if ended.state == "paid" else 0)
    assert all(paid > 0 for paid in ended.payouts.values())
    if share == "by_points":
        order = sorted(ended.payouts, key=lambda who: ended.points[who])
        paid = [ended.payouts[who] for who in order]
        # A remainder moves a share by one unit at most.
        assert all(more >= less - 1 for less, more in itertools.pairwise(paid))


# --- the plan ---------------------------------------------------------------------------------


def test_the_template_has_a_challenge_of_each_kind():
    found = parse_plan(template("full-participation")).challenges
    assert [(name, rule.kind) for name, rule in found.items()] == [
        ("launch_day", "store_day"),
        ("video_contest", "contest"),
        ("referral_contest", "contest"),
        ("week_one", "kick_off"),
    ]
    assert found["launch_day"].lasts == Lasts(None, "day", time(21))
    assert found["launch_day"].pool == Pool("points", 300, Fraction(1), "by_points")
    assert found["week_one"].tasks[0].kinds == ("story", "prospect")


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ('kind = "store_day"', 'kind = "party"', ["challenges.launch_day.kind"]),
        ('kind = "store_day"', 'kind = "store_day"\nranking = "side"',
         ["challenges.launch_day.ranking"]),
        ('lasts = { until = "day", closes = 21:00:00 }', "", ["challenges.launch_day.lasts"]),
        ("closes = 21:00:00", 'closes = "21:00"', ["challenges.launch_day.lasts.closes"]),
        ('until = "day", closes', 'until = "week", closes',
         ["challenges.launch_day.lasts.closes"]),
        ('until = "day", closes', 'until = "day", hours = 3, closes',
         ["challenges.launch_day.lasts.until", "challenges.launch_day.lasts.closes"]),
        ('often = { per = "month", most = 2 }', "", ["challenges.launch_day.often"]),
        ("amount = 100", "amount = 0", ["challenges.launch_day.pool.amount"]),
        ("amount = 100", 'amount = 100, reached_at = "6/5"',
         ["challenges.launch_day.pool.reached_at"]),
        ('kinds = ["visit"]', 'kinds = ["walk"]', ["challenges.launch_day.tasks[0].kinds[0]"]),
        ('kinds = ["visit"]', 'kinds = ["call"]', ["challenges.launch_day.tasks[1].kinds[0]"]),
        ("points = 2\n", "points = 0\n",
         ["challenges.launch_day.tasks[1].kinds[0]", "challenges.contest.tasks[0].kinds[0]"]),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_path(old, new, paths):
    text = plan_text()
    assert old in text
    with pytest.raises(PlanFaults) as refused:
        parse_plan(text.replace(old, new, 1))
    assert [fault.path for fault in refused.value.faults] == paths


def test_a_challenge_without_tasks_is_a_fault():
    text = template("full-participation")
    start = text.index("[[challenges.week_one.tasks]]")
    with pytest.raises(PlanFaults) as refused:
        parse_plan(text[:start] + text[text.index("\n[calendar]", start) :])
    assert [fault.path for fault in refused.value.faults] == ["challenges.week_one.tasks"]


def test_refusals_are_violations():
    with pytest.raises(RuleViolation, match="challenge_over"):
        check_void("paid")
