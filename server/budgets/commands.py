"""Spending: what does not fit under a cap is refused whole, and people are told in time (G11)."""

from typing import Final
from uuid import UUID

import msgspec

from game import budgets as rules
from game.budget_terms import BudgetTerms
from game.budgets import Used
from game.errors import RuleViolation
from server.budgets import queries
from server.kit import db, formats
from server.kit.db import command
from server.notifications.notices import notify
from server.plans.words import as_builtins

TOLD: Final = "SELECT DISTINCT person FROM person_role WHERE role IN ('operations', 'finance')"
SET: Final = "SELECT * FROM budget_set($1, $2, $3, $4, $5, $6, $7)"


class Setting(msgspec.Struct, frozen=True):
    """What the database said: 'fits', or whose cap is in the way; with what was spent then."""

    state: str
    campaign_spent: int
    store_spent: int | None


@command
async def spend(
    plan: str, store: UUID | None, reference: str, amount: int, promised: int = 0
) -> None:
    """Let `reference` cost `amount` 分 in all, and promise `promised` more: asked again, the same.

    `reference` names what costs money, `store` where it was earned. Costing less than before
    always fits. Refused as `budget_reached` with nothing written, and those who can raise the
    cap are told; they are told before, too, when a cap is nearly reached.
    """
    terms = await queries.terms(plan)
    caps = await _caps(terms, store)
    found = await db.row(Setting, SET, reference, plan, store, amount, promised, *caps)
    if found is None or terms is None:
        return
    used = {
        "campaign": Used(caps[0], found.campaign_spent),
        "store": Used(caps[1], found.store_spent or 0),
    }
    for where, each in used.items():
        if found.state == where:
            await _tell("budget_reached", plan, store if where == "store" else None, each)
            raise RuleViolation("budget_reached")
    for where, each in used.items():
        if rules.level(each, terms.warn_at) != "calm":
            await _tell("budget_near", plan, store if where == "store" else None, each)


@command
async def promise(plan: str, store: UUID | None, reference: str, amount: int) -> None:
    """Note that `reference` is going to cost `amount` 分 beside what it did; never refused."""
    await db.execute(SET, reference, plan, store, None, amount, None, None)


async def _caps(terms: BudgetTerms | None, store: UUID | None) -> tuple[int | None, int | None]:
    if terms is None:
        return None, None
    own = terms.store_cap(await queries.store_path(store)) if store else None
    return terms.campaign, own


async def _tell(kind: str, plan: str, store: UUID | None, used: Used) -> None:
    """Tell once for each cap, and anew once it was raised."""
    facts = {
        "what": await _name(plan, store),
        "spent": formats.money(used.spent),
        "cap": formats.money(used.cap or 0),
    }
    topic = f"budget:{plan}:{store or ''}:{used.cap}"
    await notify(await db.column(TOLD), kind, topic, facts, "/budgets")


async def _name(plan: str, store: UUID | None) -> dict[str, str] | str:
    if store is not None:
        name: str = await db.value("SELECT name FROM unit WHERE id = $1", store)
        return name
    now = await queries.plan_now(plan)
    return as_builtins(now.title) if now else plan
