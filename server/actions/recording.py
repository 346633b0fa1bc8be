"""Actions that stand for something else in the product: a stage of a lead, a deal (C1 to C3).

`reference` names what an action stands for, such as `lead:<id>:valid`; it scores once.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from game.action_terms import Mode
from game.points import Verdict
from server.actions import chains, verdicts
from server.actions.chains import Link
from server.actions.events import ActionReported, VerdictAsked
from server.actions.receiving import Sending, receive
from server.kit import db, events
from server.kit.db import command


@command
async def score(
    person: UUID,
    plan: str,
    kind: str,
    customer: str,
    *,
    mode: Mode,
    by: UUID | None,
    reference: str,
    at: datetime | None = None,
) -> Link | None:
    """Receive an action that is accepted at once; None where the plan has no such kind now.

    `customer` is a key of `customer` (or empty), `by` whoever established it (None: the product
    itself), `at` when it happened. Nobody accepts their own: where `by` is `person` it waits at
    the review desk. The same reference again changes nothing, but for one that was taken back,
    which then stands again.
    """
    known = await _turn_of(reference)
    if known is None:
        sending = Sending(
            plan=plan, kind=kind, customer=customer, mode=mode, reference=reference, captured_at=at
        )
        received = await receive(person, sending)
        if received is None:
            return None
        known = received.link
        if by == person:
            await events.publish(ActionReported(known.id, person, known.outcome))
            return known
    if by == person or known.verdict == "accepted":
        return known
    return await _judge(known, "accepted", by, "")


@command
async def unscore(reference: str, by: UUID | None, reason: str) -> Link | None:
    """Take back what `score` gave: what the action stood for is gone; None without any.

    A withdrawal is a fact and no review: it goes through in an audit too, and its own author may
    be the one who withdraws.
    """
    known = await _turn_of(reference)
    if known is None or known.verdict == "struck":
        return known
    return await _judge(known, "struck", None if by == known.person else by, reason)


async def _turn_of(reference: str) -> Link | None:
    """Take the turn of a reference and return what stands for it."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 12))", reference)
    return await chains.recorded(reference)


async def _judge(known: Link, verdict: Verdict, by: UUID | None, reason: str) -> Link:
    now: datetime = await db.value(
        "SELECT verdict_locks($1, $2, $3)", known.plan, known.kind, known.customer
    )
    asked = VerdictAsked(
        known.person, known.plan, known.kind, known.received_at, by, None, is_withdrawn=True
    )
    await events.publish(asked)
    links = await chains.chain_of(known)
    one = next(each for each in links if each.id == known.id)
    if one.verdict == verdict:
        return one
    turned = msgspec.structs.replace(
        one, verdict=verdict, decided_by=by, decided_at=now, reason=reason
    )
    return await verdicts.give(links, turned)
