"""A verdict applied: the chain is decided anew, and what changed is posted and told."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from game.ledger import award
from game.plan import in_force
from game.points import Decision
from server.actions import chains
from server.actions.chains import Link, Versions
from server.actions.events import Outcome, OutcomesChanged, PointsChanged
from server.kit import db, events, ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications import hints
from server.plans import queries as plans


async def give(links: Sequence[Link], decided: Link) -> Link:
    """Decide a chain anew in which `decided` has its new verdict; return it as it then is.

    `links` are the chain as `chains.chain_of` read it under the locks of the verdict.
    """
    links = [decided if each.id == decided.id else each for each in links]
    versions = await plans.versions(decided.plan, links[0].received_at)
    after = await _apply(links, chains.decide(links, versions), versions, decided)
    await hints.hint([decided.person], "actions")
    return after


async def _apply(
    links: Sequence[Link], decisions: Sequence[Decision], versions: Versions, decided: Link
) -> Link:
    """Post what the chain says now and said otherwise before; returns the decided action."""
    changed = [
        (one, decision)
        for one, decision in zip(links, decisions, strict=True)
        if one is decided or (one.outcome, one.points) != (decision.outcome, decision.points)
    ]
    moved = {one.person for one, decision in changed if one.points != decision.points}
    if len(moved) > 1:
        await ledger.lock("points", sorted(moved))
    after = decided
    for one, decision in changed:
        turned = one.points != decision.points
        kept = msgspec.structs.replace(
            one, outcome=decision.outcome, points=decision.points, turn=one.turn + turned
        )
        await db.execute(
            "UPDATE action SET verdict = $2, decided_by = $3, decided_at = $4, reason = $5,"
            " outcome = $6, points = $7, turn = $8 WHERE id = $1",
            kept.id, kept.verdict, kept.decided_by, kept.decided_at, kept.reason,
            kept.outcome, kept.points, kept.turn,
        )  # fmt: skip
        if turned:
            await _post(one, decision, versions, decided.decided_by)
        after = kept if one is decided else after
    await _tell(changed)
    return after


async def _tell(changed: Sequence[tuple[Link, Decision]]) -> None:
    """Tell which outcomes are others than before."""
    outcomes = tuple(
        Outcome(
            one.id, one.person, one.kind, one.received_at, one.outcome, decision.outcome, one.reason
        )
        for one, decision in changed
        if one.outcome != decision.outcome
    )
    if outcomes:
        await events.publish(OutcomesChanged(changed[0][0].plan, outcomes))


async def _post(one: Link, decision: Decision, versions: Versions, by: UUID | None) -> None:
    """Award an action's points, or reverse the award it had."""
    delta = decision.points - one.points
    facts = chains.explanation(decision)
    plan = in_force(versions, one.received_at)
    title = msgspec.to_builtins(plan.actions[one.kind].title) if plan else {}
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, f"turn:{one.turn + 1}"),
            kind="award" if delta > 0 else "strike",
            reference=f"{one.id}:{one.turn + 1}",
            actor=by,
            facts=facts
            | {
                "action": str(one.id),
                "title": title,
                "reviewer": str(one.decided_by) if one.decided_by else None,
                "outcome": decision.outcome,
                "reason": one.reason,
            },
            posting=award(str(one.person), delta),
            reverses=None if delta > 0 else ids.derived_id(one.id, f"turn:{one.turn}"),
        )
    )
    await events.publish(
        PointsChanged(one.id, one.person, one.plan, one.kind, one.received_at, delta, title)
    )
    await hints.hint([one.person], "wallet")
