"""Who follows a valid lead up: in turn, by store, by tag, or by hand (D4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from game.errors import RuleViolation
from game.lead_stages import FOLLOWED
from game.lead_terms import AssignRule, LeadTerms


class Seller(msgspec.Struct, frozen=True):
    """Somebody who follows leads up; `turn` grows with each lead they get, 0 before the first."""

    person: str
    unit: str
    """The path of their unit, "" without one."""
    turn: int = 0


class Clocks(msgspec.Struct, frozen=True):
    """The clock of a first contact: when it is due, when who should call is reminded."""

    due: datetime
    remind: datetime


def clocks(terms: LeadTerms, assigned_at: datetime) -> Clocks:
    """Start the clock of the first contact at an assignment (D4)."""
    due = assigned_at + timedelta(hours=terms.contact_hours)
    return Clocks(due, max(assigned_at, due - timedelta(hours=terms.remind_hours)))


def choose(
    rule: AssignRule,
    sellers: Iterable[Seller],
    *,
    reporter: str = "",
    store: str = "",
    tags: Sequence[str] = (),
    late: Collection[str] = (),
    absent: Collection[str] = (),
) -> str | None:
    """Return who follows a lead up next; None: a person decides (D4).

    Whoever of those in question brought the lead keeps it, else the one whose turn is longest
    ago gets it. `store` is the path of the lead's store; `late` let this lead lie before and
    don't get it again, at most `rule.most` of them; `absent` can't take it.
    """
    if rule.by == "hand" or len(set(late)) >= rule.most:
        return None
    free = [each for each in sellers if each.person not in {*late, *absent}]
    there = within(free, _unit(rule, store, tags)) or free
    if any(each.person == reporter for each in there):
        return reporter
    first = min(there, key=lambda each: (each.turn, each.person), default=None)
    return None if first is None else first.person


def within(sellers: Iterable[Seller], unit: str) -> list[Seller]:
    """Return those who belong to a unit or to one below it; none where there is no unit.

    A plan may name a unit without what stands above it: 客户成功部 is 总部/客户成功部 too.
    """
    return [each for each in sellers if unit and f"/{unit}/" in f"/{each.unit}/"]


def check_owner(stage: str, owner: str | None, asked: str, sellers: Iterable[Seller]) -> None:
    """Refuse to assign a lead by hand that nobody may follow up, or to somebody who may not (D4).

    Refused as `lead_not_open`, `owner_not_sales`, `owner_already`.
    """
    if stage != "valid" and stage not in FOLLOWED:
        raise RuleViolation("lead_not_open", stage=stage)
    if asked not in {each.person for each in sellers}:
        raise RuleViolation("owner_not_sales")
    if asked == owner:
        raise RuleViolation("owner_already")


def _unit(rule: AssignRule, store: str, tags: Sequence[str]) -> str:
    if rule.by == "store":
        return store
    if rule.by == "tag":
        return next((rule.tags[tag] for tag in tags if tag in rule.tags), "")
    return ""
