"""Accruals: what the rules say of a deal's period now, and the transfers that make it so.

A deal that counts, or no longer does, moves others of its period over the edges of tiers: all
of them are counted anew, and what changed is posted now, never into a period that was settled.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from game import commissions as rules
from game.commissions import Accrual, Move
from game.errors import RuleViolation
from game.ledger import Leg, Posting
from server.budgets import commands as budgets
from server.commissions import queries, telling
from server.commissions.events import CommissionAccrued
from server.commissions.queries import Stored
from server.kit import clock, db, events, ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications.hints import hint
from server.plans.words import as_builtins

PAID: Final = "commission"
BACK: Final = "commission_back"
Why = Literal["counted", "recounted", "refused", "refunded", "struck"]


class Cause(msgspec.Struct, frozen=True):
    """What made a recount: which deal, what became of it, why and by whom."""

    deal: UUID
    why: Why
    reason: str
    by: UUID | None


async def recount(deal: UUID, why: Why, reason: str = "", by: UUID | None = None) -> None:
    """Make what was given for a deal, and for those counted with it, what the rules say now."""
    people = await queries.earning(deal)
    # The wallets of all who earn by it first, in the one order: then nobody waits in a ring.
    await ledger.lock("cash", people)
    for each in await queries.accruals_of(deal):
        await _recount_period(each, Cause(deal, why, reason, by))
    await hint(people, "commissions", "wallet")


async def _recount_period(one: Stored, cause: Cause) -> None:
    together = await queries.counted_with(one)
    counted = await _accrued(together, {"counts"})
    hoped = await _accrued(together, {"counts", "waiting"})
    for each in sorted(together, key=lambda stored: (stored.made_at, str(stored.deal))):
        if each.standing == "waiting":
            await _wait(each, hoped[each.deal])
        else:
            await _settle(each, counted.get(each.deal), cause)


async def _accrued(together: list[Stored], standings: set[str]) -> dict[UUID, Accrual]:
    claims = [await queries.claim_of(each) for each in together if each.standing in standings]
    return {UUID(each.claim.deal): each for each in rules.accrue(claims)}


async def _wait(one: Stored, hoped: Accrual) -> None:
    """Show what a deal is going to give once its verdict has come."""
    explanation = rules.explained(hoped)
    if (one.amount, one.explanation) == (hoped.amount, explanation):
        return
    await db.execute(
        "UPDATE accrual SET amount = $2, explanation = $3 WHERE id = $1",
        one.id, hoped.amount, explanation,
    )  # fmt: skip
    await budgets.promise(one.plan, one.store, str(one.id), hoped.amount)


async def _settle(one: Stored, accrued: Accrual | None, cause: Cause) -> None:
    """Move what is missing or too much; a deal that no longer stands has nothing `accrued`."""
    amount = accrued.amount if accrued else 0
    explanation = rules.explained(accrued) if accrued else one.explanation
    if _is_settled(one, accrued, amount) and explanation == one.explanation:
        return
    terms = await queries.terms_of(one)
    available = await _in_wallet(one.person)
    move = rules.change(amount, one.posted, one.waived, terms.refund, available)
    fits = await _fits(one, move)
    await db.execute(
        "UPDATE accrual SET amount = $2, explanation = $3, state = $4, waits_for = $5 WHERE id = $1",
        one.id, amount, explanation, _state(one, accrued, fits=fits), "" if fits else "budget",
    )  # fmt: skip
    if fits and (move.post or move.waived != one.waived):
        why = cause.why if one.deal == cause.deal else "recounted"
        await _move(one, move, msgspec.structs.replace(cause, why=why), explanation)


def _is_settled(one: Stored, accrued: Accrual | None, amount: int) -> bool:
    """Most deals of a period stay as they are, and cost nothing."""
    state = "due" if accrued else "clawed"
    return one.state == state and not one.waits_for and one.posted - one.waived == amount


async def _in_wallet(person: UUID) -> int:
    found: int | None = await db.value(
        "SELECT posted - held FROM account WHERE kind = 'wallet' AND owner = $1 AND asset = 'cash'",
        person,
    )
    return found or 0


async def _fits(one: Stored, move: Move) -> bool:
    """Spend what a move costs; False where a cap is in the way, and then it is only promised."""
    if not move.post and not one.waits_for:
        return True
    try:
        await budgets.spend(one.plan, one.store, str(one.id), one.posted + move.post)
    except RuleViolation as refusal:
        if refusal.code != "budget_reached":
            raise
        await budgets.promise(one.plan, one.store, str(one.id), move.post)
        return False
    return True


def _state(one: Stored, accrued: Accrual | None, *, fits: bool) -> str:
    if accrued is None:
        return "clawed"
    return "due" if fits or one.posted else "pending"


async def _move(one: Stored, move: Move, cause: Cause, explanation: Mapping[str, object]) -> None:
    n, now = one.moves + 1, await clock.now()
    transfer = await _post(one, move.post, n, cause, explanation) if move.post else None
    await db.execute(
        "UPDATE accrual SET posted = posted + $2, waived = $3, moves = $4, posted_at = $5"
        " WHERE id = $1",
        one.id, move.post, move.waived, n, now,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO accrual_move (accrual, n, transfer, posted, waived, why, reason, by, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        one.id, n, transfer, move.post, move.waived - one.waived, cause.why, cause.reason,
        cause.by, now,
    )  # fmt: skip
    if move.post:
        event = CommissionAccrued(one.id, one.person, one.plan, one.deal, move.post, now)
        await events.publish(event)
    await telling.moved(one, move.post, n, cause.why, cause.reason)


async def _post(
    one: Stored, amount: int, n: int, cause: Cause, explanation: Mapping[str, object]
) -> UUID:
    transfer = ids.derived_id(one.id, f"move:{n}")
    is_whole = amount == -one.posted and one.moves == 1
    await ledger.post(
        Transfer(
            id=transfer,
            kind=PAID if amount > 0 else BACK,
            reference=f"{one.id}:{n}",
            actor=cause.by,
            facts=await _facts(one, cause, explanation),
            posting=Posting("cash", (Leg("issuer", None, -amount),), {str(one.person): amount}),
            reverses=ids.derived_id(one.id, "move:1") if is_whole else None,
        )
    )
    return transfer


async def _facts(one: Stored, cause: Cause, explanation: Mapping[str, object]) -> dict[str, Any]:
    return {
        "title": as_builtins((await queries.terms_of(one)).title),
        "plan": one.plan,
        "version": one.version,
        "rule": one.rule,
        "accrual": str(one.id),
        "deal": str(one.deal),
        "base": one.base,
        "had": one.posted - one.waived,
        "why": cause.why,
        "reason": cause.reason,
        **explanation,
    }
