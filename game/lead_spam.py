"""How suspicious a lead or a deal is (I2, I3): nothing is refused, what is unusual is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from game.antispam import Outcome, Reason, Verdict
from game.faults import MISSING, Reader, key_path

FIGURE_MAX = 1_000_000


class LeadWeights(msgspec.Struct, frozen=True, kw_only=True):
    """What each reason adds to the score: a field is the code of its reason."""

    device_day: int = 60
    network_day: int = 60
    person_day: int = 60
    burst: int = 30
    """Leads in quick succession: not held for that alone, but their reporter is looked at."""
    device_people: int = 30
    own_phone: int = 100
    own_device: int = 60
    staff_phone: int = 60
    ring: int = 60
    same_payer: int = 60
    pair_deals: int = 60
    refunds: int = 60


class LeadLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is still usual; one more is a reason. A company's own figures (`[leads.limits]`).

    A day is a calendar day in the plan's zone.
    """

    device_day: int = 5
    """Leads from one device in a day (I2)."""
    network_day: int = 5
    """Leads from one network in a day (I2)."""
    registered_network_day: int = 50
    """The same from a network that the company registered, such as that of a store."""
    person_day: int = 20
    """Leads of one person in a day."""
    burst: int = 3
    """Leads of one person within `burst_minutes`."""
    burst_minutes: int = 10
    gap_seconds: int = 45
    """The least that is usual as the median between the last `gap_leads` leads of a day."""
    gap_leads: int = 4
    device_people: int = 3
    """People who report from one device in a day; a till is everybody's."""
    pair_deals: int = 3
    """Deals of one seller with one customer within 30 days."""
    refunds_percent: int = 15
    """Of a seller's deals of 30 days, taken back; counted from `refunds_from` deals on."""
    refunds_from: int = 10
    review_at: int = 60
    """The score from which it is held until a person decides."""
    look_at: int = 30
    """The score from which a person has a look at its reporter, and nothing is held."""
    weights: LeadWeights = LeadWeights()


class LeadSignals(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when a lead is judged, itself counted; a default speaks for it."""

    device_day: int = 0
    network_day: int = 0
    is_registered: bool = False
    """The company registered its network."""
    person_day: int = 0
    device_people: int = 0
    is_till: bool = False
    """The device is a till's."""
    moments: tuple[datetime, ...] = ()
    """When the reporter took their leads of this day down, in any order."""
    own_phone: bool = False
    """The customer's phone is the reporter's own."""
    own_device: bool = False
    """The customer wrote from a device that the reporter was seen with."""
    staff_phone: bool = False
    """The customer's phone is on the roster of staff."""
    ring_accounts: int = 0
    """Accounts of the ring around reporter and customer (game/rings.py); 0: there is none."""


class DealSignals(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when a deal is judged, itself counted; a default speaks for it."""

    own_phone: bool = False
    """The customer's phone is the seller's or the reporter's own."""
    own_device: bool = False
    """The customer was seen with a device of theirs."""
    staff_phone: bool = False
    same_payer: bool = False
    ring_accounts: int = 0
    pair_deals: int = 0
    """Deals of this seller with this customer within 30 days."""
    deals: int = 0
    """Deals of this seller within 30 days."""
    refunded: int = 0
    """Those of them that were taken back."""


def judge_lead(signals: LeadSignals, limits: LeadLimits = LeadLimits()) -> Verdict:  # noqa: B008 - frozen
    """Return the verdict on a lead (I2, I3): clean, or a review that holds it; never refused."""
    return _verdict(_of_lead(signals, limits), limits)


def judge_deal(signals: DealSignals, limits: LeadLimits = LeadLimits()) -> Verdict:  # noqa: B008 - frozen
    """Return the verdict on a deal (I3): clean, or a review until which it pays nothing."""
    return _verdict(_of_deal(signals, limits), limits)


def wants_a_look(verdict: Verdict, limits: LeadLimits) -> bool:
    """Say whether what is not held for it still brings its reporter to the review queue."""
    return verdict.outcome == "clean" and verdict.score >= limits.look_at


def in_burst(moments: Sequence[datetime], limits: LeadLimits) -> tuple[int, int] | None:
    """Return (found, most) where leads came too fast, None where they came at a human pace.

    Too fast is one more than `burst` within `burst_minutes` before the last one, or a median
    gap below `gap_seconds` between the last `gap_leads`.
    """
    if not moments:
        return None
    latest = sorted(moments)
    since = latest[-1] - timedelta(minutes=limits.burst_minutes)
    found = sum(moment > since for moment in latest)
    if found > limits.burst:
        return found, limits.burst
    last = latest[-limits.gap_leads :]
    gaps = [(after - before).total_seconds() for before, after in pairwise(last)]
    if len(last) == limits.gap_leads and gaps and _median(gaps) < limits.gap_seconds:
        return len(last), limits.burst
    return None


def _median(values: Sequence[float]) -> float:
    upper = len(values) // 2
    ordered = sorted(values)
    return ordered[upper] if len(values) % 2 else (ordered[upper - 1] + ordered[upper]) / 2


def read_lead_limits(reader: Reader, value: object, path: str) -> LeadLimits:
    """Return the limits at `path`, usual ones where the document has none of its own."""
    names = LeadLimits.__struct_fields__
    table = {} if value is MISSING else reader.table(value, path, names)
    figures = _figures(reader, table, path, tuple(name for name in names if name != "weights"))
    at = f"{path}.weights"
    given = reader.table(table.get("weights", {}), at, LeadWeights.__struct_fields__)
    weights = LeadWeights(**_figures(reader, given, at, LeadWeights.__struct_fields__))
    return LeadLimits(**figures, weights=weights)


def _figures(
    reader: Reader, table: Mapping[str, object], path: str, names: tuple[str, ...]
) -> dict[str, int]:
    return {
        name: reader.whole(table[name], key_path(path, name), 0, FIGURE_MAX)
        for name in names
        if name in table
    }


def _verdict(found: Iterator[Reason], limits: LeadLimits) -> Verdict:
    reasons = tuple(
        sorted((reason for reason in found if reason.score > 0), key=lambda one: -one.score)
    )
    score = sum(reason.score for reason in reasons)
    outcome: Outcome = "review" if score >= limits.review_at else "clean"
    return Verdict(outcome, score, reasons)


def _of_lead(signals: LeadSignals, limits: LeadLimits) -> Iterator[Reason]:
    weights = limits.weights
    if signals.own_phone:
        yield Reason("own_phone", weights.own_phone)
    elif signals.staff_phone:
        yield Reason("colleague_phone", weights.staff_phone)
    if signals.own_device:
        yield Reason("own_device", weights.own_device)
    if signals.ring_accounts:
        yield Reason("ring", weights.ring, signals.ring_accounts)
    yield from _over("device_day", weights.device_day, signals.device_day, limits.device_day)
    yield from _over("person_day", weights.person_day, signals.person_day, limits.person_day)
    network = limits.registered_network_day if signals.is_registered else limits.network_day
    yield from _over("network_day", weights.network_day, signals.network_day, network)
    if not signals.is_till:
        yield from _over(
            "device_people", weights.device_people, signals.device_people, limits.device_people
        )
    if fast := in_burst(signals.moments, limits):
        yield Reason("burst", weights.burst, *fast)


def _of_deal(signals: DealSignals, limits: LeadLimits) -> Iterator[Reason]:
    weights = limits.weights
    if signals.own_phone:
        yield Reason("deal_own_phone", weights.own_phone)
    elif signals.staff_phone:
        yield Reason("colleague_phone", weights.staff_phone)
    if signals.own_device:
        yield Reason("deal_own_device", weights.own_device)
    if signals.same_payer:
        yield Reason("deal_same_payer", weights.same_payer)
    if signals.ring_accounts:
        yield Reason("ring", weights.ring, signals.ring_accounts)
    yield from _over("pair_deals", weights.pair_deals, signals.pair_deals, limits.pair_deals)
    too_many = signals.refunded * 100 > signals.deals * limits.refunds_percent
    if too_many and signals.deals >= limits.refunds_from:
        yield Reason("refunds", weights.refunds, signals.refunded, signals.deals)


def _over(code: str, score: int, found: int, most: int) -> Iterator[Reason]:
    if found > most:
        yield Reason(code, score, found, most)
