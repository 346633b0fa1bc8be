"""The latest thanks: who did what that counted, who earned a badge, who shared a bonus."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from server.actions.words import kind_title
from server.kit import db
from server.people.stores import store
from server.plans import queries as plans
from server.plans.words import as_builtins

SHOWN: Final = 5
FOR: Final = timedelta(days=3)


class Thanks(msgspec.Struct, frozen=True):
    """Who is thanked for what; `amount` in points or 分, as it was paid."""

    kind: Literal["action", "badge", "bonus"]
    name: str
    title: dict[str, Any]
    amount: int
    asset: str
    at: datetime


class Deed(msgspec.Struct, frozen=True):
    """An accepted action, or a share of a bonus: what a plan calls it, and what it gave."""

    name: str
    plan: str
    plan_version: int
    word: str
    amount: int
    asset: str
    at: datetime


class Badge(msgspec.Struct, frozen=True):
    """A badge that was awarded."""

    name: str
    plan: str
    plan_version: int
    badge: str
    at: datetime


# Nobody who opted out, nobody from outside (A6).
_WHO = """ JOIN person p ON p.id = {person} AND NOT p.opted_out AND p.kind = 'employee'
LEFT JOIN unit u ON u.id = p.unit WHERE {at} > leitai_clock() - $2::interval
AND ($1::text IS NULL OR u.path = $1 OR starts_with(u.path, $1 || '/')) """
_END = f"ORDER BY at DESC, p.code LIMIT {SHOWN}"
ACTIONS: Final = (
    "SELECT p.name, a.plan, a.plan_version, a.kind AS word, a.points AS amount, 'points' AS asset,"
    " a.decided_at AS at FROM action a"
    + _WHO.format(person="a.person", at="a.decided_at")
    + f"AND a.points > 0 {_END}"
)
BONUSES: Final = (
    "SELECT p.name, c.plan, c.plan_version, c.rule AS word, share.value::bigint AS amount, c.asset,"
    " c.ended_at AS at FROM challenge c CROSS JOIN LATERAL"
    " jsonb_each_text(c.result->'payouts') share"
    + _WHO.format(person="share.key::uuid", at="c.ended_at")
    + f"AND c.state = 'paid' {_END}"
)
BADGES: Final = (
    "SELECT p.name, b.plan, b.plan_version, b.badge, b.awarded_at AS at FROM badge_award b"
    + _WHO.format(person="b.person", at="b.awarded_at")
    + f"AND b.revoked_at IS NULL {_END}"
)


async def latest(at: UUID | None) -> list[Thanks]:
    """Return the latest thanks of a store, or of the company, newest first."""
    path = None if at is None else (await store(at)).path
    found = [
        Thanks("action", each.name, kind_title(plan, each.word), each.amount, each.asset, each.at)
        for each in await db.rows(Deed, ACTIONS, path, FOR)
        if (plan := await _plan(each))
    ]
    for each in await db.rows(Deed, BONUSES, path, FOR):
        title = as_builtins((await _plan(each)).challenges[each.word].title)
        found.append(Thanks("bonus", each.name, title, each.amount, each.asset, each.at))
    for badge in await db.rows(Badge, BADGES, path, FOR):
        title = as_builtins((await _plan(badge)).badges[badge.badge].title)
        found.append(Thanks("badge", badge.name, title, 0, "points", badge.at))
    return sorted(found, key=lambda each: each.at, reverse=True)[:SHOWN]


async def _plan(one: Deed | Badge) -> Any:
    return (await plans.plan_version(one.plan, one.plan_version)).plan
