"""Recorded deals played through a plan: commissions, what refunds take back, statements (L7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

import msgspec

from game.commission_terms import PARTS, Part
from game.commissions import Accrual, Claim, Deal, Earner, accrue, change, claims
from game.ledger import land
from game.plan_terms import Plan
from game.settlement_terms import SettlementTerms
from game.settlements import Line, Period, Statement, Terms, is_stated, period_of, state

State = Literal["counted", "pending", "struck", "refunded"]
STATES: tuple[State, ...] = ("counted", "pending", "struck", "refunded")


class DealFact(msgspec.Struct, frozen=True):
    """One deal of `amount` 分, who had a part in it, and what became of it; moments in UTC."""

    deal: str
    customer: str
    lead: str
    """The lead that it came from, "" for none."""
    amount: int
    made_at: datetime
    parts: dict[Part, str]
    state: State
    checked_at: datetime
    closed_at: datetime | None
    """When it was refunded or struck."""


class Commission(msgspec.Struct, frozen=True):
    """What a deal comes to for a person by a rule in the end, and what of it was paid to them."""

    accrual: Accrual
    paid: int
    """Differs from the accrual's amount by what the refund policy left with the person."""


class Played(msgspec.Struct, frozen=True):
    """What the plan makes of the deals."""

    commissions: tuple[Commission, ...]
    lines: dict[str, tuple[Line, ...]]
    """By person: what was paid and taken back, in order."""


def play(plan: Plan, earners: Mapping[str, Earner], deals: Sequence[DealFact]) -> Played:
    """Pay each deal when it was checked and take back what was closed later, in that order.

    Who isn't among `earners` earns nothing.
    """
    book = _Book(plan)
    for at, is_closing, _name, deal in sorted(_events(earners, deals), key=lambda one: one[:3]):
        book.turn(at, claims(plan, deal), is_closing=is_closing)
    return Played(tuple(book.commissions()), {each: tuple(book.lines[each]) for each in book.lines})


def _events(
    earners: Mapping[str, Earner], deals: Sequence[DealFact]
) -> Iterator[tuple[datetime, bool, str, Deal]]:
    """Yield when a deal begins to pay, and when it ends to, as (moment, ends, id, deal)."""
    met: set[str] = set()
    for fact in sorted(deals, key=lambda one: (one.made_at, one.deal)):
        deal = Deal(
            id=fact.deal,
            amount=fact.amount,
            made_at=fact.made_at,
            is_first=fact.customer not in met,
            from_lead=bool(fact.lead),
            parts={
                part: earners[fact.parts[part]]
                for part in PARTS
                if fact.parts.get(part, "") in earners
            },
        )
        met.add(fact.customer)
        if fact.state == "pending":
            continue
        yield fact.checked_at, False, fact.deal, deal
        if fact.closed_at is not None:
            yield fact.closed_at, True, fact.deal, deal


class _Book:
    """Keeps what is claimed, posted and waived while deals come and go."""

    def __init__(self, plan: Plan) -> None:
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self._plan = plan
        self._groups: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
        self._posted: dict[Claim, int] = defaultdict(int)
        self._waived: dict[Claim, int] = defaultdict(int)
        self._wallets: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))

    def turn(self, at: datetime, claimed: Iterable[Claim], *, is_closing: bool) -> None:
        """Let a deal's claims come or go, and post what that changes in their periods."""
        for claim in claimed:
            group = self._groups[self._group_of(claim)]
            if is_closing:
                group.remove(claim)
                self._post(at, claim, 0)
            else:
                group.append(claim)
            for made in accrue(group):
                self._post(at, made.claim, made.amount)

    def commissions(self) -> Iterator[Commission]:
        """Yield what stands in the end, by person, rule and time."""
        standing = [made for group in self._groups.values() for made in accrue(group)]
        standing.sort(key=lambda one: (one.claim.person, one.claim.rule, one.claim.made_at))
        for made in standing:
            yield Commission(made, self._posted[made.claim])

    @staticmethod
    def _group_of(claim: Claim) -> tuple[object, ...]:
        # Where a rule counts no period, each deal is by itself.
        return claim.person, claim.rule, claim.period or claim.deal

    def _post(self, at: datetime, claim: Claim, amount: int) -> None:
        available, owed = self._wallets[claim.person]
        move = change(
            amount, self._posted[claim], self._waived[claim], claim.terms.refund, available
        )
        self._waived[claim] = move.waived
        if not move.post:
            return
        self._posted[claim] += move.post
        wallet, debt = land(move.post, available, owed)
        self._wallets[claim.person] = available + wallet, owed - debt
        mine = self.lines[claim.person]
        kind = "commission" if move.post > 0 else "commission_back"
        mine.append(Line(f"{claim.deal}/{claim.rule}/{len(mine)}", kind, at, move.post))


def statements(
    plan: Plan, earners: Mapping[str, Earner], lines: Mapping[str, Sequence[Line]]
) -> list[Statement]:
    """State every period of everybody, by person and time, as if each were paid in turn (G7)."""
    terms = Terms(plan.id, plan.version, plan.settlement or SettlementTerms())
    return [
        stated
        for person in sorted(lines)
        for stated in _stated(plan, terms, earners[person], lines[person])
    ]


def _stated(plan: Plan, terms: Terms, earner: Earner, lines: Sequence[Line]) -> Iterator[Statement]:
    who = earner.partner or earner.who
    every = terms.settlement.of(who).every

    def period(line: Line) -> Period:
        return period_of(every, line.at, plan.zone)

    opening = carried = 0
    for one, group in groupby(sorted(lines, key=lambda line: line.at), period):
        mine = list(group)
        if not is_stated(mine):
            continue
        stated = state(earner.id, who, one, terms, mine, opening=opening, carried=carried)
        yield stated
        opening, carried = stated.closing - stated.payable, stated.carries
