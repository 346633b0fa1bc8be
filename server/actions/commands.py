"""Actions: report one, decide on one. Both under the plan's gate (E2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from game.battle_states import check_verdict
from game.errors import RuleViolation
from game.ledger import award
from game.plan import Plan, in_force
from game.points import Decision
from server.actions import chains
from server.actions.chains import Link, Versions
from server.actions.customers import customer_key
from server.actions.events import (
    ActionReported,
    Outcome,
    OutcomesChanged,
    PointsChanged,
    VerdictAsked,
)
from server.kit import db, events, ids
from server.kit.db import command
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications import hints
from server.plans import queries as plans

NOTE_MAX = 500


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone reports; `captured_at` is its own clock, kept as evidence only."""

    plan: str
    kind: str
    customer: str = ""
    note: str = ""
    captured_at: datetime | None = None
    photos: Sequence[bytes] = ()


class Reported(msgspec.Struct, frozen=True):
    """What became of a report at once: pending, or why it can't score."""

    action: UUID
    outcome: str
    points: int
    """What it is worth once accepted."""


@command
async def report(person: UUID, said: Report) -> Reported:
    """Receive an action; it scores once it is accepted.

    Refused as `kind_unknown`, `customer_unreadable`, `note_too_long`. An action over its cap
    or with a customer who is taken is kept, with that outcome.
    """
    if len(said.note) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    customer = await customer_key(said.customer)
    received_at = await db.value(
        "SELECT action_receipt($1, $2, $3, $4)", said.plan, person, said.kind, customer
    )
    earlier = await chains.chain(said.plan, said.kind, customer) if customer else []
    first = min((each.received_at for each in earlier), default=received_at)
    versions = await plans.versions(said.plan, first)
    plan = in_force(versions, received_at)
    if plan is None or said.kind not in plan.actions:
        raise RuleViolation("kind_unknown")

    new = Link(
        id=ids.new_id(), person=person, plan=said.plan, kind=said.kind, customer=customer,
        happened_at=min(said.captured_at or received_at, received_at), received_at=received_at,
        within_cap=await chains.is_within_cap(plan, person, said.kind, received_at),
        verdict="pending", outcome="pending", points=0, turn=0,
    )  # fmt: skip
    decision = chains.decide([*earlier, new], versions)[-1]

    await _keep(new, plan, said, decision)
    await events.publish(ActionReported(new.id, person, decision.outcome))  # type: ignore[arg-type]
    return Reported(new.id, decision.outcome, worth(plan, new))


def worth(plan: Plan, one: Link) -> int:
    """Return what an action scores if it is accepted."""
    accepted = msgspec.structs.replace(one, verdict="accepted", within_cap=True)
    return chains.decide([accepted], [(one.received_at, plan)])[0].points


async def _keep(new: Link, plan: Plan, said: Report, decision: Decision) -> None:
    await db.execute(
        "INSERT INTO action (id, person, plan, plan_version, kind, customer, note, captured_at,"
        " happened_at, received_at, within_cap, outcome)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new.id, new.person, new.plan, plan.version, new.kind, new.customer, said.note,
        said.captured_at, new.happened_at, new.received_at, new.within_cap, decision.outcome,
    )  # fmt: skip
    for photo in said.photos:
        await db.execute(
            "INSERT INTO evidence (id, action, media_type, body) VALUES ($1, $2, 'image/jpeg', $3)",
            ids.new_id(), new.id, photo,
        )  # fmt: skip


@command
async def decide(
    action: UUID,
    by: UUID,
    verdict: Literal["accepted", "struck"],
    reason: str = "",
    auditing: UUID | None = None,
) -> Link:
    """Give a verdict and decide the customer's chain anew; returns the action as it then is.

    The review desk decides what is pending; an audit (`auditing` names its battle) may also
    turn a verdict round. Refused as `action_unknown`, `own_action`, `already_decided`,
    `reason_missing`, and by whoever listens to VerdictAsked.
    """
    asked = await chains.link(action)
    if asked is None:
        raise RuleViolation("action_unknown")
    now: datetime = await db.value(
        "SELECT verdict_locks($1, $2, $3)", asked.plan, asked.kind, asked.customer
    )
    await events.publish(
        VerdictAsked(asked.person, asked.plan, asked.kind, asked.received_at, by, auditing)
    )
    links = await chains.chain_of(asked)
    one = next(each for each in links if each.id == action)
    _check(one, by, verdict, reason, overturning=auditing is not None)

    decided = msgspec.structs.replace(
        one, verdict=verdict, decided_by=by, decided_at=now, reason=reason
    )
    links = [decided if each.id == action else each for each in links]
    versions = await plans.versions(one.plan, links[0].received_at)
    decisions = chains.decide(links, versions)

    after = await _apply(links, decisions, versions, decided)
    await hints.hint([one.person], "actions")
    return after


def _check(one: Link, by: UUID, verdict: str, reason: str, *, overturning: bool) -> None:
    check_verdict(str(by), str(one.person))
    settled = one.verdict == verdict if overturning else one.verdict != "pending"
    if settled:
        raise RuleViolation("already_decided", verdict=one.verdict)
    if verdict == "struck" and not reason.strip():
        raise RuleViolation("reason_missing")


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
                "reviewer": str(one.decided_by),
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


def facts_of(one: Link) -> dict[str, Any]:
    """Return an action as JSON of the API."""
    return {
        "id": str(one.id),
        "plan": one.plan,
        "kind": one.kind,
        "verdict": one.verdict,
        "outcome": one.outcome,
        "points": one.points,
        "received_at": one.received_at.isoformat(),
    }
