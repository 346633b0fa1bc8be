"""I2, I3: what makes a lead or a deal wait for a person; that no rule refuses any."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.antispam import Reason
from game.faults import MISSING, Reader
from game.lead_spam import (
    DealSignals,
    LeadLimits,
    LeadSignals,
    LeadWeights,
    in_burst,
    judge_deal,
    judge_lead,
    read_lead_limits,
    wants_a_look,
)

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)
USUAL = LeadLimits()


def at(*seconds: int) -> tuple[datetime, ...]:
    return tuple(NINE + timedelta(seconds=each) for each in seconds)


@pytest.mark.parametrize(
    ("signals", "outcome", "score", "codes"),
    [
        ({}, "clean", 0, []),
        ({"device_day": 5, "network_day": 5, "person_day": 20}, "clean", 0, []),
        ({"device_day": 6}, "review", 60, ["device_day"]),
        ({"network_day": 6}, "review", 60, ["network_day"]),
        ({"network_day": 50, "is_registered": True}, "clean", 0, []),
        ({"network_day": 51, "is_registered": True}, "review", 60, ["network_day"]),
        ({"person_day": 21}, "review", 60, ["person_day"]),
        ({"own_phone": True, "staff_phone": True}, "review", 100, ["own_phone"]),
        ({"staff_phone": True}, "review", 60, ["colleague_phone"]),
        ({"own_device": True}, "review", 60, ["own_device"]),
        ({"ring_accounts": 3}, "review", 60, ["ring"]),
        ({"moments": at(0, 200, 400)}, "clean", 0, []),
        ({"moments": at(0, 200, 400, 599)}, "clean", 30, ["burst"]),
        ({"moments": at(0, 200, 400, 600)}, "clean", 0, []),
        ({"device_people": 3}, "clean", 0, []),
        ({"device_people": 4}, "clean", 30, ["device_people"]),
        ({"device_people": 9, "is_till": True}, "clean", 0, []),
        ({"device_people": 4, "moments": at(0, 1, 2, 3)}, "review", 60,
         ["device_people", "burst"]),
        # The farm: all at once, and still only a person decides.
        ({"device_day": 40, "network_day": 40, "person_day": 40, "own_phone": True}, "review", 280,
         ["own_phone", "device_day", "person_day", "network_day"]),
    ],
)  # fmt: skip
def test_a_lead_is_judged_by_the_promises(
    signals: dict[str, object], outcome: str, score: int, codes: list[str]
) -> None:
    verdict = judge_lead(msgspec.convert(signals, LeadSignals))
    assert (verdict.outcome, verdict.score) == (outcome, score)
    assert [reason.code for reason in verdict.reasons] == codes


@pytest.mark.parametrize(
    ("signals", "outcome", "codes"),
    [
        ({}, "clean", []),
        ({"own_phone": True, "staff_phone": True}, "review", ["deal_own_phone"]),
        ({"staff_phone": True}, "review", ["colleague_phone"]),
        ({"own_device": True}, "review", ["deal_own_device"]),
        ({"same_payer": True}, "review", ["deal_same_payer"]),
        ({"ring_accounts": 4}, "review", ["ring"]),
        ({"pair_deals": 3}, "clean", []),
        ({"pair_deals": 4}, "review", ["pair_deals"]),
        ({"deals": 9, "refunded": 9}, "clean", []),
        ({"deals": 10, "refunded": 1}, "clean", []),
        ({"deals": 20, "refunded": 3}, "clean", []),
        ({"deals": 10, "refunded": 2}, "review", ["refunds"]),
    ],
)
def test_a_deal_is_judged_by_the_promises(
    signals: dict[str, object], outcome: str, codes: list[str]
) -> None:
    verdict = judge_deal(msgspec.convert(signals, DealSignals))
    assert verdict.outcome == outcome
    assert [reason.code for reason in verdict.reasons] == codes


@pytest.mark.parametrize(
    ("moments", "found"),
    [
        ((), None),
        (at(0), None),
        (at(0, 1, 2), None),
        (at(0, 1, 2, 3), (4, 3)),
        (at(3, 1, 2, 0), (4, 3)),
        (at(0, 600, 1200, 1800), None),
        # Three in a minute and one long before: the gaps between them are those of a machine.
        (at(0, 7200, 7240, 7284), (4, 3)),
        (at(0, 7200, 7245, 7290), None),
    ],
)
def test_too_fast_is_more_than_three_in_ten_minutes_or_a_gap_of_seconds(
    moments: tuple[datetime, ...], found: tuple[int, int] | None
) -> None:
    assert in_burst(moments, USUAL) == found


def test_the_median_of_an_even_number_of_gaps_lies_between_two() -> None:
    three = LeadLimits(gap_leads=3)
    assert in_burst(at(0, 3600, 3689), three) is None
    assert in_burst(at(0, 60, 89), three) == (3, 3)


def test_a_reason_says_what_was_counted_and_what_is_usual() -> None:
    assert judge_lead(LeadSignals(device_day=9)).reasons == (Reason("device_day", 60, 9, 5),)
    assert judge_deal(DealSignals(deals=20, refunded=4)).reasons == (Reason("refunds", 60, 4, 20),)


def test_what_is_fast_is_looked_at_and_not_held() -> None:
    fast = judge_lead(LeadSignals(moments=at(0, 1, 2, 3)))
    assert fast.outcome == "clean"
    assert wants_a_look(fast, USUAL)
    assert not wants_a_look(judge_lead(LeadSignals()), USUAL)
    # What is held is in the queue already.
    assert not wants_a_look(judge_lead(LeadSignals(device_day=6)), USUAL)


def test_limits_and_weights_are_data() -> None:
    strict = LeadLimits(device_day=0, weights=LeadWeights(burst=60, staff_phone=0))
    assert judge_lead(LeadSignals(device_day=1), strict).outcome == "review"
    assert judge_lead(LeadSignals(moments=at(0, 1, 2, 3)), strict).outcome == "review"
    assert judge_lead(LeadSignals(staff_phone=True), strict).reasons == ()


COUNTS = st.integers(0, 60)
LEADS = st.builds(
    LeadSignals,
    device_day=COUNTS, network_day=COUNTS, person_day=COUNTS, device_people=COUNTS,
    is_registered=st.booleans(), is_till=st.booleans(), own_phone=st.booleans(),
    own_device=st.booleans(), staff_phone=st.booleans(), ring_accounts=COUNTS,
    moments=st.lists(st.integers(0, 3600), max_size=8).map(lambda found: at(*found)),
)  # fmt: skip
AGAINST = ("device_day", "network_day", "person_day", "device_people", "ring_accounts")


@given(LEADS, st.sampled_from(AGAINST), st.integers(1, 50))
def test_more_of_it_never_helps(signals: LeadSignals, name: str, more: int) -> None:
    worse = msgspec.structs.replace(signals, **{name: getattr(signals, name) + more})
    assert judge_lead(worse).score >= judge_lead(signals).score


@given(LEADS)
def test_no_lead_is_refused_by_a_rule_and_the_score_decides(signals: LeadSignals) -> None:
    verdict = judge_lead(signals)
    assert verdict.score == sum(reason.score for reason in verdict.reasons)
    assert verdict.outcome == ("review" if verdict.score >= 60 else "clean")
    codes = [reason.code for reason in verdict.reasons]
    assert len(set(codes)) == len(codes)


def read(value: object) -> tuple[LeadLimits, list[str]]:
    reader = Reader()
    return read_lead_limits(reader, value, "leads.limits"), [str(each) for each in reader.faults]


def test_a_plan_without_limits_has_the_usual_ones() -> None:
    assert read(MISSING) == (USUAL, [])
    assert read({}) == (USUAL, [])


def test_a_plan_says_its_own_limits() -> None:
    limits, faults = read({"device_day": 8, "weights": {"burst": 60}})
    assert faults == []
    assert (limits.device_day, limits.weights.burst) == (8, 60)
    assert (limits.network_day, limits.weights.device_day) == (5, 60)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (5, "leads.limits"),
        ({"device_day": -1}, "leads.limits.device_day"),
        ({"device_day": "5"}, "leads.limits.device_day"),
        ({"devices": 5}, "leads.limits.devices"),
        ({"weights": 5}, "leads.limits.weights"),
        ({"weights": {"burst": True}}, "leads.limits.weights.burst"),
        ({"weights": {"bursts": 1}}, "leads.limits.weights.bursts"),
    ],
)
def test_every_fault_is_named_with_its_path(value: object, path: str) -> None:
    [fault] = read(value)[1]
    assert fault.startswith(f"{path}: expected ")
