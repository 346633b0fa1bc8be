"""The counter: a coupon put down by its code or token, and whether this till may redeem it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from game import coupons as rules
from game.coupon_terms import CouponRule
from game.coupons import Presented, State
from game.errors import RuleViolation
from server.config import settings
from server.kit import db, formats
from server.people.stores import Store
from server.plans import queries as plans

LAST: Final = timedelta(microseconds=1)
"""The last moment of a half-open window lies this much before its end."""


class OnCounter(msgspec.Struct, frozen=True):
    """A coupon that lies on the counter: locked, with all that decides about it."""

    id: UUID
    plan: str
    plan_version: int
    made_at: datetime
    rule: str
    holder: UUID
    state: State
    expires_at: datetime
    bound_to: str | None
    used_at: datetime | None
    used_in: str | None
    customer_key: str
    at: datetime
    has_ordered: bool

    async def terms(self) -> CouponRule:
        """Return the rule it was issued under."""
        plan = await plans.rules_of(self.plan, self.plan_version, self.made_at)
        return plan.coupons[self.rule]

    def check(self, rule: CouponRule, cashier: UUID, store: Store | None) -> None:
        """Refuse it as `game.coupons.check` does, with facts for people."""
        presented = Presented(
            state=self.state,
            expires_at=self.expires_at,
            holder=str(self.holder),
            stores=rule.stores if self.bound_to is None else (self.bound_to,),
            has_ordered=self.has_ordered,
            used_at=self.used_at,
            used_in=self.used_in or "",
        )
        with spoken():
            path = None if store is None else store.path
            rules.check(rule, presented, cashier=str(cashier), store=path, now=self.at)


@contextmanager
def spoken() -> Iterator[None]:
    """Let the facts of a refusal be words: a moment in the company's zone, a sum, store names."""
    try:
        yield
    except RuleViolation as refusal:
        refusal.facts |= {name: _in_words(name, fact) for name, fact in refusal.facts.items()}
        raise


def _in_words(name: str, fact: object) -> object:
    zone = settings().company_timezone
    match fact:
        case datetime() if name == "until":
            # It ends with its last day: people know the day, not the midnight after it.
            return formats.exact(fact - LAST, zone)[:10]
        case datetime():
            return formats.exact(fact, zone)
        case int():
            return formats.money(fact)
        case tuple():
            return ", ".join(str(path).rpartition("/")[2] for path in fact)
    return fact


async def on_counter(index: bytes) -> OnCounter:
    """Put the coupon of a code or token on the counter; refused as `coupon_unknown`."""
    found = await db.row(OnCounter, "SELECT * FROM coupon_present($1)", index)
    if found is None:
        raise RuleViolation("coupon_unknown")
    return found
