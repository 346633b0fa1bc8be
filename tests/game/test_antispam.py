"""I3: what each signal weighs, when a person has a look, and what is refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.antispam import OUTCOMES, WEAK, Limits, Reason, Signals, Weights, judge

CALM = Signals(
    device_referrers=1, device_accounts=2, network_accounts=3, in_hour=2, in_day=5, in_week=15,
    in_month=60, account_hours=24, minutes_to_use=10, pair_orders=2, till_undos=3, wrong_codes=4,
)  # fmt: skip


@pytest.mark.parametrize(
    ("signals", "outcome", "score", "codes"),
    [
        ({}, "clean", 0, []),
        ({"same_phone": True}, "refused", 100, ["same_phone"]),
        ({"same_device": True}, "refused", 100, ["same_device"]),
        ({"same_payer": True}, "refused", 100, ["same_payer"]),
        ({"same_ip_24h": True}, "clean", 50, ["same_ip_24h"]),
        ({"staff_phone": True}, "review", 60, ["staff_phone"]),
        ({"till_device": True}, "review", 60, ["till_device"]),
        ({"device_referrers": 1}, "clean", 0, []),
        ({"device_referrers": 2}, "refused", 100, ["shared_device"]),
        ({"device_accounts": 2}, "clean", 0, []),
        ({"device_accounts": 3}, "review", 60, ["many_accounts"]),
        ({"network_accounts": 4}, "clean", 20, ["crowded_network"]),
        ({"ring_accounts": 3}, "review", 60, ["ring"]),
        ({"in_hour": 2}, "clean", 0, []),
        ({"in_hour": 3}, "review", 60, ["burst_hour"]),
        ({"in_day": 6}, "review", 60, ["burst_day"]),
        ({"in_week": 16}, "review", 60, ["burst_week"]),
        ({"in_month": 61}, "review", 60, ["burst_month"]),
        ({"in_hour": 9, "in_day": 9, "in_week": 16}, "review", 60, ["burst_week"]),
        ({"in_hour": 3, "clean_purchases": 4}, "review", 60, ["burst_hour"]),
        ({"in_hour": 4, "clean_purchases": 5}, "clean", 0, []),
        ({"in_hour": 5, "clean_purchases": 5}, "review", 60, ["burst_hour"]),
        ({"account_hours": 23}, "clean", 20, ["young_account"]),
        ({"account_hours": 24}, "clean", 0, []),
        ({"minutes_to_use": 9}, "clean", 40, ["quick_use"]),
        ({"minutes_to_use": 10}, "clean", 0, []),
        ({"minutes_to_use": 9, "account_hours": 1}, "review", 60, ["quick_use", "young_account"]),
        ({"undone_orders": 1}, "clean", 30, ["undone_orders"]),
        ({"undone_orders": 2}, "review", 60, ["undone_orders"]),
        ({"pair_orders": 3}, "review", 60, ["till_pair"]),
        ({"till_undos": 4}, "review", 60, ["till_undos"]),
        ({"wrong_codes": 5}, "review", 60, ["wrong_codes"]),
        # A busy store: everybody on its network, many friends at once. Nobody is refused by it.
        ({"same_ip_24h": True, "in_hour": 3}, "review", 110, ["burst_hour", "same_ip_24h"]),
        ({"same_ip_24h": True, "network_accounts": 9}, "review", 70,
         ["same_ip_24h", "crowded_network"]),
        ({"ring_accounts": 3, "minutes_to_use": 1}, "refused", 100, ["ring", "quick_use"]),
    ],
)  # fmt: skip
def test_defaults_are_those_of_the_promises(
    signals: dict[str, int], outcome: str, score: int, codes: list[str]
) -> None:
    verdict = judge(Signals(**signals))
    assert (verdict.outcome, verdict.score) == (outcome, score)
    assert [reason.code for reason in verdict.reasons] == codes


def test_what_is_just_usual_is_clean() -> None:
    assert judge(CALM).reasons == ()


def test_a_reason_says_what_was_counted_and_what_is_usual() -> None:
    assert judge(Signals(in_day=7)).reasons == (Reason("burst_day", 60, 7, 5),)
    trusted = judge(Signals(in_day=11, clean_purchases=5))
    assert trusted.reasons == (Reason("burst_day", 60, 11, 10),)


def test_weights_and_limits_are_data() -> None:
    weights = Weights(staff_phone=0, burst=100, limits=Limits(hour=0))
    assert judge(Signals(staff_phone=True), weights).outcome == "clean"
    assert judge(Signals(in_hour=1), weights).outcome == "refused"


def amounts(kind: object) -> st.SearchStrategy[object]:
    if kind is bool:
        return st.booleans()
    return st.integers(0, 100) if kind is int else st.none() | st.integers(0, 100)


FIELDS = {field.name: field.type for field in msgspec.structs.fields(Signals)}
SIGNALS = st.builds(Signals, **{name: amounts(kind) for name, kind in FIELDS.items()})
# One more of these is in favour; where a span is known, a longer one is.
IN_FAVOUR = {"clean_purchases", "account_hours", "minutes_to_use"}
AGAINST = sorted(set(FIELDS) - IN_FAVOUR)


@given(SIGNALS, st.sampled_from(AGAINST), st.integers(1, 50))
def test_what_speaks_against_it_never_helps(signals: Signals, name: str, more: int) -> None:
    worse = True if FIELDS[name] is bool else getattr(signals, name) + more
    before, after = judge(signals), judge(msgspec.structs.replace(signals, **{name: worse}))
    assert after.score >= before.score
    assert OUTCOMES.index(after.outcome) >= OUTCOMES.index(before.outcome)


@given(SIGNALS, st.sampled_from(sorted(IN_FAVOUR)), st.integers(1, 50))
def test_what_speaks_for_it_never_harms(signals: Signals, name: str, more: int) -> None:
    held = getattr(signals, name)
    better = None if name != "clean_purchases" and held is None else held + more
    before, after = judge(signals), judge(msgspec.structs.replace(signals, **{name: better}))
    assert OUTCOMES.index(after.outcome) <= OUTCOMES.index(before.outcome)


@given(SIGNALS, st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_network_never_refuses(signals: Signals, network: int, crowd: int) -> None:
    weights = Weights(same_ip_24h=network, crowded_network=crowd)
    alone = msgspec.structs.replace(signals, same_ip_24h=False, network_accounts=0)
    verdict = judge(signals, weights)
    assert (verdict.outcome == "refused") == (judge(alone, weights).outcome == "refused")


@given(SIGNALS)
def test_the_score_is_the_sum_of_its_reasons_and_decides(signals: Signals) -> None:
    verdict = judge(signals)
    scores = [reason.score for reason in verdict.reasons]
    assert verdict.score == sum(scores)
    assert scores == sorted(scores, reverse=True)
    assert len({reason.code for reason in verdict.reasons}) == len(scores)
    strong = sum(reason.score for reason in verdict.reasons if reason.code not in WEAK)
    expected = "refused" if strong >= 100 else "review" if verdict.score >= 60 else "clean"
    assert verdict.outcome == expected
