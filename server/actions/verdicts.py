"""A verdict applied: the chain is decided anew, and what changed is posted and told."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from game.ledger import award
from game.plan import Plan
from game.points import Arrival, Decision, decide_chain, keep_quotas
from server.actions import chains
from server.actions.chains import Link
from server.actions.events import Outcome, OutcomesChanged, PointsChanged
from server.kit import db, events, ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications import hints
from server.plans import queries as plans


class Judged(NamedTuple):
    """An action as it is stored and as the rules see it, and what is decided about it now."""

    link: Link
    arrival: Arrival
    decision: Decision


async def give(links: Sequence[Link], decided: Link) -> Link:
    """Decide a chain anew in which `decided` has its new verdict; return it as it then is.

    `links` are the chain as `chains.chain_of` read it under the locks of the verdict.
    """
    after = await _apply(await judge(links, decided), decided)
    await hints.hint([decided.person], "actions")
    return after


async def judge(links: Sequence[Link], decided: Link) -> list[Judged]:
    """Decide a chain in which `decided` has its verdict, and the quotas that it fills (C4)."""
    links = [decided if each.id == decided.id else each for each in links]
    judged = {each.link.id: each for each in await _decide(links, decide_chain)}
    at_home: dict[tuple[str, UUID], list[Judged]] = defaultdict(list)
    for each in list(judged.values()):
        if each.link.is_home:
            at_home[each.link.kind, each.link.person].append(each)
    for some in at_home.values():
        judged |= {each.link.id: each for each in await _within_quota(some)}
    return list(judged.values())


async def _decide(
    links: Sequence[Link], decide: Callable[[Sequence[Arrival]], list[Decision]]
) -> list[Judged]:
    versions = await plans.versions(links[0].plan, links[0].received_at)
    arrivals = [chains.arrival(each, versions) for each in links]
    return [Judged(*each) for each in zip(links, arrivals, decide(arrivals), strict=True)]


async def _within_quota(some: Sequence[Judged]) -> list[Judged]:
    """Fill the quota of one person and kind anew from the first of `some` on."""
    near = await chains.standing_near([each.link for each in some])
    others = await _decide(near, _one_by_one) if near else []
    judged = sorted([*some, *others], key=lambda each: (each.link.received_at, each.link.id))
    kept = keep_quotas([each.arrival for each in judged], [each.decision for each in judged])
    first = min(each.link.received_at for each in some)
    # What came before fills its windows without these; the farthest of them only in part here.
    return [
        each._replace(decision=decision)
        for each, decision in zip(judged, kept, strict=True)
        if each.link.received_at >= first
    ]


def _one_by_one(arrivals: Sequence[Arrival]) -> list[Decision]:
    """Decide actions of several chains that are known to stand."""
    return [decide_chain([each])[0] for each in arrivals]


async def _apply(judged: Sequence[Judged], decided: Link) -> Link:
    """Post what is decided now and was otherwise before; returns the decided action."""
    changed = [
        each
        for each in judged
        if each.link is decided
        or (each.link.outcome, each.link.points) != (each.decision.outcome, each.decision.points)
    ]
    moved = {one.person for one, _, decision in changed if one.points != decision.points}
    if len(moved) > 1:
        await ledger.lock("points", sorted(moved))
    after = decided
    for one, arrival, decision in changed:
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
            await _post(one, decision, arrival.plan, decided.decided_by)
        after = kept if one is decided else after
    await _tell(changed)
    return after


async def _tell(changed: Sequence[Judged]) -> None:
    """Tell which outcomes are others than before."""
    outcomes = tuple(
        Outcome(
            one.id, one.person, one.kind, one.received_at, one.outcome, decision.outcome, one.reason
        )
        for one, _, decision in changed
        if one.outcome != decision.outcome
    )
    if outcomes:
        await events.publish(OutcomesChanged(changed[0].link.plan, outcomes))


async def _post(one: Link, decision: Decision, plan: Plan, by: UUID | None) -> None:
    """Award an action's points, or reverse the award it had."""
    delta = decision.points - one.points
    facts = chains.explanation(decision)
    title = msgspec.to_builtins(plan.actions[one.kind].title)
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
