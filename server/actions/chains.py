"""A chain: the actions of one kind with one customer, decided together (plan.md, D6).

Live decides with the very functions that rehearsal folds with. Whatever order reviews come in,
what is posted is the difference between what the chain says now and what was posted before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from game.action_terms import Mode
from game.plan import Plan, in_force
from game.points import ActionFact, Arrival, Decision, Verdict, cap_window, decide_chain
from server.kit import db


class Link(msgspec.Struct, frozen=True):
    """A stored action, as far as deciding needs it."""

    id: UUID
    person: UUID
    plan: str
    kind: str
    customer: str
    happened_at: datetime
    received_at: datetime
    within_cap: bool
    verdict: Verdict
    outcome: str
    points: int
    turn: int
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str = ""
    mode: Mode = "direct"


_LINK = """SELECT id, person, plan, kind, customer, happened_at, received_at, within_cap, verdict,
outcome, points, turn, decided_by, decided_at, reason, mode FROM action """

Versions = Sequence[tuple[datetime, Plan]]


async def link(action: UUID) -> Link | None:
    """Return one action."""
    return await db.row(Link, _LINK + "WHERE id = $1", action)


async def recorded(reference: str) -> Link | None:
    """Return the action that stands for something, whatever became of it."""
    return await db.row(Link, _LINK + "WHERE reference = $1", reference)


async def chain_of(one: Link) -> list[Link]:
    """Return the action's whole chain in the order of the fold; alone without a customer.

    Under the lock of the chain (`verdict_locks`); one alone has no chain, so its row is locked.
    """
    if not one.customer:
        return await db.rows(Link, _LINK + "WHERE id = $1 FOR NO KEY UPDATE", one.id)
    return await chain(one.plan, one.kind, one.customer)


async def chain(plan: str, kind: str, customer: str) -> list[Link]:
    """Return the actions of one kind with one customer in the order of the fold."""
    return await db.rows(
        Link,
        _LINK + "WHERE plan = $1 AND kind = $2 AND customer = $3 AND customer <> ''"
        " ORDER BY received_at, id",
        plan,
        kind,
        customer,
    )


def decide(links: Sequence[Link], versions: Versions) -> list[Decision]:
    """Decide a chain by the versions in force at each receipt."""
    return decide_chain([_arrival(each, versions) for each in links])


def _arrival(one: Link, versions: Versions) -> Arrival:
    plan = in_force(versions, one.received_at)
    if plan is None:
        raise AssertionError(f"no plan in force when action {one.id} was received")
    fact = ActionFact(
        str(one.id), str(one.person), one.kind, one.customer,
        one.happened_at, one.received_at, one.verdict,
    )  # fmt: skip
    return Arrival(fact, plan, one.within_cap)


async def is_within_cap(plan: Plan, person: UUID, kind: str, received_at: datetime) -> bool:
    """Tell whether the cap lets a new action by; called under the locks of its receipt (C1)."""
    cap = plan.actions[kind].cap
    if cap is None:
        return True
    start, _ = cap_window(cap, received_at, plan.zone)
    sent = await db.value(
        "SELECT count(*) FROM action WHERE person = $1 AND plan = $2 AND kind = $3"
        " AND received_at >= $4 AND received_at <= $5",
        person, plan.id, kind, start, received_at,
    )  # fmt: skip
    return int(sent) < cap.most


def explanation(decision: Decision) -> dict[str, Any]:
    """Return why an action is worth its points, as facts of its transfer (C9)."""
    reason = decision.reason
    if reason is None:
        return {}
    return {
        "plan": reason.plan,
        "version": reason.version,
        "kind": decision.fact.kind,
        "base": reason.points,
        "multipliers": [
            {
                "times": str(each.times),
                "from": each.from_.isoformat(),
                "until": each.until.isoformat(),
            }
            for each in reason.multipliers
        ],
        "cap": None if reason.cap is None else {"per": reason.cap.per, "most": reason.cap.most},
        "once_per_customer": reason.once_per_customer,
        "received_at": decision.fact.received_at.isoformat(),
    }
