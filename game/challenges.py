"""A challenge: its time, how far it is, and who shares the bonus pool (E7, E8).

Everybody's accepted actions in [starts, ends) are folded into steps. A task of each member has
its target once for every member, one of all together has it once; more than a target is no step
more, but its points still count for the share of whoever brought it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from game.battles import Scored
from game.challenge_terms import ChallengeRule, Lasts, Often, Pool, PoolAsset
from game.errors import RuleViolation
from game.ledger import Leg, Posting
from game.money import split
from game.periods import window
from game.ranking import fits

State = Literal["draft", "open", "live", "finished", "paid", "missed", "void"]
STATES: tuple[State, ...] = ("draft", "open", "live", "finished", "paid", "missed", "void")
OVER: frozenset[State] = frozenset({"paid", "missed", "void"})


class Done(msgspec.Struct, frozen=True):
    """How often somebody did one kind of action that counts, and the points of it."""

    person: str
    kind: str
    times: int
    points: int


class TaskProgress(msgspec.Struct, frozen=True):
    """The steps of one task: how many are done, how many there are."""

    done: int
    target: int


class Progress(msgspec.Struct, frozen=True):
    """How far a challenge is; `needed` of its steps make the bonus due."""

    tasks: tuple[TaskProgress, ...]
    done: int
    total: int
    needed: int

    @property
    def is_reached(self) -> bool:
        """Whether the bonus is due; without a step there is nothing to reach."""
        return 0 < self.needed <= self.done


class Outcome(msgspec.Struct, frozen=True):
    """How a challenge ended: everybody's points, and what each is paid, zeros left out."""

    state: Literal["paid", "missed"]
    progress: Progress
    points: dict[str, int]
    payouts: dict[str, int]


# --- its time ---------------------------------------------------------------------------------


def ends_of(lasts: Lasts, starts: datetime, zone: ZoneInfo) -> datetime:
    """Return when a challenge ends that starts now; past closing time it is tomorrow's."""
    if lasts.until is None:
        return starts + timedelta(hours=lasts.hours or 0)
    _, ends = window(lasts.until, starts, zone)
    if lasts.closes is None:
        return ends
    day = starts.astimezone(zone).date()
    closing = datetime.combine(day, lasts.closes, zone)
    if closing <= starts:
        closing = datetime.combine(day + timedelta(days=1), lasts.closes, zone)
    return closing.astimezone(starts.tzinfo)


def due_state(state: State, starts: datetime, ends: datetime, now: datetime) -> State:
    """Return the state that the clock makes of `state`: live from `starts`, over at `ends`."""
    if state == "open" and now >= starts:
        state = "live"
    if state == "live" and now >= ends:
        state = "finished"
    return state


def check_open(state: State, starts: datetime, ends: datetime, now: datetime) -> None:
    """Refuse to open a challenge twice, for a time that is over, backwards or too long."""
    if state != "draft":
        raise RuleViolation("challenge_not_draft", state=state)
    if ends <= starts or ends <= now or starts < now:
        raise RuleViolation("challenge_in_the_past")
    if not fits(starts, ends):
        raise RuleViolation("challenge_too_long", days=49)


def check_often(often: Often, made: int) -> None:
    """Refuse one more in the same period than a template allows."""
    if made >= often.most:
        raise RuleViolation("challenge_too_often", most=often.most, per=often.per)


def check_join(
    state: State, ends: datetime, now: datetime, *, is_member: bool, opted_out: bool
) -> None:
    """Refuse whoever may not take part now; one may come in until the end (A6)."""
    if opted_out:
        raise RuleViolation("opted_out")
    if is_member:
        raise RuleViolation("challenge_joined")
    _check_running(state, ends, now)


def check_leave(state: State, ends: datetime, now: datetime, *, is_member: bool) -> None:
    """Refuse to leave what was not joined, or what is over: who shares is fixed at the end."""
    if not is_member:
        raise RuleViolation("challenge_not_joined")
    _check_running(state, ends, now)


def _check_running(state: State, ends: datetime, now: datetime) -> None:
    if state not in {"open", "live"} or now >= ends:
        raise RuleViolation("challenge_over")


def check_void(state: State) -> None:
    """Refuse to call off what is paid, missed or called off."""
    if state in OVER:
        raise RuleViolation("challenge_over")


def check_finish(state: State, pending: int) -> None:
    """Refuse to end a challenge twice, before its time, or while actions wait for a verdict."""
    if state in OVER:
        raise RuleViolation("challenge_over")
    if state != "finished":
        raise RuleViolation("challenge_running")
    if pending:
        raise RuleViolation("still_pending", count=pending)


# --- how far it is ----------------------------------------------------------------------------


def fold(
    rule: ChallengeRule,
    members: Collection[str],
    starts: datetime,
    ends: datetime,
    scored: Iterable[Scored],
) -> list[Done]:
    """Fold scored actions into what each member did, by kind; anything else counts for nothing."""
    times: Counter[tuple[str, str]] = Counter()
    points: Counter[tuple[str, str]] = Counter()
    for entry in scored:
        is_counted = entry.person in members and entry.kind in rule.actions
        if is_counted and starts <= entry.received_at < ends:
            times[entry.person, entry.kind] += 1
            points[entry.person, entry.kind] += entry.points
    return [Done(*key, times[key], points[key]) for key in sorted(times)]


def progress(rule: ChallengeRule, members: Collection[str], done: Iterable[Done]) -> Progress:
    """Return how far the members are together."""
    of = _times(done)
    tasks = tuple(
        TaskProgress(
            sum(min(_own(of, each, task.kinds), task.target) for each in members),
            task.target * len(members),
        )
        if task.per == "person"
        else TaskProgress(
            min(sum(_own(of, each, task.kinds) for each in members), task.target), task.target
        )
        for task in rule.tasks
    )
    total = sum(task.target for task in tasks)
    return Progress(tasks, sum(task.done for task in tasks), total, _needed(rule.pool, total))


def own_times(rule: ChallengeRule, person: str, done: Iterable[Done]) -> tuple[int, ...]:
    """Return how often somebody did each task."""
    of = _times(done)
    return tuple(_own(of, person, task.kinds) for task in rule.tasks)


def outcome(rule: ChallengeRule, members: Collection[str], done: Sequence[Done]) -> Outcome:
    """Decide a challenge that is over: reached, its pool is divided among whoever did something.

    By contribution each weighs the points brought in; the parts sum to the pool (E8).
    """
    reached = progress(rule, members, done)
    points = dict.fromkeys(members, 0)
    for each in done:
        if each.person in points:
            points[each.person] += each.points
    if not reached.is_reached:
        return Outcome("missed", reached, points, {})
    counted = [each for each in done if each.person in points]
    return Outcome("paid", reached, points, payouts(rule.pool, counted))


def payouts(pool: Pool | None, done: Iterable[Done]) -> dict[str, int]:
    """Divide a pool among whoever did something; zeros are left out (E8)."""
    brought: Counter[str] = Counter()
    for each in done:
        brought[each.person] += each.points
    if pool is None or not brought:
        return {}
    weights = brought if pool.share == "by_points" else dict.fromkeys(brought, 1)
    return {person: part for person, part in split(pool.amount, weights).items() if part}


def bonus(challenge: str, asset: PoolAsset, shares: dict[str, int]) -> Posting:
    """Empty the escrow of a challenge into the wallets of those who share its pool (E8)."""
    return Posting(asset, (Leg("escrow", challenge, -sum(shares.values())),), shares)


def _needed(pool: Pool | None, total: int) -> int:
    """Return the fewest steps at which the pool is due: all of them where there is none."""
    if pool is None:
        return total
    return -(-total * pool.reached_at.numerator // pool.reached_at.denominator)


def _times(done: Iterable[Done]) -> dict[str, Counter[str]]:
    of: dict[str, Counter[str]] = defaultdict(Counter)
    for each in done:
        of[each.person][each.kind] += each.times
    return of


def _own(of: dict[str, Counter[str]], person: str, kinds: Collection[str]) -> int:
    own = of.get(person)
    return 0 if own is None else sum(own[kind] for kind in kinds)
