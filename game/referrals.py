"""Referrals (H1 to H5, H9): who may be bound to whom, and which rewards their deals make due.

What is due is a fold over a referrer's deals in one campaign; a refund changes a deal, and what
is due follows. `server/referrals` gives and takes the difference, so that what was given always
equals the fold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from game.campaign_terms import CampaignRule, ReferrerTerms, Role
from game.errors import RuleViolation

Why = Literal["undone", "refunded"]
"""Why an order is no deal any more: a slip at the till, or the customer's money back."""


class Bound(msgspec.Struct, frozen=True):
    """A friend's living or lapsed binding in a campaign: to whom, and until when."""

    referrer: str
    until: datetime


def check_open(rule: CampaignRule, now: datetime) -> None:
    """Refuse outside [starts, ends) as `campaign_not_begun` (at) or `campaign_over` (at)."""
    if now < rule.starts:
        raise RuleViolation("campaign_not_begun", at=rule.starts)
    if now >= rule.ends:
        raise RuleViolation("campaign_over", at=rule.ends)


def terms_of(rule: CampaignRule, role: Role) -> ReferrerTerms:
    """Return what this kind of referrer gets; refused as `may_not_invite` where it gets nothing."""
    terms = rule.referrers.get(role)
    if terms is None:
        raise RuleViolation("may_not_invite")
    return terms


def check_agreement(terms: ReferrerTerms, accepted: Collection[int]) -> None:
    """Refuse as `agreement_first` (version) until this version of it is accepted (A4, H9)."""
    if terms.agreement is not None and terms.agreement.version not in accepted:
        raise RuleViolation("agreement_first", version=terms.agreement.version)


def check_bind(
    rule: CampaignRule,
    now: datetime,
    *,
    friend: str,
    role: Role,
    referrer: str,
    has_ordered: bool,
    before: Bound | None,
) -> datetime:
    """Return until when a new customer now belongs to a referrer (H1: first come).

    `before` is the friend's last binding in this campaign. Refused as `campaign_not_begun`,
    `campaign_over`, `own_link`, `not_a_customer`, `already_claimed`, `already_invited` (until),
    `bound_once`, `already_customer`.
    """
    check_open(rule, now)
    if friend == referrer:
        raise RuleViolation("own_link")
    if role != "customer":
        raise RuleViolation("not_a_customer")
    if before is not None and now < before.until:
        if before.referrer == referrer:
            raise RuleViolation("already_claimed")
        raise RuleViolation("already_invited", until=before.until)
    if has_ordered:
        raise RuleViolation("already_customer")
    if before is not None and not rule.binding.again:
        raise RuleViolation("bound_once")
    return now + timedelta(days=rule.binding.days)


def is_deal(bound_at: datetime, until: datetime, ordered_at: datetime, *, is_first: bool) -> bool:
    """Whether an order is the deal of a binding: the friend's first one, in [bound_at, until)."""
    return is_first and bound_at <= ordered_at < until


class Deal(msgspec.Struct, frozen=True):
    """One deal of a referrer, under the terms that stood when the friend was bound."""

    order: str
    amount: int
    """分 of the order before any discount."""
    role: Role
    rule: CampaignRule
    is_counted: bool
    """Found clean and released before anything took it back; what is not, makes nothing due."""
    reversed: Why | None = None


class Reward(msgspec.Struct, frozen=True):
    """One thing that is due: a coupon of the plan, or points.

    Two rewards are the same where `key` (`deal:<order>`, `ladder:<deals>`) and `coupon` are.
    """

    key: str
    coupon: str
    """"" for points."""
    points: int
    order: str
    """The deal that brought it; a rung follows its place on the ladder."""

    @property
    def name(self) -> tuple[str, str]:
        """What tells this reward from the others of its referrer."""
        return self.key, self.coupon


def rewards_due(deals: Iterable[Deal]) -> tuple[Reward, ...]:
    """Return everything due for a referrer's deals of one campaign, in the order they were placed.

    Each rung of the ladder is due once, for the deal that reaches it (H3).
    """
    due: list[Reward] = []
    rungs: set[int] = set()
    on_ladder = 0
    for deal in deals:
        if not deal.is_counted or deal.reversed == "undone":
            continue
        due += _of_deal(deal)
        if deal.reversed and deal.rule.refund.ladder == "take":
            continue
        on_ladder += 1
        for rung in terms_of(deal.rule, deal.role).ladder:
            if rung.deals <= on_ladder and rung.deals not in rungs:
                rungs.add(rung.deals)
                key = f"ladder:{rung.deals}"
                due += [Reward(key, coupon, 0, deal.order) for coupon in rung.coupons]
    return tuple(due)


def _of_deal(deal: Deal) -> list[Reward]:
    terms, refund = terms_of(deal.rule, deal.role), deal.rule.refund
    key = f"deal:{deal.order}"
    found: list[Reward] = []
    if not deal.reversed or refund.coupons == "keep":
        found += [Reward(key, coupon, 0, deal.order) for coupon in coupons_for(terms, deal.amount)]
    if terms.points and (not deal.reversed or refund.points == "keep"):
        found.append(Reward(key, "", terms.points, deal.order))
    return found


def coupons_for(terms: ReferrerTerms, amount: int) -> tuple[str, ...]:
    """Return the coupons for one deal of `amount` 分; a large one may give service instead (H5)."""
    high = terms.high_value
    if high is None or amount < high.order_at_least:
        return terms.coupons
    beside = () if high.instead else terms.coupons
    return (*beside, *(each for each in high.coupons if each not in beside))


class Changes(msgspec.Struct, frozen=True):
    """What it takes to make what was given equal to what is due."""

    give: tuple[Reward, ...]
    take: tuple[tuple[str, str], ...]


def changes(given: Collection[tuple[str, str]], due: Sequence[Reward]) -> Changes:
    """Compare the names of what was given with what is due."""
    wanted = {reward.name for reward in due}
    return Changes(
        give=tuple(reward for reward in due if reward.name not in given),
        take=tuple(name for name in given if name not in wanted),
    )


def next_rung(terms: ReferrerTerms, deals: int) -> int | None:
    """Return how many deals the next rung of the ladder takes in all; None at the top."""
    return next((rung.deals for rung in terms.ladder if rung.deals > deals), None)
