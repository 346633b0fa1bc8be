"""Badges: a fold over what a person has done (F1).

Only facts that stand are folded: what was struck, refunded or taken back is no fact any more,
and a badge that rested on it falls with it. A rule counts all facts there are, also those from
before it was launched. A tier that was reached under one version of the plan is not lost by the
next one: it is kept as long as its facts stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.badge_terms import OF_ACTIONS, TIERS, BadgeRule, By, Tier, period_of
from game.periods import Per, window
from game.plan_terms import Versions

Source = Literal["action", "battle", "challenge", "referral", "reward"]
SOURCES: dict[By, Source] = {
    "battles_won": "battle",
    "challenges_finished": "challenge",
    "referrals_rewarded": "referral",
    "rewards_redeemed": "reward",
}

FirstOf = tuple[tuple[str, ...], str]
"""What a `first` is the first of: the kinds of action, and the period."""


class Fact(msgspec.Struct, frozen=True):
    """One thing a person has done that stands; `at` is when it was received or became so."""

    source: Source
    id: str
    at: datetime
    kind: str = ""
    """The kind of an action."""
    points: int = 0
    """What an action scored."""


class Arrived(msgspec.Struct, frozen=True):
    """An action of anybody that scored or still may, as far as being the first is concerned."""

    id: str
    kind: str
    at: datetime
    is_scored: bool


class Mark(msgspec.Struct, frozen=True):
    """A fact that a rule counts, and how far it brings it: `have`.

    `begins` is the place of the mark with which the present count began; a streak begins anew
    after a gap.
    """

    fact: Fact
    have: int
    begins: int


class Award(msgspec.Struct, frozen=True):
    """A tier that is earned: by which version of the plan, when, and by which last fact."""

    badge: str
    tier: Tier
    version: int
    at: datetime
    fact: Fact


class Progress(msgspec.Struct, frozen=True):
    """How far a person is: `have` now, the `best` there was, and the tier that comes next."""

    have: int
    best: int
    tier: Tier | None
    """The highest tier reached."""
    next_tier: Tier | None
    needed: int
    """The count of the next tier; of the highest one where nothing comes next."""


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts in the one order of the fold."""
    return sorted(facts, key=lambda fact: (fact.at, fact.source, fact.id))


def first_of(rule: BadgeRule) -> FirstOf:
    """Return what this rule's firsts are the first of."""
    return rule.actions, rule.per


def firsts(rule: BadgeRule, zone: ZoneInfo, arrived: Iterable[Arrived]) -> set[str]:
    """Return the actions that were the first of the company by this rule.

    Where the earliest one still waits for its verdict, nobody is the first yet: so a first is
    not taken away again by a slow review.
    """
    earliest: dict[datetime | None, Arrived] = {}
    for one in sorted(arrived, key=lambda each: (each.at, each.id)):
        if one.kind in rule.actions:
            period = period_of(rule)
            earliest.setdefault(window(period, one.at, zone)[0] if period else None, one)
    return {one.id for one in earliest.values() if one.is_scored}


def marks(
    rule: BadgeRule,
    zone: ZoneInfo,
    facts: Iterable[Fact],
    is_first: Collection[tuple[FirstOf, str]] = (),
) -> list[Mark]:
    """Return what a rule counts of a person's facts, in order; `is_first` names their firsts."""
    counted = [fact for fact in in_order(facts) if _counts(rule, fact, is_first)]
    if rule.by == "streak":
        return _streak(rule, zone, counted)
    if rule.by == "kinds":
        first_by_kind: dict[str, Fact] = {}
        for fact in counted:
            first_by_kind.setdefault(fact.kind, fact)
        counted = list(first_by_kind.values())
    have, found = 0, []
    for fact in counted:
        have += fact.points if rule.by == "points" else 1
        found.append(Mark(fact, have, 0))
    return found


def _counts(rule: BadgeRule, fact: Fact, is_first: Collection[tuple[FirstOf, str]]) -> bool:
    if rule.by not in OF_ACTIONS:
        return fact.source == SOURCES[rule.by]
    if fact.source != "action" or fact.kind not in rule.actions:
        return False
    return rule.by != "first" or (first_of(rule), fact.id) in is_first


def _streak(rule: BadgeRule, zone: ZoneInfo, counted: Sequence[Fact]) -> list[Mark]:
    """Count periods in a row, each by its first fact."""
    per = period_of(rule) or "day"
    found: list[Mark] = []
    last: int | None = None
    for fact in counted:
        number = _number(per, fact.at, zone)
        if number == last:
            continue
        goes_on = last is not None and number - last - 1 <= rule.grace
        begins = found[-1].begins if goes_on else len(found)
        found.append(Mark(fact, len(found) - begins + 1, begins))
        last = number
    return found


def _number(per: Per, moment: datetime, zone: ZoneInfo) -> int:
    """Number days or ISO weeks, so that neighbours differ by one."""
    day = moment.astimezone(zone).date()
    return (day - date(1, 1, 1)) // timedelta(days=7 if per == "week" else 1)


def reached(rule: BadgeRule, found: Sequence[Mark]) -> dict[Tier, Mark]:
    """Return each tier that these marks reach, with the mark that reached it."""
    reached_by: dict[Tier, Mark] = {}
    for tier, least in rule.tiers.items():
        mark = next((mark for mark in found if mark.have >= least), None)
        if mark is not None:
            reached_by[tier] = mark
    return reached_by


def behind(found: Sequence[Mark], mark: Mark) -> list[Fact]:
    """Return the facts that a count rests on, in order."""
    return [each.fact for each in found[mark.begins : found.index(mark) + 1]]


def progress(
    rule: BadgeRule,
    zone: ZoneInfo,
    found: Sequence[Mark],
    now: datetime,
    held: Collection[Tier] = (),
) -> Progress:
    """Return how far a person is; `held` are tiers kept from earlier versions."""
    best = max((mark.have for mark in found), default=0)
    have = found[-1].have if found else 0
    if rule.by == "streak" and found and _is_broken(rule, zone, found[-1], now):
        have = 0
    has = {*held, *reached(rule, found)}
    ahead = [tier for tier in rule.tiers if tier not in has]
    highest = [tier for tier in TIERS if tier in has]
    return Progress(
        have=have,
        best=best,
        tier=highest[-1] if highest else None,
        next_tier=ahead[0] if ahead else None,
        needed=rule.tiers[ahead[0]] if ahead else max(rule.tiers.values()),
    )


def _is_broken(rule: BadgeRule, zone: ZoneInfo, last: Mark, now: datetime) -> bool:
    """Tell whether a streak can't go on: the day or week of `now` may still be filled."""
    per = period_of(rule) or "day"
    return _number(per, now, zone) - _number(per, last.fact.at, zone) - 1 > rule.grace


class _Stint(msgspec.Struct, frozen=True):
    """A rule as it stood unchanged through some versions: each with the moment it ended."""

    rule: BadgeRule
    zone: ZoneInfo
    versions: tuple[tuple[int, datetime | None], ...]


def fold(
    versions: Versions,
    facts: Iterable[Fact],
    is_first: Collection[tuple[FirstOf, str]] = (),
) -> list[Award]:
    """Return every tier a person has earned under a plan's versions, in order of its moment.

    A version awards by the facts from before the next one came into force; a tier has the
    number of the first version that gives it.
    """
    ordered = in_order(facts)
    earned: dict[tuple[str, Tier], Award] = {}
    for badge in dict.fromkeys(name for _, plan in versions for name in plan.badges):
        for stint in _stints(versions, badge):
            ends = stint.versions[-1][1]
            known = [fact for fact in ordered if ends is None or fact.at < ends]
            found = marks(stint.rule, stint.zone, known, is_first)
            for tier, mark in reached(stint.rule, found).items():
                earned.setdefault((badge, tier), _award(stint, badge, tier, mark.fact))
    return sorted(earned.values(), key=lambda award: (award.at, award.badge, award.tier))


def _stints(versions: Versions, badge: str) -> list[_Stint]:
    ended = [*[since for since, _ in versions][1:], None]
    listed = [
        (plan.badges.get(badge), plan.zone, plan.version, end)
        for (_, plan), end in zip(versions, ended, strict=True)
    ]
    return [
        _Stint(rule, zone, tuple((version, end) for _, _, version, end in same))
        for (rule, zone), same in groupby(listed, key=lambda each: each[:2])
        if rule is not None
    ]


def _award(stint: _Stint, badge: str, tier: Tier, fact: Fact) -> Award:
    version = next(number for number, end in stint.versions if end is None or fact.at < end)
    return Award(badge, tier, version, fact.at, fact)
