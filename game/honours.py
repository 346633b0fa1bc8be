"""Honours: who has a place, who may nominate, vote and award, and what comes with it (F2 to F5).

The places of a round are a fold over what counted in its period. Only the top is ever shown to
others; whoever stands below learns their own place, and how far it is to the top.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.errors import RuleViolation
from game.honour_terms import By, HonourReward, HonourRule, Metric
from game.ledger import Leg, Posting
from game.money import split
from game.periods import days_after, window
from game.points import Decision
from game.ranking import Standing, order, points_to_pass

State = Literal["open", "closing", "closed"]
"""A period that runs; reviews, votes or nominations after it; the result stands."""

SENTENCE_MAX = 200
NOMINATIONS_MAX = 5
"""How many one colleague may nominate in a round."""
STORY_MAX = 500


class Span(msgspec.Struct, frozen=True):
    """A round in time: its period [starts, ends), and when its result is fixed."""

    starts: datetime
    ends: datetime
    closes: datetime


class Counted(msgspec.Struct, frozen=True):
    """One thing that counts for somebody: the points of an action, or 1."""

    who: str
    amount: int
    at: datetime


class Tally(msgspec.Struct, frozen=True):
    """What somebody has in a round, and when they got there (None where it doesn't matter)."""

    who: str
    score: Fraction
    reached_at: datetime | None


class Place(msgspec.Struct, frozen=True):
    """A place in a round; `is_top` may be awarded and shown."""

    who: str
    rank: int
    score: Fraction
    is_top: bool


def span(rule: HonourRule, moment: datetime, zone: ZoneInfo) -> Span:
    """Return the round whose period holds `moment`."""
    starts, ends = window(rule.period, moment, zone)
    return Span(starts, ends, days_after(ends, rule.closes_after, zone))


def due_state(when: Span, now: datetime) -> State:
    """Return what a round is by the clock; its windows are half-open."""
    if now < when.ends:
        return "open"
    return "closing" if now < when.closes else "closed"


def counted(metric: Metric, when: Span, decisions: Iterable[Decision]) -> list[Counted]:
    """Return what counts of these decisions: what was received in the period and scored."""
    return [
        Counted(
            each.fact.person, each.points if metric.of == "points" else 1, each.fact.received_at
        )
        for each in decisions
        if each.outcome == "scored"
        and each.fact.kind in metric.kinds
        and when.starts <= each.fact.received_at < when.ends
    ]


def tallies(things: Iterable[Counted], people: Collection[str]) -> list[Tally]:
    """Add up what counts for each of these people; nobody else has a place."""
    scores: dict[str, int] = {}
    reached: dict[str, datetime] = {}
    for each in things:
        if each.who in people and each.amount:
            scores[each.who] = scores.get(each.who, 0) + each.amount
            reached[each.who] = max(reached.get(each.who, each.at), each.at)
    return [Tally(who, Fraction(score), reached[who]) for who, score in scores.items()]


def team_tallies(own: Iterable[Tally], teams: Mapping[str, Collection[str]]) -> list[Tally]:
    """Return what the members of each team have on average; who did nothing counts too (F5)."""
    by_person = {each.who: each for each in own}
    found = []
    for team, members in teams.items():
        theirs = [by_person[person] for person in members if person in by_person]
        if theirs:
            total = sum((each.score for each in theirs), start=Fraction(0))
            last = max((each.reached_at for each in theirs if each.reached_at), default=None)
            found.append(Tally(team, total / len(members), last))
    return found


def places(rule: HonourRule, tallied: Iterable[Tally]) -> list[Place]:
    """Rank whoever has at least `least`, the best first.

    Where the rule goes by who got there first, no two share a rank. Otherwise equals do, and
    everybody who is equal at the last place is in the top. Nominations for a decision rank
    nobody: a person chooses among all who have enough of them.
    """
    if rule.by == "decision":
        enough = [each for each in tallied if each.score >= rule.least]
        return [Place(each.who, 1, each.score, is_top=True) for each in enough]
    ranked = order(
        Standing(each.who, each.score, each.reached_at)
        for each in tallied
        if each.score >= (rule.least if rule.by == "rule" else 1)
    )
    found: list[Place] = []
    for nth, each in enumerate(ranked, 1):
        is_equal = rule.tie != "first_to_reach" and found and found[-1].score == each.score
        rank = found[-1].rank if is_equal else nth
        found.append(Place(each.name, rank, each.score, rank <= rule.top))
    return found


def to_top(rule: HonourRule, placed: Iterable[Place], mine: Fraction, members: int = 1) -> int:
    """Return the fewest points (or actions, referrals) that lead into the top now.

    Asked by whoever is not in it; `members` divide what a team has.
    """
    last = [place.score for place in placed if place.is_top]
    wanted = Fraction(rule.least)
    if len(last) < rule.top or wanted > last[-1]:
        return max(1, -((mine - wanted) * members // 1))
    if rule.tie == "first_to_reach":
        return points_to_pass(mine, last[-1], members)
    return max(1, -((mine - last[-1]) * members // 1))


def check_nominate(
    state: State, by: By, *, opted_out: bool, is_own: bool, made: int, sentence: str
) -> None:
    """Refuse a nomination: votes take them while the period runs, decisions until they close.

    `made` is how many this colleague nominated before. Refused as `opted_out`,
    `not_nominated_here`, `nominations_closed`, `own_nomination`, `nominations_spent`,
    `sentence_missing`, `sentence_too_long`.
    """
    if by == "rule":
        raise RuleViolation("not_nominated_here")
    if state == "closed" or (by == "vote" and state != "open"):
        raise RuleViolation("nominations_closed")
    if opted_out:
        raise RuleViolation("opted_out")
    if is_own:
        raise RuleViolation("own_nomination")
    if made >= NOMINATIONS_MAX:
        raise RuleViolation("nominations_spent", most=NOMINATIONS_MAX)
    if not sentence.strip():
        raise RuleViolation("sentence_missing")
    if len(sentence) > SENTENCE_MAX:
        raise RuleViolation("sentence_too_long", most=SENTENCE_MAX)


def check_vote(state: State, by: By, *, opted_out: bool, is_own: bool, is_candidate: bool) -> None:
    """Refuse a vote: one an employee, never for oneself or the own team, only while it is open.

    Refused as `voting_closed`, `opted_out`, `not_a_candidate`, `own_vote`.
    """
    if by != "vote" or state != "closing":
        raise RuleViolation("voting_closed")
    if opted_out:
        raise RuleViolation("opted_out")
    if not is_candidate:
        raise RuleViolation("not_a_candidate")
    if is_own:
        raise RuleViolation("own_vote")


def check_award(
    rule: HonourRule, state: State, *, is_top: bool, is_own: bool, awarded: Collection[str],
    who: str, reason: str,
) -> None:  # fmt: skip
    """Refuse an award; `awarded` are those who have this title of the round already.

    Refused as `honour_not_closed`, `not_a_candidate`, `own_honour`, `already_awarded`,
    `all_awarded`, `reason_missing`.
    """
    if state != "closed":
        raise RuleViolation("honour_not_closed")
    if who in awarded:
        raise RuleViolation("already_awarded")
    if not is_top:
        raise RuleViolation("not_a_candidate")
    if is_own:
        raise RuleViolation("own_honour")
    if rule.by == "decision" and len(awarded) >= rule.top:
        raise RuleViolation("all_awarded", top=rule.top)
    if not reason.strip():
        raise RuleViolation("reason_missing")


def shares(reward: HonourReward | None, members: Collection[str]) -> dict[str, int]:
    """Divide what comes with a title among its people: a team's fund in equal parts (F5)."""
    return split(reward.amount if reward else 0, dict.fromkeys(members, 1))


def reward_posting(reward: HonourReward, parts: Mapping[str, int]) -> Posting:
    """Return the transfer of a reward: points are issued, cash is the company's (C8, F5)."""
    source: Literal["sponsor", "issuer"] = "sponsor" if reward.asset == "cash" else "issuer"
    due = {person: part for person, part in parts.items() if part}
    return Posting(reward.asset, (Leg(source, None, -sum(due.values())),), due)
