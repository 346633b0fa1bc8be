from datetime import timedelta

import pytest

from game.battle_states import (
    STATES,
    check_join,
    check_launch,
    check_leave,
    check_settle,
    check_verdict,
    due_state,
)
from game.errors import RuleViolation
from tests.game.cast import BATTLE, START, at, changed

TICK = timedelta(microseconds=1)
CUT_OFF = BATTLE.cut_off


def refusal(check, *args, **facts):
    """The code and facts with which a check refuses, or None where it lets by."""
    try:
        check(*args, **facts)
    except RuleViolation as refused:
        return refused.code, refused.facts
    return None


@pytest.mark.parametrize(
    ("state", "now", "due"),
    [
        ("joining", START - TICK, "joining"),
        ("joining", START, "live"),
        ("live", CUT_OFF - TICK, "live"),
        ("live", CUT_OFF, "auditing"),
        # A server that slept through the whole battle.
        ("joining", CUT_OFF, "auditing"),
        *((state, CUT_OFF, state) for state in ("draft", "auditing", "final", "void")),
    ],
)
def test_the_clock_starts_and_freezes_a_battle(state, now, due):
    assert due_state(state, START, CUT_OFF, now) == due


@pytest.mark.parametrize(
    ("state", "now", "code"),
    [
        ("draft", START - TICK, None),
        ("draft", START, "battle_in_the_past"),
        ("joining", START - TICK, "battle_not_draft"),
    ],
)
def test_a_battle_opens_once_and_before_its_start(state, now, code):
    refused = refusal(check_launch, state, BATTLE, now)
    assert (refused and refused[0]) == code


def test_a_battle_that_outlasts_a_board_is_not_opened():
    long = changed(BATTLE, cut_off=START + timedelta(days=50))
    assert refusal(check_launch, "draft", long, at(-1)) == ("battle_too_long", {"days": 49})


def join(state="joining", now=START - TICK, **facts):
    facts = {
        "side": "North",
        "sides": ("North", "South"),
        "current_side": None,
        "opted_out": False,
        "stake": 10,
        "funded_by": "member",
        "available": 10,
    } | facts
    return refusal(check_join, state, START, now, **facts)


def test_who_may_join():
    assert join() is None
    assert join(funded_by="company", available=0) is None


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"opted_out": True, "state": "live"}, ("opted_out", {})),
        ({"now": START}, ("joining_closed", {"starts": START})),
        *(
            ({"state": state}, ("joining_closed", {"starts": START}))
            for state in STATES
            if state != "joining"
        ),
        ({"side": "East"}, ("side_unknown", {"side": "East"})),
        ({"current_side": "North"}, ("already_joined", {"side": "North"})),
        ({"current_side": "South"}, ("already_in_another_side", {"side": "South"})),
        ({"available": 9}, ("stake_not_covered", {"stake": 10, "available": 9})),
    ],
)
def test_who_may_not_join(facts, refused):
    assert join(**facts) == refused


@pytest.mark.parametrize(
    ("state", "now", "side", "code"),
    [
        ("joining", START - TICK, "North", None),
        ("joining", START, "North", "joining_closed"),
        ("live", START, "North", "joining_closed"),
        ("joining", START - TICK, None, "not_a_member"),
    ],
)
def test_leaving_ends_at_the_start(state, now, side, code):
    refused = refusal(check_leave, state, START, now, side)
    assert (refused and refused[0]) == code


@pytest.mark.parametrize(
    ("reviewer", "competitors", "code"),
    [
        ("Li", ("Mei", "Chen"), None),
        ("Mei", (), "own_action"),
        ("Mei", ("Mei",), "own_action"),
        ("Chen", ("Mei", "Chen"), "not_auditor"),
    ],
)
def test_nobody_decides_on_their_own_action_nor_audits_their_battle(reviewer, competitors, code):
    refused = refusal(check_verdict, reviewer, "Mei", competitors)
    assert (refused and refused[0]) == code


@pytest.mark.parametrize(
    ("state", "pending", "refused"),
    [
        ("auditing", 0, None),
        ("auditing", 2, ("still_pending", {"count": 2})),
        ("live", 0, ("cut_off_not_reached", {"state": "live"})),
        ("final", 0, ("already_settled", {"state": "final"})),
        ("void", 0, ("already_settled", {"state": "void"})),
    ],
)
def test_a_battle_is_settled_once_and_with_every_verdict(state, pending, refused):
    assert refusal(check_settle, state, pending) == refused


def test_a_refusal_says_its_code_and_facts():
    assert str(RuleViolation("too_many", most=5)) == "too_many (most=5)"
    assert str(RuleViolation("opted_out")) == "opted_out"
