"""What may happen to a battle when: draft → joining → live → auditing → final | void."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from game.errors import RuleViolation
from game.plan_terms import BattleRule, Funder
from game.ranking import fits

State = Literal["draft", "joining", "live", "auditing", "final", "void"]
STATES: tuple[State, ...] = ("draft", "joining", "live", "auditing", "final", "void")


def due_state(state: State, starts: datetime, cut_off: datetime, now: datetime) -> State:
    """Return the state that the clock makes of `state`: live from `starts`, frozen at `cut_off`."""
    if state == "joining" and now >= starts:
        state = "live"
    if state == "live" and now >= cut_off:
        state = "auditing"
    return state


def check_launch(state: State, rule: BattleRule, now: datetime) -> None:
    """Refuse to open a battle that was opened before, is past its start or outlasts a board."""
    if state != "draft":
        raise RuleViolation("battle_not_draft", state=state)
    if now >= rule.starts:
        raise RuleViolation("battle_in_the_past", starts=rule.starts)
    if not fits(rule.starts, rule.cut_off):
        raise RuleViolation("battle_too_long", days=49)


def check_join(
    state: State,
    starts: datetime,
    now: datetime,
    *,
    side: str,
    sides: Collection[str],
    current_side: str | None,
    opted_out: bool,
    stake: int = 0,
    funded_by: Funder = "company",
    available: int = 0,
) -> None:
    """Refuse a person who may not join `side` now (A6, E1, E4).

    `stake` and `available` are points; they are compared only where members fund the stake.
    """
    if opted_out:
        raise RuleViolation("opted_out")
    if state != "joining" or now >= starts:
        raise RuleViolation("joining_closed", starts=starts)
    if side not in sides:
        raise RuleViolation("side_unknown", side=side)
    if current_side == side:
        raise RuleViolation("already_joined", side=side)
    if current_side is not None:
        raise RuleViolation("already_in_another_side", side=current_side)
    if funded_by == "member" and available < stake:
        raise RuleViolation("stake_not_covered", stake=stake, available=available)


def check_leave(state: State, starts: datetime, now: datetime, current_side: str | None) -> None:
    """Refuse to leave a battle after its start, or one that was not joined."""
    if current_side is None:
        raise RuleViolation("not_a_member")
    if state != "joining" or now >= starts:
        raise RuleViolation("joining_closed", starts=starts)


def check_verdict(reviewer: str, author: str, competitors: Collection[str] = ()) -> None:
    """Refuse a reviewer's own action, and in an audit anyone who competes (E6)."""
    if reviewer == author:
        raise RuleViolation("own_action")
    if reviewer in competitors:
        raise RuleViolation("not_auditor")


def check_settle(state: State, pending: int) -> None:
    """Refuse to settle twice, before the cut-off, or while actions wait for their verdict (E6)."""
    if state in {"final", "void"}:
        raise RuleViolation("already_settled", state=state)
    if state != "auditing":
        raise RuleViolation("cut_off_not_reached", state=state)
    if pending:
        raise RuleViolation("still_pending", count=pending)
