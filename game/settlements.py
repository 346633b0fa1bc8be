"""Settlement: what a person is owed for a period, from the lines of their cash wallet (G7, G9).

A line is what one transfer moved for a person, wallet and debt together. A statement is a pure
function of its lines, of the debt that earlier statements left, and of the plan's terms: computed
again from the same lines it is the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from game.errors import RuleViolation
from game.ledger import Leg, Posting
from game.money import floor_times, split
from game.periods import window
from game.settlement_terms import TAXES, Every, PersonTerms, SettlementTerms, Tax, Who

PAYMENT: Final = "payment"
"""The kind of a transfer that pays a statement; its line is shown and earns nothing."""
BACK: Final = "_back"


class Line(msgspec.Struct, frozen=True):
    """What one transfer moved for a person; `amount` in 分."""

    transfer: str
    kind: str
    at: datetime
    amount: int
    corrects: str = ""
    """The earlier period that stated what this takes back; "" where it takes nothing back."""


class TaxedLine(msgspec.Struct, frozen=True):
    """A line as a statement tells it; `tax` is "" for a payment."""

    transfer: str
    kind: str
    at: datetime
    amount: int
    corrects: str
    tax: Tax | str


class TaxSum(msgspec.Struct, frozen=True):
    """What one tax class earned, and its part of what is paid."""

    tax: Tax
    earned: int
    payable: int


class Period(msgspec.Struct, frozen=True):
    """A month or quarter of a zone: `name` is 2026-06 or 2026-Q2, [starts, ends) in UTC."""

    every: Every
    name: str
    starts: datetime
    ends: datetime


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is owed for one period; every sum in 分.

    `opening` and `closing` are wallet and debt together before the first and after the last
    line; `carried` is the debt that earlier statements left (≤ 0), `netted` what of it is paid
    back now, `carries` what is left of it.
    """

    person: str
    who: Who
    every: Every
    period: str
    starts: datetime
    ends: datetime
    plan: str
    version: int
    opening: int
    earned: int
    carried: int
    netted: int
    payable: int
    carries: int
    closing: int
    taxes: tuple[TaxSum, ...]
    lines: tuple[TaxedLine, ...]


class Terms(msgspec.Struct, frozen=True):
    """The terms of settlement with the plan and version they stand in."""

    plan: str
    version: int
    settlement: SettlementTerms


def period_of(every: Every, moment: datetime, zone: ZoneInfo) -> Period:
    """Return the month or quarter that holds a moment."""
    starts, ends = window(every, moment, zone)
    first = _first_day(starts, zone)
    quarter = (first.month + 2) // 3
    name = f"{first:%Y-%m}" if every == "month" else f"{first.year:04d}-Q{quarter}"
    return Period(every, name, starts, ends)


def period_before(every: Every, moment: datetime, zone: ZoneInfo) -> Period:
    """Return the last month or quarter that was over at a moment."""
    return period_of(every, window(every, moment, zone)[0] - timedelta(microseconds=1), zone)


def days_of(period: Period, terms: SettlementTerms, zone: ZoneInfo) -> tuple[date, date]:
    """Return the days on which a period is computed, and until which it is paid (G7)."""
    first = _first_day(period.ends, zone)
    return first.replace(day=terms.compute_by), first.replace(day=terms.pay_by)


def state(
    person: str,
    who: Who,
    period: Period,
    terms: Terms,
    lines: Iterable[Line],
    *,
    opening: int,
    carried: int,
) -> Statement:
    """Return the statement of a person; the order in which lines are given does not matter.

    What a period takes back is set against what it earned wholly. Debt of earlier periods takes
    at most the plan's share of what is left, so a month of work always pays something.
    """
    rule = terms.settlement.of(who)
    taxed = tuple(
        _taxed(line, rule) for line in sorted(lines, key=lambda one: (one.at, one.transfer))
    )
    earned = sum(line.amount for line in taxed if line.tax)
    netted = min(-carried, _most_netted(earned, terms.settlement.netting))
    payable = max(0, earned - netted)
    return Statement(
        person=person,
        who=who,
        every=period.every,
        period=period.name,
        starts=period.starts,
        ends=period.ends,
        plan=terms.plan,
        version=terms.version,
        opening=opening,
        earned=earned,
        carried=carried,
        netted=netted,
        payable=payable,
        carries=carried + earned - payable,
        closing=opening + sum(line.amount for line in taxed),
        taxes=_tax_sums(taxed, payable),
        lines=taxed,
    )


def body(statement: Statement) -> bytes:
    """Return a statement in canonical bytes: JSON, keys in order, no blanks, moments in UTC."""
    return msgspec.json.encode(statement, order="sorted")


def digest(written: bytes) -> bytes:
    """Return the SHA-256 by which a statement is verified."""
    return hashlib.sha256(written).digest()


def read_body(written: bytes) -> Statement:
    """Return the statement of canonical bytes."""
    return msgspec.json.decode(written, type=Statement)


def is_stated(lines: Sequence[Line]) -> bool:
    """Tell whether these lines make a statement: that the last one was paid does not."""
    return any(line.kind != PAYMENT for line in lines)


def payment(person: str, payable: int) -> Posting:
    """Move what a statement owes out of the wallet; what a later strike took becomes debt."""
    return Posting("cash", (Leg("paid", None, payable),), {person: -payable})


def check_compute(undecided: str) -> None:
    """Refuse as `settlement_undecided` while an earlier period waits for finance."""
    if undecided:
        raise RuleViolation("settlement_undecided", period=undecided)


def check_decide(state_now: str, by: str, computed_by: str | None, *, approves: bool) -> None:
    """Refuse as `settlement_decided`, or as `own_settlement` who approves what they computed."""
    if state_now != "computed":
        raise RuleViolation("settlement_decided")
    if approves and by == computed_by:
        raise RuleViolation("own_settlement")


def check_pay(state_now: str, payable: int, *, is_paid: bool) -> None:
    """Refuse as `settlement_not_approved`, `nothing_to_pay` or `statement_paid`."""
    if state_now != "approved":
        raise RuleViolation("settlement_not_approved")
    if not payable:
        raise RuleViolation("nothing_to_pay")
    if is_paid:
        raise RuleViolation("statement_paid")


def _taxed(line: Line, rule: PersonTerms) -> TaxedLine:
    kind = line.kind.removesuffix(BACK)
    tax = "" if kind == PAYMENT else rule.tax_of.get(kind, rule.tax)
    return TaxedLine(line.transfer, line.kind, line.at, line.amount, line.corrects, tax)


def _most_netted(earned: int, share: Fraction) -> int:
    return floor_times(earned, share) if earned > 0 else 0


def _tax_sums(lines: Sequence[TaxedLine], payable: int) -> tuple[TaxSum, ...]:
    """Divide what is paid among the classes that earned something, to the 分."""
    earned = {
        tax: sum(line.amount for line in lines if line.tax == tax)
        for tax in TAXES
        if any(line.tax == tax for line in lines)
    }
    parts = split(payable, {tax: max(0, amount) for tax, amount in earned.items()})
    return tuple(TaxSum(tax, amount, parts[tax]) for tax, amount in earned.items())


def _first_day(starts: datetime, zone: ZoneInfo) -> date:
    return starts.astimezone(zone).date()
