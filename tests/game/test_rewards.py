"""Who may have which reward, how often, until when, and what may become of a redemption (G2)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from game.errors import RuleViolation
from game.rewards import (
    KINDS,
    LIMIT_PERIODS,
    WAYS,
    Eligibility,
    Limit,
    Redeemer,
    Reward,
    check_cancel,
    check_decision,
    check_hand_over,
    check_redeem,
    check_terms,
    check_waiting,
    expires_at,
    is_eligible,
    is_low,
    limit_window,
    obstacle,
    reminder_at,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
ENDS = NOW + timedelta(days=3)
CUP = Reward(points=100, stock=3, limit=Limit(2, "month"), eligibility=Eligibility())
MEI = Redeemer(kind="employee", rank="staff", unit="总部/一队", available=100, redeemed=0)

zones = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Asia/Taipei"]).map(ZoneInfo)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def code(check: Any, *args: Any, **facts: Any) -> str:
    try:
        check(*args, **facts)
    except RuleViolation as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("reward", "redeemer", "refusal"),
    [
        ({}, {}, ""),
        ({"stock": None}, {}, ""),
        ({"stock": 1}, {}, ""),
        ({"stock": 0}, {}, "reward_sold_out"),
        ({}, {"available": 99}, "reward_not_covered"),
        ({}, {"available": -5}, "reward_not_covered"),
        ({}, {"redeemed": 1}, ""),
        ({}, {"redeemed": 2}, "reward_limit_reached"),
        ({"limit": None}, {"redeemed": 99}, ""),
        ({"is_archived": True}, {}, "reward_archived"),
        ({}, {"kind": "customer", "rank": ""}, "reward_not_for_you"),
        # What no saving would help is said first.
        ({"stock": 0}, {"available": 0}, "reward_sold_out"),
        ({"stock": 0}, {"redeemed": 2}, "reward_limit_reached"),
    ],
)
def test_what_is_in_the_way(reward: dict[str, Any], redeemer: dict[str, Any], refusal: str) -> None:
    found = obstacle(replace(CUP, **reward), replace(MEI, **redeemer))
    assert (found.code if found else "") == refusal
    assert code(check_redeem, replace(CUP, **reward), replace(MEI, **redeemer)) == refusal


def test_how_far_one_is_is_told() -> None:
    found = obstacle(CUP, replace(MEI, available=40))
    assert found is not None
    assert found.facts == {"missing": 60}


@pytest.mark.parametrize(
    ("units", "ranks", "is_one"),
    [
        ((), (), True),
        (("总部",), (), True),
        (("总部/一队",), (), True),
        (("总部/一",), (), False),
        (("总部/一队/甲",), (), False),
        (("华东", "总部"), (), True),
        ((), ("staff", "vp"), True),
        ((), ("vp",), False),
        (("总部",), ("vp",), False),
        (("华东",), ("staff",), False),
    ],
)
def test_whom_a_reward_is_for(units: Any, ranks: Any, is_one: bool) -> None:
    assert is_eligible(Eligibility(units, ranks), MEI) is is_one


@given(
    points=st.integers(1, 300), stock=st.none() | st.integers(0, 3), most=st.integers(1, 3),
    available=st.integers(-50, 300), redeemed=st.integers(0, 4),
)  # fmt: skip
def test_it_is_had_exactly_when_every_term_is_met(
    points: int, stock: int | None, most: int, available: int, redeemed: int
) -> None:
    reward = Reward(points, stock, Limit(most, "ever"), Eligibility())
    found = obstacle(reward, replace(MEI, available=available, redeemed=redeemed))
    met = stock != 0 and available >= points and redeemed < most
    assert (found is None) is met


@given(moment=moments, per=st.sampled_from(LIMIT_PERIODS), zone=zones)
def test_a_moment_is_in_its_own_window(moment: datetime, per: Any, zone: ZoneInfo) -> None:
    start, end = limit_window(per, moment, zone)
    assert start <= moment < end
    if per != "ever":
        assert limit_window(per, start, zone) == (start, end)
        assert limit_window(per, end, zone)[0] == end


@given(moment=moments, days=st.integers(1, 365), zone=zones)
def test_it_is_kept_to_the_end_of_a_day(moment: datetime, days: int, zone: ZoneInfo) -> None:
    ends = expires_at(moment, days, zone)
    local = ends.astimezone(zone)
    assert (local.hour, local.minute) in {(0, 0), (1, 0)}
    last_day = (local - timedelta(hours=2)).date()
    assert (last_day - moment.astimezone(zone).date()).days == days


def test_the_days_are_the_company_s() -> None:
    late = datetime(2026, 11, 25, 15, 59, tzinfo=UTC)
    assert expires_at(late, 1, SHANGHAI) == datetime(2026, 11, 26, 16, tzinfo=UTC)
    late += timedelta(minutes=1)
    assert expires_at(late, 1, SHANGHAI) == datetime(2026, 11, 27, 16, tzinfo=UTC)


def test_a_reminder_comes_the_day_before_the_last_unless_it_was_redeemed_later() -> None:
    ends = expires_at(NOW, 2, SHANGHAI)
    moment = datetime(2026, 11, 26, 2, tzinfo=UTC)
    assert reminder_at(NOW, ends) == moment, "ten in the morning, kept until the 27th"
    assert reminder_at(moment, ends) is None


@pytest.mark.parametrize("state", ["fulfilled", "refused", "cancelled", "expired"])
def test_what_is_over_stays_over(state: Any) -> None:
    assert code(check_waiting, state, ENDS, NOW) == "redemption_over"
    mine = {"person": "mei", "by": "mei"}
    others = {"person": "mei", "by": "op"}
    assert code(check_cancel, state, ENDS, NOW, **mine) == "redemption_over"
    assert code(check_hand_over, "scan", state, ENDS, NOW, **others) == "redemption_over"
    decided = others | {"approves": True, "reason": ""}
    assert code(check_decision, "approval", state, ENDS, NOW, **decided) == "redemption_over"


def test_what_waits_is_over_at_its_end() -> None:
    assert code(check_waiting, "waiting", ENDS, ENDS - timedelta(microseconds=1)) == ""
    assert code(check_waiting, "waiting", ENDS, ENDS) == "redemption_over"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_way(kind: Any) -> None:
    way, others = WAYS[kind], {"person": "mei", "by": "op"}
    over_the_counter = code(check_hand_over, way, "waiting", ENDS, NOW, **others)
    assert over_the_counter == ("" if kind == "gift" else "redemption_needs_approval")
    approved = code(
        check_decision, way, "waiting", ENDS, NOW, **others, approves=True, reason=""
    )  # fmt: skip
    assert (approved == "") is (kind in {"leave", "training", "service"})


@pytest.mark.parametrize("approves", [True, False])
def test_nobody_decides_on_their_own(approves: bool) -> None:
    own = {"person": "op", "by": "op", "approves": approves, "reason": "because"}
    assert code(check_decision, "approval", "waiting", ENDS, NOW, **own) == "own_redemption"
    own = {"person": "op", "by": "op"}
    assert code(check_hand_over, "scan", "waiting", ENDS, NOW, **own) == "own_redemption"


@pytest.mark.parametrize(
    ("reason", "refusal"), [("", "reason_missing"), (" ", "reason_missing"), ("没货", "")]
)
@pytest.mark.parametrize("way", ["scan", "approval"])
def test_a_refusal_has_a_reason(way: Any, reason: str, refusal: str) -> None:
    said = {"person": "mei", "by": "op", "approves": False, "reason": reason}
    assert code(check_decision, way, "waiting", ENDS, NOW, **said) == refusal


def test_nobody_cancels_for_others() -> None:
    others = {"person": "mei", "by": "op"}
    assert code(check_cancel, "waiting", ENDS, NOW, **others) == "redemption_unknown"


@pytest.mark.parametrize(
    ("left", "threshold", "low"), [(3, 3, True), (2, 3, False), (4, 3, False), (None, 3, False),
     (None, None, False), (0, None, False), (0, 0, True)],
)  # fmt: skip
def test_low_is_told_at_its_figure(left: Any, threshold: Any, low: bool) -> None:
    assert is_low(left, threshold) is low


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({}, None), ({"points": 0}, "points"), ({"points": 10**9 + 1}, "points"),
        ({"stock": -1}, "stock"), ({"stock": 0}, None), ({"limit": Limit(0, "day")}, "limit_most"),
        ({"limit": Limit(1, "hour")}, "limit_per"), ({"ranks": ("boss",)}, "ranks"),
        ({"keeps_days": 0}, "keeps_days"), ({"keeps_days": 366}, "keeps_days"),
    ],
)  # fmt: skip
def test_terms_that_say_nothing_sensible_name_their_field(terms: Any, field: str | None) -> None:
    usual = {"points": 1, "stock": None, "limit": None, "ranks": (), "keeps_days": 1}
    found: dict[str, object] = {}
    try:
        check_terms(**(usual | terms))
    except RuleViolation as refusal:
        found = {"code": refusal.code} | refusal.facts
    assert found == ({"code": "reward_terms", "field": field} if field else {})
