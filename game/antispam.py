"""How suspicious something is (I3): facts in, a verdict with its reasons out (promises.md § 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Outcome = Literal["clean", "review", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("clean", "review", "refused")


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when something is judged; a default says that nothing speaks against it.

    A referral is judged by the first three groups, the work of a till by the last.
    """

    # The friend and the referrer are one.
    same_phone: bool = False
    same_device: bool = False
    same_payer: bool = False
    same_ip_24h: bool = False
    # Who else is around them.
    staff_phone: bool = False
    """The friend's phone is on the roster of staff."""
    till_device: bool = False
    """The friend was seen on the device of a till."""
    device_referrers: int = 0
    """Referrers whose friends were seen on the friend's device, this one counted."""
    device_accounts: int = 0
    """New accounts from the friend's device within 90 days, this one counted."""
    network_accounts: int = 0
    """New accounts from the friend's network within a day, this one counted."""
    ring_accounts: int = 0
    """Accounts of the ring or circle around them (game/rings.py); 0 where there is none."""
    # What the referrer, and then the friend, did.
    in_hour: int = 0
    """Referrals of the referrer within the last hour, this one counted; so on below."""
    in_day: int = 0
    in_week: int = 0
    in_month: int = 0
    clean_purchases: int = 0
    """Earlier referrals of theirs that came to a purchase and were found clean."""
    account_hours: int | None = None
    """How old the referrer's account is; None where that doesn't matter."""
    minutes_to_use: int | None = None
    """From the claim to the first redemption at the referrer's own store; None: not there."""
    undone_orders: int = 0
    # A till: how its cashier works.
    pair_orders: int = 0
    """Redemptions of one cashier with one customer within 30 days."""
    till_undos: int = 0
    """Redemptions that a cashier undid within a day."""
    wrong_codes: int = 0
    """Codes that a cashier typed wrong within an hour."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much of something is still usual; one more is a reason."""

    hour: int = 2
    day: int = 5
    week: int = 15
    month: int = 60
    trusted_after: int = 5
    """Clean purchases after which the four above are doubled."""
    device_referrers: int = 1
    device_accounts: int = 2
    network_accounts: int = 3
    account_hours: int = 24
    use_minutes: int = 10
    pair_orders: int = 2
    till_undos: int = 3
    wrong_codes: int = 4
    """A fifth one is the last that a till looks up for an account."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What each reason adds to the score: a field is the code of its reason.

    `burst` stands for burst_hour, burst_day, burst_week and burst_month.
    """

    same_phone: int = 100
    same_device: int = 100
    same_payer: int = 100
    shared_device: int = 100
    ring: int = 60
    staff_phone: int = 60
    till_device: int = 60
    many_accounts: int = 60
    burst: int = 60
    till_pair: int = 60
    till_undos: int = 60
    wrong_codes: int = 60
    same_ip_24h: int = 50
    quick_use: int = 40
    undone_orders: int = 30
    """Each of them."""
    young_account: int = 20
    crowded_network: int = 20
    review_at: int = 60
    refuse_at: int = 100
    limits: Limits = Limits()


WEAK = frozenset({"same_ip_24h", "crowded_network"})
"""Codes that many people share innocently: they call for a look, and never refuse."""


class Reason(msgspec.Struct, frozen=True):
    """One thing that speaks against it: `found` was counted where `most` is usual (or 0 and 0)."""

    code: str
    score: int
    found: int = 0
    most: int = 0


class Verdict(msgspec.Struct, frozen=True):
    """The decision: reasons by their weight, the heaviest first."""

    outcome: Outcome
    score: int
    reasons: tuple[Reason, ...] = ()


def judge(signals: Signals, weights: Weights = Weights()) -> Verdict:  # noqa: B008 - frozen
    """Return the verdict on `signals` (I3): the score is the sum of what its reasons weigh.

    From `review_at` on a person has a look. From `refuse_at` on it is refused, by what is not
    weak: who only shares a network with somebody is never refused by a rule.
    """
    found = [reason for reason in _reasons(signals, weights) if reason.score > 0]
    reasons = tuple(sorted(found, key=lambda reason: -reason.score))
    score = sum(reason.score for reason in reasons)
    strong = sum(reason.score for reason in reasons if reason.code not in WEAK)
    outcome: Outcome = "clean"
    if strong >= weights.refuse_at:
        outcome = "refused"
    elif score >= weights.review_at:
        outcome = "review"
    return Verdict(outcome, score, reasons)


def _reasons(signals: Signals, weights: Weights) -> Iterator[Reason]:
    yield from _of_one_person(signals, weights)
    yield from _of_company(signals, weights)
    yield from _of_pace(signals, weights)
    yield from _of_till(signals, weights)


def _of_one_person(signals: Signals, weights: Weights) -> Iterator[Reason]:
    if signals.same_phone:
        yield Reason("same_phone", weights.same_phone)
    if signals.same_device:
        yield Reason("same_device", weights.same_device)
    if signals.same_payer:
        yield Reason("same_payer", weights.same_payer)
    if signals.same_ip_24h:
        yield Reason("same_ip_24h", weights.same_ip_24h)


def _of_company(signals: Signals, weights: Weights) -> Iterator[Reason]:
    limits = weights.limits
    if signals.staff_phone:
        yield Reason("staff_phone", weights.staff_phone)
    if signals.till_device:
        yield Reason("till_device", weights.till_device)
    if signals.ring_accounts:
        yield Reason("ring", weights.ring, signals.ring_accounts)
    yield from _over(
        "shared_device", weights.shared_device, signals.device_referrers, limits.device_referrers
    )
    yield from _over(
        "many_accounts", weights.many_accounts, signals.device_accounts, limits.device_accounts
    )
    yield from _over(
        "crowded_network", weights.crowded_network, signals.network_accounts,
        limits.network_accounts,
    )  # fmt: skip


def _of_pace(signals: Signals, weights: Weights) -> Iterator[Reason]:
    limits = weights.limits
    yield from _burst(signals, weights)
    if signals.account_hours is not None and signals.account_hours < limits.account_hours:
        yield Reason(
            "young_account", weights.young_account, signals.account_hours, limits.account_hours
        )
    if signals.minutes_to_use is not None and signals.minutes_to_use < limits.use_minutes:
        yield Reason("quick_use", weights.quick_use, signals.minutes_to_use, limits.use_minutes)
    if signals.undone_orders > 0:
        score = weights.undone_orders * signals.undone_orders
        yield Reason("undone_orders", score, signals.undone_orders)


def _burst(signals: Signals, weights: Weights) -> Iterator[Reason]:
    """Yield the widest window that holds too many; a burst is one reason, not four."""
    limits = weights.limits
    times = 2 if signals.clean_purchases >= limits.trusted_after else 1
    windows = (
        ("burst_month", signals.in_month, limits.month),
        ("burst_week", signals.in_week, limits.week),
        ("burst_day", signals.in_day, limits.day),
        ("burst_hour", signals.in_hour, limits.hour),
    )
    for code, found, most in windows:
        if found > most * times:
            yield Reason(code, weights.burst, found, most * times)
            return


def _of_till(signals: Signals, weights: Weights) -> Iterator[Reason]:
    limits = weights.limits
    yield from _over("till_pair", weights.till_pair, signals.pair_orders, limits.pair_orders)
    yield from _over("till_undos", weights.till_undos, signals.till_undos, limits.till_undos)
    yield from _over("wrong_codes", weights.wrong_codes, signals.wrong_codes, limits.wrong_codes)


def _over(code: str, score: int, found: int, most: int) -> Iterator[Reason]:
    if found > most:
        yield Reason(code, score, found, most)
