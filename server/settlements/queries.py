"""Settlements and statements: reads only."""

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game.errors import RuleViolation
from game.settlement_terms import Every, Who
from game.settlements import Period, Terms
from server.kit import db
from server.plans import queries as plans


class Settlement(msgspec.Struct, frozen=True):
    """One run, with the sums of its statements in 分."""

    id: UUID
    every: Every
    period: str
    starts: datetime
    ends: datetime
    plan: str
    plan_version: int
    state: str
    computed_by: UUID | None
    computed_by_name: str | None
    computed_at: datetime
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str
    statements: int
    payable: int
    owing: int
    """How many people are owed something."""
    paid: int
    paid_people: int

    @property
    def span(self) -> Period:
        """The period as the rules know it."""
        return Period(self.every, self.period, self.starts, self.ends)


class Stated(msgspec.Struct, frozen=True):
    """One statement, with its run and its person as they are known now."""

    id: UUID
    settlement: UUID
    period: str
    state: str
    person: UUID
    code: str
    name: str
    unit: str
    who: Who
    opening: int
    earned: int
    carried: int
    netted: int
    payable: int
    carries: int
    closing: int
    body: bytes
    hash: bytes
    payment: UUID | None
    paid_at: datetime | None


_SETTLEMENT: Final = """
SELECT r.id, r.every, r.period, r.starts, r.ends, r.plan, r.plan_version, r.state, r.computed_by,
  c.name AS computed_by_name, r.computed_at, d.name AS decided_by_name, r.decided_at, r.reason,
  s.statements, s.payable, s.owing, s.paid, s.paid_people
FROM settlement r LEFT JOIN person c ON c.id = r.computed_by LEFT JOIN person d ON d.id = r.decided_by
CROSS JOIN LATERAL (
  SELECT count(*) AS statements, coalesce(sum(payable), 0)::bigint AS payable,
    count(*) FILTER (WHERE payable > 0) AS owing, count(payment) AS paid_people,
    coalesce(sum(payable) FILTER (WHERE payment IS NOT NULL), 0)::bigint AS paid
  FROM statement WHERE settlement = r.id) s
"""
_STATED: Final = """
SELECT s.id, s.settlement, r.period, r.state, s.person, p.code, p.name,
  coalesce(u.path, '') AS unit, s.who, s.opening, s.earned, s.carried, s.netted, s.payable,
  s.carries, s.closing, s.body, s.hash, s.payment, s.paid_at
FROM statement s JOIN settlement r ON r.id = s.settlement JOIN person p ON p.id = s.person
LEFT JOIN unit u ON u.id = p.unit
"""


async def terms() -> tuple[Terms, ZoneInfo]:
    """Return the terms of the plan launched last that settles, and its zone.

    Refused as `settlement_not_running` where no plan in force settles.
    """
    found = [each for each in await plans.in_force() if each.plan.settlement and each.launched_at]
    if not found:
        raise RuleViolation("settlement_not_running")
    newest = max(found, key=lambda each: (each.launched_at, each.id))
    return await terms_of(newest.id, newest.version)


async def terms_of(plan: str, version: int) -> tuple[Terms, ZoneInfo]:
    """Return the terms of one version of a plan, and its zone."""
    rules = (await plans.plan_version(plan, version)).plan
    if rules.settlement is None:
        raise RuleViolation("settlement_not_running")
    return Terms(plan, version, rules.settlement), rules.zone


async def settlements() -> list[Settlement]:
    """Return every run that stands, the newest period first."""
    return await db.rows(
        Settlement,
        f"{_SETTLEMENT} WHERE r.state <> 'discarded' ORDER BY r.ends DESC, r.every, r.id",
    )


async def settlement(id_: UUID) -> Settlement:
    """Return one run; refused as `settlement_unknown`."""
    found = await db.row(Settlement, f"{_SETTLEMENT} WHERE r.id = $1", id_)
    if found is None:
        raise RuleViolation("settlement_unknown")
    return found


async def standing(every: Every, period: str) -> UUID | None:
    """Return the run of a period that was not discarded."""
    found: UUID | None = await db.value(
        "SELECT id FROM settlement WHERE every = $1 AND period = $2 AND state <> 'discarded'",
        every, period,
    )  # fmt: skip
    return found


async def undecided(ends: datetime) -> str:
    """Return a period before this moment that finance has not decided on, "" without one."""
    found = await db.value(
        "SELECT period FROM settlement WHERE ends < $1 AND state = 'computed' ORDER BY ends LIMIT 1",
        ends,
    )
    return found or ""


async def statements_of(settlement_id: UUID) -> list[Stated]:
    """Return the statements of a run, the largest sum first."""
    return await db.rows(
        Stated, f"{_STATED} WHERE s.settlement = $1 ORDER BY s.payable DESC, p.code", settlement_id
    )


async def statement(id_: UUID) -> Stated:
    """Return one statement; refused as `statement_unknown`."""
    found = await db.row(Stated, f"{_STATED} WHERE s.id = $1", id_)
    if found is None:
        raise RuleViolation("statement_unknown")
    return found


async def of_person(person: UUID) -> list[Stated]:
    """Return what was stated and approved for a person, the newest period first."""
    return await db.rows(
        Stated,
        f"{_STATED} WHERE s.person = $1 AND r.state = 'approved' ORDER BY r.ends DESC, r.id",
        person,
    )


async def by_hash(hash_: bytes) -> Stated | None:
    """Return the approved statement that has this hash."""
    return await db.row(Stated, f"{_STATED} WHERE s.hash = $1 AND r.state = 'approved'", hash_)


async def carried_into(settlement_id: UUID) -> dict[UUID, tuple[int, int]]:
    """Return what each person of a run brought along: (closing, carries) of their last statement."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT s.person, b.closing, b.carries FROM statement s CROSS JOIN LATERAL ("
            " SELECT closing, carries FROM statement WHERE person = s.person AND settlement < $1"
            " ORDER BY settlement DESC LIMIT 1) b WHERE s.settlement = $1",
            settlement_id,
        )
    return {each["person"]: (each["closing"], each["carries"]) for each in found}


async def open_cash() -> int:
    """Return what wallets hold in cash that no approved statement owes yet, in 分."""
    found = await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account"
        " WHERE asset = 'cash' AND kind IN ('wallet', 'debt')"
    )
    unpaid = await db.value(
        "SELECT coalesce(sum(s.payable), 0)::bigint FROM statement s"
        " JOIN settlement r ON r.id = s.settlement"
        " WHERE r.state = 'approved' AND s.payment IS NULL"
    )
    return int(found) - int(unpaid)


async def finance() -> list[UUID]:
    """Return who approves and pays."""
    return await db.column(
        "SELECT r.person FROM person_role r JOIN person p ON p.id = r.person"
        " WHERE r.role = 'finance' AND p.active ORDER BY r.person"
    )
