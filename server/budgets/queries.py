"""What a plan has spent of its budget, and what it owes: reads only, in 分 (G11)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from game.budget_terms import BudgetTerms
from game.plan import Plan
from server.kit import db
from server.plans import queries as plans
from server.plans.queries import InForce

NEWEST: Final = (
    "SELECT version, created_at, launched_at FROM plan"
    " WHERE id = $1 AND launched_at IS NOT NULL ORDER BY version DESC LIMIT 1"
)


class Store(msgspec.Struct, frozen=True):
    """A store that a plan has spent something in."""

    id: UUID
    name: str
    path: str
    spent: int
    promised: int


class Sums(msgspec.Struct, frozen=True):
    """What a plan has spent and promised in all, and beside it in pots, bonuses and titles."""

    spent: int
    promised: int
    beside: int


class Owed(msgspec.Struct, frozen=True):
    """What is in all wallets: points to spend or kept for rewards, and cash not paid out yet."""

    points: int
    cash: int


async def plan_now(plan: str) -> Plan | None:
    """Return the version of a plan in force; None for one that was never launched."""
    found = await db.row(InForce, NEWEST, plan)
    return await plans.rules_of(plan, found.version, found.created_at) if found else None


async def terms(plan: str) -> BudgetTerms | None:
    """Return the caps of a plan as they are now; None where it has none."""
    now = await plan_now(plan)
    return now.budgets if now else None


async def sums(plan: str) -> Sums:
    """Return the sums of a plan; zeros before anything was spent."""
    found = await db.row(
        Sums,
        "SELECT coalesce(sum(spent), 0)::bigint AS spent,"
        " coalesce(sum(promised), 0)::bigint AS promised, budget_beside($1) AS beside"
        " FROM budget_use WHERE plan = $1 AND store IS NULL",
        plan,
    )
    if found is None:
        raise RuntimeError("a sum has a row")
    return found


async def stores(plan: str, named: Sequence[str] = ()) -> list[Store]:
    """Return the stores that a plan spent in or whose paths are `named`, the dearest first."""
    return await db.rows(
        Store,
        "SELECT u.id, u.name, u.path, coalesce(b.spent, 0) AS spent,"
        " coalesce(b.promised, 0) AS promised"
        " FROM unit u LEFT JOIN budget_use b ON b.store = u.id AND b.plan = $1"
        " WHERE b.store IS NOT NULL OR u.path = ANY ($2)"
        " ORDER BY coalesce(b.spent, 0) DESC, u.path",
        plan, list(named),
    )  # fmt: skip


async def store_path(store: UUID) -> str:
    """Return the path of a store's unit."""
    found: str = await db.value("SELECT path FROM unit WHERE id = $1", store)
    return found


async def owed() -> Owed:
    """Return what the company owes in wallets, whatever plan it came from."""
    found = await db.row(
        Owed,
        "SELECT coalesce(sum(posted) FILTER (WHERE asset = 'points'), 0)::bigint AS points,"
        " coalesce(sum(posted) FILTER (WHERE asset = 'cash'), 0)::bigint AS cash"
        " FROM account WHERE kind = 'wallet'",
    )
    if found is None:
        raise RuntimeError("a sum has a row")
    return found


async def income(plan: str) -> int:
    """Return what the deals of a plan that stand brought."""
    found: int = await db.value(
        "SELECT coalesce(sum(amount), 0)::bigint FROM deal WHERE plan = $1 AND state = 'counted'",
        plan,
    )
    return found
