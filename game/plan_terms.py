"""What a plan says, as frozen structs: its kinds of action, multipliers and battles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.action_terms import ActionRule
from game.badge_terms import BadgeRule
from game.budget_terms import BudgetTerms
from game.calendar_terms import CalendarTerms
from game.campaign_terms import CampaignRule
from game.challenge_terms import ChallengeRule
from game.commission_terms import CommissionRule
from game.coupon_terms import CouponRule
from game.deal_terms import DealTerms
from game.errors import RuleViolation
from game.honour_terms import HonourRule
from game.lead_terms import LeadTerms
from game.plan_pieces import Title
from game.settlement_terms import SettlementTerms
from game.special_terms import SpecialTerms

Rank = Literal["staff", "supervisor", "manager", "director", "vp"]
RANKS: tuple[Rank, ...] = ("staff", "supervisor", "manager", "director", "vp")

StakeAsset = Literal["points", "cash"]
Funder = Literal["company", "member"]
Score = Literal["sum", "per_head", "best_n"]
Tie = Literal["first_to_reach", "share"]
Share = Literal["equal", "by_points", "by_stake"]


class Multiplier(msgspec.Struct, frozen=True):
    """A window [from_, until) in which some kinds are worth `times` as much (C6)."""

    actions: tuple[str, ...]
    from_: datetime
    until: datetime
    times: Fraction


class Stake(msgspec.Struct, frozen=True):
    """What each member puts in, by rank; points, or cash in 分 (E4)."""

    asset: StakeAsset
    funded_by: Funder
    by_rank: dict[Rank, int]


class Sponsor(msgspec.Struct, frozen=True):
    """What the company adds to the pot (E5)."""

    asset: StakeAsset
    amount: int


class BattleRule(msgspec.Struct, frozen=True):
    """One battle of a plan (E1 to E6): who, what counts, when, and who takes the pot."""

    id: str
    title: Title
    sides: tuple[str, ...] | None
    actions: tuple[str, ...]
    starts: datetime
    cut_off: datetime
    score: Score
    best_n: int | None
    tie: Tie
    share: Share
    stake: Stake | None
    sponsor: Sponsor | None


class Plan(msgspec.Struct, frozen=True):
    """A campaign's rules in one version; every moment in it is in UTC."""

    id: str
    version: int
    timezone: str
    title: Title
    ask: tuple[str, ...]
    actions: dict[str, ActionRule]
    multipliers: tuple[Multiplier, ...]
    battles: tuple[BattleRule, ...]
    badges: dict[str, BadgeRule] = {}
    honours: dict[str, HonourRule] = {}
    challenges: dict[str, ChallengeRule] = {}
    coupons: dict[str, CouponRule] = {}
    campaigns: dict[str, CampaignRule] = {}
    calendar: CalendarTerms | None = None
    leads: LeadTerms | None = None
    deals: DealTerms | None = None
    commissions: dict[str, CommissionRule] = {}
    settlement: SettlementTerms | None = None
    budgets: BudgetTerms | None = None
    special: SpecialTerms | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days, weeks and months are cut."""
        return ZoneInfo(self.timezone)

    def battle(self, battle_id: str) -> BattleRule:
        """Return one battle, or refuse with `battle_unknown`."""
        for rule in self.battles:
            if rule.id == battle_id:
                return rule
        raise RuleViolation("battle_unknown", battle=battle_id)


Versions = Sequence[tuple[datetime | None, Plan]]
"""Versions of one plan with the moment each came into force (None: from the beginning)."""


def in_force(versions: Versions | Plan, moment: datetime) -> Plan | None:
    """Return the version in force at `moment`: the last one that had begun by then."""
    if isinstance(versions, Plan):
        return versions
    begun = [
        (index, plan)
        for index, (since, plan) in enumerate(versions)
        if since is None or since <= moment
    ]
    return begun[-1][1] if begun else None
