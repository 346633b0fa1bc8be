"""A chain: the actions of one kind with one customer, decided together (plan.md, D6).

Live decides with the very functions that rehearsal folds with. Whatever order reviews come in,
what is posted is the difference between what the chain says now and what was posted before.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from game.action_terms import Mode
from game.plan import Plan, in_force
from game.points import STANDING, ActionFact, Arrival, Decision, Verdict, cap_window, decide_chain
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
    is_home: bool = False
    starters: dict[str, date] = {}


_LINK = """SELECT id, person, plan, kind, customer, happened_at, received_at, within_cap, verdict,
outcome, points, turn, decided_by, decided_at, reason, mode, is_home, starters FROM action """
_ORDER = " ORDER BY received_at, id"
# The actions of a chain ($2, $3) or that name a starter ($4), and those tied to them by either.
_TIED = """WITH RECURSIVE tied AS (
  SELECT id, kind, customer, starters FROM action
  WHERE plan = $1 AND ((kind = $2 AND customer = $3 AND $3 <> '') OR
    (starters <> '{}' AND starters ?| $4))
  UNION
  SELECT a.id, a.kind, a.customer, a.starters FROM tied t JOIN action a ON a.plan = $1 AND (
    (a.kind = t.kind AND a.customer = t.customer AND t.customer <> '') OR
    (a.starters <> '{}' AND a.starters ?| ARRAY(SELECT jsonb_object_keys(t.starters))))
) """
# A window of a day, a week or a month that holds a moment reaches no further than this.
REACH: Final = timedelta(days=32)

Versions = Sequence[tuple[datetime, Plan]]


async def link(action: UUID) -> Link | None:
    """Return one action."""
    return await db.row(Link, _LINK + "WHERE id = $1", action)


async def recorded(reference: str) -> Link | None:
    """Return the action that stands for something, whatever became of it."""
    return await db.row(Link, _LINK + "WHERE reference = $1", reference)


async def chain_of(one: Link) -> list[Link]:
    """Return what is decided together with an action, in the order of the fold.

    Called under the lock of its chain (`verdict_locks`); takes the turns of its starters and
    quotas, and of one without a customer its row.
    """
    if not one.customer and not one.starters:
        await _quota_turns([one])
        return await db.rows(Link, _LINK + "WHERE id = $1 FOR NO KEY UPDATE", one.id)
    links = await chain(one.plan, one.kind, one.customer)
    if one.starters or any(each.starters for each in links):
        await starters_turn(one.plan, one.received_at)
        links = await tied(one.plan, one.kind, one.customer, one.starters)
    if not await _quota_turns(links):
        return links
    ids = [each.id for each in links]
    return await db.rows(Link, _LINK + "WHERE id = ANY ($1)" + _ORDER, ids)


async def chain(plan: str, kind: str, customer: str) -> list[Link]:
    """Return the actions of one kind with one customer in the order of the fold."""
    if not customer:
        return []
    return await db.rows(
        Link,
        _LINK + "WHERE plan = $1 AND kind = $2 AND customer = $3 AND customer <> ''" + _ORDER,
        plan,
        kind,
        customer,
    )


async def tied(plan: str, kind: str, customer: str, starters: Collection[str]) -> list[Link]:
    """Return a chain with all that starters tie to it, in the order of the fold (C2)."""
    return await db.rows(
        Link, _TIED + _LINK + "WHERE id IN (SELECT id FROM tied)" + _ORDER,
        plan, kind, customer, list(starters),
    )  # fmt: skip


async def starters_turn(plan: str, at: datetime) -> datetime:
    """Take the turn of whatever names starters; returns a moment behind all of it, from `at` on."""
    moment: datetime = await db.value("SELECT starters_turn($1, $2)", plan, at)
    return moment


async def _quota_turns(links: Sequence[Link]) -> bool:
    """Take the turns of the quotas that these actions fill; False without any."""
    at_home = [each for each in links if each.is_home]
    if at_home:
        await db.execute(
            "SELECT quota_turns($1, $2, $3)",
            at_home[0].plan, [each.kind for each in at_home], [each.person for each in at_home],
        )  # fmt: skip
    return bool(at_home)


async def standing_near(some: Sequence[Link]) -> list[Link]:
    """Return what else of the same kind stands of the same person within reach of a quota (C4)."""
    moments = [each.received_at for each in some]
    return await db.rows(
        Link,
        _LINK + "WHERE person = $1 AND plan = $2 AND kind = $3 AND is_home"
        " AND outcome = ANY ($4) AND received_at BETWEEN $5 AND $6 AND id <> ALL ($7)" + _ORDER,
        some[0].person, some[0].plan, some[0].kind, sorted(STANDING),
        min(moments) - REACH, max(moments) + REACH, [each.id for each in some],
    )  # fmt: skip


def decide(links: Sequence[Link], versions: Versions) -> list[Decision]:
    """Decide a chain by the versions in force at each receipt; quotas are not looked at."""
    return decide_chain([arrival(each, versions) for each in links])


def arrival(one: Link, versions: Versions) -> Arrival:
    """Return an action as the rules take it."""
    plan = in_force(versions, one.received_at)
    if plan is None:
        raise AssertionError(f"no plan in force when action {one.id} was received")
    fact = ActionFact(
        str(one.id), str(one.person), one.kind, one.customer,
        one.happened_at, one.received_at, one.verdict, one.mode, one.starters,
    )  # fmt: skip
    return Arrival(fact, plan, one.within_cap, one.is_home)


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
        "mode": reason.mode,
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
